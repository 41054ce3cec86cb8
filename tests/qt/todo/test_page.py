"""The first screen answers at once, and every row has one thing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.health import Headline
from enn_desktop.agenda.values import (
    Act,
    Activity,
    Doing,
    DossierRef,
    Outlook,
    TodoRow,
    TodoSection,
    Tone,
    WeekAhead,
)
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.qt.todo.page import TodoPage
from enn_desktop.qt.todo.rows import RowWidget, date_words
from enn_desktop.qt.todo.timeline import Timeline, week_sentence

TODAY = date(2026, 11, 16)
CALM = Headline("Tout est sur ce poste.", "52 dossiers ici.", Tone.GOOD)
RISK = Headline("3 dossiers ne sont pas encore sur ce poste.", "Le premier…", Tone.BAD)
WEEKS = (
    WeekAhead(TODAY, TODAY, 1, 1),
    *(
        WeekAhead(TODAY + timedelta(days=1 + 7 * rank), TODAY + timedelta(days=7 + 7 * rank), rank, rank % 2)
        for rank in range(12)
    ),
)


def row(id_d: str, **facts: object) -> TodoRow:
    made = TodoRow(
        DossierRef(Path("documents"), "https://p.fr", id_d), "Commune de Valbrume", "Documents à signer", "",
        f"Convention {id_d}", "Signé", "à compléter", here=False, removable_from=TODAY + timedelta(days=12),
        days_left=12, tone=Tone.WARN, cause="", act=Act.FETCH,
    )  # fmt: skip
    return replace(made, **facts)  # type: ignore[arg-type] # the names are the dataclass's own


def outlook(rows: int = 3, total: int | None = None) -> Outlook:
    section = TodoSection(tuple(row(str(rank)) for rank in range(rows)), total if total is not None else rows)
    return Outlook(today=TODAY, at_risk=section, weeks=WEEKS, known=40, here=37, away=3)


@pytest.fixture
def page(qtbot: QtBot) -> TodoPage:
    made = TodoPage()
    qtbot.addWidget(made)
    made.resize(870, 400)
    made.show()
    return made


def shown_rows(page: TodoPage) -> list[RowWidget]:
    return page.sections["at_risk"].shown


def test_before_anything_is_known_nothing_is_claimed(page: TodoPage) -> None:
    assert page.card.isHidden()
    assert all(section.isHidden() for section in page.sections.values())


def test_the_answer_comes_first_with_its_one_button(qtbot: QtBot, page: TodoPage) -> None:
    page.show_outlook(outlook(), RISK)
    assert page.card.accessibleName().startswith("3 dossiers")
    button = page.card.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(page.fetch_wanted):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_an_account_the_button_leads_to_one(qtbot: QtBot, page: TodoPage) -> None:
    page.show_outlook(Outlook(today=TODAY), Headline("Aucun compte.", "", Tone.PLAIN, "Ajouter un compte", True))  # noqa: FBT003
    button = page.card.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(page.account_wanted):
        button.click()


def test_a_healthy_week_shows_one_calm_sentence_and_no_row(page: TodoPage) -> None:
    page.show_outlook(Outlook(today=TODAY, weeks=WEEKS, known=52, here=52), CALM)
    assert all(section.isHidden() for section in page.sections.values())
    assert not page.card.isHidden()


@pytest.mark.parametrize(
    ("doing", "words"),
    [
        (Doing.FETCHING, "Récupération en cours."), (Doing.PAUSED, "En pause."), (Doing.STOPPING, "Arrêt en cours…"),
        (Doing.VERIFYING, "Vérification en cours"),
    ],
)  # fmt: skip
def test_while_the_engine_works_the_answer_says_how_it_goes(
    qtbot: QtBot, page: TodoPage, doing: Doing, words: str
) -> None:
    page.show_outlook(outlook(), RISK)
    page.show_activity(Activity(doing, ProgressState(Stage.FETCHING, dossiers_done=3, dossiers_total=40)))
    assert page.card.accessibleName().startswith(words)
    button = page.card.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(page.progress_wanted):
        button.click()
    page.show_activity(Activity())
    assert page.card.accessibleName().startswith("3 dossiers")


def test_a_row_has_one_button_that_says_for_what(qtbot: QtBot, page: TodoPage) -> None:
    page.show_outlook(outlook(), RISK)
    widget = shown_rows(page)[1]
    assert widget.act_button.accessibleName() == "Récupérer\u00a0: Convention 1"
    with qtbot.waitSignal(page.row_acted) as acted:
        widget.act_button.click()
    assert acted.args is not None
    assert (acted.args[0].ref.id_d, acted.args[1]) == ("1", Act.FETCH)


def test_enter_and_a_double_click_show_the_dossier(qtbot: QtBot, page: TodoPage) -> None:
    page.show_outlook(outlook(), RISK)
    opened: list[TodoRow] = []
    page.row_opened.connect(opened.append)
    QTest.keyClick(shown_rows(page)[2], Qt.Key.Key_Return)
    QTest.mouseDClick(shown_rows(page)[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(opened) == 2)
    assert [one.ref.id_d for one in opened] == ["2", "1"]


def test_the_others_are_one_click_away(qtbot: QtBot, page: TodoPage) -> None:
    page.show_outlook(outlook(8, 50), RISK)
    more = next(one for one in page.sections["at_risk"].findChildren(QPushButton) if one.text() == "Voir les 42 autres")
    with qtbot.waitSignal(page.all_wanted) as wanted:
        more.click()
    assert wanted.args == ["at_risk"]


def test_a_refresh_keeps_the_focus_where_it_was(page: TodoPage, qtbot: QtBot) -> None:
    page.show_outlook(outlook(), RISK)
    page.activateWindow()
    shown_rows(page)[1].setFocus()
    qtbot.waitUntil(shown_rows(page)[1].hasFocus)
    page.show_outlook(outlook(), RISK)
    assert shown_rows(page)[1].hasFocus()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("28 novembre 2026", "dans 12 jours")),
        ({"removable_from": date(2027, 3, 1), "days_left": 105}, ("1er mars 2027", "dans 105 jours")),
        ({"removable_from": TODAY, "days_left": 0}, ("déjà possible", "aujourd’hui")),
        ({"removable_from": date(2026, 11, 2), "days_left": -14}, ("déjà possible", "depuis le 2 novembre 2026")),
        ({"removable_from": None, "days_left": None}, ("sans date", "")),
    ],
)
def test_a_date_is_said_with_how_far_it_is(facts: dict[str, object], expected: tuple[str, str]) -> None:
    assert date_words(row("a", **facts)) == expected


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(800, 100)
    made.show_weeks(WEEKS)
    made.show()
    return made


def test_the_weeks_are_walked_by_keyboard_and_enter_shows_one(qtbot: QtBot, timeline: Timeline) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Right):
        QTest.keyClick(timeline, key)
    assert timeline.current == len(WEEKS) - 1
    QTest.keyClick(timeline, Qt.Key.Key_Home)
    with qtbot.waitSignal(timeline.week_wanted) as wanted:
        QTest.keyClick(timeline, Qt.Key.Key_Return)
    assert wanted.args == [WEEKS[0]]


def test_what_is_drawn_is_said_in_words_too(timeline: Timeline) -> None:
    assert "Dès maintenant\u00a0: 2 dossiers peuvent disparaître" in timeline.accessibleDescription()
    assert week_sentence(WEEKS[4], first=False) == (
        "Semaine du 8 décembre 2026\u00a0: 4 dossiers peuvent disparaître de la plateforme, "
        "dont 1 pas encore sur ce poste."
    )
    one = WeekAhead(TODAY, TODAY, 1, 0)
    assert week_sentence(one, first=True).endswith("1 dossier peut disparaître de la plateforme, il est sur ce poste.")


def test_the_alarming_colour_is_there_only_when_something_is_away(timeline: Timeline) -> None:
    def alarming() -> int:
        image = timeline.grab().toImage()
        places = ((x, y) for x in range(image.width()) for y in range(0, image.height(), 3))
        return sum(image.pixelColor(x, y).red() > 120 > image.pixelColor(x, y).green() for x, y in places)

    assert alarming() > 20
    timeline.show_weeks([replace(week, away=0) for week in WEEKS])
    assert alarming() == 0
