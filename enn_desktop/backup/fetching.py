"""The second half of a run: dossiers come home two requests at a time, the engine's thread does the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from enn_desktop.archive.incoming import IncomingFile
from enn_desktop.backup.context import RunContext
from enn_desktop.backup.dossier_work import DossierWork, begin
from enn_desktop.backup.entity_homes import EntityHomes
from enn_desktop.backup.plan import Reason, Task
from enn_desktop.backup.rescue import Rescued, rescue
from enn_desktop.backup.workers import Done, Workers
from enn_desktop.catalogue.records import FileKey
from enn_desktop.core.errors import (
    STOPS_EVERYTHING,
    DossierError,
    DossierForbidden,
    DossierGone,
    DossierUnreadable,
    EnnError,
    PortalInTheWay,
    ServerBroken,
    ServerUnreachable,
    StorageError,
)
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.core.values import DossierDetail, FileRef
from enn_desktop.pastell.download import Received
from enn_desktop.system.disk import demand_free

TROUBLES = (ServerUnreachable, ServerBroken, PortalInTheWay)
TROUBLE_LIMIT = 4
"""Troubles in a row after which the server itself may be at fault, not the dossiers."""
FRUITLESS_LIMIT = 24
"""Troubles in a row after which the run stops even though the server says that it is well."""
SPACE_LEFT = 10 * 1000 * 1000
SPACE_EVERY = 20


@dataclass(frozen=True, slots=True)
class _Tag:
    """What a job is for: a dossier's detail, one of its files, or its rescue."""

    task: Task
    work: DossierWork | None = None
    file: tuple[FileKey, FileRef] | None = None
    rescue: bool = False


