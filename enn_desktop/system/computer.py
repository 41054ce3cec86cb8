"""What computer this is, for a diagnostic: no name, no address."""

from __future__ import annotations

import os
import platform
import sys

from enn_desktop.system import computer_windows
from enn_desktop.system.presets import program_folder


def describe() -> list[tuple[str, str]]:
    """Return facts about the computer as (name, value) in French."""
    return [
        *_system(),
        ("Python", sys.version.split()[0]),
        ("cœurs", str(os.cpu_count())),
        ("encodage", sys.getfilesystemencoding()),
    ]


def installation_kind() -> str:
    """Say how the program came here."""
    folder = program_folder()
    if folder is None:
        return "depuis un paquet Python"
    own = os.environ.get("LOCALAPPDATA", "")
    if own and os.path.normcase(folder).startswith(os.path.normcase(own)):
        return "installé pour cet utilisateur"
    return "installé dans un dossier choisi"


def setup_version() -> str:
    """Return the version that the setup noted, empty when there was no setup."""
    if sys.platform == "win32":
        from enn_desktop.system.windows_registry import DiagnosticRegistry

        return computer_windows.setup_version(DiagnosticRegistry())
    return ""


def windows_build() -> int | None:
    """Return the build of Windows, « 19045 », ``None`` elsewhere."""
    if sys.platform == "win32":
        return sys.getwindowsversion().build
    return None


def _system() -> list[tuple[str, str]]:
    if sys.platform == "win32":
        from enn_desktop.system.computer_token import rights
        from enn_desktop.system.windows_registry import DiagnosticRegistry

        user, kernel = (computer_windows.own_library(name) for name in ("user32", "kernel32"))
        build = sys.getwindowsversion().build
        return computer_windows.describe(
            computer_windows.WindowsFacts(DiagnosticRegistry(), build, user, kernel, rights)
        )
    rights_here = "administrateur" if os.geteuid() == 0 else "utilisateur"
    return [
        ("système", f"{platform.system()} {platform.release()} ({platform.machine()})"),
        ("droits", rights_here),
    ]
