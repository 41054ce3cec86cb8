"""What a verification or a look at the disk changes in the catalogue: « complet » falls as soon as it is not true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from enn_desktop.archive.verify import VerifyReport
from enn_desktop.backup.rebuild import look_at_presence
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken


@dataclass(frozen=True, slots=True)
class Mended:
    """How many dossiers were found elsewhere, and how many must be completed."""

    moved: int
    disturbed: int


def note_damages(catalogue: Catalogue, report: VerifyReport, now: datetime) -> None:
    """Note what a verification found: damaged dossiers are to be completed, sound files were re-read now."""
    damaged = {finding.dossier for finding in report.damages}
    with catalogue.together():
        catalogue.note_checked(now)
        for folder in damaged:
            catalogue.forget_files(folder, [f.name for f in report.damages if f.dossier == folder])


def mend(root: Path, catalogue: Catalogue, cancel: CancelToken) -> Mended:
    """Find moved dossiers again and mark those whose files are not as recorded."""
    moved = 0
    disturbed = 0
    for server in catalogue.servers():
        presence = look_at_presence(root, catalogue, server, cancel)
        moved += len(presence.moved)
        disturbed += len(presence.disturbed)
        with catalogue.together():
            for id_d in presence.disturbed:
                catalogue.mark_unsealed(server, id_d)
    return Mended(moved, disturbed)
