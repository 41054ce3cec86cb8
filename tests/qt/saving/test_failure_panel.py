"""What is missing, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from enn_desktop.qt.saving.failure_panel import FailurePanel
from enn_desktop.qt.saving.tables import FailureTable
from tests.qt import samples_saving as samples

ABSENT, CUT, LIST, GONE = samples.FAILURES


@pytest.fixture
def panel(qtbot: QtBot) -> FailurePanel:
    panel = FailurePanel()
    qtbot.addWidget(panel)
    panel.resize(840, 230)
    panel.show_failures(samples.FAILURES)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


@pytest.fixture
def wanted(panel: FailurePanel) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    panel.retry_wanted.connect(lambda failure: heard.append(("retry", failure)))
    panel.dossier_wanted.connect(lambda ref: heard.append(("dossier", ref)))
    return heard


@pytest.fixture
def choose(panel: FailurePanel) -> Callable[[object], None]:
    return lambda failure: panel.table.selectRow(samples.FAILURES.index(failure))


def test_the_first_row_is_chosen_and_says_what_to_do(panel: FailurePanel) -> None:
    assert panel.chosen == ABSENT
    assert panel.what.text() == f"{ABSENT.message} {ABSENT.advice}"
    assert panel.title.whole().endswith("Commune de Valbrume")


def test_trying_again_and_seeing_the_dossier(panel: FailurePanel, wanted: list[tuple[str, object]]) -> None:
    panel.retry_button.click()
    panel.dossier_button.click()
    assert wanted == [("retry", ABSENT), ("dossier", ABSENT.ref)]


def test_what_left_the_platform_cannot_be_tried_again(
    panel: FailurePanel, choose: Callable[[object], None], wanted: list[tuple[str, object]]
) -> None:
    choose(GONE)
    assert not panel.retry_button.isVisible()
    assert "Ce qui manque ne peut plus être récupéré." in panel.what.text()
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert wanted == [("dossier", GONE.ref)]


def test_a_list_that_could_not_be_read_has_no_dossier_to_show(
    panel: FailurePanel, choose: Callable[[object], None]
) -> None:
    choose(LIST)
    assert not panel.dossier_button.isVisible()
    assert panel.retry_button.isVisible()


def test_arrows_choose_and_enter_tries_again(panel: FailurePanel, wanted: list[tuple[str, object]]) -> None:
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert wanted == [("retry", CUT)]


def test_while_something_goes_on_nothing_is_tried_again(panel: FailurePanel, wanted: list[tuple[str, object]]) -> None:
    panel.show_busy(busy=True)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    panel.retry_button.click()
    assert wanted == []
    panel.show_busy(busy=False)
    panel.retry_button.click()
    assert wanted == [("retry", ABSENT)]


def test_the_row_chosen_stays_chosen_when_another_one_is_solved(
    panel: FailurePanel, choose: Callable[[object], None]
) -> None:
    choose(CUT)
    panel.show_failures((CUT, GONE))
    assert panel.chosen == CUT
    panel.show_failures((GONE,))
    assert panel.chosen == GONE


def test_nothing_missing_is_said(panel: FailurePanel) -> None:
    panel.show_failures(())
    assert not panel.table.isVisible()
    assert panel.chosen is None


def test_what_to_do_is_in_the_table_too_where_there_is_room(panel: FailurePanel) -> None:
    assert panel.table.isColumnHidden(FailureTable.TODO)
    panel.resize(1300, 300)
    assert not panel.table.isColumnHidden(FailureTable.TODO)


def test_the_buttons_name_the_dossier_for_a_screen_reader(panel: FailurePanel) -> None:
    assert panel.retry_button.accessibleName() == f"Réessayer\u00a0: {ABSENT.title}"
