"""The drawing of the page: the computer, the key, and the one thing that lacks between them. Lines only, no picture."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.qt.look import colours_of
from enn_desktop.qt.marks import Mark, draw

WIDE, HIGH = 150, 96
"""Logical pixels; scenes are drawn on a ground of that many units."""
LINE = 2.4
BADGE = 26
SIGN = 13


class Scene(Enum):
    """What is drawn; the value says it in words, for who does not see."""

    PLUGGED = "Une clé branchée sur l’ordinateur"
    APART = "Une clé à côté de l’ordinateur, pas encore branchée"
    REMOTE = "Deux ordinateurs reliés, la clé devant le premier"
    SERVICE = "Un ordinateur qui ne répond pas"
    EMPTY = "Un lecteur vide, et la carte à côté"
    CARD = "Une carte dans son lecteur"
    DRIVER = "La boîte du pilote"
    PAPER = "Un certificat"
    SEVERAL = "Plusieurs certificats"
    LOCK = "Un cadenas"


class KeyDrawing(QWidget):
    """Shows a scene; its one coloured part has the colour of the state, its round sign the shape."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene, self.mark, self.tone = Scene.APART, Mark.DOT, Tone.PLAIN
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(WIDE, HIGH)

    def show_scene(self, scene: Scene, mark: Mark, tone: Tone) -> None:
        """Draw something else from now on."""
        self.scene, self.mark, self.tone = scene, mark, tone
        self.setAccessibleName(scene.value)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the one size."""
        return QSize(WIDE, HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        colours = colours_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pencil = _Pencil(painter, QColor(colours.text), QColor(colours.tone(self.tone)), QColor(colours.base))
        SCENES[self.scene](pencil)
        pencil.badge(self.mark)
        painter.end()


class _Pencil:
    """Draws the few things that the scenes are made of."""

    def __init__(self, painter: QPainter, plain: QColor, accent: QColor, ground: QColor) -> None:
        self._painter, self._plain, self._accent, self._ground = painter, plain, accent, ground

    def take(self, *, accent: bool = False, filled: bool = True, dashed: bool = False, thin: bool = False) -> None:
        """Take a colour and a line."""
        pen = QPen(self._accent if accent else self._plain, LINE * 0.7 if thin else LINE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([2.0, 2.6])
        self._painter.setPen(pen)
        self._painter.setBrush(self._ground if filled else Qt.BrushStyle.NoBrush)

    def box(self, x: float, y: float, wide: float, high: float, corner: float = 3) -> None:
        """Draw a rectangle with round corners."""
        self._painter.drawRoundedRect(QRectF(x, y, wide, high), corner, corner)

    def path(self, *points: tuple[float, float]) -> None:
        """Draw a line through some points."""
        self._painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def ring(self, x: float, y: float, radius: float) -> None:
        """Draw a circle."""
        self._painter.drawEllipse(QPointF(x, y), radius, radius)

    def arc(self, box: tuple[float, float, float, float], start: int, span: int) -> None:
        """Draw a part of an ellipse, in degrees."""
        self._painter.drawArc(QRectF(*box), start * 16, span * 16)

    def screen(self, x: float, y: float, size: float = 1.0) -> None:
        """Draw a computer."""
        self.take()
        self.box(x, y, 62 * size, 42 * size, 4)
        self.path((x + 31 * size, y + 42 * size), (x + 31 * size, y + 52 * size))
        self.path((x + 16 * size, y + 53 * size), (x + 46 * size, y + 53 * size))

    def key(self, x: float, y: float) -> None:
        """Draw a USB key whose plug looks to the left."""
        self.take(accent=True)
        self.box(x, y - 5, 13, 10, 1)
        self.path((x + 4, y - 1.5), (x + 4, y + 1.5))
        self.box(x + 13, y - 10, 36, 20, 5)
        # The sign of a door key, so that nobody takes it for a memory stick.
        self.take(accent=True, filled=False)
        self.ring(x + 24, y, 4)
        self.path((x + 28, y), (x + 42, y), (x + 42, y + 4))
        self.path((x + 37, y), (x + 37, y + 3))

    def card(self, x: float, y: float) -> None:
        """Draw a card with its chip."""
        self.take(accent=True)
        self.box(x, y, 46, 30, 4)
        self.take(accent=True, filled=False, thin=True)
        self.box(x + 7, y + 9, 11, 10, 2)
        self.path((x + 12.5, y + 9), (x + 12.5, y + 19))
        self.path((x + 26, y + 22), (x + 39, y + 22))

    def paper(self, x: float, y: float, *, accent: bool = True) -> None:
        """Draw a certificate with its ribbon."""
        self.take(accent=accent)
        self.box(x, y, 62, 48, 3)
        self.take(accent=accent, filled=False, thin=True)
        for rank, wide in enumerate((40, 40, 22)):
            self.path((x + 10, y + 11 + rank * 8), (x + 10 + wide, y + 11 + rank * 8))
        self.take(accent=accent)
        self.path((x + 43, y + 38), (x + 40, y + 56), (x + 47, y + 51), (x + 54, y + 56), (x + 51, y + 38))
        self.ring(x + 47, y + 35, 8)

    def badge(self, mark: Mark) -> None:
        """Put the sign of the state at the lower right."""
        left, top = WIDE - BADGE - 4, HIGH - BADGE - 4
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._ground)
        self._painter.drawEllipse(QRectF(left - 3, top - 3, BADGE + 6, BADGE + 6))
        self._painter.setBrush(self._accent)
        self._painter.drawEllipse(QRectF(left, top, BADGE, BADGE))
        inset = (BADGE - SIGN) / 2
        draw(self._painter, mark, self._ground, QRectF(left + inset, top + inset, SIGN, SIGN))


def _plugged(pencil: _Pencil) -> None:
    pencil.key(66, 44)
    pencil.screen(8, 18)


def _apart(pencil: _Pencil) -> None:
    pencil.screen(4, 18)
    pencil.take(dashed=True, filled=False)
    pencil.path((73, 40), (90, 40))
    pencil.path((78, 35), (73, 40), (78, 45))
    pencil.key(97, 40)


def _remote(pencil: _Pencil) -> None:
    pencil.key(46, 66)
    pencil.screen(4, 42, 0.75)
    pencil.screen(86, 8, 0.75)
    pencil.take(dashed=True, filled=False)
    pencil.path((30, 36), (30, 24), (80, 24))


def _service(pencil: _Pencil) -> None:
    pencil.screen(36, 14, 1.2)
    pencil.take(accent=True, filled=False)
    for x in (60, 73, 86):
        pencil.ring(x, 39, 2)


def _reader(pencil: _Pencil) -> None:
    pencil.take()
    pencil.box(18, 56, 92, 26, 5)
    pencil.path((30, 56), (98, 56))
    pencil.take(filled=False)
    pencil.ring(64, 70, 2)


def _empty(pencil: _Pencil) -> None:
    pencil.card(41, 4)
    pencil.take(dashed=True, filled=False)
    pencil.path((64, 38), (64, 50))
    pencil.path((59, 45), (64, 50), (69, 45))
    _reader(pencil)


def _card(pencil: _Pencil) -> None:
    pencil.card(41, 28)
    _reader(pencil)


def _driver(pencil: _Pencil) -> None:
    pencil.take(accent=True)
    pencil.box(38, 30, 68, 52, 3)
    pencil.path((38, 46), (106, 46))
    pencil.path((62, 30), (62, 46), (82, 46), (82, 30))
    pencil.take(filled=False)
    pencil.path((72, 6), (72, 24))
    pencil.path((66, 18), (72, 24), (78, 18))


def _paper(pencil: _Pencil) -> None:
    pencil.paper(42, 16)


def _several(pencil: _Pencil) -> None:
    for rank, (x, y) in enumerate(((66, 6), (50, 14), (34, 22))):
        pencil.paper(x, y, accent=rank == 2)  # noqa: PLR2004 - the one in front


def _lock(pencil: _Pencil) -> None:
    pencil.take(accent=True, filled=False)
    pencil.arc((56, 8, 36, 48), 0, 180)
    pencil.path((56, 32), (56, 44))
    pencil.path((92, 32), (92, 44))
    pencil.take(accent=True)
    pencil.box(46, 42, 56, 42, 5)
    pencil.ring(74, 59, 4)
    pencil.path((74, 63), (74, 72))


SCENES: dict[Scene, Callable[[_Pencil], None]] = {
    Scene.PLUGGED: _plugged,
    Scene.APART: _apart,
    Scene.REMOTE: _remote,
    Scene.SERVICE: _service,
    Scene.EMPTY: _empty,
    Scene.CARD: _card,
    Scene.DRIVER: _driver,
    Scene.PAPER: _paper,
    Scene.SEVERAL: _several,
    Scene.LOCK: _lock,
}
