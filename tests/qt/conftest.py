"""The window's tests: no screen, one look, one font, French; Qt's complaints fail the test, no window stays open."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from enn_desktop.qt.interpreter import Interpreter

for _name in [name for name in os.environ if name.startswith(("QT_", "QML"))]:
    # How a developer's own desktop would change sizes and styles.
    del os.environ[_name]
# Before Qt chooses where to draw.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
FONT, POINTS = "Open Sans", 10.0
"""Where this font lacks (installer/screen.py installs it for the tests), Qt takes its neighbour."""


@pytest.fixture(scope="session")
def interpreter(qapp: QApplication) -> Interpreter:
    """Have no window ended in another thread, as the program does; tests/conftest.py sees to it after each test."""
    from enn_desktop.qt.interpreter import Interpreter

    return Interpreter(qapp)


@pytest.fixture(autouse=True)
def clean_window(interpreter: Interpreter, qapp: QApplication, pytestconfig: pytest.Config) -> Iterator[None]:
    """Dress the application as the program does, in light and in French; end every window afterwards.

    A window that a test left in sight fails it (pytest-qt closes those given to ``qtbot.addWidget``), and so does what
    Qt complains of while windows end: pytest-qt listens until the end of the test only.
    """
    from PySide6.QtCore import QLocale, Qt
    from PySide6.QtGui import QFont

    from enn_desktop.qt.look import Look

    assert interpreter.parent() is qapp
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    font = QFont(FONT)
    font.setPointSizeF(POINTS)
    qapp.setFont(font)
    Look(qapp).dress(Qt.ColorScheme.Light)
    yield
    complaints: list[str] = []
    with _heard(complaints, pytestconfig.getini("qt_log_ignore")):
        _end_what_waits_for_it()
        left = [f"{type(one).__name__} « {one.windowTitle()} »" for one in qapp.topLevelWidgets() if one.isVisible()]
        for widget in qapp.topLevelWidgets():
            widget.hide()
            widget.deleteLater()
        _end_what_waits_for_it()
    if left:
        pytest.fail(f"This test left in sight: {', '.join(left)}.")
    if complaints:
        pytest.fail(f"Qt complained when the windows ended: {'; '.join(complaints)}")


def _end_what_waits_for_it() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@contextmanager
def _heard(complaints: list[str], ignored: list[str]) -> Iterator[None]:
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def hear(kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
        quiet = kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}
        if not quiet and not any(re.search(pattern, message) for pattern in ignored):
            complaints.append(message)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
