"""How to start this very program again: for the session's start, for the make-believe platform."""

from __future__ import annotations

import sys
from pathlib import Path


def program_command() -> list[str]:
    """Return the command that starts this program: the installed executable, or this Python with the package."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    python = Path(sys.executable)
    if sys.platform == "win32":
        # The one without a console: nobody wants a black window at the start of the session.
        windowed = python.with_name("pythonw.exe")
        python = windowed if windowed.exists() else python
    return [str(python), "-m", "enn_desktop"]
