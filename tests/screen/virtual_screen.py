"""A real screen that nobody sees: Xvfb, a window manager, a mouse and a keyboard. No Qt here."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE = (1366, 768)
TOOLS = ("Xvfb", "openbox", "xdotool", "dbus-daemon")
LOOK_S = 0.05
"""Another program's screen tells nothing by itself: it is looked at, often and for a bounded time."""
TALL = 12
"""Pixels: less than any button's height, more than any line's."""
Colour = tuple[int, int, int]


class NothingHappened(AssertionError):
    """What was waited for on the screen did not come."""


@dataclass(frozen=True)
class Picture:
    """What the screen shows: rows of blue, green, red, unused (XWD of a 24-bit screen)."""

    width: int
    height: int
    stride: int
    pixels: bytes

    def pixel(self, x: int, y: int) -> Colour:
        """Return red, green, blue."""
        at = y * self.stride + 4 * x
        blue, green, red = self.pixels[at : at + 3]
        return red, green, blue

    def find(self, colour: Colour, *, least: int = 60) -> tuple[int, int] | None:
        """Return the middle of the first place of that colour at least ``least`` pixels wide, ``None`` if none is."""
        wanted = bytes((colour[2], colour[1], colour[0]))
        line = b"".join(wanted + b"\0" for _ in range(least))
        for y in range(0, self.height, 4):
            row = self.pixels[y * self.stride : y * self.stride + 4 * self.width]
            plain = bytes(0 if rank % 4 == 3 else byte for rank, byte in enumerate(row)) if wanted in row else b""
            place = plain.find(line)
            middle = place // 4 + least // 2
            # An underline is of that colour too: a button is a good deal taller.
            if place >= 0 and place % 4 == 0 and self.pixel(place // 4 + 2, min(y + TALL, self.height - 1)) == colour:
                return middle, y + TALL // 2
        return None

    def save_png(self, path: Path) -> None:
        """Write the picture, for a person who looks at a failure."""
        rows = (b"\0" + b"".join(bytes(self.pixel(x, y)) for x in range(self.width)) for y in range(self.height))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
        with path.open("wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n")
            for name, data in chunks:
                file.write(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))


@dataclass
class Screen:
    """A display, what it shows, and hands to use it."""

    display: str
    frame: Path
    env: dict[str, str]

    def picture(self) -> Picture:
        """Return what the screen shows now."""
        raw = self.frame.read_bytes()
        head = struct.unpack(">25I", raw[:100])
        start, colours = head[0], head[19]
        width, height, stride = head[4], head[5], head[12]
        return Picture(width, height, stride, raw[start + 12 * colours :])

    def titles(self) -> list[str]:
        """Return the titles of the windows shown."""
        found = self._xdotool("search", "--onlyvisible", "--name", ".", check=False).split()
        return [self._xdotool("getwindowname", one, check=False).strip() for one in found]

    def active_title(self) -> str:
        """Return the title of the window that gets the keys."""
        return self._xdotool("getactivewindow", "getwindowname", check=False).strip()

    def click(self, x: int, y: int) -> None:
        """Click."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def key(self, keys: str) -> None:
        """Press keys together (« ctrl+r »)."""
        self._xdotool("key", keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "5", text)

    def wait_for(self, condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
        """Look until the condition holds. Raises ``NothingHappened``, with a picture beside the frame."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(LOOK_S)
        shown = self.frame.with_suffix(".png")
        self.picture().save_png(shown)
        raise NothingHappened(f"{what}; windows: {self.titles()}; picture: {shown}")

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.env, capture_output=True, text=True, timeout=20, check=check
        )
        return done.stdout


@contextmanager
def open_screen(folder: Path) -> Iterator[Screen]:
    """Open a screen with a window manager and a session bus; everything is gone afterwards.

    Raises ``AssertionError`` where a tool is missing: these tests are never skipped.
    """
    absent = [name for name in TOOLS if shutil.which(name) is None]
    assert not absent, f"The tests of the window need: {', '.join(absent)} (installer/bootstrap.py test installs them)."
    width, height = SIZE
    with ExitStack() as ends:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)]
        server = subprocess.Popen(
            [*command, "-nolisten", "tcp"], pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ends.callback(_end, server)
        os.close(write)
        with os.fdopen(read) as said:
            display = f":{said.readline().strip()}"
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
        )
        ends.callback(_end, bus)
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        ends.callback(bus.stdout.close)
        env = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": address}
        manager = subprocess.Popen(["openbox"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ends.callback(_end, manager)
        yield Screen(display, folder / "Xvfb_screen0", env)


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
