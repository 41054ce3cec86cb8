"""Pages as they are worn: light or dark, letters once or twice as large, on the smallest screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLayout, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.qt.look import Look, own_font

Shown = Callable[[QWidget], QWidget]
SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
WIDTH, HEIGHT, SCREEN_HEIGHT = 870, 400, 480
"""Logical pixels: a page of the window on 1366 × 768 at 150 %; a dialog has the whole screen."""


@pytest.fixture
def dress(qapp: QApplication) -> Iterator[Callable[[str, float], Look]]:
    """Dress the application for the time of a test."""
    font, palette, sheet = qapp.font(), qapp.palette(), qapp.styleSheet()

    def worn(mode: str, scale: float = 1.0) -> Look:
        larger = own_font()
        larger.setPointSizeF(larger.pointSizeF() * scale)
        qapp.setFont(larger)
        look = Look(qapp)
        look.dress(SCHEMES[mode])
        return look

    yield worn
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def held(page: QWidget) -> QWidget:
    """Return a window that gives a page the room there is, however much the page would like."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    layout.addWidget(page)
    return window


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """Show a page at the smallest size it must live with."""

    def show(page: QWidget) -> QWidget:
        window = page if isinstance(page, QDialog | QMainWindow) else held(page)
        qtbot.addWidget(window)
        window.resize(WIDTH, SCREEN_HEIGHT if isinstance(page, QDialog) else HEIGHT)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        # What a page does once it is shown (layouts, a timer of no time) belongs to how it stands.
        QApplication.processEvents()
        QApplication.processEvents()
        return window

    return show
