"""One dossier from its detail to its seal; runs in the engine's thread, its downloads in the workers'."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from enn_desktop.archive import folder as folders
from enn_desktop.archive import points, sealing
from enn_desktop.archive.incoming import IncomingFile, hash_file
from enn_desktop.archive.metadata import VERSIONS, DossierRecord, FileRecord, VersionRecord
from enn_desktop.archive.placing import Placed
from enn_desktop.archive.placing import place as place_file
from enn_desktop.backup import describing, projection
from enn_desktop.backup.context import RunContext, parsed, stamp
from enn_desktop.backup.plan import Reason, Task
from enn_desktop.catalogue.records import FileKey, KnownFile, keys_of
from enn_desktop.core import names
from enn_desktop.core.errors import BadDownload, DossierGone, DoubtfulFile, EnnError, FileAbsent
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.values import DossierDetail, FileRef
from enn_desktop.pastell.download import Received, stored_name

NOT_RETRIED = (FileAbsent, DossierGone, DoubtfulFile)
"""What the platform itself answered: asking again at once would change nothing."""


@dataclass(slots=True)
class DossierWork:
    """A dossier being brought home. ``waiting`` counts the downloads not yet ended."""

    context: RunContext
    task: Task
    record: DossierRecord
    relative: str
    names_before: frozenset[tuple[str, str, int]] = frozenset()
    wanted: list[tuple[FileKey, FileRef]] = field(default_factory=list)
    errors: dict[FileKey, EnnError] = field(default_factory=dict)
    detail: DossierDetail | None = None
    detail_error: EnnError | None = None
    waiting: int = 0
    version_stamp: str = ""
    shifted: bool = False
    """The server renumbered the files while they were fetched: none of them is sure."""

    @property
    def id_d(self) -> str:
        """The dossier's id on its server."""
        return self.record.id_d

    def state_key(self) -> str:
        """Return what identifies the state in which files are fetched now."""
        return f"{self.record.state}|{self.record.state_date}"

    def take_detail(self, detail: DossierDetail | None, error: EnnError | None = None) -> None:
        """Describe the dossier anew and work out which files are wanted."""
        self.detail, self.detail_error = detail, error
        describing.describe(self.context, self.record, self.task.row, detail)
        now = to_platform(self.context.clock.now())
        self.version_stamp = now.strftime("%Y-%m-%dT%H-%M-%S")
        if detail is None:
            return
        announced = keys_of(detail.files)
        listed = {key for key, _ in announced}
        for file in self.record.files:
            file.listed = _key(file) in listed
        self.wanted = [(key, ref) for key, ref in announced if self._needed(key, ref)]
        if self.wanted and self.record.sealed:
            # What lies beside the documents must not say « complete » while they are being replaced.
            self.record.sealed = self.record.complete = False
            self.context.folder.describe_anew(self.relative, self.record)

    def _needed(self, key: FileKey, ref: FileRef) -> bool:
        file = self._file(key)
        if file is None or not file.path:
            return True
        file.num = ref.num
        if file.state_key != self.state_key() or not self._on_disk(file):
            return True
        fetched = parsed(file.fetched_at)
        since = self.task.required_since
        return fetched is None or (since is not None and fetched < since)

    def _on_disk(self, file: FileRecord) -> bool:
        try:
            return self.place.joinpath(*file.path.split("/")).stat().st_size == file.size
        except OSError:
            return False

    def _file(self, key: FileKey) -> FileRecord | None:
        return next((file for file in self.record.files if _key(file) == key), None)

    @property
    def place(self) -> Path:
        """The dossier's folder."""
        return self.context.folder.path(self.relative)

    def open_sink(self) -> IncomingFile:
        """Open a temporary for one download; called by the workers."""
        return IncomingFile(self.context.folder.place_of(self.relative))

    def take_file(self, key: FileKey, ref: FileRef, received: Received[IncomingFile]) -> None:
        """Give a download its name on the disk, then its row. Raises ``StorageError``, ``StorageItemError``."""
        self._demand_its_name(ref, received)
        file = self._file(key)
        if file is None:
            file = FileRecord(field=key.field, original=key.original, nth=key.nth)
            self.record.files.append(file)
        try:
            placed = place_file(received.sink, self.place, file.path or self._new_name(key), self.version_stamp)
        except EnnError:
            received.sink.discard()
            if not file.path:
                self.record.files.remove(file)
            raise
        self._note(file, ref, placed, received.doubt)
        row = next(row for row in projection.file_rows(self.record) if row.key == key)
        self.context.catalogue.put_file(self.record.server, self.id_d, row)
        points.passed("row-written")
        if received.doubt:
            self.fail_file(key, _doubtful(received.doubt))
        self.context.tally.fetched_files += 1
        self.context.tally.fetched_bytes += placed.size

    def _demand_its_name(self, ref: FileRef, received: Received[IncomingFile]) -> None:
        """Refuse a file that comes under another announced name: the indices shifted since the detail was read.

        Names alone prove nothing (servers write them in their own ways), another name of the same list does.
        """
        sent = stored_name(received.disposition)
        announced = self.detail.files if self.detail is not None else ()
        if sent and sent != ref.name and any(r.name == sent and r.field == ref.field for r in announced):
            received.sink.discard()
            self.shifted = True
            message = "La liste des fichiers de ce dossier a changé pendant la récupération."
            raise BadDownload(message, detail=f"champ {ref.field}, rang {ref.num}")

    def _new_name(self, key: FileKey) -> str:
        wanted = names.safe_file_name(key.original, limit=self.context.folder.limits.file)
        return names.distinct(wanted, {names.name_key(file.path) for file in self.record.files if file.path})

    def _note(self, file: FileRecord, ref: FileRef, placed: Placed, doubt: str) -> None:
        now = stamp(self.context.clock.now())
        if placed.replaced is not None:
            version = VersionRecord(
                path=placed.replaced.path,
                sha256=placed.replaced.sha256,
                size=placed.replaced.size,
                replaced_at=now,
            )
            file.versions.append(version)
            self.context.tally.kept_versions += 1
        file.num, file.path, file.sha256, file.size = ref.num, placed.name, placed.sha256, placed.size
        file.fetched_at, file.checked_at, file.doubt = now, now, doubt
        file.listed, file.state_key = True, self.state_key()

    def fail_file(self, key: FileKey, error: EnnError) -> None:
        """Note that a file could not be brought home; the failure stays open until solved."""
        self.errors[key] = error
        file = self._file(key)
        if file is not None and not isinstance(error, NOT_RETRIED):
            # The copy that is here may be an older one, and nothing else would ever tell: it is asked for again.
            file.state_key = ""
        catalogue = self.context.catalogue
        catalogue.put_failure(self.record.server, self.id_d, error, self.context.clock.now(), key)

    def finish(self, entity_folder: str) -> None:
        """Judge, describe and seal the dossier; its rows come last."""
        now = self.context.clock.now()
        self._judge(now)
        events = self.context.catalogue.events(self.record.server, self.id_d)
        self.record.journal = projection.event_records(events, self.record.journal)
        self._settle_home(entity_folder)
        self._adopt_versions()
        sealing.seal(self.place, self.record)
        still_open = [(key.field, key.original) for key in self.errors]
        with self.context.catalogue.together():
            projection.put(self.context.catalogue, self.record, self.relative)
            if self.detail_error is None:
                self.context.catalogue.solve_failures(self.record.server, self.id_d, still_open)
        points.passed("sealed-row-written")
        if self.task.reason is not Reason.CONFIRM or self.wanted:
            self.context.tally.fetched_dossiers += 1

    def _judge(self, now: datetime) -> None:
        record, detail = self.record, self.detail
        for file in record.files:
            if file.listed and file.doubt:
                self.errors.setdefault(_key(file), _doubtful(file.doubt))
        record.missing = describing.missing(self.errors, record, now)
        if detail is not None:
            same = self.names_before == frozenset((r.field, r.name, r.num) for r in detail.files)
            record.names_stable = describing.names_are_stable(self.context, record, detail, same_names=same)
            if not (same and record.detail_at):
                record.detail_at = stamp(now)
        if self.shifted:
            for file in record.files:
                file.state_key = ""
        retryable = [error for error in self.errors.values() if not isinstance(error, NOT_RETRIED)]
        record.sealed = not retryable
        if any(isinstance(error, DossierGone) for error in self.errors.values()):
            record.gone_at = stamp(now)
        listed = [file for file in record.files if file.listed]
        times = [found for file in listed if (found := parsed(file.fetched_at)) is not None]
        record.fetched_at, record.tried_at = stamp(min(times) if times else now), stamp(now)
        everything = detail is not None and not self.errors and all(f.path and f.sha256 for f in listed)
        record.complete = bool(everything and record.final and record.names_stable and record.sealed)

    def _adopt_versions(self) -> None:
        """List the versions that an interrupted write had set aside without time to say so."""
        known = {version.path for file in self.record.files for version in file.versions}
        for shelf in sorted((self.place / VERSIONS).glob("*/*")):
            path = shelf.relative_to(self.place).as_posix()
            if path in known or not shelf.is_file() or not self.record.files:
                continue
            owner = next((file for file in self.record.files if file.path == shelf.name), self.record.files[0])
            try:
                sha256, size = hash_file(shelf)
            except OSError:
                continue
            owner.versions.append(VersionRecord(path=path, sha256=sha256, size=size))

    def _settle_home(self, entity_folder: str) -> None:
        wanted = describing.home(self.context, self.record, entity_folder)
        here = self.relative.rpartition("/")
        if (here[0], here[2]) == (wanted.parent, wanted.name):
            return
        siblings = self.context.siblings
        siblings.leave(self.relative)
        used = siblings.used(wanted.parent)
        self.relative = self.context.folder.move_dossier(self.relative, wanted.parent, wanted.name, used)
        siblings.take(self.relative)


