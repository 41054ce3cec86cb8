"""Who may come to the front of the screen: a rule of Windows alone."""

from __future__ import annotations

import contextlib
import sys


def let_another_come_forward() -> None:
    """Let another program put its window in front in our place; elsewhere than on Windows, nothing has to be asked.

    The program that the user has just started may come forward, one that was already there may not: its button would
    merely blink in the task bar.
    """
    if sys.platform == "win32":
        import ctypes

        any_process = -1
        with contextlib.suppress(OSError, AttributeError):
            ctypes.windll.user32.AllowSetForegroundWindow(any_process)
