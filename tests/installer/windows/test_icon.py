"""The icon of the launchers is the program's own drawing, at every size that Windows asks for."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage

from tests.installer.windows.drawn_icon import FILE, PACKED, SIZES, drawn

SHADES = 8
"""How far one colour may be from the drawing, of 255: another version of Qt may soften an edge in its own way."""


def pictures() -> dict[int, bytes]:
    """Return size → picture of the committed file."""
    content = FILE.read_bytes()
    (count,) = struct.unpack_from("<4xH", content)
    entries = [struct.unpack_from("<BBBBHHII", content, 6 + 16 * place) for place in range(count)]
    return {entry[0] or 256: content[entry[7] : entry[7] + entry[6]] for entry in entries}


def test_it_has_the_sizes_of_every_screen() -> None:
    assert tuple(sorted(pictures())) == SIZES
    assert {16, 20, 24, 32, 48, 256} <= set(SIZES)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", SIZES)
def test_each_picture_is_the_drawing(size: int) -> None:
    picture = pictures()[size]
    if size >= PACKED:
        shown = QImage.fromData(picture).convertToFormat(QImage.Format.Format_ARGB32)
    else:
        pixels = picture[40 : 40 + size * size * 4]
        shown = QImage(pixels, size, size, size * 4, QImage.Format.Format_ARGB32).flipped().copy()
    wanted = drawn(size)
    far = 0
    for y in range(size):
        for x in range(size):
            far = max(far, distance(shown.pixelColor(x, y), wanted.pixelColor(x, y)))
    assert far <= SHADES


def distance(one: QColor, other: QColor) -> int:
    """Return the largest difference between two colours, and between what they let through."""
    parts = (QColor.red, QColor.green, QColor.blue, QColor.alpha)
    return max(abs(part(one) - part(other)) for part in parts)


@pytest.fixture(scope="module", autouse=True)
def no_screen() -> Iterator[None]:
    """Draw without a screen."""
    with pytest.MonkeyPatch.context() as own:
        own.setenv("QT_QPA_PLATFORM", "offscreen")
        yield
