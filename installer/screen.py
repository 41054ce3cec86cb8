"""Whether a window can be opened here, and what Debian lacks for it; what the tests need for a screen of their own."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from collections.abc import Mapping

from installer.child_process import Runner, run_logged
from installer.failures import Outcome, SetupError
from installer.preparation import Place, administrator
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
TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox", "dbus-daemon": "dbus"}
"""Program that the tests of the window start → Debian package."""
TRY = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a screen is named: always on Windows and macOS."""
    return sys.platform in {"win32", "darwin"} or any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def window_opens(place: Place, run: Runner = run_logged) -> bool:
    """Whether Qt can open a window: tried in a child, because it ends the process when it cannot."""
    return run([str(place.python), "-c", TRY], log=place.log, minutes=1) == 0


def make_window_open(place: Place, run: Runner = run_logged) -> bool:
    """Whether Qt can open a window, now or once Debian's libraries are installed; says what is missing if not."""
    if window_opens(place, run):
        return True
    packages = missing(LIBRARIES, {})
    if packages and install(packages, place, run) and window_opens(place, run):
        return True
    hint = f" Il manque\u00a0: {' '.join(packages)}." if packages else ""
    say(f"La fenêtre ne peut pas s’ouvrir sur cet écran.{hint} La démonstration se fait ici, en ligne de commande.")
    return False


def missing(libraries: Mapping[str, str], tools: Mapping[str, str]) -> list[str]:
    """Return the Debian packages of what is not there."""
    absent = [package for name, package in libraries.items() if ctypes.util.find_library(name) is None]
    return absent + [package for name, package in tools.items() if shutil.which(name) is None]


def install(packages: list[str], place: Place, run: Runner = run_logged) -> bool:
    """Install Debian packages where that needs no password; return whether it worked."""
    rights = administrator(place, run)
    if not shutil.which("apt-get") or rights is None:
        return False
    say(f"Préparation… paquets du système\u00a0: {' '.join(packages)}")
    command = [*rights, "apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if run(command, log=place.log, minutes=10) == 0:
        return True
    run([*rights, "apt-get", "update"], log=place.log, minutes=10)
    return run(command, log=place.log, minutes=10) == 0


def demand_test_screen(place: Place, run: Runner = run_logged) -> None:
    """Go on when the tests can have a screen of their own; install what lacks where nobody has to be asked.

    Nothing to do on Windows, where the tests of the real screen do not apply. Raises ``SetupError``.
    """
    if os.name == "nt":
        return
    packages = missing(LIBRARIES, TOOLS)
    if packages and not (install(packages, place, run) and not missing(LIBRARIES, TOOLS)):
        raise SetupError(
            Outcome.TEST_SCREEN,
            f"Les contrôles de la fenêtre demandent des paquets qui manquent ici\u00a0: {' '.join(packages)}.\n"
            f"Tapez\u00a0: sudo apt-get install {' '.join(packages)}\npuis relancez la même commande.",
        )
