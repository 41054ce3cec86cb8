"""The program's own drawing as an icon file of Windows: ``python -m tests.installer.windows.drawn_icon`` writes it.

The file is committed, since the machine that builds the product has no Qt; a test holds it against the drawing.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import cast

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage

from enn_desktop.qt.marks import program_icon

FILE = Path(__file__).resolve().parents[3] / "installer" / "windows" / "enn-desktop.ico"
SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
PACKED = 256
"""From this size on, the picture is a PNG, as Windows itself has them; below, plain pixels, which every tool reads."""


def drawn(size: int) -> QImage:
    """Return the drawing at one size."""
    return program_icon().pixmap(size, size).toImage().convertToFormat(QImage.Format.Format_ARGB32)


def icon_file() -> bytes:
    """Return the whole file: a directory, then the pictures."""
    pictures = [_png(drawn(size)) if size >= PACKED else _plain(drawn(size)) for size in SIZES]
    start = 6 + 16 * len(SIZES)
    head, body = struct.pack("<HHH", 0, 1, len(SIZES)), b""
    for size, picture in zip(SIZES, pictures, strict=True):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), start + len(body))
        body += picture
    return head + body


def _plain(image: QImage) -> bytes:
    """Return pixels from the bottom line up, then a mask that hides nothing: the fourth byte says what is seen."""
    size = image.width()
    mask = bytes((size + 31) // 32 * 4 * size)
    head = struct.pack("<IiiHHIIiiII", 40, size, size * 2, 1, 32, 0, size * size * 4 + len(mask), 0, 0, 0, 0)
    lines = [cast("memoryview", image.constScanLine(y)).tobytes()[: size * 4] for y in reversed(range(size))]
    return head + b"".join(lines) + mask


def _png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the library's types know files only
    return b"" + held.data()


if __name__ == "__main__":
    application = QGuiApplication([sys.argv[0], "-platform", "offscreen"])
    FILE.write_bytes(icon_file())
