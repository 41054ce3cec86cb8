"""A computer that sleeps, is locked, spares its battery or pays for its connection is treated as such."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.backup.rounds import RoundReport
from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.core.settings import ScheduleSettings
from enn_desktop.qt.clockwork import Clockwork
from enn_desktop.qt.session_watch import SessionWatch
from enn_desktop.system.power import KeepAwake
from enn_desktop.system.session import SessionEvent
from tests.agenda.made import AWAY, dossier, place
from tests.qt.running.clock_steps import HeardSession, Noting, looked, nothing_comes, run_comes
from tests.qt.running.conftest import PATIENCE_MS, House


@pytest.fixture
def toaster() -> Noting:
    return Noting()


@pytest.fixture
def clockwork(house: House) -> Clockwork:
    return Clockwork(house.bridge, house.steering, house.engine)


@pytest.fixture
def ended(house: House) -> list[RoundReport]:
    reports: list[RoundReport] = []
    house.engine.round_ended.connect(reports.append)
    return reports


@pytest.fixture
def plans(clockwork: Clockwork) -> list[str]:
    sentences: list[str] = []
    clockwork.next_run_changed.connect(sentences.append)
    return sentences


@pytest.fixture
def heard() -> HeardSession:
    return HeardSession()


@pytest.fixture
def watched(house: House, heard: HeardSession) -> Clockwork:
    """Return what watches the clock, and the session too."""
    watch = SessionWatch(house.bridge, house.engine, heard, KeepAwake())
    watch.begin()
    return Clockwork(house.bridge, house.steering, house.engine, watch)


@pytest.mark.parametrize(
    ("around", "said"),
    [
        ({"is_metered": True}, "Connexion limitée\u00a0: la récupération attend"),
        ({"on_battery_saver": True}, "L’ordinateur économise sa batterie\u00a0: la récupération attend"),
    ],
)
def test_what_the_system_says_makes_an_automatic_run_wait_and_a_click_never(  # noqa: PLR0913, PLR0917 - fixtures
    qtbot: QtBot,
    house: House,
    clockwork: Clockwork,
    plans: list[str],
    monkeypatch: pytest.MonkeyPatch,
    around: dict[str, bool],
    said: str,
) -> None:
    saying(monkeypatch, **around)
    house.give(schedule=ScheduleSettings())
    house.clock.advance(minutes=1)
    clockwork.tick()
    qtbot.waitUntil(lambda: bool(plans), timeout=PATIENCE_MS)
    assert house.engine.free
    assert plans[-1].startswith(said)
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS):
        assert house.engine.fetch()


def test_what_does_not_hold_any_more_lets_the_run_go(
    qtbot: QtBot, house: House, clockwork: Clockwork, plans: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.give(schedule=ScheduleSettings())
    house.clock.advance(minutes=1)
    saying(monkeypatch, on_battery_saver=True)
    clockwork.tick()
    qtbot.waitUntil(lambda: bool(plans), timeout=PATIENCE_MS)
    saying(monkeypatch)
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS):
        clockwork.tick()


def saying(monkeypatch: pytest.MonkeyPatch, *, is_metered: bool = False, on_battery_saver: bool = False) -> None:
    monkeypatch.setattr("enn_desktop.system.metered.is_metered", lambda: is_metered)
    monkeypatch.setattr("enn_desktop.system.power.on_battery_saver", lambda: on_battery_saver)


def test_a_wake_up_has_the_clock_looked_at_without_waiting_for_its_minute(
    qtbot: QtBot, house: House, watched: Clockwork, heard: HeardSession, ended: list[RoundReport]
) -> None:
    run_comes(qtbot, house, watched, minutes=1)
    house.clock.advance(hours=9)
    heard.say(SessionEvent.WOKE)
    # Its network comes back first.
    assert house.engine.free
    run_comes(qtbot, house, watched, seconds=15)
    assert len(ended) == 2


@pytest.mark.parametrize("seen", ["said by the system", "by the jump of the clock"])
def test_a_run_whose_platform_was_lost_in_a_sleep_is_taken_up_again_and_is_no_failure(  # noqa: PLR0913, PLR0917 - fixtures
    qtbot: QtBot, house: House, watched: Clockwork, heard: HeardSession, ended: list[RoundReport], seen: str
) -> None:
    address = house.office.settings.accounts[0].address
    unreachable = msgspec.structs.replace(house.office.settings.accounts[0], address="http://127.0.0.1:9")
    house.give(accounts=(unreachable,))
    house.clock.advance(minutes=1)
    watched.tick()
    house.clock.advance(hours=9)
    if seen.startswith("said"):
        heard.say(SessionEvent.WOKE)
    else:
        watched.tick()
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)
    assert isinstance(ended[0].first_error, ServerUnreachable)
    house.give(accounts=(msgspec.structs.replace(unreachable, address=address),))
    run_comes(qtbot, house, watched, seconds=20)
    assert ended[1].first_error is None


def test_a_run_that_lost_the_platform_awake_waits_its_quarter_of_an_hour(
    qtbot: QtBot, house: House, watched: Clockwork, ended: list[RoundReport]
) -> None:
    house.give(accounts=(msgspec.structs.replace(house.office.settings.accounts[0], address="http://127.0.0.1:9"),))
    run_comes(qtbot, house, watched, minutes=1)
    assert isinstance(ended[0].first_error, ServerUnreachable)
    nothing_comes(house, watched, seconds=60)


@pytest.fixture
def pressed(house: House, qtbot: QtBot) -> House:
    """Have one dossier almost deleted, not yet here, and nothing automatic."""
    root = place(house.office.paths.data.parent, [dossier("a", age=168, **AWAY), dossier("b")]).root
    house.give(folder=str(root), schedule=ScheduleSettings(automatic=False, on_metered=True))
    house.know(qtbot)
    return house


def test_while_the_session_is_locked_nothing_is_said_and_it_is_said_when_she_is_back(
    qtbot: QtBot, pressed: House, watched: Clockwork, heard: HeardSession, toaster: Noting
) -> None:
    heard.away = True
    watched.begin(toaster)
    looked(qtbot, pressed, watched)
    assert toaster.shown == []
    heard.away = False
    heard.say(SessionEvent.UNLOCKED)
    qtbot.waitUntil(lambda: len(toaster.shown) == 1, timeout=PATIENCE_MS)
