"""The table of dossiers: keys in order, rows fetched by pages when they are looked at."""

from __future__ import annotations

import html
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from enn_desktop.agenda.shelf import FIRST, ShelfAnswer, ShelfRow, SortBy
from enn_desktop.agenda.values import KeyBadge, Tone
from enn_desktop.core.french import NBSP, days_left, number, short_date, size
from enn_desktop.qt.look import Colours

Index = QModelIndex | QPersistentModelIndex
WAITING = "…"
KEPT_PAGES = 40
"""Pages kept in memory: four thousand rows, far more than anybody scrolls through at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it shows, what it sorts by."""

    name: str
    sort: SortBy
    text: Callable[[ShelfRow], str]
    numbers: bool = False


def limit_words(row: ShelfRow, *, short: bool = False) -> str:
    """Return when the platform may delete it: date and how far it is; ``short`` for a narrow column."""
    if row.gone:
        return "n’y est plus"
    if row.removable_from is None or row.days_left is None:
        return "sans date"
    if row.days_left <= 0:
        passed = short_date(row.removable_from)
        return f"depuis le {passed}" if short else f"déjà possible ({passed})"
    far = f"{number(row.days_left)}{NBSP}j" if short else days_left(row.days_left)
    return f"{short_date(row.removable_from)} ({far})"


COLUMNS = (
    Column("Peut disparaître", SortBy.LIMIT, lambda row: limit_words(row, short=True)),
    Column("Commune", SortBy.ENTITY, lambda row: row.entity),
    Column("Flux", SortBy.FAMILY, lambda row: row.family),
    Column(f"N°{NBSP}", SortBy.NUMBER, lambda row: row.number),
    Column("Objet", SortBy.TITLE, lambda row: row.title or "sans objet"),
    Column("Situation", SortBy.WORD, lambda row: row.word),
    Column("Copie ici", SortBy.COPY, lambda row: row.copy),
    Column("Date", SortBy.DAY, lambda row: short_date(row.day) if row.day else ""),
    Column("Fichiers", SortBy.FILES, lambda row: number(row.files), numbers=True),
    Column("Taille", SortBy.SIZE, lambda row: size(row.size) if row.files else "", numbers=True),
)
LIMIT, ENTITY, FAMILY, NUMBER, TITLE, WORD, COPY, DAY, FILES, SIZE = range(len(COLUMNS))


class DossierTable(QAbstractTableModel):
    """Shows an answer of the shelf; asks for the pages it lacks."""

    page_wanted = Signal(object)
    """The keys whose rows are looked at and not known."""

    def __init__(self, colours: Callable[[], Colours], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._keys: array[int] = array("q")
        self._pages: dict[int, tuple[ShelfRow, ...]] = {}
        self._asked: set[int] = set()
        self._key: KeyBadge | None = None

    def show_key(self, badge: KeyBadge) -> None:
        """Show how the signing key is, beside the situation of the dossiers that need it."""
        self._key = badge
        if self._keys:
            self.dataChanged.emit(self.index(0, WORD), self.index(len(self._keys) - 1, WORD))

    def set_answer(self, answer: ShelfAnswer) -> None:
        """Show what was found."""
        self.beginResetModel()
        self._keys = answer.keys
        self._pages = {0: answer.rows}
        self._asked = set()
        self.endResetModel()

    def take_rows(self, keys: Sequence[int], rows: Sequence[ShelfRow]) -> None:
        """Take the rows of a page that was asked for; those of a former answer are dropped."""
        page = next((page for page in self._asked if tuple(self._page_keys(page)) == tuple(keys)), None)
        if page is None:
            return
        self._asked.discard(page)
        if len(self._pages) > KEPT_PAGES:
            self._pages = {0: self._pages[0]}
        self._pages[page] = tuple(rows)
        first = page * FIRST
        last = min(first + FIRST, len(self._keys)) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    def row_at(self, place: int) -> ShelfRow | None:
        """Return a row, ``None`` while it is not there; it is asked for then."""
        page, rank = divmod(place, FIRST)
        rows = self._pages.get(page)
        if rows is None:
            if page not in self._asked and 0 <= place < len(self._keys):
                self._asked.add(page)
                self.page_wanted.emit(tuple(self._page_keys(page)))
            return None
        return rows[rank] if rank < len(rows) else None

    def place_of(self, key: int) -> int:
        """Return where a key is in the list, -1 if it is not there."""
        try:
            return self._keys.index(key)
        except ValueError:
            return -1

    def _page_keys(self, page: int) -> array[int]:
        return self._keys[page * FIRST : (page + 1) * FIRST]

    # -- what Qt asks --------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's name and default
        """Return the number of dossiers found."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's name and default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the name of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].name
        return None

    def data(  # noqa: PLR0911 - one role per line
        self, index: Index, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return what one cell shows."""
        if not index.isValid():
            return None
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and column.numbers:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in _SHOWN:
            return None
        row = self.row_at(index.row())
        if row is None:
            return WAITING if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(colour) if (colour := self._colour(row, index.column())) else None
        if role == Qt.ItemDataRole.ToolTipRole:
            # Qt would take the platform's words for HTML where they look like it.
            return f"<span>{html.escape(self._text(row, index.column()))}</span>"
        return _whole_words(row, self._text(row, WORD))

    def _text(self, row: ShelfRow, column: int) -> str:
        text = COLUMNS[column].text(row)
        return f"{text} ({self._key.beside})" if column == WORD and row.needs_key and self._key is not None else text

    def cell(self, place: int, rank: int) -> tuple[str, str, bool]:
        """Return text, colour (empty for the usual one) and whether it is a number: all that is painted of a cell."""
        row, column = self.row_at(place), COLUMNS[rank]
        if row is None:
            return WAITING, "", column.numbers
        return self._text(row, rank), self._colour(row, rank), column.numbers

    def _colour(self, row: ShelfRow, column: int) -> str:
        """Colour the words that matter; they say the same without it."""
        if column == COPY and (row.tone in {Tone.WARN, Tone.BAD} or row.complete):
            return self._colours().tone(row.tone)
        if column == LIMIT and not row.here and not row.gone:
            return self._colours().tone(row.tone)
        return ""


_SHOWN = {
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ForegroundRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
}


def _whole_words(row: ShelfRow, situation: str) -> str:
    parts = (row.family, row.number, row.title, situation, f"copie{NBSP}: {row.copy}", limit_words(row))
    return ", ".join(part for part in parts if part)
