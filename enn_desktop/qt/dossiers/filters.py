"""The filters above the list: town hall, flow, year, situation, copy, what it waits for."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton

from enn_desktop.agenda.shelf import Facets, ShelfQuery, SortBy
from enn_desktop.agenda.values import WeekAhead
from enn_desktop.core.french import number
from enn_desktop.qt.pieces import SMALL_GAP

WAITS = (("R", "À récupérer"), ("U", "À faire par vous"), ("E", "À régler"), ("P", "En cours ailleurs"))
LEAST_SIGNS = 9
"""What a choice has room for where there is room."""
NARROWEST = 64
"""Logical pixels: what it is left with while the window is being made narrow."""


class Filters(QObject):
    """Five choices; each may be left open."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._week: WeekAhead | None = None
        self.entity = self._combo("Communes", "Commune")
        self.family = self._combo("Flux", "Flux")
        self.year = self._combo("Années", "Année")
        self.word = self._combo("Situations", "Situation")
        self.copy = self._combo("Copies", "Copie sur ce poste")
        self.section = self._combo("Attentes", "Ce qui est attendu")
        for code, words in WAITS:
            self.section.addItem(words, code)

    def _combo(self, everything: str, name: str) -> QComboBox:
        combo = QComboBox()
        combo.addItem(everything, "")
        combo.setAccessibleName(name)
        combo.setMinimumContentsLength(LEAST_SIGNS)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumWidth(NARROWEST)
        combo.setToolTip(name)
        combo.currentIndexChanged.connect(lambda _: self._change())
        return combo

    def _all(self) -> tuple[QComboBox, ...]:
        return (self.section, self.family, self.year, self.word, self.copy, self.entity)

    def laid_out(self, clear: QPushButton) -> QHBoxLayout:
        """Return the filters side by side."""
        layout = QHBoxLayout()
        layout.setSpacing(SMALL_GAP)
        for combo in self._all():
            layout.addWidget(combo, 1)
        layout.addWidget(clear)
        return layout

    def show_facets(self, facets: Facets) -> None:
        """Offer what there is, with its number; choices made stay."""
        self._offer(self.entity, facets.entities)
        self._offer(self.family, facets.families)
        self._offer(self.year, ((str(year), amount) for year, amount in facets.years))
        self._offer(self.word, facets.words)
        self._offer(self.copy, facets.copies)
        self.entity.setVisible(len(facets.entities) > 1)

    @staticmethod
    def _offer(combo: QComboBox, choices: Iterable[tuple[str, int]]) -> None:
        chosen = combo.currentData()
        with QSignalBlocker(combo):
            while combo.count() > 1:
                combo.removeItem(1)
            for value, amount in choices:
                combo.addItem(f"{value} ({number(amount)})", value)
            combo.setCurrentIndex(max(0, combo.findData(chosen)))

    def asked(self, words: str, sort: SortBy, *, descending: bool) -> ShelfQuery:
        """Return the question that these choices make."""
        year = str(self.year.currentData())
        return ShelfQuery(
            words=words,
            entity=str(self.entity.currentData()),
            family=str(self.family.currentData()),
            year=int(year) if year else None,
            word=str(self.word.currentData()),
            copy=str(self.copy.currentData()),
            section=str(self.section.currentData()),
            # The first of the weeks is « today, or already before ».
            since=self._week.first if self._week and self._week.first < self._week.last else None,
            until=self._week.last if self._week else None,
            sort=sort,
            descending=descending,
        )

    def preset(self, section: str, week: WeekAhead | None) -> None:
        """Choose one section of the first screen, or one of its weeks, and nothing else."""
        self.clear()
        self._week = week
        with QSignalBlocker(self.section):
            self.section.setCurrentIndex(max(0, self.section.findData(section)))

    def clear(self) -> None:
        """Leave every choice open."""
        self._week = None
        for combo in self._all():
            with QSignalBlocker(combo):
                combo.setCurrentIndex(0)

    def _change(self) -> None:
        self.changed.emit()
