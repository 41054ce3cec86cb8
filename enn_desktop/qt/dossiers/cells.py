"""The list, painted in one go: the general way asks the model eight times per cell and draws each cell by itself.

Laid-out texts are kept: most of what a keystroke shows was on the screen a moment before.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QStaticText
from PySide6.QtWidgets import QTableView, QWidget

from enn_desktop.qt.dossiers.model import DossierTable

MARGIN = 4
"""Logical pixels left and right of a text."""
KEPT = 2_000
"""Texts kept laid out: a large screen shows some three hundred."""
Column = tuple[int, int, int]
"""Rank, left, width."""


class DossierView(QTableView):
    """Draws ground, texts and focus in the palette's colours; everything else is the table's own.

    Keys, selection, scrolling and what screen readers are told come from Qt, by the model's roles.
    """

    def __init__(self, model: DossierTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._laid: dict[tuple[str, int], QStaticText] = {}
        self._laid_for = self.font()
        self.setModel(model)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the rows that are to be drawn again."""
        box = event.rect()
        columns = self._columns(box)
        first, last = self.rowAt(box.top()), self.rowAt(box.bottom())
        if first < 0 or not columns:
            return
        if self.font() != self._laid_for:
            self._laid.clear()
            self._laid_for = self.font()
        painter = QPainter(self.viewport())
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        for row in range(first, (self._rows.rowCount() - 1 if last < 0 else last) + 1):
            self._paint_row(painter, row, columns, chosen=row in chosen)
        if self.hasFocus() and (current := self.currentIndex()).isValid():
            painter.setPen(self._colour(QPalette.ColorRole.HighlightedText))
            painter.drawRect(self.visualRect(current).adjusted(1, 1, -2, -2))
        painter.end()

    def _columns(self, box: QRect) -> list[Column]:
        """Return the columns that show in a part of the view."""
        header = self.horizontalHeader()
        shown = (rank for rank in range(self._rows.columnCount()) if not self.isColumnHidden(rank))
        placed = ((rank, header.sectionViewportPosition(rank), header.sectionSize(rank)) for rank in shown)
        return [(rank, left, width) for rank, left, width in placed if left <= box.right() and left + width >= 0]

    def _paint_row(self, painter: QPainter, row: int, columns: list[Column], *, chosen: bool) -> None:
        top, height = self.rowViewportPosition(row), self.rowHeight(row)
        left, right = min(one[1] for one in columns), max(one[1] + one[2] for one in columns)
        roles = QPalette.ColorRole
        plain = roles.AlternateBase if row % 2 else roles.Base
        painter.fillRect(left, top, right - left, height, self._colour(roles.Highlight if chosen else plain))
        usual = self._colour(roles.HighlightedText if chosen else roles.Text)
        for rank, start, width in columns:
            text, colour, numbers = self._rows.cell(row, rank)
            if not text:
                continue
            painter.setPen(QColor(colour) if colour and not chosen else usual)
            laid = self._laid_out(text, width - 2 * MARGIN)
            size = laid.size()
            x = start + width - MARGIN - size.width() if numbers else start + MARGIN
            painter.drawStaticText(round(x), round(top + (height - size.height()) / 2), laid)

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        group = QPalette.ColorGroup.Active if self.isActiveWindow() else QPalette.ColorGroup.Inactive
        return self.palette().color(group, role)

    def _laid_out(self, text: str, width: int) -> QStaticText:
        """Return a text on one line, cut to ``width`` pixels."""
        laid = self._laid.get((text, width))
        if laid is None:
            laid = QStaticText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width))
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid.prepare(font=self.font())
            if len(self._laid) >= KEPT:
                self._laid.clear()
            self._laid[text, width] = laid
        return laid
