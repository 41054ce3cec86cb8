"""An error is said once, in her words, with whom to call; never while the window is hidden."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.core.errors import AuthenticationRefused, EnnError, ServerUnreachable
from enn_desktop.qt.error_box import ErrorBox, ErrorShower
from enn_desktop.qt.help.window import SECTIONS, HelpWindow
from tests.agenda.made import policy

ERROR = ServerUnreachable(detail="ConnectError: 111")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def boxes(window: QWidget) -> list[ErrorBox]:
    return [box for box in window.findChildren(ErrorBox) if box.isVisible()]


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_it_says_what_happened_what_to_do_and_whom_to_call(qtbot: QtBot) -> None:
    box = ErrorBox(ERROR, policy().contact("enn"))
    qtbot.addWidget(box)
    for part in (ERROR.title, ERROR.message, ERROR.advice, "Support ENN"):
        assert part in said(box)
    assert ERROR.detail not in said(box)


def test_the_detail_is_copied_with_its_code_and_the_version(qtbot: QtBot) -> None:
    box = ErrorBox(ERROR, None)
    qtbot.addWidget(box)
    next(one for one in box.findChildren(QPushButton) if one.text() == "Copier le détail").click()
    copied = QGuiApplication.clipboard().text()
    assert "[injoignable]" in copied
    assert "ConnectError: 111" in copied


def test_the_same_error_is_not_shown_twice_at_once(window: QWidget) -> None:
    shower = ErrorShower(window, policy)
    window.show()
    for error in (ERROR, ServerUnreachable(), AuthenticationRefused()):
        shower.show_error(error)
    assert len(boxes(window)) == 2


def test_nothing_pops_up_while_the_window_is_hidden_and_it_is_said_when_it_comes_back(window: QWidget) -> None:
    shower = ErrorShower(window, policy)
    shower.show_error(ERROR)
    assert boxes(window) == []
    window.show()
    shower.window_came_back()
    assert [box.windowTitle() for box in boxes(window)] == [ERROR.title]


def test_words_of_the_server_are_never_taken_for_html(qtbot: QtBot) -> None:
    box = ErrorBox(EnnError("<b>gras</b><img src=x>"), None)
    qtbot.addWidget(box)
    assert "<b>gras</b>" in said(box)


def test_the_help_declares_itself_not_conformant_and_asks_for_what_it_shows(qtbot: QtBot) -> None:
    window = HelpWindow()
    qtbot.addWidget(window)
    window.set_policy(policy())
    assert "non conforme" in said(window)
    with qtbot.waitSignal(window.log_wanted):
        window.open_at("log")
    with qtbot.waitSignal(window.diagnostic_wanted):
        window.open_at("diagnostic")
    window.show_log("")
    window.show_diagnostic("[Programme]")
    assert len(SECTIONS) == window.tabs.count()
