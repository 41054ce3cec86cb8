"""One run, from the first question to the last row."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from enn_desktop.archive.index_page import IndexLine, write_index
from enn_desktop.backup.awaiting import note_awaiting
from enn_desktop.backup.context import RunContext
from enn_desktop.backup.entity_homes import EntityHomes
from enn_desktop.backup.fetching import Fetcher, lost_before_fetch
from enn_desktop.backup.identity import platform_identity
from enn_desktop.backup.journal_sync import JournalSync
from enn_desktop.backup.plan import ALL_TYPES, Reason, Seen, Task, gone, make_plan
from enn_desktop.backup.rebuild import adopt_unknown, look_at_presence
from enn_desktop.backup.report import FolderState, Outcome, RunReport
from enn_desktop.backup.resealing import reseal
from enn_desktop.backup.survey import Survey, Surveyor
from enn_desktop.catalogue.records import KnownDossier, RunRow
from enn_desktop.core.errors import STOPS_EVERYTHING, Cancelled, DossierGone, EnnError, RunError
from enn_desktop.core.french import count, join_words, long_date, size
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.system.disk import free_bytes

log = logging.getLogger(__name__)
USUAL_DOSSIER = 500_000
"""Bytes of a usual dossier, to guess the room needed before any is known."""


class BackupRun:
    """Brings everything that one account sees into one folder. Synchronous; follow it through ``progress``."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._version = ""

    def run(self) -> RunReport:
        """Do it, and say truly how far it went: an error that stops the run is in the report, not raised."""
        context = self._context
        started = context.started_at = context.clock.now().replace(microsecond=0)
        stopped: EnnError | None = None
        log.info("Récupération : début")
        try:
            self._work()
        except Cancelled as error:
            stopped = error
        except EnnError as error:
            log.info("Récupération interrompue : %s", error.code)
            stopped = error
        report = self._report(started, stopped)
        context.progress.update(ProgressState(Stage.DONE))
        log.info(
            "Récupération %s : %d dossiers, %d fichiers, %d demandes, %d manques",
            report.outcome.name,
            report.tally.fetched_dossiers,
            report.tally.fetched_files,
            report.requests,
            len(report.failures),
        )
        return report

    def _work(self) -> None:
        context = self._context
        survey = Surveyor(context).look()
        self._version = survey.profile.version
        context.tally.unproven = not survey.whole
        if not context.identity:
            context.identity = platform_identity(context.catalogue, context.server, survey.rows)
            if context.identity != context.client.transport.base:
                context.tally.warn(f"Cette plateforme est reconnue : c’est celle connue à {context.identity}.")
        for id_e, error in survey.failures:
            named = RunError(
                f"{context.entities[id_e].name} : la liste des dossiers n’a pas pu être lue en entier. {error.message}",
                advice=error.advice,
                detail=error.detail,
            )
            context.catalogue.put_failure(context.server, f"entité {id_e}", named, context.clock.now())
        for id_e in survey.proven.keys() - {id_e for id_e, _ in survey.failures}:
            context.catalogue.solve_failures(context.server, f"entité {id_e}")
        journal = JournalSync(context.client, context.catalogue, context.server, context.cancel)
        holders = self._holders(survey)
        context.progress.update(ProgressState(Stage.JOURNAL))
        touched = journal.read(holders, context.tally)
        presence = look_at_presence(context.folder.root, context.catalogue, context.server, context.cancel)
        tasks, known = self._plan(survey, presence.disturbed)
        note_awaiting(context, tasks)
        self._warn_of_space(tasks, known)
        self._note_gone(survey, known)
        homes = EntityHomes(context)
        Fetcher(context, homes).run(tasks)
        if context.tally.fetched_files:
            # Our own downloads wrote rows too: passing over them now spares the next run.
            touched |= journal.read(holders, context.tally)
        reseal(context, touched)
        self._index()

    def _holders(self, survey: Survey) -> list[str]:
        """Return the entities that hold dossiers, in the server's order."""
        with_rows = {row.id_e for row in survey.rows.values()}
        return [entity.id_e for entity in survey.entities if entity.id_e in with_rows]

    def _warn_of_space(self, tasks: list[Task], known: dict[str, KnownDossier]) -> None:
        fresh = sum(1 for task in tasks if task.known is None)
        sizes = [dossier.size for dossier in known.values() if dossier.size]
        usual = sum(sizes) // len(sizes) if sizes else USUAL_DOSSIER
        left = free_bytes(self._context.folder.root)
        if fresh * usual > left:
            self._context.tally.warn(
                f"Il reste {size(left)} sur ce disque, et {count(fresh, 'dossier')} à récupérer : "
                "la place risque de manquer. Ce qui presse le plus est récupéré d’abord."
            )

    def _note_gone(self, survey: Survey, known: dict[str, KnownDossier]) -> None:
        left, unless_hidden = gone(known, survey.rows, survey.proven)
        left += self._really_gone(unless_hidden, known)
        self._context.tally.newly_gone += len(left)
        catalogue, now = self._context.catalogue, self._context.clock.now()
        catalogue.mark_gone(self._context.server, left, now)
        for failure in catalogue.failures(self._context.server):
            unknown = failure.id_d not in survey.rows and failure.id_d not in known
            seen_whole = ALL_TYPES in survey.proven.get(failure.id_e, frozenset())
            if unknown and seen_whole and failure.code != DossierGone.code:
                catalogue.put_failure(self._context.server, failure.id_d, lost_before_fetch(failure.detail), now)
                self._context.tally.gone_before_fetch += 1

    def _really_gone(self, ids: list[str], known: dict[str, KnownDossier]) -> list[str]:
        """Return those whose type the account can still read: the others may only be hidden from it."""
        if not ids:
            return []
        sure: list[str] = []
        hidden: set[str] = set()
        for key in sorted({(known[id_d].id_e, known[id_d].type_id) for id_d in ids}):
            those = [id_d for id_d in ids if (known[id_d].id_e, known[id_d].type_id) == key]
            try:
                emptied = not self._context.client.page(key[0], 0, type_id=key[1]).rows
            except STOPS_EVERYTHING:
                raise
            except EnnError:
                emptied = False
                hidden.add(known[those[0]].type_label or key[1])
            sure += those if emptied else []
        if hidden:
            self._context.tally.unproven = True
            self._context.tally.warn(f"Ce compte ne voit plus ces flux : {join_words(sorted(hidden))}. Appelez ENN.")
        return sure

    def _plan(self, survey: Survey, disturbed: frozenset[str]) -> tuple[list[Task], dict[str, KnownDossier]]:
        """Decide what to do; what is in doubt from now on is not called complete until it is done."""
        context, server = self._context, self._context.server
        known = context.catalogue.of_server(server)
        unknown = {(server, id_d) for id_d in survey.rows.keys() - known.keys()}
        if unknown and adopt_unknown(context.folder.root, context.catalogue, unknown, context.cancel):
            known = context.catalogue.of_server(server)
        troubled = frozenset(failure.id_d for failure in context.catalogue.failures(server))
        seen = Seen(disturbed, troubled)
        tasks = make_plan(survey.rows.values(), known, context.policy, context.clock.now(), seen)
        doubted = {task.row.id_d for task in tasks if task.reason in (Reason.CHANGED, Reason.INCOMPLETE)}
        with context.catalogue.together():
            context.catalogue.doubt(server, doubted)
            for id_d in disturbed:
                context.catalogue.mark_unsealed(server, id_d)
        return tasks, known

    def _index(self) -> None:
        context = self._context
        now = context.clock.now()
        summary = f"Mis à jour le {long_date(now.astimezone().date())}."
        write_index(context.folder.root, self._lines(), summary)

    def _lines(self) -> Iterator[IndexLine]:
        for dossier in self._context.catalogue.dossiers("folder <> '' ORDER BY entity, state_date DESC"):
            day = dossier.state_date
            yield IndexLine(
                entity=dossier.entity,
                family=self._context.policy.flow_for(dossier.type_id, dossier.type_label).label,
                day=long_date(day.date()) if day else "",
                number=dossier.number,
                title=dossier.title,
                word=dossier.word,
                copy=dossier.copy_words,
                folder=dossier.folder,
                files=dossier.files,
            )

    def _report(self, started: datetime, stopped: EnnError | None) -> RunReport:
        context = self._context
        state = folder_state(context.catalogue.dossiers("server = ?", (context.server,)))
        failures = tuple(context.catalogue.open_failures(context.server))
        if isinstance(stopped, Cancelled):
            outcome = Outcome.CANCELLED
        elif stopped is not None:
            outcome = Outcome.STOPPED
        else:
            doubtful = failures or state.incomplete or context.tally.unproven
            outcome = Outcome.PARTIAL if doubtful else Outcome.COMPLETE
        report = RunReport(
            outcome=outcome,
            server=context.server,
            version=self._version,
            folder=str(context.folder.root),
            started_at=started,
            ended_at=context.clock.now(),
            tally=context.tally,
            state=state,
            failures=failures,
            requests=context.client.transport.requests_sent,
            stopped_by=stopped,
        )
        tally = context.tally
        context.catalogue.put_run(
            RunRow(
                started,
                report.ended_at,
                outcome.name,
                tally.fetched_dossiers,
                tally.fetched_files,
                tally.fetched_bytes,
                len(failures),
                report.requests,
            ),
        )
        return report


def folder_state(dossiers: Iterator[KnownDossier]) -> FolderState:
    """Count what lies in a folder, by what each copy is worth."""
    counts = dict.fromkeys(FolderState.__slots__, 0)
    for dossier in dossiers:
        counts[_kind(dossier)] += 1
    return FolderState(**counts)


def _kind(dossier: KnownDossier) -> str:
    if dossier.gone_at is not None:
        return "gone_complete" if dossier.complete else "gone_incomplete"
    if dossier.complete:
        return "complete"
    if not dossier.sealed or (dossier.final and dossier.names_stable):
        return "incomplete"
    return "to_confirm" if dossier.final else "in_progress"
