"""What a screen shows, read without any toolkit: the frame that Xvfb keeps in a file (XWD)."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Colour = tuple[int, int, int]
"""Red, green, blue, each from 0 to 255."""
Run = tuple[int, int]
"""Columns of a row that have the colour: the first, and the first after."""
TALL = 12
"""Pixels: less than any button's height, more than any line's."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Pixels of one colour that touch each other; ``right`` and ``bottom`` are the first ones outside."""

    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def centre(self) -> tuple[int, int]:
        """Return the middle of the smallest rectangle around them."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of blue, green, red, unused; ``stride`` bytes each. Pixels count from the top left corner."""

    width: int
    height: int
    stride: int
    pixels: bytes

    def pixel(self, x: int, y: int) -> Colour:
        """Return one colour."""
        at = y * self.stride + 4 * x
        blue, green, red = self.pixels[at : at + 3]
        return red, green, blue

    def blobs(self, colour: Colour, *, tolerance: int = 0, least: int = 1) -> list[Blob]:
        """Return the places of that colour (each channel within ``tolerance``), ``least`` pixels or more; top first."""
        found = [blob for blob in _joined(self._runs(colour, tolerance)) if blob.area >= least]
        return sorted(found, key=lambda blob: (blob.top, blob.left))

    def find_blob(self, colour: Colour, tolerance: int = 0, min_area: int = 200) -> tuple[int, int] | None:
        """Return the middle of the largest place of that colour, such as a button; ``None`` if none is that large."""
        found = self.blobs(colour, tolerance=tolerance, least=min_area)
        return max(found, key=lambda blob: blob.area).centre if found else None

    def find(self, colour: Colour, *, least: int = 60) -> tuple[int, int] | None:
        """Return a point of the first place of exactly that colour ``least`` pixels wide and a button high."""
        for y, runs in self._runs(colour, 0):
            for first, after in runs:
                # An underline is of that colour too: a button is a good deal taller.
                if after - first >= least and self.pixel(first + 2, min(y + TALL, self.height - 1)) == colour:
                    return first + least // 2, y + TALL // 2
        return None

    def save_png(self, path: Path) -> None:
        """Write the picture, for a person who looks at a failure."""
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        rows = b"".join(b"\0" + self._row(y) for y in range(self.height))
        with path.open("wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n")
            for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
                file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))

    def _row(self, y: int) -> bytes:
        row = self.pixels[y * self.stride : y * self.stride + 4 * self.width]
        plain = bytearray(3 * self.width)
        plain[0::3], plain[1::3], plain[2::3] = row[2::4], row[1::4], row[0::4]
        return bytes(plain)

    def _runs(self, colour: Colour, tolerance: int) -> Iterator[tuple[int, list[Run]]]:
        """Yield the rows that have the colour: a million pixels are compared by the planes, not one by one."""
        kept = -1
        for level, offset in zip(colour, (2, 1, 0), strict=True):
            near = bytes(abs(value - level) <= tolerance for value in range(256))
            kept &= int.from_bytes(self.pixels[offset::4].translate(near), "little")
        columns = self.stride // 4
        mask = kept.to_bytes(columns * self.height, "little")
        for y in range(self.height):
            row = mask[y * columns : y * columns + self.width]
            if 1 in row:
                yield y, [match.span() for match in re.finditer(b"\x01+", row)]


def read_picture(frame: bytes) -> Picture:
    """Return the picture in an XWD file of 32 bits per pixel, least significant byte first. Raises ``ValueError``."""
    head = struct.unpack(">25I", frame[:100])
    start, version, width, height, order, bits, stride, colours = (head[at] for at in (0, 1, 4, 5, 7, 11, 12, 19))
    if (version, order, bits) != (7, 0, 32):
        raise ValueError(f"not a frame that this reads: version {version}, order {order}, {bits} bits per pixel")
    first = start + 12 * colours
    return Picture(width, height, stride, frame[first : first + stride * height])


def _joined(rows: Iterator[tuple[int, list[Run]]]) -> list[Blob]:
    """Join the runs that touch from one row to the next."""
    done: list[Blob] = []
    open_blobs: list[tuple[Blob, list[Run]]] = []
    last = -1
    for y, runs in rows:
        if y != last + 1:
            done += [blob for blob, _ in open_blobs]
            open_blobs = []
        last = y
        grown: list[tuple[Blob, list[Run]]] = [
            (Blob(first, y, after, y + 1, after - first), [(first, after)]) for first, after in runs
        ]
        for old, above in open_blobs:
            touching = [one for one in grown if _touch(above, one[1])]
            if not touching:
                done.append(old)
                continue
            merged = old
            for blob, _ in touching:
                merged = _union(merged, blob)
            grown = [one for one in grown if one not in touching]
            grown.append((merged, [run for _, below in touching for run in below]))
        open_blobs = grown
    return done + [blob for blob, _ in open_blobs]


def _touch(above: list[Run], below: list[Run]) -> bool:
    return any(first < end and start < after for start, end in above for first, after in below)


def _union(one: Blob, other: Blob) -> Blob:
    return Blob(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
        one.area + other.area,
    )
