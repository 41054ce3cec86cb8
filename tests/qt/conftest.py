"""The window's tests run without a screen; Qt must be told before it is loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(autouse=True)
def clean_window(qapp: object) -> Iterator[None]:
    """Dress the application as the program does, in light; leave no window behind."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication

    from enn_desktop.qt.look import Look

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    assert application is qapp
    font = QFont("Open Sans")
    font.setPointSizeF(10)
    application.setFont(font)
    Look(application).dress(Qt.ColorScheme.Light)
    yield
    for widget in application.topLevelWidgets():
        widget.hide()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
