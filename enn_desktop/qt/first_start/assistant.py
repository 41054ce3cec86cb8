"""The first start: three steps, a connection that is really tried, nothing taken for granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.core.errors import EnnError
from enn_desktop.qt.first_start.account_step import AccountStep
from enn_desktop.qt.first_start.address_step import AddressStep
from enn_desktop.qt.first_start.draft import AccountDraft, Concern, concern_of, may_be_offline, proposed_name
from enn_desktop.qt.first_start.folder_step import FolderStep
from enn_desktop.qt.first_start.problem import Problem
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, row, scrolled, words

if TYPE_CHECKING:
    from enn_desktop.backup.connection_test import Discovered

__all__ = ["AccountDraft", "FirstStart"]

WIDEST_SIGNS = 100
"""Signs: lines of text stay readable on a large screen."""
ADDRESS, ACCOUNT, FOLDER = range(3)
TRY, GO_ON = "Essayer la connexion", "Continuer"
TRYING = "Connexion en cours…"
FINISH_AND_FETCH = "Terminer et tout récupérer"


class FirstStart(QWidget):
    """Gathers an account. Never reaches the folder before a test succeeded, unless the network could not be reached.

    The owner answers :attr:`test_wanted` by :meth:`show_discovered` or :meth:`show_refusal`, and
    :attr:`folder_asked` by :meth:`show_folder_facts`. An answer that comes too late is ignored. ``first``: there is no
    account yet, so a demonstration is offered, and there is nothing to go back to.
    """

    test_wanted = Signal(object)
    """An ``AccountDraft`` without name or folder."""
    test_cancelled = Signal()
    folder_asked = Signal(object)
    """A ``Path`` whose facts are wanted."""
    demo_wanted = Signal()
    account_added = Signal(object)
    """An ``AccountDraft`` to keep; the assistant begins again for another account."""
    finished = Signal(object, bool)
    """The last ``AccountDraft`` to keep (perhaps the one just told by ``account_added``), whether to fetch now."""
    cancelled = Signal()

    def __init__(
        self,
        default_folder: Path,
        *,
        taken_names: Iterable[str] = (),
        first: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._taken = frozenset(taken_names)
        self._tested: AccountDraft | None = None
        self._asked: AccountDraft | None = None
        self._untried = self._begun = False
        self._proposed = ""
        self._added: AccountDraft | None = None
        self.address_step, self.account_step = AddressStep(demo=first), AccountStep()
        self.folder_step = FolderStep(default_folder)
        self._steps = (self.address_step, self.account_step, self.folder_step)
        self._rank, self._title = words(role="muted", wrap=False), words(role="title")
        self.problem = Problem(self._go_on_untried)
        self._stack = QStackedWidget()
        self._waiting = QProgressBar()
        self._first = first
        self._make_buttons()
        self._assemble()
        self._connect()
        self._show_step(ADDRESS)

    # -- what the owner tells ------------------------------------------------------------------------------

    def show_discovered(self, discovered: Discovered) -> None:
        """Go on to the folder: the test succeeded."""
        if self._asked is None:
            return
        self._tested, self._untried = self._asked, False
        self._end_test()
        self.folder_step.show_seen(discovered)
        self._propose_name(discovered.entities)
        self._show_step(FOLDER)
        announce(self, f"{self.folder_step.seen_title.text()}. {self.folder_step.seen_words()}")

    def show_refusal(self, error: EnnError) -> None:
        """Say why the test failed, at the field to be corrected."""
        if self._asked is None:
            return
        self._end_test()
        concern = concern_of(error)
        self._show_step(ADDRESS if concern is Concern.ADDRESS else ACCOUNT)
        self.problem.show_error(error, may_go_on=may_be_offline(error))
        if concern is Concern.NOTHING:
            self.next_button.setFocus()
        elif concern is not Concern.ADDRESS:
            self.account_step.field_of(concern).setFocus()

    def show_folder_facts(self, facts: FolderFacts, folder: Path | None = None) -> None:
        """Show what is known of the folder; of ``folder`` only, if given."""
        if folder is None or folder == self.folder_step.folder:
            self.folder_step.show_facts(facts)

    def begin(self) -> None:
        """Put the focus where typing begins, and say where she is."""
        self._steps[self.step].field.setFocus()
        announce(self, self._place())

    def prefill(self, draft: AccountDraft) -> None:
        """Start from an account that is already known; its secret must be typed again unless given."""
        self.address_step.set_address(draft.address)
        self.account_step.fill(draft)
        self.folder_step.name.setText(draft.name)
        if draft.folder is not None:
            self.folder_step.show_folder(draft.folder)

    def propose_address(self, address: str, *, prepared: bool) -> None:
        """Fill in the address, unless one was typed; ``prepared``: a contractor prepared it, which is said."""
        if address and not self.address_step.field.text():
            self.address_step.propose(address, prepared=prepared)

    @property
    def step(self) -> int:
        """The step shown, from 0."""
        return self._stack.currentIndex()

    @property
    def testing(self) -> bool:
        """Whether a test goes on."""
        return self._asked is not None

    # -- moving about --------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Do what the main button says."""
        if self.testing:
            return
        if (missing := self._missing()) is not None:
            sentence, field = missing
            self.problem.show_sentence(sentence)
            field.setFocus()
        elif self.step == ADDRESS:
            self.address_step.complete()
            self._show_step(ACCOUNT)
        elif self.step == FOLDER:
            self._finish(fetch=True)
        elif self._known_good():
            self._show_step(FOLDER)
        else:
            self._begin_test()

    def go_back(self) -> None:
        """Show the step before; nothing typed is lost."""
        if not self.testing and self.step > ADDRESS:
            self._show_step(self.step - 1)

    def cancel_test(self) -> None:
        """Give the test up."""
        if self.testing:
            self._end_test()
            self._show_step(ACCOUNT)
            self.test_cancelled.emit()

    def _show_step(self, step: int) -> None:
        moved = step != self.step
        self._stack.setCurrentIndex(step)
        self.problem.hide()
        self._rank.setText(f"Étape {step + 1} sur {len(self._steps)}")
        self._title.setText(self._steps[step].title)
        self._refresh_buttons()
        self._steps[step].field.setFocus()
        self._area.verticalScrollBar().setValue(0)
        if moved:
            announce(self, self._place())
        if step == FOLDER:
            self.folder_asked.emit(self.folder_step.folder)

    def _place(self) -> str:
        return f"{self._rank.text()}\u00a0: {self._title.text()}"

    def _leave(self) -> None:
        if self._added is None:
            self.cancelled.emit()
        else:
            self._tell(self._added, fetch=True)

    def _go_on_untried(self) -> None:
        self._untried = True
        self._tested = self._now()
        self.folder_step.show_untried()
        self._propose_name(())
        self._show_step(FOLDER)

    def _finish(self, *, fetch: bool) -> None:
        self._tell(self._whole(), fetch=fetch)

    def _tell(self, draft: AccountDraft, *, fetch: bool) -> None:
        self.finished.emit(draft, fetch)

    def _finish_quietly(self) -> None:
        if self._missing() is None:
            self._finish(fetch=False)
        else:
            self.go_on()

    def _add_another(self) -> None:
        if self._missing() is not None:
            self.go_on()
            return
        added = self._whole()
        self._added, self._tested = added, None
        self._taken |= {added.name}
        self.account_step.fill(AccountDraft(address=added.address, method=added.method))
        self.folder_step.name.clear()
        self.address_step.begin_again()
        self.account_added.emit(added)
        self._show_step(ADDRESS)
        self.problem.show_done(f"Compte «\u00a0{added.name}\u00a0» ajouté. Donnez l’adresse du suivant.")

    # -- the test ------------------------------------------------------------------------------------------

    def _begin_test(self) -> None:
        self.problem.hide()
        self._asked = self._now()
        self._refresh_buttons()
        self.cancel_button.setFocus()
        announce(self, TRYING)
        self.test_wanted.emit(self._asked)

    def _end_test(self) -> None:
        self._asked = None
        self._refresh_buttons()

    def _now(self) -> AccountDraft:
        return self.account_step.draft(self.address_step.address())

    def _known_good(self) -> bool:
        return self._tested is not None and not self._untried and self._tested == self._now()

    def _whole(self) -> AccountDraft:
        step = self.folder_step
        return replace(self._now(), name=step.name.text().strip(), folder=step.folder, reserved=step.reserved)

    def _propose_name(self, entities: tuple[str, ...]) -> None:
        name = self.folder_step.name
        if name.text().strip() in ("", self._proposed):
            self._proposed = proposed_name(entities, self._now().address, self._taken)
            name.setText(self._proposed)

    def _missing(self) -> tuple[str, QWidget] | None:
        name = self.folder_step.name
        if self.step == FOLDER and name.text().strip().casefold() in {one.casefold() for one in self._taken}:
            return "Un autre compte porte déjà ce nom\u00a0: donnez-en un autre.", name
        return self._steps[self.step].missing()

    # -- how it is made ------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.back_button = button("Retour", self.go_back)
        self.back_button.setToolTip("Alt+←")
        self.leave_button = button("Annuler", self._leave, "link", name="Annuler l’ajout du compte")
        self.quiet_button = button("Terminer", self._finish_quietly, name="Terminer sans récupérer maintenant")
        self.quiet_button.setToolTip("Sans récupérer maintenant")
        self.next_button = button(GO_ON, self.go_on, "primary")
        self.cancel_button = button("Annuler", self.cancel_test, name="Annuler l’essai de connexion")
        self._trying = words(TRYING, wrap=False)
        self._waiting.setRange(0, 0)
        self._waiting.setTextVisible(False)
        self._waiting.setMaximumWidth(160)
        self._waiting.setAccessibleName(TRYING)

    def _assemble(self) -> None:
        for step in self._steps:
            self._stack.addWidget(step)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(GAP, GAP, GAP, GAP)
        inside.setSpacing(SMALL_GAP)
        head = row(self._title, self._rank)
        head.setStretch(0, 1)
        inside.addLayout(head)
        inside.addWidget(self.problem)
        inside.addSpacing(SMALL_GAP)
        inside.addWidget(self._stack, 1)
        self._area = scrolled(content)
        foot = row(
            self.leave_button, None, self._trying, self._waiting, self.cancel_button, self.back_button,
            self.quiet_button, self.next_button,
        )  # fmt: skip
        foot.setContentsMargins(GAP, 0, GAP, GAP)
        column = QWidget()
        column.setMaximumWidth(self.fontMetrics().averageCharWidth() * WIDEST_SIGNS)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area, 1)
        layout.addLayout(foot)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        outer.addWidget(column, 100)
        outer.addStretch(1)

    def _connect(self) -> None:
        self.address_step.demo_wanted.connect(self.demo_wanted)
        for signal in (self.address_step.edited, self.account_step.edited):
            signal.connect(self._edited)
        self.folder_step.folder_changed.connect(self.folder_asked)
        self.folder_step.another_wanted.connect(self._add_another)
        back = QShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Left), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.go_back)

    def _edited(self) -> None:
        self.problem.hide()
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        step, testing = self.step, self.testing
        last = step == FOLDER
        self._stack.setEnabled(not testing)
        for part in (self._trying, self._waiting, self.cancel_button):
            part.setVisible(testing)
        self.back_button.setVisible(step > ADDRESS and not testing)
        self.next_button.setVisible(not testing)
        self.quiet_button.setVisible(last)
        leave = "Annuler" if self._added is None else "Terminer sans autre compte"
        self.leave_button.setText(leave)
        self.leave_button.setAccessibleName(leave)
        self.leave_button.setVisible((not self._first or self._added is not None) and not testing)
        text = FINISH_AND_FETCH if last else GO_ON if step == ADDRESS or self._known_good() else TRY
        self.next_button.setText(text)
        self.next_button.setAccessibleName(text)

    # -- what Qt tells -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press the button that has the focus, and go on from anywhere else; Escape ends a test."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, QAbstractButton) and not focused.isCheckable():
                focused.click()
            else:
                self.go_on()
        elif event.key() == Qt.Key.Key_Escape and self.testing:
            self.cancel_test()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Put the focus where typing begins, the first time; Qt itself puts it back where it was afterwards."""
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            self._steps[self.step].field.setFocus()
