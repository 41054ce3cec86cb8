"""Every document of every folder read again, and what was found noted in the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.archive.verify import ExpectedDossier, Verifier, VerifyReport
from enn_desktop.backup.assembly import Workshop
from enn_desktop.backup.care import note_damages
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import Cancelled, EnnError


@dataclass(frozen=True, slots=True)
class CheckedRoot:
    """One folder: what was read and found, or why it could not be looked at."""

    root: Path
    report: VerifyReport | None
    error: EnnError | None = None


def verify_root(workshop: Workshop, root: Path) -> VerifyReport:
    """Read one folder again. Raises ``StorageError``, ``FolderBusy``, ``Cancelled``."""
    with workshop.work(root) as opened:
        report = Verifier(opened.folder.root, workshop.cancel, workshop.progress).run(_expected(opened.catalogue))
        note_damages(opened.catalogue, report, workshop.clock.now())
    return report


def verify_roots(workshop: Workshop, roots: Iterable[Path]) -> tuple[CheckedRoot, ...]:
    """Read every folder again; one that cannot be reached does not keep the others. Raises ``Cancelled``."""
    return tuple(_checked(workshop, root) for root in roots)


def _checked(workshop: Workshop, root: Path) -> CheckedRoot:
    try:
        return CheckedRoot(root, verify_root(workshop, root))
    except Cancelled:
        raise
    except EnnError as error:
        return CheckedRoot(root, None, error)


def _expected(catalogue: Catalogue) -> Iterator[ExpectedDossier]:
    unfinished = catalogue.folders("sealed = 0")
    for folder, files in catalogue.present_files().items():
        yield ExpectedDossier(folder, files, folder in unfinished)
