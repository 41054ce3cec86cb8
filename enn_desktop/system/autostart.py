"""Starting with the user's session, in the tray: a value of the registry on Windows, a desktop entry on Linux."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from enn_desktop.core.errors import SettingsError
from enn_desktop.system import disk
from enn_desktop.system.launching import program_command

NAME = "enn-desktop"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
LONGEST = 260
"""Characters of a command that Windows still starts with the session; a longer one is passed over without a word."""
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where the Task Manager notes what the user switched off: an odd first byte means off."""


class Registry(Protocol):
    """The few verbs over the user's registry that are needed; a test gives its own."""

    def read(self, key: str, name: str) -> str | bytes | None:
        """Return a value, ``None`` if absent."""
        ...

    def write(self, key: str, name: str, value: str) -> None:
        """Write a text."""
        ...

    def remove(self, key: str, name: str) -> None:
        """Remove a value; one that is absent is no error."""
        ...


class Autostart:
    """Whether, and how, the program starts with the session. ``possible`` is false where nobody knows how."""

    possible = False
    reason = "Ce système n’a pas de démarrage de session connu du programme."

    def enabled(self) -> bool:
        """Whether the program starts with the session."""
        return False

    def set(self, on: bool) -> None:  # noqa: FBT001 - it is what is set
        """Start with the session, or no longer. Raises ``SettingsError`` when the system refuses."""
        if on:
            raise SettingsError(self.reason)


class WindowsAutostart(Autostart):
    """The value that Windows reads at the start of the session."""

    possible = True
    reason = ""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        self._registry = registry
        self._line = subprocess.list2cmdline([*command, "--tray"])

    def enabled(self) -> bool:
        """Whether the value is there, is ours, and was not switched off in the Task Manager."""
        approved = self._registry.read(APPROVED, NAME)
        off = isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
        return self._registry.read(RUN, NAME) == self._line and not off

    def set(self, on: bool) -> None:  # noqa: FBT001 - it is what is set
        """Write or remove the value; what the Task Manager noted goes too, since she decides here."""
        if on and len(self._line) > LONGEST:
            raise SettingsError(
                "Le programme est rangé trop profondément pour démarrer avec la session.",
                advice="Demandez à votre prestataire informatique de l’installer dans un dossier au chemin plus court.",
                detail=f"{len(self._line)} caractères",
            )
        try:
            self._registry.remove(APPROVED, NAME)
            if on:
                self._registry.write(RUN, NAME, self._line)
            else:
                self._registry.remove(RUN, NAME)
        except OSError as error:
            raise _refused(error) from error


class DesktopEntryAutostart(Autostart):
    """A file in ``autostart`` (XDG Desktop Application Autostart)."""

    possible = True
    reason = ""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._file = folder / f"{NAME}.desktop"
        line = " ".join(_quoted(part) for part in (*command, "--tray"))
        text = f"[Desktop Entry]\nType=Application\nName={NAME}\nExec={line}\nTerminal=false\n"
        self._text = text.encode("utf-8", "surrogateescape")

    def enabled(self) -> bool:
        """Whether the file is there and is ours."""
        try:
            return self._file.read_bytes() == self._text
        except OSError:
            return False

    def set(self, on: bool) -> None:  # noqa: FBT001 - it is what is set
        """Write or remove the file."""
        try:
            if on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                fresh = self._file.with_name(f".{self._file.name}.part")
                fresh.write_bytes(self._text)
                disk.rename(fresh, self._file)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(error) from error


def own_autostart() -> Autostart:
    """Return what starts this program with the session on this system."""
    own = Autostart()
    if sys.platform == "win32":
        from enn_desktop.system.windows_registry import UserRegistry

        own = WindowsAutostart(UserRegistry(), program_command())
    elif sys.platform != "darwin":
        given = os.environ.get("XDG_CONFIG_HOME", "")
        folder = Path(given) if given.startswith("/") else Path.home() / ".config"
        own = DesktopEntryAutostart(folder / "autostart", program_command())
    return own


def _quoted(part: str) -> str:
    """Quote one argument of ``Exec`` (Desktop Entry Specification, Exec key): ``%`` doubled, four signs escaped."""
    escaped = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in part).replace("%", "%%")
    # The value of a key has its own escapes, undone first by the reader.
    for sign, escape in (("\\", r"\\"), ("\n", r"\n"), ("\t", r"\t"), ("\r", r"\r")):
        escaped = escaped.replace(sign, escape)
    return f'"{escaped}"'


def _refused(error: OSError) -> SettingsError:
    return SettingsError(
        "Le démarrage avec la session n’a pas pu être changé.",
        advice="Demandez à votre prestataire informatique si ce réglage est verrouillé.",
        detail=f"{type(error).__name__} {error.errno}",
    )