def begin(context: RunContext, task: Task, entity_folder: str) -> DossierWork:
    """Find or make the dossier's folder and its description; from here on its row says « à compléter »."""
    known = task.known
    record = None
    here = known.folder if known is not None else ""
    if known is not None and here:
        record = folders.record_to_go_on_with(context.folder.path(here))
        if record is not None and (record.id_d, record.server) != (known.id_d, known.server):
            # Another dossier's folder stands there now: never write into it.
            record, here = None, ""
    if record is None:
        record = describing.new_record(context, task.row)
    _overlay(record, context.catalogue.files(context.server, task.row.id_d))
    if here:
        relative = here
        context.folder.place_of(relative)
        context.catalogue.mark_unsealed(context.server, record.id_d)
    else:
        record.state, record.state_date = "", ""
        wanted = describing.home(context, record, entity_folder)
        relative = context.folder.make_dossier(wanted.parent, wanted.name, record, context.siblings.used(wanted.parent))
        context.siblings.take(relative)
        record = folders.read_record(context.folder.path(relative)) or record
        # The row before the description: after a cut, a described folder without a row would stay a double.
        context.catalogue.put_dossier(projection.dossier_row(record, relative))
        context.folder.describe_provisionally(relative, record)
    before = frozenset((f.field, f.original, f.num) for f in record.files if f.listed)
    return DossierWork(context, task, record, relative, before)


def _overlay(record: DossierRecord, rows: dict[FileKey, KnownFile]) -> None:
    """Add what an interrupted run had already placed: its rows are newer than the description."""
    for key, row in rows.items():
        file = next((f for f in record.files if _key(f) == key), None)
        if file is None:
            file = FileRecord(field=key.field, original=key.original, nth=key.nth)
            record.files.append(file)
        elif not row.state_key:
            # A verification found it damaged: it is to be fetched again.
            file.state_key = ""
            continue
        elif row.fetched_at is None or (parsed(file.fetched_at) or datetime.min.replace(tzinfo=UTC)) >= row.fetched_at:
            continue
        file.num, file.path, file.sha256, file.size = row.num, row.path, row.sha256, row.size
        file.fetched_at, file.checked_at = stamp(row.fetched_at), stamp(row.checked_at)
        file.listed, file.doubt, file.state_key = row.listed, row.doubt, row.state_key


def _doubtful(doubt: str) -> DoubtfulFile:
    return DoubtfulFile(f"{doubt} Il est gardé tel que la plateforme le donne.")


def _key(file: FileRecord) -> FileKey:
    return FileKey(file.field, file.original, file.nth)
