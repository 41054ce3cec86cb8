"""A row is one line that says everything, one button, and a way up and down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Act, DossierRef, KeyBadge, TodoRow, TodoSection, Tone
from enn_desktop.qt.pieces import ElidedLabel
from enn_desktop.qt.todo.rows import RowWidget, SectionWidget, about_words, date_words, title_words

ROW = TodoRow(
    DossierRef(Path("documents"), "https://p.fr", "a"), "Commune de Valbrume", "Actes", "DEL_12", "Budget primitif",
    "En erreur", "à compléter", here=False, removable_from=date(2027, 3, 1), days_left=30, tone=Tone.WARN,
    cause="Refusé par la préfecture.", act=Act.FETCH,
)  # fmt: skip


def made(**facts: object) -> TodoRow:
    return replace(ROW, **facts)  # type: ignore[arg-type] # the names are the dataclass's own


@pytest.fixture
def section(qtbot: QtBot) -> SectionWidget:
    widget = SectionWidget("troubled", "À régler", "Refusé ou bloqué.", dated=True)
    qtbot.addWidget(widget)
    widget.resize(870, 400)
    return widget


def filled(section: SectionWidget, number: int, total: int | None = None) -> list[RowWidget]:
    rows = tuple(made(ref=replace(ROW.ref, id_d=str(rank)), title=f"Objet {rank}") for rank in range(number))
    section.show_section(TodoSection(rows, total if total is not None else number), entity=True)
    return section.shown


def role_of(row: RowWidget, text: str) -> object:
    return next(label for label in row.findChildren(QLabel) if label.text() == text).property("role")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "DEL_12 Budget primitif"),
        ({"title": "Budget\n  primitif"}, "DEL_12 Budget primitif"),
        ({"title": "Délibération DEL_12"}, "Délibération DEL_12"),
        ({"number": ""}, "Budget primitif"),
        ({"title": " ", "number": ""}, "sans objet"),
        ({"title": ""}, "DEL_12 sans objet"),
    ],
)
def test_a_dossier_has_its_number_and_its_object_once_each(facts: dict[str, object], expected: str) -> None:
    assert title_words(made(**facts)) == expected


def test_the_town_hall_is_named_only_where_there_are_several() -> None:
    assert about_words(ROW, entity=True) == "Actes · Commune de Valbrume · En erreur"
    assert about_words(ROW, entity=False) == "Actes · En erreur"


@pytest.mark.parametrize(("days", "left"), [(1, "demain"), (2, "dans 2 jours"), (-1, "depuis le 1er mars 2027")])
def test_how_far_a_date_is_is_said_in_words(days: int, left: str) -> None:
    assert date_words(made(days_left=days))[1] == left


def test_a_screen_reader_gets_the_whole_row_at_once(qtbot: QtBot) -> None:
    row = RowWidget()
    qtbot.addWidget(row)
    row.show_row(ROW, entity=False, dated=True)
    assert row.accessibleName() == (
        "DEL_12 Budget primitif, Actes · Commune de Valbrume · En erreur, Refusé par la préfecture., "
        "1er mars 2027 dans 30 jours"
    )


def test_a_cause_is_shown_whole_and_leaves_with_its_dossier(qtbot: QtBot) -> None:
    row = RowWidget()
    qtbot.addWidget(row)
    row.show_row(ROW, entity=False, dated=True)
    row.show()
    assert [one.text() for one in causes(row)] == ["Refusé par la préfecture."]
    row.show_row(made(cause=""), entity=False, dated=True)
    assert causes(row) == []


def causes(row: RowWidget) -> list[QLabel]:
    return [one for one in row.findChildren(QLabel) if one.wordWrap() and one.isVisible()]


@pytest.mark.parametrize("act", list(Act))
def test_the_button_says_what_it_does_and_for_what(qtbot: QtBot, act: Act) -> None:
    row = RowWidget()
    qtbot.addWidget(row)
    row.show_row(made(act=act), entity=False, dated=True)
    assert row.act_button.text() == act.value
    assert row.act_button.accessibleName() == f"{act.value}\u00a0: DEL_12 Budget primitif"
    with qtbot.waitSignal(row.acted) as acted:
        row.act_button.click()
    assert acted.args == [row.row, act]


@pytest.mark.parametrize(
    ("tone", "dated", "role"),
    [(Tone.BAD, True, "bad"), (Tone.WARN, True, "warn"), (Tone.PLAIN, True, ""), (Tone.BAD, False, "muted")],
)
def test_a_date_is_coloured_only_where_it_is_what_matters(qtbot: QtBot, tone: Tone, role: str, *, dated: bool) -> None:
    row = RowWidget()
    qtbot.addWidget(row)
    row.show_row(made(tone=tone), entity=False, dated=dated)
    assert (role_of(row, "1er mars 2027") or "") == role


def test_a_row_that_shows_nothing_yet_asks_for_nothing(qtbot: QtBot) -> None:
    row, heard = RowWidget(), list[object]()
    qtbot.addWidget(row)
    row.opened.connect(heard.append)
    row.acted.connect(lambda *told: heard.append(told))
    QTest.keyClick(row, Qt.Key.Key_Return)
    QTest.mouseDClick(row, Qt.MouseButton.LeftButton)
    row.act_button.click()
    assert heard == []


def test_words_of_the_platform_are_never_taken_for_html(qtbot: QtBot) -> None:
    row = RowWidget()
    qtbot.addWidget(row)
    row.show_row(made(title="<b>gras</b>"), entity=True, dated=True)
    labels = row.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert any("<b>gras</b>" in label.whole() for label in labels if isinstance(label, ElidedLabel))


def test_a_long_object_is_cut_and_whole_in_its_tooltip(qtbot: QtBot) -> None:
    row = RowWidget()
    qtbot.addWidget(row)
    row.resize(700, 50)
    row.show_row(made(title="Très long objet " * 20), entity=True, dated=True)
    row.show()
    title = next(label for label in row.findChildren(ElidedLabel) if label.whole().startswith("DEL_12"))
    assert title.text().endswith("…")
    assert title.toolTip() == title.whole()


def test_the_arrows_go_from_row_to_row(qtbot: QtBot, section: SectionWidget) -> None:
    rows = filled(section, 3)
    section.show()
    section.activateWindow()
    rows[0].setFocus()
    qtbot.waitUntil(rows[0].hasFocus)
    QTest.keyClick(rows[0], Qt.Key.Key_Down)
    assert rows[1].hasFocus()
    QTest.keyClick(rows[1], Qt.Key.Key_Down)
    QTest.keyClick(rows[2], Qt.Key.Key_Up)
    assert rows[1].hasFocus()


def test_a_section_without_anything_is_not_there(section: SectionWidget) -> None:
    filled(section, 2)
    assert not section.isHidden()
    filled(section, 0)
    assert section.isHidden()


def test_a_section_that_shrinks_shows_only_what_is_left(section: SectionWidget) -> None:
    filled(section, 8)
    rows = filled(section, 2)
    assert [row.row.title for row in rows if row.row] == ["Objet 0", "Objet 1"]


@pytest.mark.parametrize(
    ("shown", "total", "text"), [(3, 3, ""), (3, 4, "Voir l’autre"), (3, 1203, "Voir les 1\u202f200 autres")]
)
def test_the_way_to_the_others_is_there_only_if_there_are_others(
    section: SectionWidget, shown: int, total: int, text: str
) -> None:
    filled(section, shown, total)
    links = [one for one in section.findChildren(QPushButton) if one.text().startswith("Voir l") and not one.isHidden()]
    assert [one.text() for one in links] == ([text] if text else [])
    assert all(one.accessibleName().endswith("\u00a0: À régler") for one in links)


def test_the_heading_counts_everything_not_only_what_is_shown(section: SectionWidget) -> None:
    filled(section, 3, 1203)
    names = {label.text(): label.accessibleName() for label in section.findChildren(QLabel)}
    assert names["À régler (1\u202f203)"] == "À régler, 1\u202f203"


def test_a_row_that_needs_the_key_says_how_the_key_is_and_no_other_does(section: SectionWidget) -> None:
    rows = (made(act=Act.SEE_KEY), made(act=Act.OPEN_PASTELL))
    section.show_section(TodoSection(rows, 2), entity=True)
    section.show()
    section.show_key(KeyBadge("clé absente", Tone.PLAIN))
    needing, other = section.shown
    assert role_of(needing, "Clé absente") == "muted"
    assert "clé absente" in needing.accessibleName()
    assert "clé" not in other.accessibleName()
    assert not [one for one in other.findChildren(QLabel) if one.text() and one.isVisible() and "Clé" in one.text()]
    section.show_key(KeyBadge("clé prête", Tone.GOOD))
    assert role_of(needing, "Clé prête") == "good"


def test_a_row_made_later_knows_how_the_key_is(section: SectionWidget) -> None:
    section.show_key(KeyBadge("clé prête", Tone.GOOD))
    section.show_section(TodoSection(tuple(made(act=Act.SEE_KEY) for _ in range(7)), 7), entity=True)
    assert all("clé prête" in one.accessibleName() for one in section.shown)
    section.show_section(TodoSection((made(act=Act.FETCH),), 1), entity=True)
    assert "clé" not in section.shown[0].accessibleName()
