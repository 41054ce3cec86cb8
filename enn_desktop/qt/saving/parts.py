"""Pieces of this page alone: a sentence with its drawn mark, a table that reads well."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHBoxLayout, QHeaderView, QTableView, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.qt.look import colours_of, with_role
from enn_desktop.qt.marks import OF_TONE, draw
from enn_desktop.qt.pieces import SMALL_GAP, words

LEAST_MARK, LEAST_ROW = 16, 26
"""Logical pixels, for small letters; a row is a target too."""
AIR = 8
ROLES = {Tone.GOOD: "good", Tone.WARN: "warn", Tone.BAD: "bad", Tone.PLAIN: ""}


class ToneMark(QWidget):
    """The sign of a tone, drawn; the words beside it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = Tone.PLAIN
        size = max(LEAST_MARK, self.fontMetrics().ascent())
        self.setFixedSize(size, size)

    def show_tone(self, tone: Tone) -> None:
        """Draw the sign of another tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name and its parameter
        """Draw in the colours in force."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter, OF_TONE[self._tone], QColor(colours_of(self).tone(self._tone)), QRectF(self.rect()))


class ToneLine(QWidget):
    """One sentence with the mark of its tone; hidden while there is nothing to say."""

    def __init__(self, *, strong: bool = False) -> None:
        super().__init__()
        self._strong = strong
        self._mark, self._label = ToneMark(), words()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._label, 1)
        self.hide()

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show a sentence; an empty one hides the line."""
        self._mark.show_tone(tone)
        self._mark.setVisible(tone is not Tone.PLAIN)
        if self._strong:
            with_role(self._label, ROLES[tone])
        self._label.setText(text)
        self.setVisible(bool(text))

    def said(self) -> str:
        """Return the sentence shown, empty when hidden."""
        return "" if self.isHidden() else self._label.text()


def lines_in(layout: QBoxLayout) -> tuple[ToneLine, ...]:
    """Return the sentences of a layout, in order."""
    items = (layout.itemAt(number) for number in range(layout.count()))
    widgets = (item.widget() for item in items if item is not None)
    return tuple(one for one in widgets if isinstance(one, ToneLine))


class ReadingTable(QTableView):
    """A table to read: whole rows, arrows to move, Tab to leave; it asks for little room."""

    def __init__(self, model: QAbstractItemModel, name: str, *, stretched: Sequence[int]) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self._row_height())
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(40)
        for column in range(model.columnCount()):
            kind = QHeaderView.ResizeMode.Stretch if column in stretched else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, kind)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for little: the table takes what is left."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Do with heading and two rows."""
        return QSize(super().minimumSizeHint().width(), self._row_height() * 3)

    def _row_height(self) -> int:
        return max(LEAST_ROW, self.fontMetrics().height() + AIR)
