"""While a driver hangs in its own process, the window goes on as if nothing were the matter."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from enn_desktop.core.cancel import CancelToken
from enn_desktop.qt.key.keeper import KeyKeeper
from enn_desktop.signing_key.probe_run import run_probe
from enn_desktop.signing_key.values import ChildEnd
from tests.qt.key.made import ScriptedRooms

HANG_S = 1.0
BEAT_MS = 5
FELT_S = HANG_S / 4
"""Far more than the limit of the bench (16 ms), which a loaded computer would not keep; far less than a hang."""
ASLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_the_event_loop_stays_free_while_a_probe_hangs(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    ends: list[ChildEnd] = []
    late: list[float] = []
    last = time.perf_counter()

    def hang(cancel: CancelToken) -> None:
        ends.append(run_probe(ASLEEP, HANG_S, cancel).end)

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(now - last)
        last = now

    rooms.hang = hang
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(BEAT_MS)
    timer.timeout.connect(beat)
    timer.start()
    with qtbot.waitSignal(keeper.verdict_changed, timeout=20_000):
        keeper.check()
    timer.stop()
    assert ends == [ChildEnd.HUNG]
    assert len(late) > 20
    assert max(late) < FELT_S


def test_a_check_that_hangs_is_stopped_at_once(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    began: list[bool] = []

    def hang(cancel: CancelToken) -> None:
        began.append(True)
        run_probe(ASLEEP, 30.0, cancel)

    rooms.hang = hang
    keeper.check()
    qtbot.waitUntil(lambda: bool(began))
    with qtbot.waitSignal(keeper.checking_changed, timeout=5_000):
        keeper.stop()
    assert not keeper.checking
