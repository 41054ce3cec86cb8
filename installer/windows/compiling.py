"""The compiled form of every Python file, made by the very Python that will read it: directly, or under Wine."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.failures import Outcome, SetupError
from installer.windows.needs import WINE, WINE_SERVER
from installer.windows.workshop import OWN, Workshop

SCRIPT = OWN / "compile_script.py"
OVERRIDES = "mscoree=;mshtml=;wbemprox=;winedbg.exe=d;winemenubuilder.exe=d"
"""What would start a browser, .NET or a debugger's pages of text: nothing here needs them."""


def compile_all(workshop: Workshop, folder: Path) -> None:
    """Compile every Python file below a folder; raises ``SetupError`` that names the first that does not compile."""
    sources = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    with windows_python(workshop) as (start, variables):
        workshop.run(
            "compilation des fichiers Python",
            [*start, seen(SCRIPT), seen(folder)],
            minutes=10,
            variables=variables,
            given="".join(f"{source}\n" for source in sources).encode(),
        )
    missing = [source for source in sources if not compiled(folder / source).is_file()]
    if missing:
        raise SetupError(Outcome.BUILD, f"Fichiers Python non compilés\u00a0: {', '.join(missing[:5])}.")


def compiled(source: Path) -> Path:
    """Return where the compiled form of a source stands."""
    return source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"


def seen(path: Path) -> str:
    """Return a path as a Windows program sees it."""
    return str(path) if sys.platform == "win32" else "Z:" + str(path.absolute()).replace("/", "\\")


@contextmanager
def windows_python(workshop: Workshop) -> Iterator[tuple[list[str | Path], dict[str, str]]]:
    """Give the command and the variables by which the unpacked Python runs; under Wine, in a Windows of its own."""
    python = workshop.runtime / "python.exe"
    if sys.platform == "win32":
        yield [python], {}
        return
    prefix = workshop.out / "wine"
    shutil.rmtree(prefix, ignore_errors=True)
    variables = {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": OVERRIDES, "DISPLAY": ""}
    try:
        prefix.mkdir(parents=True)
        workshop.run("préparation de Wine", [WINE, "wineboot", "-i"], variables=variables)
        yield [WINE, python], variables
    finally:
        for order in ("-k", "-w"):
            workshop.try_run([WINE_SERVER, order], variables=variables)
        shutil.rmtree(prefix, ignore_errors=True)
