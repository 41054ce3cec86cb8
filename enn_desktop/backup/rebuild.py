"""The catalogue made again from the folder alone: the descriptions that lie beside the documents say it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.archive import scan
from enn_desktop.archive.metadata import DossierRecord
from enn_desktop.backup import projection
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.names import name_key
from enn_desktop.core.values import Entity

USUAL_DEPTH = 4
"""Town hall, flow, year, dossier."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild found: dossiers, files, descriptions that could not be read, dossiers found twice."""

    dossiers: int
    files: int
    unreadable: tuple[str, ...]
    twice: tuple[str, ...]


def rebuild(root: Path, catalogue: Catalogue, cancel: CancelToken) -> RebuildReport:
    """Fill an empty catalogue from the folder; a dossier whose files are not all there is « à compléter ».

    Raises ``Cancelled``; nothing is kept of an unfinished rebuild.
    """
    unreadable: list[str] = []
    twice: list[str] = []
    seen: dict[tuple[str, str], _Seen] = {}
    homes = _Homes()
    with catalogue.together():
        catalogue.clear()
        for found in scan.dossiers(root, cancel):
            record = found.record
            if record is None:
                unreadable.append(found.relative)
                continue
            _keep_what_is_there(record, found)
            fresh = _Seen((record.complete, record.sealed, len(record.files)), found.relative)
            before = seen.get((record.server, record.id_d))
            if before is not None and before.worth >= fresh.worth:
                twice.append(fresh.relative)
                continue
            if before is not None:
                twice.append(before.relative)
            seen[record.server, record.id_d] = fresh
            projection.put(catalogue, record, found.relative)
            catalogue.put_events(record.server, projection.event_rows(record))
            homes.count(record, found.relative)
        homes.put(catalogue)
    files = sum(one.worth[2] for one in seen.values())
    return RebuildReport(len(seen), files, tuple(unreadable), tuple(twice))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a dossier was found, and what that copy is worth: complete, sealed, how many files."""

    worth: tuple[bool, bool, int]
    relative: str


def _keep_what_is_there(record: DossierRecord, found: scan.Found) -> None:
    here = [file for file in record.files if not file.path or found.present.get(file.path) == file.size]
    if len(here) < len(record.files) or found.temporaries or not found.manifest_current:
        record.sealed = record.complete = False
    record.files = here


class _Homes:
    """Each town hall's folder: where most of its dossiers lie in their usual place, never shared by two."""

    def __init__(self) -> None:
        self._entities: dict[tuple[str, str], Entity] = {}
        self._votes: dict[tuple[str, str], Counter[str]] = {}

    def count(self, record: DossierRecord, relative: str) -> None:
        """Take one dossier into account; one that someone moved elsewhere says nothing of its town hall."""
        key = (record.server, record.id_e)
        self._entities[key] = Entity(record.id_e, record.entity, record.siren)
        votes = self._votes.setdefault(key, Counter())
        parts = relative.split("/")
        if len(parts) == USUAL_DEPTH:
            votes[parts[0]] += 1

    def put(self, catalogue: Catalogue) -> None:
        """Write the rows of the town halls, the folder empty where it must be chosen anew."""
        taken: set[str] = set()
        for key, votes in sorted(self._votes.items(), key=lambda item: (-item[1].total(), item[0])):
            folder = next((name for name, _ in votes.most_common() if name_key(name) not in taken), "")
            taken.add(name_key(folder))
            catalogue.put_entity(key[0], self._entities[key], folder)


@dataclass(frozen=True, slots=True)
class Presence:
    """What a quick look at the disk found: dossiers whose files are not as recorded, dossiers that moved."""

    disturbed: frozenset[str]
    moved: dict[str, str]


def look_at_presence(root: Path, catalogue: Catalogue, server: str, cancel: CancelToken) -> Presence:
    """Compare names and sizes with the catalogue, without reading any document.

    A folder that someone renamed or moved is found again by its description, and its row corrected.
    """
    expected = catalogue.present_files()
    known = catalogue.of_server(server)
    absent = {d.id_d for d in known.values() if d.folder and not (root / d.folder).is_dir()}
    moved = _find_moved(root, known.keys() & absent, server, cancel) if absent else {}
    if moved:
        with catalogue.together():
            for id_d, folder in moved.items():
                catalogue.set_folder(server, id_d, folder)
    disturbed = set()
    for dossier in known.values():
        cancel.check()
        files = expected.get(dossier.folder, {})
        folder = moved.get(dossier.id_d, dossier.folder)
        # Even one without files has its description there.
        lost = dossier.id_d in absent and dossier.id_d not in moved
        if lost or any(True for _ in _wrong(root, folder, files)):
            disturbed.add(dossier.id_d)
    return Presence(frozenset(disturbed), moved)


def _wrong(root: Path, folder: str, files: dict[str, tuple[str, int]]) -> Iterator[str]:
    place = root.joinpath(*folder.split("/"))
    present = scan.sizes(place)
    for path, (_sha, size) in files.items():
        if "/" in path:
            continue
        if present.get(path) != size:
            yield path


def _find_moved(root: Path, absent: set[str], server: str, cancel: CancelToken) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in scan.dossiers(root, cancel):
        record = place.record
        if record is not None and record.server == server and record.id_d in absent:
            found.setdefault(record.id_d, place.relative)
    return found
