"""What other programs see of a rig: OpenSC's tools, started as a user would, in the environment of the rig."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.signing_key.rigs import needs

ENDS_S = 60.0
OPENSC_MODULE = "lib/*/opensc-pkcs11.so"


def readers(environment: Mapping[str, str]) -> dict[str, bool]:
    """Return the readers that opensc-tool lists, and whether it sees a card in each."""
    lines = _run(environment, "opensc-tool", "--list-readers").stdout.splitlines()[2:]
    rows = [re.fullmatch(r"\d+\s+(Yes|No)\s+(?:PIN pad)?\s*(.+)", line) for line in lines]
    return {row[2].strip(): row[1] == "Yes" for row in rows if row is not None}


def atr(environment: Mapping[str, str]) -> bytes:
    """Return the ATR that opensc-tool reads from the only card."""
    printed = _run(environment, "opensc-tool", "--atr").stdout.strip()
    return bytes.fromhex(printed.replace(":", ""))


def card_name(environment: Mapping[str, str]) -> str:
    """Return what opensc-tool takes the only card for."""
    return _run(environment, "opensc-tool", "--name").stdout.strip()


def module_says(environment: Mapping[str, str], module: Path, *question: str) -> subprocess.CompletedProcess[str]:
    """Ask a PKCS#11 module something with pkcs11-tool; return how that ended."""
    return _run(environment, "pkcs11-tool", "--module", str(module), *question)


def opensc() -> Path:
    """Return OpenSC's PKCS#11 module."""
    return needs.file(OPENSC_MODULE)


def _run(environment: Mapping[str, str], name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [needs.program(name), *arguments],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=ENDS_S,
        check=False,
    )
