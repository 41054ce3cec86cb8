"""The catalogue made again from the folder alone: the descriptions that lie beside the documents say it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from enn_desktop.archive import scan
from enn_desktop.archive.folder import read_record
from enn_desktop.archive.metadata import DossierRecord
from enn_desktop.backup import projection
from enn_desktop.catalogue.records import KnownDossier
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
        # What a verification found damaged keeps its mark: its size may be right.
        damaged = catalogue.damaged_files()
        catalogue.clear()
        for found in scan.dossiers(root, cancel):
            record = found.record
            if record is None:
                unreadable.append(found.relative)
                continue
            _keep_what_is_there(root, record, found)
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
        for folder, paths in damaged.items():
            catalogue.forget_files(folder, paths)
    files = sum(one.worth[2] for one in seen.values())
    return RebuildReport(len(seen), files, tuple(unreadable), tuple(twice))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a dossier was found, and what that copy is worth: complete, sealed, how many files."""

    worth: tuple[bool, bool, int]
    relative: str


def _keep_what_is_there(root: Path, record: DossierRecord, found: scan.Found) -> None:
    """Doubt what is not there as described: its row and its hash stay, so that what is lost is still known."""
    # A path that is more than a name was never ours: nothing is read there.
    ours = [file for file in record.files if _is_a_name(file.path)]
    stranger = len(ours) < len(record.files)
    record.files = ours
    place = root.joinpath(*found.relative.split("/"))
    named = [file for file in record.files if file.path]
    lost = [file for file in named if not scan.lies_there(place, found.present, file.path, file.size)]
    for file in lost:
        file.state_key = ""
    if stranger or lost or found.temporaries or not found.manifest_current:
        record.sealed = record.complete = False


def _is_a_name(path: str) -> bool:
    return PurePosixPath(path).name == PureWindowsPath(path).name == path and path != ".."


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

    A folder that someone renamed, moved or swapped is found again by its description, and its row corrected.
    """
    expected = catalogue.present_files()
    known = {id_d: dossier for id_d, dossier in catalogue.of_server(server).items() if dossier.folder}
    absent = {id_d for id_d, dossier in known.items() if not (root / dossier.folder).is_dir()}
    disturbed = absent | _disturbed(root, known, expected, cancel)
    moved = {}
    if any(id_d in absent or not _is_its_own(root, known[id_d]) for id_d in disturbed):
        moved = _find_moved(root, known, server, cancel)
        with catalogue.together():
            for id_d, folder in moved.items():
                catalogue.set_folder(server, id_d, folder)
    for id_d, folder in moved.items():
        files = expected.get(known[id_d].folder, {})
        disturbed = disturbed | {id_d} if any(True for _ in _wrong(root, folder, files)) else disturbed - {id_d}
    return Presence(frozenset(disturbed), moved)


def _disturbed(
    root: Path,
    known: Mapping[str, KnownDossier],
    expected: Mapping[str, dict[str, tuple[str, int]]],
    cancel: CancelToken,
) -> set[str]:
    found = set()
    for id_d, dossier in known.items():
        cancel.check()
        if any(True for _ in _wrong(root, dossier.folder, expected.get(dossier.folder, {}))):
            found.add(id_d)
    return found


def _is_its_own(root: Path, dossier: KnownDossier) -> bool:
    """Whether the folder where a dossier should lie does not describe another one."""
    record = read_record(root.joinpath(*dossier.folder.split("/")))
    return record is None or (record.server, record.id_d) == (dossier.server, dossier.id_d)


def _wrong(root: Path, folder: str, files: dict[str, tuple[str, int]]) -> Iterator[str]:
    place = root.joinpath(*folder.split("/"))
    present = scan.sizes(place)
    for path, (_sha, size) in files.items():
        if "/" in path:
            continue
        if not scan.lies_there(place, present, path, size):
            yield path


def _find_moved(root: Path, known: Mapping[str, KnownDossier], server: str, cancel: CancelToken) -> dict[str, str]:
    """Return the dossiers that lie elsewhere than the catalogue says; a copy beside the original is no move."""
    places: dict[str, list[str]] = {}
    for place in scan.dossiers(root, cancel):
        record = place.record
        if record is not None and record.server == server and record.id_d in known:
            places.setdefault(record.id_d, []).append(place.relative)
    return {id_d: found[0] for id_d, found in places.items() if known[id_d].folder not in found}


def adopt_unknown(root: Path, catalogue: Catalogue, wanted: Collection[tuple[str, str]], cancel: CancelToken) -> int:
    """Take into the catalogue dossiers that lie in the folder without being known; return how many.

    ``wanted`` holds (server, id): another computer, or an older catalogue, may have brought them home already.
    """
    known = catalogue.folders()
    adopted = 0
    for found in scan.dossiers(root, cancel, passing_over=known):
        record = found.record
        if record is None or (record.server, record.id_d) not in wanted:
            continue
        if catalogue.dossier(record.server, record.id_d) is not None:
            continue
        _keep_what_is_there(root, record, found)
        with catalogue.together():
            projection.put(catalogue, record, found.relative)
            catalogue.put_events(record.server, projection.event_rows(record))
        adopted += 1
    return adopted
