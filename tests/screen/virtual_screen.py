"""A real screen that nobody sees: Xvfb, a window manager, a mouse and a keyboard. No Qt here."""

from __future__ import annotations

import itertools
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.screen.picture import Colour, Picture, read_picture
from tests.screen.processes import demand_tools, finished, first_line, none_left
from tests.screen.session_bus import open_bus

__all__ = ["SIZE", "Colour", "NothingHappened", "Picture", "Screen", "Window", "open_screen"]

SIZE = (1366, 768)
TOOLS = ("Xvfb", "openbox", "xdotool", "dbus-daemon")
LOOK_S = 0.05
"""Another program's screen tells nothing by itself: it is looked at, often and for a bounded time."""
_SOMEBODY_ELSES = (
    *("QT_", "XDG_CURRENT_DESKTOP", "XDG_SESSION", "DESKTOP_SESSION", "SESSION_MANAGER"),
    *("WAYLAND_", "XAUTHORITY", "GTK_", "XMODIFIERS", "AT_SPI_"),
)
"""How a developer's own desktop would change what a program looks like."""


class NothingHappened(AssertionError):
    """What was waited for on the screen did not come."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window that is shown: its title, and where its inside is on the screen (frame and title bar left out)."""

    number: str
    title: str
    left: int
    top: int
    width: int
    height: int


@dataclass
class Screen:
    """A display, what it shows, and hands to use it; ``env`` is for the programs that are to use it."""

    display: str
    frame: Path
    env: dict[str, str]

    def picture(self) -> Picture:
        """Return what the screen shows now."""
        return read_picture(self.frame.read_bytes())

    def windows(self) -> list[Window]:
        """Return the windows shown, those without a title left out."""
        numbers = self._xdotool("search", "--onlyvisible", "--name", ".", check=False).split()
        return [window for window in map(self._window, numbers) if window is not None]

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
        """Type a text, accents included."""
        for plain, run in itertools.groupby(text, str.isascii):
            typed = "".join(run)
            if plain:
                self._xdotool("type", "--delay", "5", "--", typed)
                continue
            # A sign that is not on the keyboard is put on a key for the time of a stroke; a lone letter there is small.
            keys = (f"{'shift+' if sign.isupper() else ''}U{ord(sign):04X}" for sign in typed)
            self._xdotool("key", "--delay", "40", *keys)

    def wait_for(self, condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
        """Look until the condition holds. Raises ``NothingHappened`` with ``what``; a picture is beside the frame."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(LOOK_S)
        shown = self.frame.with_suffix(".png")
        self.picture().save_png(shown)
        raise NothingHappened(f"{what}; windows: {self.titles()}; picture: {shown}")

    def _window(self, number: str) -> Window | None:
        said = self._xdotool("getwindowname", number, "getwindowgeometry", "--shell", number, check=False).splitlines()
        numbers = dict(line.split("=") for line in said[-6:] if line.count("=") == 1)
        if not {"X", "Y", "WIDTH", "HEIGHT"} <= set(numbers):
            return None  # closed meanwhile
        return Window(number, said[0], *(int(numbers[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.env, capture_output=True, text=True, timeout=20, check=check
        )
        return done.stdout


@contextmanager
def open_screen(folder: Path, *, tray: bool = False) -> Iterator[Screen]:
    """Open a screen with a window manager and a session bus, with a tray if asked; everything is gone afterwards.

    Raises ``AssertionError`` where a tool is missing, and where the test left a program running.
    """
    demand_tools(*TOOLS, *(["trayer"] if tray else []))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as ends:
        display = ends.enter_context(_open_display(folder))
        address = ends.enter_context(open_bus(folder))
        screen = Screen(display, folder / "Xvfb_screen0", _environment(folder, display, address))
        # Its own word that it is ready: it answers questions before it can manage windows.
        _start(ends, ["openbox", "--startup", "echo ready"], screen, ready=True)
        # At the first key of a display its keyboard changes hands: openbox then takes its shortcuts again, and one
        # pressed meanwhile is lost (one alt+F4 in ten was).
        screen.key("Shift_L")
        if tray:
            _start(ends, ["trayer", "--edge", "bottom", "--align", "right", "--SetDockType", "true"], screen)
            screen.wait_for(lambda: "panel" in screen.titles(), "trayer did not start")
        with none_left("DBUS_SESSION_BUS_ADDRESS", address):
            yield screen


@contextmanager
def _open_display(folder: Path) -> Iterator[str]:
    width, height = SIZE
    read, write = os.pipe()
    with os.fdopen(read, "rb") as said, (folder / "Xvfb.log").open("wb") as log:
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)]
        server = subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=(write,), stdout=log, stderr=log)
        os.close(write)
        with finished(server):
            yield f":{first_line(said.fileno(), 'Xvfb', folder / 'Xvfb.log')}"


def _environment(folder: Path, display: str, address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SOMEBODY_ELSES)}
    runtime = Path(kept.get("XDG_RUNTIME_DIR", folder / "run"))
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    return kept | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "DBUS_SESSION_BUS_ADDRESS": address,
        "XDG_RUNTIME_DIR": str(runtime),
        "NO_AT_BRIDGE": "1",
    }


def _start(ends: ExitStack, command: list[str], screen: Screen, *, ready: bool = False) -> None:
    log = screen.frame.with_name(f"{command[0]}.log")
    errors = ends.enter_context(log.open("wb"))
    process = ends.enter_context(
        finished(subprocess.Popen(command, env=screen.env, stdout=subprocess.PIPE if ready else errors, stderr=errors))
    )
    if process.stdout is not None:
        ends.callback(process.stdout.close)
        first_line(process.stdout.fileno(), command[0], log)
