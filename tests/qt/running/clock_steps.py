"""What the tests of the clock share: a toaster that notes, a session that says what it is told to, steps of time."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Doing
from enn_desktop.qt.clockwork import Clockwork
from enn_desktop.qt.toasts import Toast, Toaster
from enn_desktop.system.session import Session, Told
from tests.qt.running.conftest import PATIENCE_MS, House


class Noting(Toaster):
    """Keeps what it was asked to show and to take away."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Toast] = []
        self.removed: list[str] = []

    def show(self, toast: Toast) -> bool:
        self.shown.append(toast)
        return True

    def remove(self, toast_id: str) -> None:
        self.removed.append(toast_id)


class HeardSession(Session):
    """A session that says what a test has it say."""

    def __init__(self) -> None:
        self.away = False
        self.say: Told = lambda _event: pytest.fail("nobody listens")

    def locked(self) -> bool:
        return self.away

    def listen(self, told: Told) -> None:
        self.say = told


def run_comes(qtbot: QtBot, house: House, clockwork: Clockwork, **later: float) -> None:
    house.clock.advance(**later)
    with qtbot.waitSignals([house.engine.round_ended, house.steering.outlook_changed], timeout=PATIENCE_MS):
        clockwork.tick()
        assert house.doing is Doing.FETCHING


def nothing_comes(house: House, clockwork: Clockwork, **later: float) -> None:
    house.clock.advance(**later)
    clockwork.tick()
    assert house.engine.free


def looked(qtbot: QtBot, house: House, clockwork: Clockwork) -> None:
    """Let the clock be looked at, and the reader end what follows."""
    clockwork.tick()
    read: list[None] = []
    house.bridge.read(lambda: None, read.append)
    qtbot.waitUntil(lambda: bool(read), timeout=PATIENCE_MS)
