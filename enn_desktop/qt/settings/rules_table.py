"""The table of ENN's rules: one row for each flow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from enn_desktop.qt.pieces import plain_tip
from enn_desktop.qt.settings.rules_words import RuleRow

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
NOWHERE = QModelIndex()
HEADINGS = ("Flux", "Durée", "Alertes (jours avant)", "Origine")


class RulesTable(QAbstractTableModel):
    """Flows, durations, alerts and who fixed them; the whole text of a cell is its tooltip too."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RuleRow, ...] = ()

    def set_rows(self, rows: Sequence[RuleRow]) -> None:
        """Show other rules."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many flows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """Return what a cell shows."""
        if not index.isValid() or index.row() >= len(self._rows) or role not in (ROLE.DisplayRole, ROLE.ToolTipRole):
            return None
        one = self._rows[index.row()]
        text = (one.label, one.duration, one.alerts, one.fixed_by)[index.column()]
        return text if role == ROLE.DisplayRole else plain_tip(text)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole
    ) -> object:
        """Return the heading of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADINGS):
            return None
        if role == ROLE.DisplayRole:
            return HEADINGS[section]
        return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter if role == ROLE.TextAlignmentRole else None
