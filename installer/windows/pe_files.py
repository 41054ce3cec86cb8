"""Program files of Windows (PE): which libraries each asks for, and whether all of them will be there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pefile

from installer.failures import Outcome, SetupError
from installer.windows.workshop import listed

SUFFIXES = {".exe", ".com", ".dll", ".pyd"}
ALLOWED = "windows-dlls.txt"
"""The libraries that every Windows 10 (1809 or later) and 11 has."""
_TABLES = ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT")


def program_files(folder: Path) -> list[Path]:
    """Return the program files below a folder, by path: by their name, or by their first bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if path.suffix.lower() in SUFFIXES or _starts_like_one(path)]


def _starts_like_one(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"MZ"


def asked_for(path: Path) -> frozenset[str]:
    """Return the libraries that a program file asks for at its start or later, in small letters."""
    with pefile.PE(str(path), fast_load=True) as program:
        entries = pefile.DIRECTORY_ENTRY
        program.parse_data_directories(
            [entries["IMAGE_DIRECTORY_ENTRY_IMPORT"], entries["IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT"]]
        )
        named = [entry.dll for table in _TABLES for entry in getattr(program, table, ())]
    return frozenset(name.decode("ascii").lower() for name in named)


def closure(start: Iterable[Path], offered: Iterable[Path]) -> set[Path]:
    """Return the ``start`` files with those among the ``offered`` that they need, and those that these need."""
    by_name = {path.name.lower(): path for path in offered}
    found: set[Path] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [by_name[name] for name in asked_for(path) if name in by_name]
    return found


def foreign_libraries(folder: Path) -> dict[str, list[str]]:
    """Return each library that nothing in the folder brings and that Windows does not have → who asks for it."""
    files = program_files(folder)
    brought = {path.name.lower() for path in files} | {name for name, _ in listed(ALLOWED)}
    foreign: dict[str, list[str]] = {}
    for path in files:
        for name in asked_for(path) - brought:
            foreign.setdefault(name, []).append(path.relative_to(folder).as_posix())
    return foreign


def demand_known_libraries(folder: Path) -> None:
    """Go on when every library asked for is in the folder or in Windows; else ``SetupError`` names the others."""
    foreign = foreign_libraries(folder)
    if foreign:
        lines = "\n".join(f"    {name} (demandée par {min(who)})" for name, who in sorted(foreign.items()))
        raise SetupError(
            Outcome.BUILD,
            f"Le produit demanderait des bibliothèques que ni lui ni Windows n’apportent\u00a0:\n{lines}\n"
            f"Gardez leur composant, ou, si tout Windows 10 et 11 les a, ajoutez-les à installer/windows/{ALLOWED}.",
        )
