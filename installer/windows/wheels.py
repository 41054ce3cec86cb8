"""The components for Windows: those of the lock, each with its hash, taken by a machine that need not be Windows.

The lock was made for Windows alone, so it holds neither conditions nor components of another system: pip, which would
judge conditions by the machine that it runs on, has none to judge.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

from installer.failures import Outcome, SetupError
from installer.windows.workshop import Workshop, sha256

LOCK = Path("installer") / "requirements-windows.txt"
_PINNED = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
FOR_WINDOWS = ("--platform", "win_amd64", "--python-version", "3.13", "--implementation", "cp")
ONLY = ("--only-binary", ":all:", "--no-deps", "--disable-pip-version-check")


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of the lock; several hashes: the same version for several systems, of which one is taken."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    """Return what a lock names."""
    found = [(one[1], one[2], one[3]) for one in _PINNED.finditer(lock)]
    return [Pin(name, version, tuple(re.findall(r"[0-9a-f]{64}", hashes))) for name, version, hashes in found]


def take_wheels(workshop: Workshop) -> dict[str, str]:
    """Unpack the components into ``workshop.wheels``; return name → SHA-256 of the file that it came in.

    Raises ``SetupError`` (network, hash, disk, a component too many or too few).
    """
    lock = workshop.root / LOCK
    wanted = pins(lock.read_text(encoding="utf-8"))
    folder = workshop.downloads / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    taken = _already(folder, wanted)
    if len(taken) < len(wanted):
        where = ("--require-hashes", "--dest", str(folder), "--requirement", str(lock))
        _pip(workshop, "téléchargement des composants pour Windows", "download", *where)
        taken = _already(folder, wanted)
    if len(taken) != len(wanted):
        missing = ", ".join(one.name for one in wanted if one.name not in taken)
        raise SetupError(Outcome.BUILD, f"Composants absents pour Windows\u00a0: {missing}.")
    shutil.rmtree(workshop.wheels, ignore_errors=True)
    target = ("--no-index", "--no-compile", "--target", str(workshop.wheels))
    _pip(workshop, "déballage des composants", "install", *target, *map(str, taken.values()))
    return {name: sha256(path) for name, path in taken.items()}


def _pip(workshop: Workshop, step: str, *what: str) -> None:
    workshop.run(step, [workshop.tools.python, "-m", "pip", *what, *ONLY, *FOR_WINDOWS], minutes=30)


def _already(folder: Path, wanted: list[Pin]) -> dict[str, Path]:
    """Return name → file of what is here with the lock's hash; what is not of the lock is removed."""
    owners = {digest: one.name for one in wanted for digest in one.hashes}
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.whl")):
        owner = owners.get(sha256(path))
        if owner is None:
            path.unlink()
        else:
            found[owner] = path
    return dict(sorted(found.items()))


def distributions(folder: Path) -> list[Distribution]:
    """Return the components that stand in a folder, by name."""
    found: list[Distribution] = [PathDistribution(path) for path in folder.glob("*.dist-info")]
    return sorted(found, key=lambda one: one.metadata["Name"].lower())
