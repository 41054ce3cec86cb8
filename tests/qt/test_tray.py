"""The icon near the clock says the state in a shape and a sentence, and offers what can be done now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Activity, Doing, Health
from enn_desktop.qt.marks import OF_HEALTH, health_icon
from enn_desktop.qt.tray import FETCH, PAUSE, RESUME, Tray


@pytest.fixture
def tray(qtbot: QtBot) -> Iterator[Tray]:
    window = QWidget()
    qtbot.addWidget(window)
    yield Tray(window)
    window.close()


def entries(tray: Tray) -> dict[str, bool]:
    """Return the menu's entries, and whether each can be chosen."""
    return {action.text(): action.isEnabled() for action in tray.menu.actions() if not action.isSeparator()}


def test_the_first_entry_brings_everything_home(tray: Tray) -> None:
    assert list(entries(tray)) == [FETCH, PAUSE, "Ouvrir enn-desktop", "Quitter"]


def test_with_an_account_and_nothing_going_on_everything_can_be_brought_home(tray: Tray) -> None:
    tray.show_health(Health.TO_FETCH, "3 dossiers ne sont pas encore sur ce poste.")
    assert entries(tray) == {FETCH: True, PAUSE: False, "Ouvrir enn-desktop": True, "Quitter": True}
    assert "à récupérer" in tray.icon.toolTip()
    assert "3 dossiers" in tray.icon.toolTip()


def test_during_a_run_it_can_be_paused_but_not_started_twice(tray: Tray) -> None:
    tray.show_health(Health.RUNNING, "…")
    tray.show_activity(Activity(Doing.FETCHING))
    assert entries(tray)[FETCH] is False
    assert entries(tray)[PAUSE] is True


def test_a_paused_run_can_be_resumed_from_the_menu(qtbot: QtBot, tray: Tray) -> None:
    tray.show_activity(Activity(Doing.PAUSED))
    resume = next(action for action in tray.menu.actions() if action.text() == RESUME)
    with qtbot.waitSignal(tray.resume_wanted):
        resume.trigger()


def test_while_a_stop_is_under_way_nothing_more_is_offered(tray: Tray) -> None:
    tray.show_health(Health.RUNNING, "…")
    tray.show_activity(Activity(Doing.STOPPING))
    assert entries(tray)[FETCH] is False
    assert entries(tray)[PAUSE] is False


def test_a_click_on_the_icon_opens_the_window(qtbot: QtBot, tray: Tray) -> None:
    with qtbot.waitSignal(tray.open_wanted):
        tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)


@pytest.mark.usefixtures("qapp")
def test_every_state_has_a_shape_of_its_own_at_every_size() -> None:
    assert set(OF_HEALTH) == set(Health)
    assert len({mark for mark, _ in OF_HEALTH.values()}) == len(Health)
    for size in (16, 24, 64):
        drawn = [health_icon(health).pixmap(size, size).toImage() for health in Health]
        assert all(one != other for rank, one in enumerate(drawn) for other in drawn[rank + 1 :])
