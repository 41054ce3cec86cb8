"""The weeks ahead: how many dossiers the platform may delete in each, those here in one tone, the others in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from enn_desktop.agenda.values import WeekAhead
from enn_desktop.core.french import NBSP, count, long_date, number
from enn_desktop.qt.look import Colours, colours_of
from enn_desktop.qt.pieces import announce

HEIGHT = 96
GAP = 3
TOP, FOOT = 16, 18
"""Room for the figures above the bars and the dates under them, logical pixels at the usual font size."""
LEAST = 3
"""A bar that is there is seen."""
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def week_sentence(week: WeekAhead, *, first: bool) -> str:
    """Say what a week holds: « Semaine du 16 novembre 2026 : 3 dossiers peuvent disparaître…, dont 1 … »."""
    when = "Dès maintenant" if first else f"Semaine du {long_date(week.first)}"
    total = week.here + week.away
    if not total:
        return f"{when}{NBSP}: aucun dossier ne peut disparaître de la plateforme."
    verb = "peut" if total == 1 else "peuvent"
    start = f"{when}{NBSP}: {count(total, 'dossier')} {verb} disparaître de la plateforme"
    if not week.away:
        return f"{start}, {'il est' if total == 1 else 'tous sont'} sur ce poste."
    return f"{start}, dont {number(week.away)} pas encore sur ce poste."


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every bar is drawn on: ``floor`` in logical pixels from the top, ``most`` dossiers in one week."""

    painter: QPainter
    colours: Colours
    floor: float
    most: int


class Timeline(QWidget):
    """A row of bars; arrows go from week to week, Enter shows the dossiers of one."""

    week_wanted = Signal(object)
    """A ``WeekAhead``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weeks: tuple[WeekAhead, ...] = ()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Semaines à venir")
        self.setMouseTracking(True)

    def show_weeks(self, weeks: Sequence[WeekAhead]) -> None:
        """Show the weeks: the first is what could be deleted today already."""
        self._weeks = tuple(weeks)
        self._current = min(self._current, max(0, len(self._weeks) - 1))
        told = [week_sentence(week, first=not rank) for rank, week in enumerate(weeks) if week.here + week.away]
        self.setAccessibleDescription(" ".join(told) or "Aucun dossier ne peut disparaître dans les semaines à venir.")
        self.update()

    @property
    def current(self) -> int:
        """The rank of the week that the keyboard is on."""
        return self._current

    # -- drawing -------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a low strip, as high as its two lines of text and a bar need."""
        return QSize(400, HEIGHT + 2 * max(0, self.fontMetrics().height() - TOP))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for the figures at least."""
        return QSize(260, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw bars, figures and dates."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self)
        most = max((week.here + week.away for week in self._weeks), default=0)
        floor = self.height() - max(FOOT, self.fontMetrics().height() + 2)
        painter.setPen(QPen(QColor(colours.edge), 1))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
        for rank, week in enumerate(self._weeks):
            self._draw_week(_Ground(painter, colours, floor, most), rank, week)
        if self.hasFocus() and self._weeks:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRoundedRect(self._place(self._current).adjusted(0, 1, 0, -1), 3, 3)
        painter.end()

    def _draw_week(self, on: _Ground, rank: int, week: WeekAhead) -> None:
        painter, colours, floor, most = on.painter, on.colours, on.floor, on.most
        place = self._place(rank)
        room = floor - max(TOP, self.fontMetrics().height() + 1)
        here = self._bar(week.here, most, room)
        away = self._bar(week.away, most, room)
        bar = place.adjusted(GAP, 0, -GAP, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_soft))
        painter.drawRect(QRectF(bar.x(), floor - here, bar.width(), here))
        if here:
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(bar.x(), floor - here, bar.width(), here))
        if away:
            top = QRectF(bar.x(), floor - here - away, bar.width(), away)
            painter.fillRect(top, QColor(colours.bad_soft))
            painter.setPen(QPen(QColor(colours.bad), 1))
            painter.setBrush(QBrush(QColor(colours.bad), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(top)
        self._write(on, rank, week, floor - here - away)

    def _write(self, on: _Ground, rank: int, week: WeekAhead, top: float) -> None:
        painter, colours, floor = on.painter, on.colours, on.floor
        place, line = self._place(rank), self.fontMetrics().height()
        total = week.here + week.away
        if total:
            painter.setPen(QColor(colours.bad if week.away else colours.text))
            shown = f"{number(week.away)}/{number(total)}" if week.away else number(total)
            box = QRectF(place.x(), top - line - 1, place.width(), line)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        label = "déjà" if not rank else self._label(rank)
        if label:
            painter.setPen(QColor(colours.muted))
            spread = QRectF(place.x() - place.width(), floor + 2, place.width() * 3, line)
            painter.drawText(spread, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, label)

    def _label(self, rank: int) -> str:
        """Return a date under one bar in so many that they do not touch."""
        week = self._weeks[rank]
        text = f"{week.first.day}{NBSP}{SHORT_MONTHS[week.first.month - 1]}"
        step = max(1, -(-(self.fontMetrics().horizontalAdvance(text) + 8) // max(1, int(self._width()))))
        return text if (rank - 1) % step == 0 and rank - 1 + step <= len(self._weeks) else ""

    @staticmethod
    def _bar(amount: int, most: int, room: float) -> float:
        return max(LEAST, room * amount / most) if amount and most else 0.0

    def _width(self) -> float:
        return self.width() / max(1, len(self._weeks))

    def _place(self, rank: int) -> QRectF:
        return QRectF(rank * self._width(), 0, self._width(), self.height())

    # -- being used ----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go from week to week, and show one."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -len(self._weeks)}
        steps[Qt.Key.Key_End] = len(self._weeks)
        key = Qt.Key(event.key())
        if key in steps and self._weeks:
            self._current = min(max(0, self._current + steps[key]), len(self._weeks) - 1)
            announce(self, self._sentence(self._current))
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._weeks:
            self.week_wanted.emit(self._weeks[self._current])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Say the week that the keyboard is on."""
        super().focusInEvent(event)
        if self._weeks:
            announce(self, self._sentence(self._current))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the dossiers of the week under the mouse."""
        rank = self._rank_at(event.position().x())
        if rank is not None:
            self._current = rank
            self.update()
            self.week_wanted.emit(self._weeks[rank])

    def event(self, event: QEvent) -> bool:
        """Show what a week holds in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            rank = self._rank_at(event.pos().x())
            QToolTip.showText(event.globalPos(), self._sentence(rank) if rank is not None else "", self)
            return True
        return super().event(event)

    def _rank_at(self, x: float) -> int | None:
        rank = int(x // self._width()) if self._weeks else -1
        return rank if 0 <= rank < len(self._weeks) else None

    def _sentence(self, rank: int) -> str:
        return week_sentence(self._weeks[rank], first=not rank)
