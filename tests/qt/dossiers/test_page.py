"""Every dossier ever seen is found as she types, by keyboard, and shown with what its copy is worth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import DossierRef, WeekAhead
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.librarian import Librarian
from enn_desktop.qt.dossiers.model import COLUMNS, ENTITY, FAMILY, LIMIT, NUMBER, TITLE, WAITING
from enn_desktop.qt.dossiers.page import DossiersPage
from enn_desktop.qt.office import Office
from enn_desktop.system.paths import profile_paths
from tests.agenda.made import SERVER
from tests.qt.dossiers.conftest import MADE

DISPLAY = Qt.ItemDataRole.DisplayRole


def titles(page: DossiersPage) -> list[object]:
    return [page.model.index(row, TITLE).data(DISPLAY) for row in range(min(5, page.model.rowCount()))]


def typed(qtbot: QtBot, page: DossiersPage, text: str, found: int) -> None:
    QTest.keyClicks(page.search, text)
    qtbot.waitUntil(lambda: page.model.rowCount() == found)


def test_the_table_is_a_sound_model_even_while_its_pages_come(page: DossiersPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.model)  # type: ignore[no-untyped-call] # the library's own has no types


def test_everything_is_there_the_most_pressing_first(page: DossiersPage) -> None:
    assert page.model.rowCount() == len(MADE)
    assert str(page.model.index(0, LIMIT).data(DISPLAY)).startswith("depuis le ")
    assert page.model.index(page.model.rowCount() - 1, LIMIT).data(DISPLAY) in {WAITING, "n’y est plus"}


def test_a_page_that_is_far_down_comes_when_it_is_looked_at(qtbot: QtBot, page: DossiersPage) -> None:
    last = page.model.rowCount() - 1
    assert page.model.index(last, TITLE).data(DISPLAY) == WAITING
    qtbot.waitUntil(lambda: page.model.index(last, TITLE).data(DISPLAY) != WAITING)
    assert page.model.index(last, LIMIT).data(DISPLAY) == "n’y est plus"


@pytest.mark.parametrize(("text", "found"), [("elagage", 1), ("DEL_10", 1), ("mandat 23", 13), ("BUDGET", 1)])
def test_it_is_found_as_she_types(qtbot: QtBot, page: DossiersPage, text: str, found: int) -> None:
    typed(qtbot, page, text, found)


def test_nothing_found_is_said_with_the_way_back(qtbot: QtBot, page: DossiersPage) -> None:
    typed(qtbot, page, "introuvable", 0)
    assert "« introuvable »".replace(" ", "\u00a0") in page._nothing.text()
    page._clear.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == len(MADE))
    assert not page.search.text()


def test_a_click_on_a_column_sorts_and_a_second_one_turns_round(qtbot: QtBot, page: DossiersPage) -> None:
    typed(qtbot, page, "del_", 2)
    header = page.table.horizontalHeader()
    header.sectionClicked.emit(NUMBER)
    qtbot.waitUntil(lambda: titles(page) == ["Budget primitif", "Élagage des platanes"])
    header.sectionClicked.emit(NUMBER)
    qtbot.waitUntil(lambda: titles(page) == ["Élagage des platanes", "Budget primitif"])


def test_a_filter_keeps_one_flow_and_stays_through_a_refresh(qtbot: QtBot, page: DossiersPage) -> None:
    page.filters.family.setCurrentIndex(page.filters.family.findData("Actes"))
    qtbot.waitUntil(lambda: page.model.rowCount() == 2)
    page.refresh()
    qtbot.waitUntil(lambda: page.filters.family.currentData() == "Actes" and page.model.rowCount() == 2)


def test_a_section_and_a_week_of_the_first_screen_are_shown_as_they_are(qtbot: QtBot, page: DossiersPage) -> None:
    page.show_preset("at_risk")
    qtbot.waitUntil(lambda: titles(page) == ["Contrat"])
    page.show_preset("week", WeekAhead(date(2026, 3, 13), date(2026, 3, 19), 0, 1))
    qtbot.waitUntil(lambda: "Contrat" in titles(page) and page.model.rowCount() < 20)


def test_one_dossier_is_shown_and_chosen_in_the_whole_list(qtbot: QtBot, page: DossiersPage, office: Office) -> None:
    typed(qtbot, page, "budget", 1)
    page.show_dossier(DossierRef(office.roots[0], SERVER, "b"))
    qtbot.waitUntil(lambda: page.panel._title.text() == "DEL_10 Élagage des platanes")
    qtbot.waitUntil(lambda: page.table.currentIndex().siblingAtColumn(TITLE).data(DISPLAY) == "Élagage des platanes")
    assert page.model.rowCount() == len(MADE)


def test_the_answer_to_an_older_question_does_not_take_the_place_of_the_dossier_wanted(
    qtbot: QtBot, page: DossiersPage, office: Office
) -> None:
    typed(qtbot, page, "budget", 1)
    root = office.roots[0]
    page.show_dossier(DossierRef(root, SERVER, "b"))
    page._librarian.found.emit(DossierRef(root, SERVER, "a"), 1)
    qtbot.waitUntil(lambda: page.table.currentIndex().siblingAtColumn(TITLE).data(DISPLAY) == "Élagage des platanes")


def test_the_keyboard_goes_to_the_search_and_back_to_the_list(qtbot: QtBot, page: DossiersPage) -> None:
    page.activateWindow()
    page.table.setFocus()
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.search.hasFocus)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.table.hasFocus)


def test_the_columns_chosen_are_there_again_next_time(
    page: DossiersPage, bridge: Bridge, office: Office, memory: QSettings, qtbot: QtBot
) -> None:
    menu = {action.text(): action for action in page._columns.menu().actions()}
    menu[COLUMNS[FAMILY].name].trigger()
    menu[COLUMNS[ENTITY].name].trigger()
    again = DossiersPage(bridge, Librarian(bridge, office), memory)
    qtbot.addWidget(again)
    assert again.table.isColumnHidden(FAMILY)
    assert not again.table.isColumnHidden(ENTITY)


def test_on_a_small_screen_the_list_and_the_panel_take_turns(qtbot: QtBot, page: DossiersPage) -> None:
    page.resize(870, 400)
    assert page.panel.isHidden()
    page.table.selectRow(0)
    page.table.setFocus()
    page.table.activated.emit(page.table.currentIndex())
    qtbot.waitUntil(page.panel.isVisible)
    assert page._left.isHidden()
    page.panel._back.click()
    assert page._left.isVisible()


def test_an_empty_profile_says_so_and_offers_to_begin(
    qtbot: QtBot, bridge: Bridge, tmp_path: Path, memory: QSettings
) -> None:
    page = DossiersPage(bridge, Librarian(bridge, Office(profile_paths(tmp_path / "neuf"))), memory)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page._fetch.isVisible)
    with qtbot.waitSignal(page.fetch_wanted):
        page._fetch.click()
