"""What is kept of the components: of Qt, what a list names and what that needs; of the others, all but the tools."""

from __future__ import annotations

import shutil
from pathlib import Path

from installer.failures import Outcome, SetupError
from installer.windows.pe_files import SUFFIXES, closure
from installer.windows.workshop import listed

KEPT = "qt-kept.txt"
QT = "PySide6"
QT_LIBRARIES = (QT, "shiboken6")
DROPPED_FOLDERS = ("bin", "scripts", "pypdfium2_cli", "shiboken6/include", "shiboken6/lib")
"""Console commands and files for compilers; their owners run without them."""
DROPPED_ENDINGS = {".pyi", ".lib", ".h", ".c", ".typed"}
DROPPED_NAMES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"}
"""What pip and uv note beside a component: what they installed and how, which is no longer so here."""


def prune(folder: Path) -> None:
    """Take out of a folder of components what the program does not use."""
    for name in DROPPED_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (path.suffix in DROPPED_ENDINGS or path.name in DROPPED_NAMES):
            path.unlink()
    _keep(folder, _qt_kept(folder))
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _qt_kept(folder: Path) -> set[Path]:
    named: set[Path] = set()
    for pattern, _ in listed(KEPT):
        found = {path for path in folder.glob(pattern) if path.is_file()}
        if not found:
            raise SetupError(
                Outcome.BUILD,
                f"Qt n’a plus de fichier {pattern}\u00a0: revoyez la liste installer/windows/{KEPT}.",
            )
        named |= found
    programs = {path for path in named if path.suffix.lower() in SUFFIXES}
    offered = [path for name in QT_LIBRARIES for path in (folder / name).glob("*.dll")]
    return named | closure(programs, offered)


def _keep(folder: Path, kept: set[Path]) -> None:
    for name in QT_LIBRARIES:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and path not in kept:
                path.unlink()


def kept_modules() -> set[str]:
    """Return the modules of Qt that are shipped, for example ``QtCore``."""
    return {Path(pattern).stem for pattern, _ in listed(KEPT) if pattern.startswith(f"{QT}/Qt")}
