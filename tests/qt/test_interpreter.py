"""What a window is made of ends in the main thread, whatever the threads do meanwhile."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from enn_desktop.core.errors import StorageError
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.interpreter import Collector, Interpreter

MANY = 200_000
"""Objects in cycles: Python would collect its three generations more than once on the way."""


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made, left = Bridge(), list[bool]()
    yield made
    made.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=10_000)


@pytest.fixture
def ended_in() -> list[threading.Thread]:
    """Return the threads in which the windows of this test ended."""
    return []


class Box(QDialog):
    """A window that hears of jobs, as ours do."""

    def __init__(self, ended_in: list[threading.Thread]) -> None:
        super().__init__()
        self.itself: Box | None = None
        QLabel("Un mot", self)
        self.destroyed.connect(lambda: ended_in.append(threading.current_thread()), Qt.ConnectionType.DirectConnection)

    def hear(self, value: object) -> None:
        """Take note of nothing."""

    def ask(self) -> None:
        """Do nothing, in a thread."""


def self_centred(ended_in: list[threading.Thread]) -> None:
    """Make a window that only a collection ends."""
    box = Box(ended_in)
    box.itself = box


def litter() -> str:
    """Leave behind what only a collection ends."""
    for _ in range(MANY):
        itself: list[object] = []
        itself.append(itself)
    return "fini"


def test_a_window_that_refers_to_itself_is_collected_in_the_main_thread_while_the_engine_works(
    qtbot: QtBot, bridge: Bridge, ended_in: list[threading.Thread]
) -> None:
    heard: list[str] = []
    for _ in range(5):
        self_centred(ended_in)
    bridge.read(litter, heard.append)
    bridge.look_at_disk(litter, heard.append)
    qtbot.waitUntil(lambda: len(ended_in) == 5, timeout=10_000)
    qtbot.waitUntil(lambda: heard == ["fini", "fini"], timeout=10_000)
    assert set(ended_in) == {threading.main_thread()}


def refused() -> None:
    """Fail as a disk does."""
    raise StorageError


@pytest.mark.parametrize("job", [lambda box: box.ask, lambda _: refused], ids=["done", "failed"])
def test_a_thread_is_never_the_last_to_hold_a_window_that_heard_of_a_job(
    qtbot: QtBot, bridge: Bridge, ended_in: list[threading.Thread], job: Callable[[Box], Callable[[], None]]
) -> None:
    for number in range(1, 200):
        box = Box(ended_in)
        bridge.read(job(box), box.hear, box.hear)
        del box
        qtbot.waitUntil(lambda: len(ended_in) == number)  # noqa: B023 - waited for within this turn
    assert set(ended_in) == {threading.main_thread()}


def test_a_job_forgotten_before_it_began_lets_go_of_its_window_in_the_main_thread(
    qtbot: QtBot, bridge: Bridge, ended_in: list[threading.Thread]
) -> None:
    gate = threading.Event()
    bridge.read(lambda: gate.wait(10), lambda _: None)
    box = Box(ended_in)
    bridge.read(box.ask, box.hear).forget()
    del box
    gate.set()
    qtbot.waitUntil(lambda: bool(ended_in))
    assert ended_in == [threading.main_thread()]


def test_python_collects_nothing_by_itself_while_there_is_a_window(qapp: QApplication) -> None:
    gc.enable()
    Interpreter(qapp)
    assert not gc.isenabled()


def test_what_outlived_the_others_is_collected_again_once_it_has_grown_by_a_quarter() -> None:
    collector = Collector()
    collections = [0, 0, 0]

    def count(phase: str, what: dict[str, int]) -> None:
        if phase == "start":
            collections[what["generation"]] += 1

    gc.callbacks.append(count)
    kept: list[object] = []
    try:
        for _ in range(400):
            kept.extend([number] for number in range(1_000))
            collector.tidy()
    finally:
        gc.callbacks.remove(count)
    young, middle, full = collections
    assert young > 5 * middle > 0
    assert 0 < full < middle
