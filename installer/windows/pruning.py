"""What is kept of the components: of Qt, what a list names and what that needs; of the others, all but another list."""

from __future__ import annotations

import shutil
from pathlib import Path

from installer.failures import Outcome, SetupError
from installer.windows.pe_files import SUFFIXES, closure
from installer.windows.workshop import listed

KEPT, LEFT_OUT = "qt-kept.txt", "left-out.txt"
QT = "PySide6"
QT_FOLDERS = (QT, "shiboken6")
KEEPS = "+"


def prune(folder: Path) -> None:
    """Take out of a folder of components what the program does not use; ``SetupError`` for a list that is out of date.

    A list is out of date when a line of it names nothing: what it stood for has another name now.
    """
    for path in sorted(_left_out(folder), reverse=True):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    kept = _qt_kept(folder)
    for name in QT_FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and path not in kept:
                path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def kept_modules() -> set[str]:
    """Return the modules of Qt that are shipped, for example ``QtCore``."""
    return {Path(pattern).stem for pattern, _ in listed(KEPT) if pattern.startswith(f"{QT}/Qt")}


def _left_out(folder: Path) -> set[Path]:
    found: set[Path] = set()
    for pattern, _ in listed(LEFT_OUT):
        if pattern.startswith(KEEPS):
            found -= _named(folder, pattern.removeprefix(KEEPS), LEFT_OUT)
        else:
            found |= _named(folder, pattern, LEFT_OUT)
    # A folder takes with it what stands below.
    return {path for path in found if not found.intersection(path.parents)}


def _qt_kept(folder: Path) -> set[Path]:
    named = {path for pattern, _ in listed(KEPT) for path in _named(folder, pattern, KEPT)}
    programs = {path for path in named if path.suffix.lower() in SUFFIXES}
    offered = [path for name in QT_FOLDERS for path in (folder / name).glob("*.dll")]
    return named | closure(programs, offered)


def _named(folder: Path, pattern: str, which: str) -> set[Path]:
    found = set(folder.glob(pattern))
    if not found:
        raise SetupError(
            Outcome.BUILD,
            f"Aucun composant n’a de fichier {pattern}\u00a0: revoyez la liste installer/windows/{which}.",
        )
    return found
