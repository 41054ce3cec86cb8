"""The weeks ahead are drawn, said, walked and clicked; what is away never hides in a colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import WeekAhead
from enn_desktop.qt.look import DARK, LIGHT, Colours, Look
from enn_desktop.qt.todo.timeline import Timeline, week_sentence

TODAY = date(2027, 3, 1)
WEEKS = tuple(
    WeekAhead(TODAY + timedelta(days=7 * rank), TODAY + timedelta(days=7 * rank + 6), rank % 4, int(rank in {0, 5}))
    for rank in range(13)
)
CALM = tuple(replace(week, away=0) for week in WEEKS)


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(780, 96)
    made.show_weeks(WEEKS)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def wanted(timeline: Timeline) -> list[WeekAhead]:
    weeks: list[WeekAhead] = []
    timeline.week_wanted.connect(weeks.append)
    return weeks


@pytest.fixture
def dark() -> Iterator[None]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    Look(application).dress(Qt.ColorScheme.Dark)
    yield
    Look(application).dress(Qt.ColorScheme.Light)


def painted(timeline: Timeline, colour: str) -> int:
    image = timeline.grab().toImage()
    wanted = QColor(colour)
    return sum(image.pixelColor(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def reddish(timeline: Timeline) -> int:
    image = timeline.grab().toImage()
    points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(point.red() - point.green() > 10 for point in points)


@pytest.mark.parametrize(
    ("here", "away", "end"),
    [
        (0, 0, "aucun dossier ne peut disparaître de la plateforme."),
        (1, 0, "1 dossier peut disparaître de la plateforme, il est sur ce poste."),
        (3, 0, "3 dossiers peuvent disparaître de la plateforme, tous sont sur ce poste."),
        (1, 1, "2 dossiers peuvent disparaître de la plateforme, dont 1 pas encore sur ce poste."),
        (1200, 34, "1\u202f234 dossiers peuvent disparaître de la plateforme, dont 34 pas encore sur ce poste."),
    ],
)
def test_a_week_is_said_in_words(here: int, away: int, end: str) -> None:
    week = WeekAhead(TODAY, TODAY, here, away)
    assert week_sentence(week, first=True) == f"Dès maintenant\u00a0: {end}"
    assert week_sentence(week, first=False) == f"Semaine du 1er mars 2027\u00a0: {end}"


def test_the_description_names_every_week_that_holds_something_and_no_other(timeline: Timeline) -> None:
    told = timeline.accessibleDescription()
    for rank, week in enumerate(WEEKS):
        assert (week_sentence(week, first=not rank) in told) is bool(week.here + week.away)


def test_weeks_with_nothing_in_them_are_said_to_be_empty(timeline: Timeline) -> None:
    timeline.show_weeks([replace(week, here=0, away=0) for week in WEEKS])
    assert timeline.accessibleDescription() == "Aucun dossier ne peut disparaître dans les semaines à venir."


@pytest.mark.parametrize(
    ("keys", "rank"),
    [
        ([Qt.Key.Key_Left], 0),
        ([Qt.Key.Key_Right, Qt.Key.Key_Right], 2),
        ([Qt.Key.Key_End], 12),
        ([Qt.Key.Key_End, Qt.Key.Key_Right], 12),
        ([Qt.Key.Key_End, Qt.Key.Key_Left], 11),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], 0),
    ],
)
@pytest.mark.parametrize("act", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_keyboard_goes_to_a_week_and_shows_it(
    timeline: Timeline, wanted: list[WeekAhead], keys: list[Qt.Key], rank: int, act: Qt.Key
) -> None:
    for key in keys:
        QTest.keyClick(timeline, key)
    QTest.keyClick(timeline, act)
    assert timeline.current == rank
    assert wanted == [WEEKS[rank]]


@pytest.mark.parametrize("rank", [0, 6, 12])
def test_a_click_shows_the_week_under_it(timeline: Timeline, wanted: list[WeekAhead], rank: int) -> None:
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(rank * 60 + 30, 80))
    assert wanted == [WEEKS[rank]]
    assert timeline.current == rank


def test_without_weeks_nothing_is_asked_for(timeline: Timeline, wanted: list[WeekAhead]) -> None:
    QTest.keyClick(timeline, Qt.Key.Key_End)
    timeline.show_weeks(())
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(timeline, key)
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(30, 80))
    assert wanted == []
    assert timeline.current == 0
    assert not timeline.grab().isNull()


def test_the_mouse_over_a_week_says_it(timeline: Timeline) -> None:
    place = QPoint(5 * 60 + 30, 50)
    QApplication.sendEvent(timeline, QHelpEvent(QHelpEvent.Type.ToolTip, place, timeline.mapToGlobal(place)))
    assert QToolTip.text() == week_sentence(WEEKS[5], first=False)
    QToolTip.hideText()


def test_in_light_the_alarming_colour_is_there_only_when_something_is_away(timeline: Timeline) -> None:
    assert_alarming_only_when_away(timeline, LIGHT)


@pytest.mark.usefixtures("dark")
def test_in_dark_the_alarming_colour_is_there_only_when_something_is_away(timeline: Timeline) -> None:
    assert_alarming_only_when_away(timeline, DARK)


def assert_alarming_only_when_away(timeline: Timeline, colours: Colours) -> None:
    hatched, ground = painted(timeline, colours.bad), painted(timeline, colours.bad_soft)
    # A hatching: both the lines and the ground between them, so that it is seen without colours too.
    assert hatched > 20
    assert ground > 20
    assert reddish(timeline) >= hatched + ground
    timeline.show_weeks(CALM)
    assert reddish(timeline) == 0
    assert painted(timeline, colours.accent_soft) > 20


def test_the_week_that_the_keyboard_is_on_is_seen(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.clearFocus()
    before = painted(timeline, LIGHT.accent)
    timeline.activateWindow()
    timeline.setFocus()
    qtbot.waitUntil(timeline.hasFocus)
    assert painted(timeline, LIGHT.accent) > before
