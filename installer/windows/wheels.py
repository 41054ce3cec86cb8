"""The components for Windows: those of the lock, each with its hash, taken by a machine that need not be Windows."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

from installer.windows.workshop import Workshop

LOCK = Path("installer") / "requirements-windows.txt"
_PINNED = re.compile(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
PLATFORM = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13")


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of the lock; several hashes: the same version for several systems, of which one was taken."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    """Return what a lock names."""
    return [Pin(name, version, tuple(re.findall(r"[0-9a-f]{64}", hashes))) for name, version, hashes in _found(lock)]


def _found(lock: str) -> list[tuple[str, str, str]]:
    return [(one[1], one[2], one[3]) for one in _PINNED.finditer(lock)]


def take_wheels(workshop: Workshop) -> None:
    """Unpack the components into ``workshop.wheels``; raises ``SetupError`` (network, hash, disk)."""
    shutil.rmtree(workshop.wheels, ignore_errors=True)
    tools = workshop.tools.python
    uv = tools.with_name("uv.exe" if tools.suffix == ".exe" else "uv")
    only = ("--only-binary", ":all:", "--require-hashes", "--no-deps", "--no-config", "--link-mode", "copy")
    where = ("--python", tools, "--target", workshop.wheels, "--cache-dir", workshop.downloads / "wheels")
    command: list[str | Path] = [uv, "pip", "install", *PLATFORM, *only, *where, "--requirement", workshop.root / LOCK]
    workshop.run("téléchargement des composants pour Windows", command, minutes=30)


def distributions(folder: Path) -> list[Distribution]:
    """Return the components that stand in a folder, by name."""
    found: list[Distribution] = [PathDistribution(path) for path in folder.glob("*.dist-info")]
    return sorted(found, key=lambda one: one.metadata["Name"].lower())
