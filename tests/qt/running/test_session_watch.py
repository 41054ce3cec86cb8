"""The computer stays awake while dossiers come home, and no longer; the end of a session ends a run cleanly."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Doing
from enn_desktop.qt.session_watch import SessionWatch
from enn_desktop.system.power import KeepAwake
from enn_desktop.system.session import Session, SessionEvent, Told
from tests.qt.running.conftest import PATIENCE_MS, House


class Noting(KeepAwake):
    """Notes what is asked of it, and in which thread."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()

    def hold(self) -> bool:
        self.asked.append("hold")
        self.threads.add(threading.get_ident())
        return True

    def release(self) -> None:
        self.asked.append("release")
        self.threads.add(threading.get_ident())


class Saying(Session):
    """A session that says what a test has it say."""

    say: Told

    def listen(self, told: Told) -> None:
        self.say = told


@pytest.fixture
def awake() -> Noting:
    return Noting()


@pytest.fixture
def session() -> Saying:
    return Saying()


@pytest.fixture
def watch(house: House, awake: Noting, session: Saying) -> SessionWatch:
    made = SessionWatch(house.bridge, house.engine, session, awake)
    made.begin()
    return made


@pytest.mark.usefixtures("watch")
def test_while_dossiers_come_home_the_computer_stays_awake_and_a_pause_lets_it_sleep(
    qtbot: QtBot, house: House, awake: Noting
) -> None:
    house.engine.fetch()
    house.engine.pause()
    qtbot.waitUntil(lambda: awake.asked == ["hold", "release"], timeout=PATIENCE_MS)
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS):
        house.engine.resume()
    qtbot.waitUntil(lambda: awake.asked == ["hold", "release"] * 2, timeout=PATIENCE_MS)
    # Windows counts by thread: who asked is the only one who can take it back.
    assert len(awake.threads) == 1
    assert threading.get_ident() not in awake.threads


def test_each_word_of_the_system_is_told(qtbot: QtBot, watch: SessionWatch, session: Saying) -> None:
    for event, signal in (
        (SessionEvent.WOKE, watch.woke),
        (SessionEvent.UNLOCKED, watch.unlocked),
        (SessionEvent.ENDING, watch.ending),
    ):
        with qtbot.waitSignal(signal):
            session.say(event)
    session.say(SessionEvent.LOCKED)


def test_what_ends_the_session_is_told_before_windows_gets_its_answer(watch: SessionWatch, session: Saying) -> None:
    heard: list[str] = []
    watch.ending.connect(lambda: heard.append("ending"))
    session.say(SessionEvent.ENDING)
    assert heard == ["ending"]


def test_a_run_under_way_has_ended_when_the_wait_is_over(house: House, watch: SessionWatch, session: Saying) -> None:
    left: list[Any] = []

    def end() -> None:
        house.bridge.leave(lambda: left.append(True))
        house.bridge.wait(20_000)

    watch.ending.connect(end)
    house.engine.fetch()
    assert house.doing is Doing.FETCHING
    session.say(SessionEvent.ENDING)
    assert not house.bridge._engine.alive


def test_a_work_that_does_not_end_is_not_waited_for_beyond_the_time_that_is_given(house: House) -> None:
    stop = threading.Event()
    house.bridge.work(lambda _cancel, _progress: stop.wait(20), lambda _: None)
    house.bridge.leave(lambda: None)
    house.bridge.wait(100)
    assert house.bridge._engine.alive
    stop.set()
