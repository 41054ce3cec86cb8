"""What a rig needs of the system; a test without it fails with the name of the package, it is never skipped."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from installer.cards import FILES, PROGRAMS, system_file

COMPILES_S = 60.0


def program(name: str) -> str:
    """Return the path of a program. Raises ``AssertionError`` where it is not installed."""
    found = shutil.which(name)
    assert found is not None, _sentence(name, PROGRAMS[name])
    return found


def file(pattern: str) -> Path:
    """Return the system's file of this pattern (one of ``installer.cards.FILES``). Raises ``AssertionError``."""
    found = system_file(pattern)
    assert found is not None, _sentence(pattern.rpartition("/")[2], FILES[pattern])
    return found


@cache
def compiled(source: Path, *options: str) -> bytes:
    """Return a C source as a shared library, compiled once. Raises ``AssertionError`` with what the compiler says."""
    file("include/stdio.h")
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / source.with_suffix(".so").name
        command = [
            program("gcc"),
            "-shared",
            "-fPIC",
            "-O1",
            "-Wall",
            "-Werror",
            "-o",
            str(into),
            str(source),
            *options,
        ]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=COMPILES_S, check=False)
        assert done.returncode == 0, f"{source.name} cannot be compiled: {done.stderr}"
        return into.read_bytes()


def _sentence(what: str, package: str) -> str:
    return (
        f"The tests of the signing key need {what}, of the Debian package {package}: "
        "« python3 installer/bootstrap.py test » installs it on Debian, and names it elsewhere."
    )
