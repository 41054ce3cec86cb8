"""Paints the list's cells: one question to the model for each, where the general way asks eight, in Python, per cell.

Laid-out texts are kept: most of what a keystroke shows was on the screen a moment before.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QStaticText
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from enn_desktop.qt.dossiers.model import DossierTable

MARGIN = 4
"""Logical pixels left and right of a text."""
KEPT = 2_000
"""Texts kept laid out: a large screen shows some three hundred."""


class CellPainter(QStyledItemDelegate):
    """Draws ground, text and focus in the palette's colours; everything else (roles, names) stays with the model."""

    def __init__(self, model: DossierTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._laid: dict[tuple[str, int], QStaticText] = {}

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        text, colour, numbers = self._model.cell(index.row(), index.column())
        state: QStyle.StateFlag = option.state
        box: QRect = option.rect
        palette: QPalette = option.palette
        group = QPalette.ColorGroup.Active if state & QStyle.StateFlag.State_Active else QPalette.ColorGroup.Inactive
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, palette.brush(group, QPalette.ColorRole.Highlight))
            painter.setPen(palette.color(group, QPalette.ColorRole.HighlightedText))
        else:
            painter.setPen(QColor(colour) if colour else palette.color(group, QPalette.ColorRole.Text))
        if text:
            laid = self._laid_out(text, box.width() - 2 * MARGIN, option)
            size = laid.size()
            left = box.right() - MARGIN - size.width() if numbers else box.left() + MARGIN
            painter.drawStaticText(round(left), round(box.top() + (box.height() - size.height()) / 2), laid)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.drawRect(box.adjusted(1, 1, -2, -2))

    def _laid_out(self, text: str, width: int, option: QStyleOptionViewItem) -> QStaticText:
        """Return a text on one line, cut to ``width`` pixels."""
        laid = self._laid.get((text, width))
        if laid is None:
            metrics: QFontMetrics = option.fontMetrics
            laid = QStaticText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
            laid.setTextFormat(Qt.TextFormat.PlainText)
            laid.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            laid.prepare(font=option.font)
            if len(self._laid) >= KEPT:
                self._laid.clear()
            self._laid[text, width] = laid
        return laid
