"""What computer this is, for a diagnostic: no name, no address."""

from __future__ import annotations

import os
import platform
import sys


def describe() -> list[tuple[str, str]]:
    """Return facts about the computer as (name, value) in French."""
    return [
        ("système", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("Python", platform.python_version()),
        ("cœurs", str(os.cpu_count())),
        ("encodage", sys.getfilesystemencoding()),
        ("proxy par variable", "oui" if os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") else "non"),
    ]


def windows_build() -> int | None:
    """Return the build of Windows, « 19045 », ``None`` elsewhere."""
    if sys.platform == "win32":
        return sys.getwindowsversion().build
    return None
