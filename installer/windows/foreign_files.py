"""Nothing of the tests, and nothing of Wine, may come to be shipped."""

from __future__ import annotations

from pathlib import Path

from installer.failures import Outcome, SetupError

STUBS = {"icuuc.dll", "mscms.dll", "bcryptprimitives.dll"}
"""Stand-ins that the tests put into Wine; in the product they would take the place of Windows' own."""
WINE_SIGNS = (b"Wine builtin DLL", b"Wine placeholder DLL")
"""What Wine writes at the head of its own files."""


def foreign_files(folder: Path) -> list[str]:
    """Return the files below a folder that are Wine's or the tests'."""
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if _is_foreign(path)]


def _is_foreign(path: Path) -> bool:
    if not path.is_file():
        return False
    content = path.read_bytes()
    return path.name.lower() in STUBS or any(sign in content for sign in WINE_SIGNS)


def demand_nothing_of_the_tests(folder: Path) -> None:
    """Go on when there is none; else ``SetupError``."""
    found = foreign_files(folder)
    if found:
        raise SetupError(
            Outcome.BUILD, f"Des fichiers des contrôles sont venus dans le produit\u00a0: {', '.join(found)}."
        )
