"""A frame of the screen is read right, and a button is found in it by its colour."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from tests.screen.picture import Blob, Colour, Picture, read_picture

GREY, BLUE, NEARLY = (200, 200, 200), (29, 92, 135), (31, 90, 136)


def drawn(width: int, height: int, *places: tuple[Colour, int, int, int, int], spare: int = 0) -> Picture:
    """Draw rectangles (colour, left, top, right, bottom) on grey; ``spare`` columns are never shown."""
    pixels = bytearray()
    for y in range(height):
        for x in range(width + spare):
            colour = next(
                (c for c, left, top, right, low in places[::-1] if left <= x < right and top <= y < low), GREY
            )
            pixels += bytes((colour[2], colour[1], colour[0], 0))
    return Picture(width, height, 4 * (width + spare), bytes(pixels))


def xwd(picture: Picture, *, bits: int = 32) -> bytes:
    """Return the frame as Xvfb writes it: a name after the head, then two colours of a table."""
    head = [0] * 25
    head[0], head[1], head[4], head[5] = 100 + 8, 7, picture.width, picture.height
    head[11], head[12], head[19] = bits, picture.stride, 2
    return struct.pack(">25I", *head) + b"Xvfb\0\0\0\0" + bytes(24) + picture.pixels


def test_a_frame_is_read_past_its_name_and_its_colours() -> None:
    picture = drawn(8, 4, (BLUE, 7, 3, 8, 4), spare=2)
    assert read_picture(xwd(picture)) == picture
    assert picture.pixel(7, 3) == BLUE
    assert picture.pixel(0, 3) == GREY


def test_a_frame_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bits per pixel"):
        read_picture(xwd(drawn(2, 2), bits=16))


def test_a_button_with_letters_on_it_is_one_place_and_its_middle_is_found() -> None:
    letters = [(GREY, x, 14, x + 2, 24) for x in range(24, 40, 4)]
    picture = drawn(80, 40, (BLUE, 10, 5, 60, 35), *letters)
    assert picture.blobs(BLUE) == [Blob(10, 5, 60, 35, 50 * 30 - 4 * 20)]
    assert picture.find_blob(BLUE) == (35, 20)


def test_what_touches_only_by_a_corner_is_two_places() -> None:
    picture = drawn(20, 20, (BLUE, 0, 0, 5, 5), (BLUE, 5, 5, 10, 10))
    assert picture.blobs(BLUE) == [Blob(0, 0, 5, 5, 25), Blob(5, 5, 10, 10, 25)]


def test_arms_that_meet_lower_down_are_one_place() -> None:
    picture = drawn(20, 20, (BLUE, 0, 0, 3, 10), (BLUE, 10, 0, 13, 10), (BLUE, 5, 4, 7, 10), (BLUE, 0, 10, 13, 12))
    assert picture.blobs(BLUE) == [Blob(0, 0, 13, 12, 30 + 30 + 12 + 26)]


def test_a_place_that_splits_lower_down_is_one_place() -> None:
    picture = drawn(20, 20, (BLUE, 0, 0, 13, 2), (BLUE, 0, 2, 3, 10), (BLUE, 10, 2, 13, 10))
    assert picture.blobs(BLUE) == [Blob(0, 0, 13, 10, 26 + 24 + 24)]


def test_places_one_row_apart_are_two() -> None:
    picture = drawn(20, 20, (BLUE, 0, 0, 5, 5), (BLUE, 0, 6, 5, 10))
    assert [blob.top for blob in picture.blobs(BLUE)] == [0, 6]


def test_a_shade_is_found_within_the_tolerance_and_not_without() -> None:
    picture = drawn(40, 40, (NEARLY, 10, 10, 30, 30))
    assert picture.find_blob(BLUE) is None
    assert picture.find_blob(BLUE, tolerance=1) is None
    assert picture.find_blob(BLUE, tolerance=2) == (20, 20)


def test_the_largest_place_is_the_button_and_a_speck_is_none() -> None:
    picture = drawn(60, 40, (BLUE, 0, 0, 4, 4), (BLUE, 10, 10, 50, 30))
    assert picture.find_blob(BLUE) == (30, 20)
    assert picture.find_blob(BLUE, min_area=801) is None


def test_a_wide_place_is_a_button_and_an_underline_is_not() -> None:
    picture = drawn(120, 60, (BLUE, 5, 4, 100, 6), (BLUE, 20, 20, 110, 50))
    assert picture.find(BLUE) == (50, 26)
    assert picture.find(BLUE, least=91) is None


def test_a_picture_is_saved_as_a_png_that_holds_its_colours(tmp_path: Path) -> None:
    drawn(3, 2, (BLUE, 1, 1, 2, 2), spare=1).save_png(tmp_path / "screen.png")
    saved = (tmp_path / "screen.png").read_bytes()
    assert saved.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", saved[16:24]) == (3, 2)
    at = saved.index(b"IDAT")
    (length,) = struct.unpack(">I", saved[at - 4 : at])
    grey, blue = bytes(GREY), bytes(BLUE)
    assert zlib.decompress(saved[at + 4 : at + 4 + length]) == b"\0" + 3 * grey + b"\0" + grey + blue + grey
