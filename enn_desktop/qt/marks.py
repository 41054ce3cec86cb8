"""The marks drawn by hand: one shape per state, so that colour is never alone. No picture file, no SVG library."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from enn_desktop.agenda.values import Health, Tone

TRAY_SIZES = (16, 20, 24, 32, 48, 64)
"""Pixels: what Windows and Linux ask for at 100 % to 300 %."""


class Mark(Enum):
    """A shape."""

    CHECK = "coche"
    ARROW = "flèche"
    TURN = "cercle ouvert"
    PAUSE = "deux barres"
    ALERT = "point d’exclamation"
    CLOCK = "horloge"
    DOT = "point"
    CROSS = "croix"
    DASH = "tiret"
    DOTS = "trois points"
    HOME = "maison qui reçoit"


OF_HEALTH = {
    Health.NO_ACCOUNT: (Mark.DOT, "#5a6875"),
    Health.UP_TO_DATE: (Mark.CHECK, "#1f7a45"),
    Health.TO_FETCH: (Mark.ARROW, "#1d5c87"),
    Health.RUNNING: (Mark.TURN, "#1d5c87"),
    Health.PAUSED: (Mark.PAUSE, "#5a6875"),
    Health.BROKEN: (Mark.ALERT, "#b3261e"),
    Health.OVERDUE: (Mark.CLOCK, "#b3261e"),
}
"""Shape and ground of each state; the sign itself is white (4.5:1 or more on each ground)."""
STROKES = {
    Mark.PAUSE: (((0.34, 0.2), (0.34, 0.8)), ((0.66, 0.2), (0.66, 0.8))),
    Mark.CROSS: (((0.22, 0.22), (0.78, 0.78)), ((0.78, 0.22), (0.22, 0.78))),
    Mark.DASH: (((0.22, 0.5), (0.78, 0.5)),),
    Mark.DOTS: tuple(((x, 0.5), (x + 0.01, 0.5)) for x in (0.12, 0.5, 0.88)),
}
"""Signs that are nothing but straight lines, in parts of their box."""
OF_TONE = {Tone.GOOD: Mark.CHECK, Tone.PLAIN: Mark.DOT, Tone.WARN: Mark.CLOCK, Tone.BAD: Mark.ALERT}


def health_icon(health: Health) -> QIcon:
    """Return the icon of a state: a white sign on a filled square with round corners."""
    mark, ground = OF_HEALTH[health]
    icon = QIcon()
    for size in TRAY_SIZES:
        icon.addPixmap(_filled(mark, QColor(ground), size))
    return icon


def program_icon() -> QIcon:
    """Return the program's own icon: a house that something comes into."""
    icon = QIcon()
    for size in (*TRAY_SIZES, 128, 256):
        icon.addPixmap(_filled(Mark.HOME, QColor("#1d5c87"), size))
    return icon


def mark_pixmap(mark: Mark, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return a bare sign in one colour; ``size`` in logical pixels, ``ratio`` of the screen."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter, mark, QColor(colour), QRectF(0, 0, pixmap.width(), pixmap.height()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _filled(mark: Mark, ground: QColor, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.22, size * 0.22)
    inset = size * 0.12
    draw(painter, mark, QColor("#ffffff"), QRectF(inset, inset, size - 2 * inset, size - 2 * inset))
    painter.end()
    return pixmap


def draw(painter: QPainter, mark: Mark, colour: QColor, box: QRectF) -> None:
    """Draw a sign inside ``box``."""

    def at(x: float, y: float) -> QPointF:
        return QPointF(box.x() + x * box.width(), box.y() + y * box.height())

    pen = QPen(colour, box.width() * 0.13, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if mark is Mark.CHECK:
        painter.drawPolyline(QPolygonF([at(0.15, 0.55), at(0.4, 0.8), at(0.85, 0.22)]))
    elif mark is Mark.ARROW:
        painter.drawLine(at(0.5, 0.1), at(0.5, 0.62))
        painter.drawPolyline(QPolygonF([at(0.25, 0.4), at(0.5, 0.65), at(0.75, 0.4)]))
        painter.drawLine(at(0.15, 0.88), at(0.85, 0.88))
    elif mark is Mark.TURN:
        painter.drawArc(QRectF(at(0.14, 0.14), at(0.86, 0.86)), 50 * 16, 290 * 16)
        painter.drawPolyline(QPolygonF([at(0.62, 0.05), at(0.76, 0.22), at(0.58, 0.36)]))
    elif mark in STROKES:
        for stroke in STROKES[mark]:
            painter.drawPolyline(QPolygonF([at(*point) for point in stroke]))
    elif mark is Mark.ALERT:
        painter.drawLine(at(0.5, 0.12), at(0.5, 0.58))
        painter.drawPoint(at(0.5, 0.86))
    elif mark is Mark.CLOCK:
        painter.drawEllipse(QRectF(at(0.12, 0.12), at(0.88, 0.88)))
        painter.drawPolyline(QPolygonF([at(0.5, 0.28), at(0.5, 0.52), at(0.68, 0.62)]))
    elif mark is Mark.HOME:
        painter.drawPolyline(QPolygonF([at(0.02, 0.5), at(0.5, 0.06), at(0.98, 0.5)]))
        painter.drawPolyline(QPolygonF([at(0.16, 0.52), at(0.16, 0.95), at(0.84, 0.95), at(0.84, 0.52)]))
        painter.drawLine(at(0.5, 0.36), at(0.5, 0.7))
        painter.drawPolyline(QPolygonF([at(0.34, 0.57), at(0.5, 0.73), at(0.66, 0.57)]))
    else:
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(at(0.32, 0.32), at(0.68, 0.68)))