class Fetcher:
    """Works through a plan; every dossier ends sealed, or with an open failure."""

    def __init__(self, context: RunContext, homes: EntityHomes) -> None:
        self._context = context
        self._homes = homes
        self._workers: Workers[_Tag] = Workers(context.cancel)
        self._files: deque[_Tag] = deque()
        self._open_works: set[int] = set()
        self._troubles = 0
        self._forbidden: dict[tuple[str, str], EnnError] = {}
        self._done = 0
        self._total = 0
        self._started = context.clock.monotonic()
        self._placed_since_look = 0

    def run(self, tasks: list[Task]) -> None:
        """Bring every dossier of the plan home. Raises the error that stops the run, if one does."""
        self._total = len(tasks)
        todo = iter(tasks)
        try:
            self._feed(todo)
            while self._workers.outstanding:
                end = self._workers.next_end()
                try:
                    self._take(end)
                except BaseException:
                    _discard(end.value)
                    raise
                self._feed(todo)
        finally:
            for end in self._workers.leave():
                _discard(end.value)

    def _feed(self, todo: Iterable[Task]) -> None:
        while self._workers.hungry:
            if self._files:
                self._hand_out_file(self._files.popleft())
                continue
            task = next(iter(todo), None)
            if task is None:
                return
            self._hand_out_detail(task)

    def _hand_out_detail(self, task: Task) -> None:
        row = task.row
        refused = self._forbidden.get((row.id_e, row.type_id))
        if refused is not None:
            # One refusal tells for the whole flow: asking a thousand times would change nothing.
            self._fail_dossier(task, refused)
            return
        definition = self._context.definition(row.type_id)
        self._workers.hand_out(_Tag(task), partial(self._context.client.detail, row.id_e, row.id_d, definition))

    def _hand_out_file(self, tag: _Tag) -> None:
        work, file = tag.work, tag.file
        if work is None or file is None:
            return
        row = tag.task.row
        job = partial(self._context.client.fetch, row.id_e, row.id_d, file[1], work.open_sink)
        self._workers.hand_out(tag, job)

    def _take(self, end: Done[_Tag]) -> None:
        if end.error is not None:
            if not isinstance(end.error, EnnError) or isinstance(end.error, STOPS_EVERYTHING):
                raise end.error
            self._count_trouble(end.error)
        else:
            self._troubles = 0
        tag = end.tag
        try:
            self._take_end(tag, end)
        except STOPS_EVERYTHING:
            raise
        except DossierError as error:
            # This dossier's own folder refuses (a description open in another program…): the others go on.
            self._fail_dossier(tag.task, error)
        self._tell(tag.task)

    def _take_end(self, tag: _Tag, end: Done[_Tag]) -> None:
        if tag.rescue and tag.work is not None:
            self._take_rescue(tag.work, end.value)
        elif tag.work is not None and tag.file is not None:
            self._take_file(tag.work, tag.file, end)
        else:
            self._take_detail(tag.task, end)

    def _count_trouble(self, error: EnnError) -> None:
        """After several troubles in a row, ask the server how it is: down, the run stops; up, it goes on."""
        if not isinstance(error, TROUBLES):
            self._troubles = 0
            return
        self._troubles += 1
        if self._troubles % TROUBLE_LIMIT == 0:
            self._context.client.profile()
        if self._troubles >= FRUITLESS_LIMIT:
            raise error

    def _take_detail(self, task: Task, end: Done[_Tag]) -> None:
        error = end.error
        if isinstance(end.value, DossierDetail):
            work = begin(self._context, task, self._homes.folder(task.row.id_e))
            work.take_detail(end.value)
            for file in work.wanted:
                self._files.append(_Tag(task, work, file))
            work.waiting = len(work.wanted)
            if not work.waiting:
                self._finish(work)
        elif isinstance(error, DossierUnreadable):
            self._start_rescue(task, error)
        elif isinstance(error, DossierGone):
            self._note_gone(task, error)
        elif isinstance(error, EnnError):
            if isinstance(error, DossierForbidden):
                self._forbidden[task.row.id_e, task.row.type_id] = error
            self._fail_dossier(task, error)

    def _take_file(self, work: DossierWork, file: tuple[FileKey, FileRef], end: Done[_Tag]) -> None:
        work.waiting -= 1
        error = end.error
        try:
            if isinstance(end.value, Received):
                self._demand_space(end.value.size)
                work.take_file(*file, end.value)
        except StorageError:
            raise
        except EnnError as refused:
            error = refused
        if isinstance(error, EnnError):
            work.fail_file(file[0], error)
        if not work.waiting:
            self._finish(work)

    def _demand_space(self, size: int) -> None:
        self._placed_since_look += 1
        if size > SPACE_LEFT or self._placed_since_look >= SPACE_EVERY:
            self._placed_since_look = 0
            demand_free(self._context.folder.root, SPACE_LEFT)

    def _finish(self, work: DossierWork) -> None:
        work.finish(self._homes.folder(work.record.id_e))
        self._done += 1

    def _start_rescue(self, task: Task, error: DossierUnreadable) -> None:
        """Ask for the files one by one: the server cannot show the dossier, it may still hand them out."""
        work = begin(self._context, task, self._homes.folder(task.row.id_e))
        work.take_detail(None, error)
        catalogue = self._context.catalogue
        catalogue.put_failure(self._context.server, task.row.id_d, error, self._context.clock.now())
        definition = self._context.definition(task.row.type_id)
        already = {key.field for key in catalogue.files(self._context.server, task.row.id_d)}
        if definition is None or (already and task.reason is Reason.INCOMPLETE):
            self._finish(work)
            return
        job = partial(rescue, self._context, task.row, definition, work.open_sink)
        self._workers.hand_out(_Tag(task, work, rescue=True), job)

    def _take_rescue(self, work: DossierWork, value: object) -> None:
        for found in value if isinstance(value, list) else []:
            if isinstance(found, Rescued):
                ref = found.ref
                work.take_file(FileKey(ref.field, ref.name, ref.num), ref, found.received)
        self._finish(work)

    def _note_gone(self, task: Task, error: DossierGone) -> None:
        now = self._context.clock.now()
        self._done += 1
        if task.known is not None:
            self._context.catalogue.mark_gone(self._context.server, [task.row.id_d], now)
            self._context.tally.newly_gone += 1
            return
        self._context.tally.gone_before_fetch += 1
        lost = lost_before_fetch(error.detail)
        self._context.catalogue.put_failure(self._context.server, task.row.id_d, lost, now)

    def _fail_dossier(self, task: Task, error: EnnError) -> None:
        self._done += 1
        row, now = task.row, self._context.clock.now()
        self._context.catalogue.put_failure(self._context.server, row.id_d, error, now, id_e=row.id_e)

    def _tell(self, task: Task) -> None:
        elapsed = self._context.clock.monotonic() - self._started
        left = (self._total - self._done) * elapsed / self._done if self._done else None
        tally = self._context.tally
        self._context.progress.update(
            ProgressState(
                Stage.FETCHING,
                dossiers_done=self._done,
                dossiers_total=self._total,
                files_done=tally.fetched_files,
                bytes_done=tally.fetched_bytes,
                current=task.row.title,
                seconds_left=left,
            )
        )


def lost_before_fetch(detail: str) -> DossierGone:
    """Return the failure of a dossier that was seen, and left before it could be brought home."""
    return DossierGone(
        "Ce dossier a disparu de la plateforme avant d’avoir pu être récupéré.",
        advice="Demandez à ENN s’il peut être retrouvé.",
        detail=detail,
    )


def _discard(value: object) -> None:
    """Throw away a download that nobody took: its bytes never became a document."""
    if isinstance(value, Received) and isinstance(value.sink, IncomingFile):
        value.sink.discard()
    for item in value if isinstance(value, list) else []:
        if isinstance(item, Rescued):
            item.received.sink.discard()
