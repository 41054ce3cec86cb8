"""Each choice narrows the question, what is offered follows what there is, and « effacer » leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.shelf import Facets, ShelfQuery, SortBy
from enn_desktop.agenda.values import WeekAhead
from enn_desktop.qt.dossiers.filters import Filters

FACETS = Facets(
    entities=(("Valbrume", 1200), ("CCAS", 3)),
    families=(("Actes", 900), ("Helios", 303)),
    years=((2026, 700), (2025, 503)),
    words=(("Signé", 1000), ("Refusé", 203)),
    copies=(("complète", 1200), ("à compléter", 3)),
    total=1203,
)
TODAY = WeekAhead(date(2026, 11, 16), date(2026, 11, 16), 0, 1)
LATER = WeekAhead(date(2026, 11, 17), date(2026, 11, 23), 2, 1)


@pytest.fixture
def filters(qtbot: QtBot) -> Iterator[Filters]:
    made, place = Filters(), QWidget()
    qtbot.addWidget(place)
    place.setLayout(made.laid_out(QPushButton("Effacer")))
    made.show_facets(FACETS)
    place.show()
    yield made
    place.close()


@pytest.fixture
def changes(filters: Filters) -> list[bool]:
    heard: list[bool] = []
    filters.changed.connect(lambda: heard.append(True))
    return heard


def choose(combo: QComboBox, value: str) -> None:
    assert combo.findData(value) > 0
    combo.setCurrentIndex(combo.findData(value))


def asked(filters: Filters) -> ShelfQuery:
    return filters.asked("", SortBy.LIMIT, descending=False)


def test_without_any_choice_nothing_is_asked(filters: Filters) -> None:
    assert asked(filters) == ShelfQuery()


def test_what_is_typed_and_the_sort_are_in_the_question(filters: Filters) -> None:
    assert filters.asked("del 12", SortBy.TITLE, descending=True) == ShelfQuery(
        words="del 12", sort=SortBy.TITLE, descending=True
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("entity", "CCAS", ShelfQuery(entity="CCAS")),
        ("family", "Helios", ShelfQuery(family="Helios")),
        ("year", "2025", ShelfQuery(year=2025)),
        ("word", "Refusé", ShelfQuery(word="Refusé")),
        ("copy", "à compléter", ShelfQuery(copy="à compléter")),
        ("section", "U", ShelfQuery(section="U")),
    ],
)
def test_each_choice_is_told_and_is_in_the_question(
    filters: Filters, changes: list[bool], name: str, value: str, expected: ShelfQuery
) -> None:
    choose(getattr(filters, name), value)
    assert asked(filters) == expected
    assert changes == [True]


def test_every_choice_says_how_many_there_are(filters: Filters) -> None:
    assert [filters.entity.itemText(rank) for rank in range(3)] == ["Communes", "Valbrume (1\u202f200)", "CCAS (3)"]


def test_a_choice_stays_through_a_refresh_without_being_told_again(filters: Filters, changes: list[bool]) -> None:
    choose(filters.family, "Helios")
    filters.show_facets(Facets(families=(("Helios", 304), ("Mail", 1), ("Actes", 900))))
    assert filters.family.currentText() == "Helios (304)"
    assert changes == [True]


def test_a_choice_that_is_no_longer_there_is_left_open(filters: Filters) -> None:
    choose(filters.family, "Helios")
    filters.show_facets(Facets(families=(("Actes", 900),)))
    assert asked(filters) == ShelfQuery()


def test_a_single_town_hall_is_not_a_choice(filters: Filters) -> None:
    assert filters.entity.isVisible()
    filters.show_facets(Facets(entities=(("Valbrume", 1200),)))
    assert not filters.entity.isVisible()


def test_a_section_of_the_first_screen_is_the_only_choice_left(filters: Filters, changes: list[bool]) -> None:
    choose(filters.family, "Helios")
    changes.clear()
    filters.preset("R", None)
    assert asked(filters) == ShelfQuery(section="R")
    assert changes == []


@pytest.mark.parametrize(("week", "since", "until"), [(TODAY, None, TODAY.last), (LATER, LATER.first, LATER.last)])
def test_a_week_bounds_the_dates_and_the_first_one_holds_the_past_too(
    filters: Filters, week: WeekAhead, since: date | None, until: date
) -> None:
    filters.preset("", week)
    assert asked(filters) == ShelfQuery(since=since, until=until)


def test_clearing_leaves_every_choice_and_the_week_open(filters: Filters) -> None:
    filters.preset("R", LATER)
    choose(filters.year, "2025")
    filters.clear()
    assert asked(filters) == ShelfQuery()


def test_every_choice_has_a_name_for_a_screen_reader(filters: Filters) -> None:
    names = [combo.accessibleName() for combo in filters._all()]
    assert all(names)
    assert len(set(names)) == len(names)
