"""A process ended without warning, as each system does it: SIGKILL, or TerminateProcess on Windows."""

from __future__ import annotations

import os
import sys

_NINE = 9
"""SIGKILL; on Windows ``os.kill`` ends the process at once, and this becomes its exit code."""
KILLED = _NINE if sys.platform == "win32" else -_NINE
"""The return code that ``subprocess`` sees of a process that died so."""


def die() -> None:
    """End this process here and now: no handler, no ``finally``, no flush."""
    os.kill(os.getpid(), _NINE)
