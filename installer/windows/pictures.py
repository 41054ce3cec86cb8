"""The pictures of the setup, drawn point by point from the program's own mark: no picture file, no library.

A house that something comes into, as ``enn_desktop/qt/marks.py`` draws it; the colours are those of its light palette.
"""

from __future__ import annotations

import itertools
import math
import struct
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

Colour = tuple[int, int, int]
Point = tuple[float, float]
Rows = list[list[Colour]]

ACCENT, DEEP, PALE, WHITE = (0x1D, 0x5C, 0x87), (0x15, 0x44, 0x65), (0x5B, 0x91, 0xB5), (0xFF, 0xFF, 0xFF)
HOUSE: tuple[tuple[Point, ...], ...] = (
    ((0.02, 0.5), (0.5, 0.06), (0.98, 0.5)),
    ((0.16, 0.52), (0.16, 0.95), (0.84, 0.95), (0.84, 0.52)),
    ((0.5, 0.36), (0.5, 0.7)),
    ((0.34, 0.57), (0.5, 0.73), (0.66, 0.57)),
)
"""The strokes of the mark, in parts of their box."""
PEN = 0.13
"""Width of a stroke, in parts of the box."""
ROUND = 0.22
"""Radius of the corners of the square under the mark, in parts of its side."""
INSET = 0.12
"""Room around the mark in its square, in parts of its side."""
SIDE_SIZE, HEADER_SIZE = (328, 628), (300, 114)
"""Pixels: twice what the wizard shows at 100 %, so that screens at 150 and 200 % have something to show."""


def write_pictures(folder: Path) -> tuple[Path, Path]:
    """Write the picture at the side and the one at the top; return their paths in that order."""
    side, header = folder / "side.bmp", folder / "header.bmp"
    side.write_bytes(bitmap(_side()))
    header.write_bytes(bitmap(_header()))
    return side, header


@cache
def _side() -> Rows:
    width, height = SIDE_SIZE
    rows: Rows = []
    for y in range(height):
        rows.append([_mix(ACCENT, DEEP, y / height)] * width)
    _paint(rows, (84, 120, 160), WHITE, mark_cover)
    # Below, what came in: a pile of sheets, each one a little further.
    for number, part in enumerate((0.9, 0.6, 0.35, 0.18)):
        colour = _mix(DEEP, PALE, part)
        top = 400 + number * 44
        _stroke(rows, ((104, top), (224, top)), 18, colour)
    return rows


@cache
def _header() -> Rows:
    width, height = HEADER_SIZE
    rows: Rows = [[WHITE] * width for _ in range(height)]
    side = 76
    place = (width - side - 22, (height - side) // 2, side)
    _paint(rows, place, ACCENT, square_cover)
    inset = round(side * INSET)
    _paint(rows, (place[0] + inset, place[1] + inset, side - 2 * inset), WHITE, mark_cover)
    return rows


def _mix(one: Colour, other: Colour, part: float) -> Colour:
    """Return the colour at ``part`` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _paint(
    rows: Rows, place: tuple[int, int, int], colour: Colour, cover: Callable[[float, float, float], float]
) -> None:
    """Paint a shape into the square (left, top, side); round ends of strokes may stand out of it."""
    left, top, side = place
    out = math.ceil(side * PEN)
    for y in range(-out, side + out):
        row = rows[top + y]
        for x in range(-out, side + out):
            part = cover(x + 0.5, y + 0.5, side)
            if part:
                row[left + x] = _mix(row[left + x], colour, part)


def _stroke(rows: Rows, line: tuple[Point, Point], width: float, colour: Colour) -> None:
    (left, top), (right, bottom) = line
    for y in range(int(top - width), int(bottom + width)):
        for x in range(int(left - width), int(right + width)):
            part = _inside(_to_segment((x + 0.5, y + 0.5), *line) - width / 2)
            if part:
                rows[y][x] = _mix(rows[y][x], colour, part)


def mark_cover(x: float, y: float, side: float) -> float:
    """Return how much of the pixel around this point the mark covers, 0 to 1, in a box of that side."""
    here = (x / side, y / side)
    away = min(_to_segment(here, start, end) for stroke in HOUSE for start, end in itertools.pairwise(stroke))
    return _inside((away - PEN / 2) * side)


def square_cover(x: float, y: float, side: float) -> float:
    """Return how much of the pixel around this point the square with round corners covers."""
    radius = side * ROUND
    across, down = (max(abs(value - side / 2) - side / 2 + radius, 0) for value in (x, y))
    return _inside(math.hypot(across, down) - radius)


def _inside(distance: float) -> float:
    """Return the share of a pixel that lies inside an edge at this distance in pixels; negative is inside."""
    return min(max(0.5 - distance, 0.0), 1.0)


def _to_segment(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    along, down = x2 - x1, y2 - y1
    share = ((x - x1) * along + (y - y1) * down) / (along * along + down * down)
    share = min(max(share, 0.0), 1.0)
    return math.hypot(x - x1 - share * along, y - y1 - share * down)


def bitmap(rows: Sequence[Sequence[Colour]]) -> bytes:
    """Return a Windows bitmap (24 bits, the lowest row first)."""
    width, height = len(rows[0]), len(rows)
    filling = bytes(-width * 3 % 4)
    points = b"".join(
        b"".join(bytes((blue, green, red)) for red, green, blue in row) + filling for row in reversed(rows)
    )
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(points), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 54 + len(points), 0, 0, 54) + head + points
