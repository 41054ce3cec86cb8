"""The place « Sauvegarde »: one big button, how far it is, what is missing, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Activity, Doing, Outlook, Tone
from enn_desktop.core.errors import EnnError
from enn_desktop.core.rules import Contact
from enn_desktop.qt.pieces import SMALL_GAP, announce, page_layout, scrolled, words
from enn_desktop.qt.saving import sentences
from enn_desktop.qt.saving.action_card import ActionCard
from enn_desktop.qt.saving.copy_panel import CopyPanel
from enn_desktop.qt.saving.error_note import ErrorNote
from enn_desktop.qt.saving.failure_panel import FailurePanel
from enn_desktop.qt.saving.parts import ReadingTable
from enn_desktop.qt.saving.tables import RunTable

if TYPE_CHECKING:
    from enn_desktop.agenda.sheet import OpenFailure, PastRun
    from enn_desktop.backup.checking import CheckedRoot
    from enn_desktop.backup.rounds import RoundReport

FAILURES, COPY, HISTORY = range(3)
NO_RUN = "Aucune récupération encore."


class SavingPage(QWidget):
    """Shows what it is told; asks for everything else."""

    fetch_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()
    verify_wanted = Signal()
    failure_retry_wanted = Signal(object)
    """The ``OpenFailure`` to try again."""
    dossier_wanted = Signal(object)
    """A ``DossierRef``."""
    schedule_wanted = Signal()
    index_wanted = Signal(object)
    """The ``Path`` of an index page."""
    folder_wanted = Signal(object)
    """The ``Path`` of a documents folder."""
    announced = Signal(str)
    """What a screen reader was just told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.action, self.failures, self.copy = ActionCard(), FailurePanel(), CopyPanel()
        self.runs = RunTable(self)
        self.history = ReadingTable(self.runs, "Historique des récupérations", stretched=(RunTable.OUTCOME,))
        self._no_run = words(NO_RUN)
        self.content, self.error = QWidget(), ErrorNote()
        self.tabs = QTabWidget()
        self._round_shown = False
        self._before = Doing.NOTHING
        self._assemble()
        self._connect()
        self.show_activity(Activity())

    # -- what it is told -----------------------------------------------------------------------------------

    def show_activity(self, activity: Activity) -> None:
        """Show what goes on now; announced only when the words of the stage change."""
        changed = self.action.show_activity(activity)
        self.failures.show_busy(busy=not activity.idle)
        self.copy.show_busy(busy=not activity.idle)
        if activity.doing is Doing.FETCHING and self._before is Doing.NOTHING:
            self.show_error(None)
            self.action.show_notes(())
        self._before = activity.doing
        if changed and not activity.idle:
            self._announce(sentences.headline_of(activity))

    def show_outlook(self, outlook: Outlook) -> None:
        """Show how the last run ended and what is here of what the platform has."""
        if not self._round_shown:
            self.action.last.say(sentences.last_run_sentence(outlook), sentences.outcome_tone(outlook.last_outcome))
        self.action.kept.say(sentences.copy_sentence(outlook))
        self.action.disk.say(sentences.missing_disk_sentence(outlook), Tone.BAD)

    def show_next_run(self, text: str) -> None:
        """Show when the next automatic run is: a ready sentence."""
        self.action.show_next_run(text)

    def show_round(self, report: RoundReport) -> None:
        """Show the result of the round that just ended, and what stopped it."""
        self._round_shown = True
        self.action.last.say(sentences.round_sentence(report), sentences.outcome_tone(report.outcome.name))
        self.action.show_notes(sentences.round_notes(report))
        self._announce(report.sentence())
        self.show_error(report.first_error)

    def show_checked(self, results: tuple[CheckedRoot, ...]) -> None:
        """Show what the check that just ended found."""
        said = self.copy.show_checked(results)
        self.tabs.setCurrentIndex(COPY)
        self._announce(said)

    def show_runs(self, runs: tuple[PastRun, ...]) -> None:
        """Show past runs, newest first, and the folders they filled."""
        self.runs.set_rows(runs)
        roots = tuple(dict.fromkeys(past.root for past in runs))
        self.copy.show_roots(roots)
        self.history.setColumnHidden(RunTable.FOLDER, len(roots) < 2)  # noqa: PLR2004 - one folder names itself
        self.history.setVisible(bool(runs))
        self._no_run.setVisible(not runs)

    def show_failures(self, failures: tuple[OpenFailure, ...]) -> None:
        """Show what is missing."""
        self.failures.show_failures(failures)
        self.tabs.setTabText(FAILURES, f"Manques ({len(failures)})" if failures else "Manques")

    def show_error(self, error: EnnError | None, contact: Contact | None = None) -> None:
        """Show an error on the page, or take it away with ``None``."""
        self.error.show_error(error, contact)
        if error is not None:
            self._announce(f"{error.title}. {error.message} {error.advice}")

    # -- how it is made ------------------------------------------------------------------------------------

    def _announce(self, text: str) -> None:
        announce(self, text)
        self.announced.emit(text)

    def _assemble(self) -> None:
        past = QWidget()
        inside = QVBoxLayout(past)
        inside.setContentsMargins(0, SMALL_GAP, 0, 0)
        inside.addWidget(self._no_run)
        inside.addWidget(self.history, 1)
        inside.addStretch(0)
        self.history.hide()
        for part, name in ((self.failures, "Manques"), (self.copy, "Copie sur ce poste"), (past, "Historique")):
            self.tabs.addTab(part, name)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("Manques, copie, historique")
        layout = page_layout(self.content)
        layout.addWidget(self.error)
        layout.addWidget(self.action)
        layout.addWidget(self.tabs, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(self.content))

    def _connect(self) -> None:
        action, failures, copy = self.action, self.failures, self.copy
        for inner, own in (
            (action.fetch_wanted, self.fetch_wanted),
            (action.pause_wanted, self.pause_wanted),
            (action.resume_wanted, self.resume_wanted),
            (action.cancel_wanted, self.cancel_wanted),
            (action.schedule_wanted, self.schedule_wanted),
            (failures.retry_wanted, self.failure_retry_wanted),
            (failures.dossier_wanted, self.dossier_wanted),
            (copy.verify_wanted, self.verify_wanted),
            (copy.index_wanted, self.index_wanted),
            (copy.folder_wanted, self.folder_wanted),
        ):
            inner.connect(own)
