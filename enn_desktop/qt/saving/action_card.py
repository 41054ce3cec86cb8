"""The top of the page: the one big button at rest, how far it is while it works."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Activity, Doing, Tone
from enn_desktop.core.progress import ProgressState
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, ElidedLabel, button, clear, row, words
from enn_desktop.qt.saving import sentences
from enn_desktop.qt.saving.parts import ToneLine, lines_in


class ActionCard(QFrame):
    """Starts, pauses, stops; says how the last run ended and when the next one is."""

    fetch_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()
    schedule_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "card")
        self._doing = Doing.NOTHING
        self.fetch_button = button("Tout récupérer", self.fetch_wanted.emit, "big")
        self.fetch_button.setToolTip("Ctrl+R")
        self.schedule_button = button("Modifier le planning", self.schedule_wanted.emit, "link")
        self.pause_button = button("Pause", self._pause_or_resume)
        self.stop_button = button("Arrêter", self.cancel_wanted.emit)
        self.last, self.kept, self.disk = ToneLine(strong=True), ToneLine(), ToneLine(strong=True)
        self.next_run = words(role="muted")
        self.title = words(role="section")
        self.bar = QProgressBar()
        self.bar.setFormat("%p\u00a0%")
        self.bar.setAccessibleName("Avancement")
        self.line, self.current = ElidedLabel(), ElidedLabel()
        self.promise = ElidedLabel()
        self.promise.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for label in (self.current, self.promise):
            with_role(label, "muted")
        self.notes_layout = QVBoxLayout()
        self.notes_layout.setSpacing(SMALL_GAP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        self._rest, self._busy = self._make_rest(), self._make_busy()
        self.next_run.hide()
        layout.addWidget(self._rest)
        layout.addWidget(self._busy)
        self._busy.hide()

    def show_activity(self, activity: Activity) -> bool:
        """Show what goes on; return whether the words of the stage changed."""
        before, self._doing = self._doing, activity.doing
        if before is not activity.doing:
            self._change_over(activity)
        title = "" if activity.idle else sentences.headline_of(activity)
        changed = title != self.title.text()
        self.title.setText(title)
        self._show_progress(activity.progress)
        return changed

    def show_next_run(self, text: str) -> None:
        """Say when the next automatic run is."""
        self.next_run.setText(text)
        self.next_run.setVisible(bool(text))

    def show_notes(self, notes: Sequence[str]) -> None:
        """Say what deserves a word beside the result."""
        clear(self.notes_layout)
        for note in notes:
            line = ToneLine()
            self.notes_layout.addWidget(line)
            line.say(note, Tone.WARN)

    def notes(self) -> tuple[str, ...]:
        """Return the notes shown."""
        return tuple(line.said() for line in lines_in(self.notes_layout))

    def _change_over(self, activity: Activity) -> None:
        buttons = (self.fetch_button, self.schedule_button, self.pause_button, self.stop_button)
        had_focus = any(one.hasFocus() for one in buttons)
        stopping = activity.doing is Doing.STOPPING
        self.pause_button.setVisible(activity.doing in (Doing.FETCHING, Doing.PAUSED))
        self.pause_button.setText("Reprendre" if activity.doing is Doing.PAUSED else "Pause")
        self.pause_button.setAccessibleName(self.pause_button.text())
        self.stop_button.setEnabled(not stopping)
        self.stop_button.setText("Arrêt…" if stopping else "Arrêter")
        self.stop_button.setAccessibleName(self.stop_button.text())
        self.promise.set_whole(sentences.PROMISES.get(activity.doing, ""))
        self._rest.setVisible(activity.idle)
        self._busy.setVisible(not activity.idle)
        if had_focus:
            self._take_focus(idle=activity.idle)

    def _take_focus(self, *, idle: bool) -> None:
        # A button that vanishes would leave the focus anywhere.
        wanted = (self.fetch_button,) if idle else (self.pause_button, self.stop_button)
        for one in wanted:
            if not one.isHidden() and one.isEnabled():
                one.setFocus()
                return

    def _show_progress(self, state: ProgressState | None) -> None:
        if sentences.measured(state) and state is not None:
            self.bar.setRange(0, state.dossiers_total)
            self.bar.setValue(min(state.dossiers_done, state.dossiers_total))
        elif self._doing is Doing.PAUSED:
            # What moves would say that something is done.
            self.bar.setRange(0, 1)
            self.bar.setValue(0)
        else:
            self.bar.setRange(0, 0)
        self.line.set_whole(sentences.progress_line(state))
        self.current.set_whole(state.current if state is not None else "")

    def _pause_or_resume(self) -> None:
        if self._doing is Doing.PAUSED:
            self.resume_wanted.emit()
        else:
            self.pause_wanted.emit()

    def _make_rest(self) -> QWidget:
        said = QWidget()
        column = QVBoxLayout(said)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL_GAP)
        for line in (self.disk, self.last, self.kept):
            column.addWidget(line)
        column.addLayout(self.notes_layout)
        column.addWidget(self.next_run)
        column.addStretch(1)
        asked = QVBoxLayout()
        asked.addWidget(self.fetch_button)
        asked.addWidget(self.schedule_button, 0, Qt.AlignmentFlag.AlignHCenter)
        asked.addStretch(1)
        part = QWidget()
        layout = row(said)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP * 2)
        layout.insertLayout(0, asked)
        layout.setStretch(1, 1)
        part.setLayout(layout)
        return part

    def _make_busy(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL_GAP)
        head = row(self.title, self.pause_button, self.stop_button)
        head.setStretch(0, 1)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(self.line)
        foot = row(self.current, self.promise)
        foot.setSpacing(GAP)
        foot.setStretch(0, 1)
        layout.addLayout(foot)
        return part
