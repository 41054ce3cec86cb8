"""« Règles d’ENN »: what is in force, who fixed it, who to call, and how it may be changed without us."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout

from enn_desktop.core.french import NBSP, join_words
from enn_desktop.core.rules import Contact, Policy
from enn_desktop.qt.pieces import SMALL_GAP, card, selectable, words
from enn_desktop.qt.settings.parts import SectionPage, muted
from enn_desktop.qt.settings.rules_table import RulesTable
from enn_desktop.qt.settings.rules_words import headline, overrides, reach, rule_rows

MEANING = (
    "Durée pendant laquelle la plateforme garde un dossier une fois terminé. Les dates affichées en découlent\u00a0: "
    "ce sont des estimations. Quand ENN ne précise pas une durée, la plus courte est retenue, par prudence."
)
HIDDEN = "Masqués à l’écran, car purement techniques, mais récupérés comme les autres\u00a0: {}."
UNCHANGED = "Aucune de ces règles n’est changée sur ce poste."
CHANGED = "Règles changées sur ce poste"
HOW = (
    "ENN ou votre prestataire peut changer une règle sans nouvelle version du logiciel, par un fichier qui ne contient "
    "que ce qui change. Il est lu au démarrage, à l’un de ces endroits\u00a0:"
)
NO_REACH = "Les règles n’indiquent encore ni téléphone ni courriel\u00a0: un fichier de règles peut les ajouter."
LEAST_SIGNS = 14
"""Of a column: less cannot be read."""
ROW_HEIGHT = 30
"""Logical pixels at the usual size of letters; more when they are larger."""


class WholeTable(QTableView):
    """A table as tall as its rows: the page scrolls, not the table, unless it is too wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(ROW_HEIGHT, self.fontMetrics().height() + 2 * SMALL_GAP))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the height of the rows, and of the bar below them when there is one."""
        super().resizeEvent(event)
        header = self.horizontalHeader()
        bar = self.horizontalScrollBar().sizeHint().height() if header.length() > self.viewport().width() else 0
        self.setFixedHeight(header.sizeHint().height() + self.verticalHeader().length() + 2 * self.frameWidth() + bar)


class RulesPage(SectionPage):
    """The policy in force."""

    title = "Règles d’ENN"

    def __init__(self, policy: Policy, files: Sequence[str]) -> None:
        super().__init__()
        self.body.addWidget(words(headline(policy)))
        self.model = RulesTable(self)
        self.model.set_rows(rule_rows(policy))
        self.table = self._make_table()
        self.body.addWidget(self.table)
        self.body.addWidget(muted(MEANING))
        if policy.hidden_types:
            self.body.addWidget(muted(HIDDEN.format(join_words(policy.hidden_types))))
        self.body.addWidget(words("Qui appeler", "section"))
        frame, layout = card()
        for contact in policy.contacts:
            _add_contact(layout, contact)
        self.body.addWidget(frame)
        if not any(reach(contact) for contact in policy.contacts):
            self.body.addWidget(muted(NO_REACH))
        self._say_what_changes(policy, files)
        self.body.addStretch(1)

    def _make_table(self) -> QTableView:
        table = WholeTable()
        table.setModel(self.model)
        table.setAccessibleName("Règles d’ENN, une ligne par flux")
        header = table.horizontalHeader()
        header.setMinimumSectionSize(table.fontMetrics().averageCharWidth() * LEAST_SIGNS)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(self.model.columnCount() - 1, QHeaderView.ResizeMode.Stretch)
        return table

    def _say_what_changes(self, policy: Policy, files: Sequence[str]) -> None:
        changes = overrides(policy, files)
        self.body.addWidget(words(CHANGED if changes else "Changer une règle", "section"))
        if not changes:
            self.body.addWidget(words(UNCHANGED))
        for change in changes:
            self.body.addWidget(words(f"Par {change.origin}{NBSP}: {', '.join(change.keys)}."))
        if policy.unknown_keys:
            unknown = join_words(policy.unknown_keys)
            self.body.addWidget(words(f"Clés que cette version du logiciel ne connaît pas{NBSP}: {unknown}.", "warn"))
        if files:
            self.body.addWidget(words(HOW))
            self.body.addWidget(selectable(words("\n".join(files)), by_tab=True))


def _add_contact(layout: QVBoxLayout, contact: Contact) -> None:
    if layout.count():
        layout.addSpacing(SMALL_GAP)
    layout.addWidget(words(contact.name, "section"))
    layout.addWidget(words(contact.when))
    layout.addWidget(muted(contact.role))
    if known := reach(contact):
        layout.addWidget(selectable(words(known), by_tab=True))
