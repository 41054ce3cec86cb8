"""A dossier's checksums checked without us: by the real ``sha256sum``, or as it does where there is none (Windows)."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)", re.DOTALL)
_SPELLED = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}


def checked(place: Path) -> subprocess.CompletedProcess[str]:
    """Check a dossier; return code 0 and one « : OK » for each file if all is well."""
    if sys.platform == "win32":
        return as_sha256sum(place)
    program = shutil.which("sha256sum")
    assert program, "sha256sum is part of every Linux: install coreutils"
    return subprocess.run(
        [program, "--check", "--strict", "empreintes.sha256"],
        cwd=place,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def as_sha256sum(place: Path) -> subprocess.CompletedProcess[str]:
    """Do as ``sha256sum --check --strict``, by the rules of its manual (GNU coreutils); a test compares the two."""
    said, bad = [], 0
    for line in (place / "empreintes.sha256").read_bytes().decode().removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        assert found is not None, line
        name = re.sub(r"\\[\\nr]", lambda sign: _SPELLED[sign[0]], found[3]) if found[1] else found[3]
        try:
            verdict = "OK" if hashlib.sha256((place / name).read_bytes()).hexdigest() == found[2] else "FAILED"
        except OSError:
            verdict = "FAILED open or read"
        bad += verdict != "OK"
        said.append(f"{found[1]}{found[3]}: {verdict}")
    return subprocess.CompletedProcess(("sha256sum",), min(bad, 1), "\n".join(said) + "\n", "")
