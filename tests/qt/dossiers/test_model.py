"""The list shows what it has, asks once for what it lacks, and colours what matters without words being lost."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester

from enn_desktop.agenda.shelf import FIRST, ShelfAnswer, ShelfQuery, ShelfRow
from enn_desktop.agenda.values import DossierRef, KeyBadge, Tone
from enn_desktop.qt.dossiers.model import (
    COLUMNS,
    COPY,
    DAY,
    FILES,
    KEPT_PAGES,
    LIMIT,
    NUMBER,
    SIZE,
    TITLE,
    WAITING,
    WORD,
    DossierTable,
    limit_words,
)
from enn_desktop.qt.look import LIGHT

DISPLAY = Qt.ItemDataRole.DisplayRole
Asked = list[tuple[int, ...]]


def made(key: int, **facts: object) -> ShelfRow:
    row = ShelfRow(
        DossierRef(Path("documents"), "https://p.fr", str(key)), "Valbrume", "Actes", f"DEL_{key}", f"Objet {key}",
        "Signé", "complète", here=True, complete=True, gone=False, day=date(2026, 3, 1),
        removable_from=date(2026, 11, 28), days_left=12, files=3, size=1500, tone=Tone.GOOD,
    )  # fmt: skip
    return replace(row, **facts)  # type: ignore[arg-type] # the names are the dataclass's own


def answer(number: int) -> ShelfAnswer:
    keys = array("q", range(1000, 1000 + number))
    return ShelfAnswer(ShelfQuery(), keys, tuple(made(key) for key in keys[:FIRST]))


@pytest.fixture
def table() -> DossierTable:
    return DossierTable(lambda: LIGHT)


@pytest.fixture
def asked(table: DossierTable) -> Asked:
    pages: Asked = []
    table.page_wanted.connect(pages.append)
    return pages


def shown(table: DossierTable, row: int, column: int = TITLE, role: Qt.ItemDataRole = DISPLAY) -> object:
    return table.index(row, column).data(role)


def test_it_is_a_sound_model_while_answers_and_pages_come(table: DossierTable, qtmodeltester: ModelTester) -> None:
    check: Callable[[DossierTable], None] = qtmodeltester.check
    table.page_wanted.connect(lambda keys: table.take_rows(keys, [made(key) for key in keys]))
    check(table)
    table.set_answer(answer(250))
    check(table)
    table.set_answer(answer(3))
    check(table)


def test_what_came_with_the_answer_is_shown_without_a_question(table: DossierTable, asked: Asked) -> None:
    table.set_answer(answer(250))
    assert [shown(table, row) for row in (0, FIRST - 1)] == ["Objet 1000", f"Objet {1000 + FIRST - 1}"]
    assert asked == []


def test_a_page_is_asked_for_once_and_shown_when_it_comes(table: DossierTable, asked: Asked) -> None:
    table.set_answer(answer(250))
    assert [shown(table, row) for row in (FIRST, FIRST + 1, FIRST)] == [WAITING] * 3
    assert asked == [tuple(range(1000 + FIRST, 1000 + 2 * FIRST))]
    changed: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda first, last, _roles=None: changed.append((first.row(), last.row())))
    table.take_rows(asked[0], [made(key) for key in asked[0]])
    assert changed == [(FIRST, 2 * FIRST - 1)]
    assert shown(table, FIRST) == f"Objet {1000 + FIRST}"
    assert len(asked) == 1


def test_the_last_page_is_as_short_as_it_is(table: DossierTable, asked: Asked) -> None:
    table.set_answer(answer(2 * FIRST + 1))
    shown(table, 2 * FIRST)
    assert asked == [(1000 + 2 * FIRST,)]


def test_a_page_of_a_former_answer_is_dropped(table: DossierTable, asked: Asked) -> None:
    table.set_answer(answer(250))
    shown(table, FIRST)
    late = asked[0]
    table.set_answer(answer(FIRST + 20))
    table.take_rows(late, [made(key, title="périmé") for key in late])
    assert shown(table, FIRST) == WAITING


def test_no_more_pages_are_kept_than_the_memory_is_allowed(table: DossierTable) -> None:
    table.page_wanted.connect(lambda keys: table.take_rows(keys, [made(key) for key in keys]))
    table.set_answer(answer((KEPT_PAGES + 5) * FIRST))
    for page in range(KEPT_PAGES + 5):
        assert shown(table, page * FIRST) is not None
        assert len(table._pages) <= KEPT_PAGES + 1
    assert shown(table, 0) == "Objet 1000"


def test_a_key_is_found_in_the_list_or_not_at_all(table: DossierTable) -> None:
    table.set_answer(answer(250))
    assert [table.place_of(key) for key in (1000, 1249, 1250)] == [0, 249, -1]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "28/11/2026 (dans 12 jours)"),
        ({"days_left": 1}, "28/11/2026 (demain)"),
        ({"days_left": 0}, "déjà possible (28/11/2026)"),
        ({"days_left": -40}, "déjà possible (28/11/2026)"),
        ({"gone": True}, "n’y est plus"),
        ({"removable_from": None, "days_left": None}, "sans date"),
    ],
)
def test_when_it_may_be_deleted_is_said_in_words(facts: dict[str, object], expected: str) -> None:
    assert limit_words(made(1, **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "28/11/2026 (12\u00a0j)"),
        ({"days_left": 1095}, "28/11/2026 (1\u202f095\u00a0j)"),
        ({"days_left": -40}, "depuis le 28/11/2026"),
    ],
)
def test_a_narrow_column_says_it_shorter(table: DossierTable, facts: dict[str, object], expected: str) -> None:
    table.set_answer(ShelfAnswer(ShelfQuery(), array("q", [1]), (made(1, **facts),)))
    assert shown(table, 0, LIMIT) == expected


def test_what_is_not_known_leaves_its_cell_empty(table: DossierTable) -> None:
    bare = made(1, title="", day=None, files=0, size=0)
    table.set_answer(ShelfAnswer(ShelfQuery(), array("q", [1]), (bare,)))
    assert [shown(table, 0, column) for column in (TITLE, DAY, FILES, SIZE)] == ["sans objet", "", "0", ""]


def test_numbers_are_on_the_right_and_words_are_not(table: DossierTable) -> None:
    table.set_answer(answer(1))
    role = Qt.ItemDataRole.TextAlignmentRole
    assert [bool(shown(table, 0, column, role)) for column in (FILES, SIZE, TITLE, NUMBER)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("facts", "coloured"),
    [
        ({}, {COPY: LIGHT.good}),
        ({"here": False, "complete": False, "tone": Tone.BAD}, {COPY: LIGHT.bad, LIMIT: LIGHT.bad}),
        ({"complete": False, "tone": Tone.PLAIN}, {}),
        ({"gone": True, "here": False, "complete": False, "tone": Tone.WARN}, {COPY: LIGHT.warn}),
    ],
)
def test_only_what_matters_is_coloured(table: DossierTable, facts: dict[str, object], coloured: dict[int, str]) -> None:
    table.set_answer(ShelfAnswer(ShelfQuery(), array("q", [1]), (made(1, **facts),)))
    found = {column: shown(table, 0, column, Qt.ItemDataRole.ForegroundRole) for column in range(len(COLUMNS))}
    assert {column: colour for column, colour in found.items() if colour is not None} == {
        column: QColor(colour) for column, colour in coloured.items()
    }


def test_a_screen_reader_gets_the_whole_dossier_from_any_cell(table: DossierTable) -> None:
    table.set_answer(answer(1))
    assert shown(table, 0, SIZE, Qt.ItemDataRole.AccessibleTextRole) == (
        "Actes, DEL_1000, Objet 1000, Signé, copie\u00a0: complète, 28/11/2026 (dans 12 jours)"
    )


def test_the_columns_have_names_and_rows_have_none(table: DossierTable) -> None:
    names = [table.headerData(rank, Qt.Orientation.Horizontal) for rank in range(len(COLUMNS))]
    assert names == [column.name for column in COLUMNS]
    assert all(isinstance(name, str) and name.strip() for name in names)
    assert table.headerData(0, Qt.Orientation.Vertical) is None


def test_the_situation_of_a_dossier_that_needs_the_key_says_how_the_key_is(table: DossierTable) -> None:
    table.set_answer(ShelfAnswer(ShelfQuery(), array("q", (1, 2)), (made(1, needs_key=True), made(2))))
    changed: list[int] = []
    table.dataChanged.connect(lambda first, _last: changed.append(first.column()))
    table.show_key(KeyBadge("clé absente", Tone.PLAIN))
    assert [table.index(row, WORD).data(DISPLAY) for row in (0, 1)] == ["Signé (clé absente)", "Signé"]
    assert changed == [WORD]
    assert "clé absente" in table.index(0, WORD).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "clé absente" in table.index(0, WORD).data(Qt.ItemDataRole.ToolTipRole)
