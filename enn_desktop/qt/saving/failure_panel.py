"""What is missing: one row each, and for the row chosen what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, ElidedLabel, button, card, row, words
from enn_desktop.qt.saving.parts import ReadingTable
from enn_desktop.qt.saving.sentences import BETWEEN
from enn_desktop.qt.saving.tables import FailureTable

if TYPE_CHECKING:
    from enn_desktop.agenda.sheet import OpenFailure

WIDE = 1000
"""Logical pixels from which the table has room for what to do; the part below says it anyway."""
LIST_OF_ENTITY = "entité "
"""How the engine names the failure of a whole list: there is no dossier to show then."""
NOTHING = "Aucun manque connu."
GONE_WORDS = "plus sur la plateforme"
GONE = f"Ce dossier n’est {GONE_WORDS}."
LOST = "Ce qui manque ne peut plus être récupéré."


class FailurePanel(QWidget):
    """Open failures; Enter, or the button, tries again or shows the dossier."""

    retry_wanted = Signal(object)
    dossier_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.model = FailureTable(self)
        stretched = (FailureTable.TITLE, FailureTable.FILE, FailureTable.WHAT, FailureTable.TODO)
        self.table = ReadingTable(self.model, "Manques", stretched=stretched)
        self.table.setAccessibleDescription("Entrée\u00a0: réessayer, ou voir le dossier s’il n’est plus récupérable")
        self.title, self.what = ElidedLabel(), words()
        with_role(self.title, "section")
        self.retry_button = button("Réessayer", self._retry)
        self.retry_button.setToolTip("Relance une récupération de tout ce qui manque")
        self.dossier_button = button("Voir le dossier", self._show_dossier)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self._make_list())
        self._busy = False
        self.table.activated.connect(self._activated)
        self.table.selectionModel().currentRowChanged.connect(self._show_chosen)

    def show_failures(self, failures: Sequence[OpenFailure]) -> None:
        """Show what is missing; the row chosen stays chosen when it is still there."""
        before = self.chosen
        self.model.set_rows(failures)
        self._pages.setCurrentIndex(1 if failures else 0)
        kept = next((n for n, one in enumerate(failures) if before is not None and _same(one, before)), 0)
        if failures:
            self.table.selectRow(kept)
        self._show_chosen()

    def show_busy(self, *, busy: bool) -> None:
        """Nothing can be tried again while something goes on."""
        self._busy = busy
        self._show_chosen()

    @property
    def chosen(self) -> OpenFailure | None:
        """The failure whose row is chosen."""
        return self.model.row_at(self.table.currentIndex().row())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show what to do in the table too, where there is room."""
        super().resizeEvent(event)
        self.table.setColumnHidden(FailureTable.TODO, self.width() < WIDE)

    def _make_empty(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.addWidget(words(NOTHING))
        layout.addStretch(1)
        return part

    def _make_list(self) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, SMALL_GAP, 0, 0)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(self.table, 1)
        detail, inside = card()
        inside.setContentsMargins(GAP, SMALL_GAP, GAP, SMALL_GAP)
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(self.title)
        told.addWidget(self.what)
        beside = row(self.retry_button, self.dossier_button)
        beside.insertLayout(0, told, 1)
        inside.addLayout(beside)
        layout.addWidget(detail)
        return part

    def _show_chosen(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        self.title.set_whole(BETWEEN.join(part for part in (chosen.title, chosen.entity) if part))
        self.what.setText(_whole_words(chosen))
        self.retry_button.setVisible(not chosen.gone)
        self.retry_button.setEnabled(not self._busy)
        self.retry_button.setAccessibleName(f"Réessayer\u00a0: {chosen.title}")
        self.dossier_button.setVisible(_has_dossier(chosen))
        self.dossier_button.setAccessibleName(f"Voir le dossier\u00a0: {chosen.title}")

    def _activated(self, index: QModelIndex) -> None:
        failure = self.model.row_at(index.row())
        if failure is None:
            return
        if failure.gone and _has_dossier(failure):
            self.dossier_wanted.emit(failure.ref)
        elif not failure.gone and not self._busy:
            self.retry_wanted.emit(failure)

    def _retry(self) -> None:
        if (chosen := self.chosen) is not None:
            self.retry_wanted.emit(chosen)

    def _show_dossier(self) -> None:
        if (chosen := self.chosen) is not None:
            self.dossier_wanted.emit(chosen.ref)


def _same(one: OpenFailure, other: OpenFailure) -> bool:
    return (one.ref, one.file) == (other.ref, other.file)


def _has_dossier(failure: OpenFailure) -> bool:
    return not failure.ref.id_d.startswith(LIST_OF_ENTITY)


def _whole_words(failure: OpenFailure) -> str:
    gone = [LOST] if failure.gone else []
    if failure.gone and GONE_WORDS not in failure.message:
        gone.insert(0, GONE)
    return " ".join(part for part in (failure.message, *gone, failure.advice) if part)
