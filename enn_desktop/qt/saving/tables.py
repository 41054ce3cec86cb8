"""The tables of the page: past runs, what is missing, what a check found damaged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from enn_desktop.core.french import duration, number, short_date, size
from enn_desktop.qt.saving.sentences import moment_cell, outcome_words

if TYPE_CHECKING:
    from enn_desktop.agenda.sheet import OpenFailure, PastRun
    from enn_desktop.archive.verify import Finding

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
NOWHERE = QModelIndex()
NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TEXTS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column: its heading, the text of a cell, whether it holds numbers."""

    heading: str
    text: Callable[[T], str]
    numbers: bool = False


class ValueTable(QAbstractTableModel, Generic[T]):
    """A table over a tuple of values; the whole text of a cell is its tooltip too, for when it is cut."""

    columns: tuple[Column[T], ...] = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[T, ...] = ()

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show other values; nothing happens when they are the same."""
        wanted = tuple(rows)
        if wanted == self._rows:
            return
        self.beginResetModel()
        self._rows = wanted
        self.endResetModel()

    def row_at(self, row: int) -> T | None:
        """Return the value of a row, ``None`` outside the table."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> object:
        """Return what a cell shows."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = self.columns[index.column()]
        if role == ROLE.DisplayRole:
            return column.text(row)
        if role == ROLE.ToolTipRole:
            # A tooltip guesses whether it is HTML: the server's words are made plain first.
            return f"<span>{escape(column.text(row))}</span>"
        if role == ROLE.TextAlignmentRole:
            return NUMBERS if column.numbers else TEXTS
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole
    ) -> object:
        """Return the heading of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == ROLE.DisplayRole:
            return self.columns[section].heading
        if role == ROLE.TextAlignmentRole:
            return NUMBERS if self.columns[section].numbers else TEXTS
        return None


class RunTable(ValueTable["PastRun"]):
    """Past runs, newest first."""

    DATE, OUTCOME, FOLDER = 0, 1, 7
    columns: tuple[Column[PastRun], ...] = (
        Column("Date", lambda past: moment_cell(past.run.ended_at)),
        Column("Résultat", lambda past: outcome_words(past.run.outcome)),
        Column("Dossiers", lambda past: number(past.run.dossiers), numbers=True),
        Column("Fichiers", lambda past: number(past.run.files), numbers=True),
        Column("Taille", lambda past: size(past.run.size), numbers=True),
        Column("Manques", lambda past: number(past.run.failures), numbers=True),
        Column("Durée", lambda past: duration((past.run.ended_at - past.run.started_at).total_seconds()), numbers=True),
        Column("Dossier local", lambda past: str(past.root)),
    )


class FailureTable(ValueTable["OpenFailure"]):
    """What could not be brought home yet, and what never can."""

    TITLE, FILE, WHAT, TODO, SINCE, TIMES = range(6)
    columns: tuple[Column[OpenFailure], ...] = (
        Column("Dossier", lambda failure: failure.title),
        Column("Fichier", lambda failure: failure.file),
        Column("Problème", lambda failure: failure.message),
        Column("Que faire", lambda failure: failure.advice),
        Column("Depuis le", lambda failure: short_date(failure.since.astimezone().date())),
        Column("Essais", lambda failure: number(failure.times), numbers=True),
    )


@dataclass(frozen=True, slots=True)
class Damage:
    """One document that is not as it was; ``root`` is the documents folder it lies in."""

    root: Path
    finding: Finding


class DamageTable(ValueTable[Damage]):
    """What a check found."""

    columns: tuple[Column[Damage], ...] = (
        Column("Fichier", lambda damage: damage.finding.name),
        Column("Constat", lambda damage: damage.finding.trouble.value),
        Column("Dossier", lambda damage: damage.finding.dossier),
    )
