"""How to start this very program again: for the session's start, for the make-believe platform; and what it lacks."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path, PureWindowsPath

WINDOWED, CONSOLE = "enn-desktop.exe", "enn-desktop.com"
"""The two launchers of the installed program (``installer/windows/launcher.c``): without a console, with one."""


def is_installed() -> bool:
    """Whether this is the program that was installed on Windows, told by the file that it runs from."""
    return PureWindowsPath(sys.executable).name.lower() in {WINDOWED, CONSOLE}


def program_command() -> list[str]:
    """Return the command that starts this program: the installed launcher, or this Python with the package.

    On Windows, the one without a console: nobody wants a black window at the start of the session.
    """
    if is_installed():
        return [str(PureWindowsPath(sys.executable).with_name(WINDOWED))]
    python = Path(sys.executable)
    if sys.platform == "win32":
        windowed = python.with_name("pythonw.exe")
        python = windowed if windowed.exists() else python
    return [str(python), "-m", "enn_desktop"]


def lend_streams() -> None:
    """Give the program streams where Windows gave it none: without a console and without pipes, Python has ``None``.

    What is written to them is forgotten, what is read from them is at its end: no library may fail for want of them.
    """
    if sys.stdin is None:
        # Not the system's null device: Windows calls that one a terminal, and somebody would be asked for a password.
        sys.stdin = io.StringIO()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for the whole life
