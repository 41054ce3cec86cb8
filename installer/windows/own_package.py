"""The program itself, as its sources are: the package, and what goes with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from installer.windows.workshop import Workshop

PACKAGE = "enn_desktop"
NOT_SHIPPED = {"screenshots"}
"""Pictures of the documentation."""


def copy_package(workshop: Workshop, into: Path) -> None:
    """Copy the package and its resources into a folder of components."""
    package = into / PACKAGE
    for source in sorted((workshop.root / PACKAGE).rglob("*")):
        if source.suffix == ".py" and source.is_file():
            _copy(source, package / source.relative_to(workshop.root / PACKAGE))
    for source in sorted((workshop.root / "resources").rglob("*")):
        inside = source.relative_to(workshop.root / "resources")
        if source.is_file() and inside.parts[0] not in NOT_SHIPPED:
            _copy(source, package / "_resources" / inside)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
