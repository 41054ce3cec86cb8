"""The help is read, copied and walked by keyboard; the log and the diagnostic are made only when looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from enn_desktop import __version__
from enn_desktop.qt.help.texts import KEYS
from enn_desktop.qt.help.window import NO_LOG, SECTIONS, HelpWindow
from tests.agenda.made import policy


@pytest.fixture
def window(qtbot: QtBot) -> HelpWindow:
    made = HelpWindow()
    qtbot.addWidget(made)
    made.set_policy(policy())
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def asked(window: HelpWindow) -> list[str]:
    heard: list[str] = []
    window.log_wanted.connect(lambda: heard.append("log"))
    window.diagnostic_wanted.connect(lambda: heard.append("diagnostic"))
    return heard


def said(window: HelpWindow) -> str:
    page = window.tabs.currentWidget()
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def text(window: HelpWindow) -> QPlainTextEdit:
    return window.tabs.currentWidget().findChildren(QPlainTextEdit)[0]


def test_it_opens_on_what_to_do_first_and_asks_for_nothing(window: HelpWindow, asked: list[str]) -> None:
    assert window.tabs.tabText(window.tabs.currentIndex()) == "Prise en main"
    assert asked == []


@pytest.mark.parametrize(("section", "words"), [
    ("beginning", "copie sur ce poste tout ce que Pastell garde"), ("accessibility", "non conforme"),
    ("accessibility", "Support ENN"), ("log", "Ni nom, ni objet"), ("diagnostic", "Aucun nom, aucun objet"),
    ("about", f"enn-desktop {__version__}"), ("about", "Règles en vigueur"),
])  # fmt: skip
def test_each_section_says_its_matter(window: HelpWindow, section: str, words: str) -> None:
    window.open_at(section)
    assert words in said(window)


def test_every_shortcut_is_listed_with_what_it_does(window: HelpWindow) -> None:
    for key, effect in KEYS:
        assert f"{key}\n{effect}" in said(window)


def test_the_log_is_read_again_each_time_it_is_looked_at(window: HelpWindow, asked: list[str]) -> None:
    for section in ("log", "about", "log"):
        window.open_at(section)
    assert asked == ["log", "log"]


def test_the_diagnostic_is_made_once(window: HelpWindow, asked: list[str]) -> None:
    window.open_at("diagnostic")
    assert text(window).toPlainText() == "Préparation…"
    window.show_diagnostic("[Programme]\nversion = 1")
    window.open_at("about")
    window.open_at("diagnostic")
    assert asked == ["diagnostic"]
    assert text(window).toPlainText() == "[Programme]\nversion = 1"


def test_an_empty_log_says_so_and_a_long_one_is_shown_from_its_end(window: HelpWindow) -> None:
    window.open_at("log")
    window.show_log("")
    assert text(window).toPlainText() == NO_LOG
    window.show_log("\n".join(f"ligne {rank}" for rank in range(500)))
    bar = text(window).verticalScrollBar()
    assert bar.value() == bar.maximum() > 0


@pytest.mark.parametrize(("section", "name"), [("log", "Journal"), ("diagnostic", "Diagnostic")])
def test_what_is_shown_is_what_is_copied(window: HelpWindow, section: str, name: str) -> None:
    window.open_at(section)
    window.show_log("une ligne")
    window.show_diagnostic("une ligne")
    button = next(one for one in window.tabs.currentWidget().findChildren(QPushButton) if one.text() == "Copier")
    assert button.accessibleName() == f"Copier\u00a0: {name}"
    button.click()
    assert QGuiApplication.clipboard().text() == "une ligne"


@pytest.mark.parametrize("section", ["log", "diagnostic"])
def test_the_keyboard_is_not_caught_in_a_long_text(window: HelpWindow, section: str, qtbot: QtBot) -> None:
    window.open_at(section)
    window.activateWindow()
    text(window).setFocus()
    qtbot.waitUntil(text(window).hasFocus)
    QTest.keyClick(text(window), Qt.Key.Key_Tab)
    assert not text(window).hasFocus()
    assert text(window).isReadOnly()


def test_escape_closes_it(window: HelpWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_rules_that_name_nobody_leave_no_one_to_call(qtbot: QtBot) -> None:
    window = HelpWindow()
    qtbot.addWidget(window)
    window.set_policy(replace(policy(), contacts=()))
    window.open_at("accessibility")
    assert "non conforme" in said(window)
    assert "(" not in said(window).rsplit("\n", 1)[-1]


def test_every_section_can_be_named(window: HelpWindow) -> None:
    for rank, section in enumerate(SECTIONS):
        window.open_at(section)
        assert window.tabs.currentIndex() == rank
    assert window.tabs.count() == len(SECTIONS)
