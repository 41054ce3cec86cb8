"""Whether a window can be opened here, and what Debian lacks for it; what the tests need for a screen of their own."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.child_process import Runner, run_logged
from installer.debian import demand, has_apt, installed
from installer.failures import Outcome, SetupError
from installer.preparation import Place
from installer.speech import say

LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xcb-xkb": "libxcb-xkb1",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-image": "libxcb-image0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
}
"""Library that Qt loads to open a window on Linux → Debian package."""
TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox", "dbus-daemon": "dbus", "trayer": "trayer"}
"""Program that the tests of the window start → Debian package."""
FONTS = {"OpenSans*": "fonts-open-sans", "DejaVuSans*": "fonts-dejavu-core"}
"""Font files by which the tests of the window measure their texts → Debian package."""
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
TRY = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
TRY_MINUTES = 1.0
"""The first load of Qt reads some hundred megabytes, which an antivirus may read too."""
SEEN_BY_NOBODY = {"offscreen", "minimal"}
_SILENT_SCREEN = ("could not connect to display", "Failed to create wl_display")


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether Qt opened a window, and why not, in the words that Qt printed."""

    opened: bool
    printed: str = ""


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a screen is named: always on Windows and macOS, unless Qt was told to show nothing."""
    if environment.get("QT_QPA_PLATFORM") in SEEN_BY_NOBODY:
        return False
    return sys.platform in {"win32", "darwin"} or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def try_window(place: Place, run: Runner = run_logged) -> Trial:
    """Try to open a window, for a bounded time and in a child: Qt ends the process where it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        # A log of its own: a project that is ready may stand in a folder where nothing can be written.
        log = Path(folder) / "essai.log"
        try:
            code = run([str(place.python), "-c", TRY], log=log, minutes=TRY_MINUTES)
        except SetupError as stop:
            return Trial(opened=False, printed=stop.sentence.partition("\n")[0])
        return Trial(opened=code == 0, printed=log.read_text(encoding="utf-8", errors="replace").partition("\n")[2])


def make_window_open(place: Place, run: Runner = run_logged) -> bool:
    """Whether Qt can open a window, now or once Debian's libraries are installed; says what is missing if not."""
    trial = try_window(place, run)
    if trial.opened:
        return True
    packages = missing_libraries()
    if packages and installed(packages, run, place.log):
        trial, packages = try_window(place, run), missing_libraries()
    if trial.opened:
        return True
    say(f"La fenêtre ne peut pas s’ouvrir\u00a0: {_reason(trial, packages)}")
    say("La démonstration se fait donc ici, en ligne de commande.")
    return False


def missing_libraries() -> list[str]:
    """Return the Debian packages of the libraries that Qt would not find here; none outside Linux."""
    if sys.platform != "linux":
        return []
    return [package for name, package in LIBRARIES.items() if ctypes.util.find_library(name) is None]


def missing_for_tests() -> list[str]:
    """Return the Debian packages that the tests of the window need and that are not here; none on Windows."""
    if os.name == "nt":
        return []
    tools = [package for name, package in TOOLS.items() if shutil.which(name) is None]
    return missing_libraries() + tools + [package for pattern, package in FONTS.items() if not _has_font(pattern)]


def demand_test_screen(place: Place, run: Runner = run_logged) -> None:
    """Go on when the tests can have a screen of their own; on Debian, install what lacks where nobody has to be asked.

    Raises ``SetupError`` where Debian's packages cannot be installed. Elsewhere a sentence names them: the tests that
    need them fail, the others say what they have to say.
    """
    demand(missing_for_tests, "Les contrôles de la fenêtre", Outcome.TEST_SCREEN, run, place.log)


def _has_font(pattern: str) -> bool:
    folders = (Path(name).expanduser() for name in FONT_FOLDERS)
    return any(next(folder.rglob(pattern), None) is not None for folder in folders if folder.is_dir())


def _reason(trial: Trial, packages: list[str]) -> str:
    if packages:
        names = " ".join(packages)
        how = f" (sudo apt-get install {names})" if has_apt() else ""
        return f"il manque à ce système {'le paquet' if len(packages) == 1 else 'les paquets'} {names}{how}."
    if any(sign in trial.printed for sign in _SILENT_SCREEN):
        return "l’écran que nomme DISPLAY ou WAYLAND_DISPLAY ne répond pas."
    lines = [line.strip() for line in trial.printed.splitlines() if line.strip()] or ["sans autre message"]
    # Python ends with its reason, Qt begins with it.
    return f"Qt s’y refuse ({lines[-1 if lines[0].startswith('Traceback') else 0]})."
