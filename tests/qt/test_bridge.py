"""Jobs go to threads, their ends come back to the main one, on every path."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import EnnError, StorageError
from enn_desktop.core.progress import Progress, ProgressState, Stage
from enn_desktop.qt.bridge import Bridge


class Heard(QObject):
    """Keeps what came back, and in which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[object] = []
        self.errors: list[EnnError] = []
        self.threads: set[threading.Thread] = set()

    def done(self, value: object) -> None:
        self.values.append(value)
        self.threads.add(threading.current_thread())

    def failed(self, error: EnnError) -> None:
        self.errors.append(error)
        self.threads.add(threading.current_thread())


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=10_000)


def test_a_job_is_done_elsewhere_and_its_value_comes_back_to_the_main_thread(
    qtbot: QtBot, bridge: Bridge, heard: Heard
) -> None:
    bridge.read(threading.current_thread, heard.done)
    qtbot.waitUntil(lambda: bool(heard.values))
    assert heard.values[0] is not threading.main_thread()
    assert heard.threads == {threading.main_thread()}


def test_an_error_comes_back_as_it_is(qtbot: QtBot, bridge: Bridge, heard: Heard) -> None:
    def job() -> None:
        raise StorageError

    bridge.read(job, heard.done, heard.failed)
    qtbot.waitUntil(lambda: bool(heard.errors))
    assert isinstance(heard.errors[0], StorageError)
    assert heard.values == []


def test_a_fault_of_ours_becomes_a_sentence_and_the_thread_goes_on(
    qtbot: QtBot, bridge: Bridge, heard: Heard, expected_warnings: list[logging.LogRecord]
) -> None:
    def job() -> None:
        message = "Objet secret"
        raise ZeroDivisionError(message)

    bridge.failed.connect(heard.failed)
    bridge.read(job, heard.done)
    bridge.read(lambda: 3, heard.done)
    qtbot.waitUntil(lambda: heard.values == [3])
    assert "défaut" in heard.errors[0].message
    assert "secret" not in heard.errors[0].detail + expected_warnings[0].getMessage()


def test_a_newer_question_of_the_same_kind_makes_the_older_answer_useless(
    qtbot: QtBot, bridge: Bridge, heard: Heard
) -> None:
    gate = threading.Event()
    bridge.read(lambda: gate.wait(10) and "old", heard.done, slot="search")
    bridge.read(lambda: "new", heard.done, slot="search")
    gate.set()
    qtbot.waitUntil(lambda: bool(heard.values))
    assert heard.values == ["new"]


def test_a_disk_that_hangs_holds_neither_the_catalogues_nor_the_network_back(
    qtbot: QtBot, bridge: Bridge, heard: Heard
) -> None:
    gate = threading.Event()
    bridge.look_at_disk(lambda: gate.wait(20), lambda _: None)
    bridge.read(lambda: "catalogue", heard.done)
    bridge.ask_network(lambda: "réseau", heard.done)
    qtbot.waitUntil(lambda: len(heard.values) == 2)
    gate.set()


def test_a_work_tells_how_far_it_is_and_frees_the_engine_at_its_end(qtbot: QtBot, bridge: Bridge, heard: Heard) -> None:
    gate, seen = threading.Event(), list[ProgressState]()

    def job(_cancel: CancelToken, progress: Progress) -> str:
        progress.update(ProgressState(Stage.FETCHING, dossiers_done=3))
        gate.wait(10)
        return "fini"

    bridge.work(job, heard.done, heard.failed, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert bridge.busy
    gate.set()
    qtbot.waitUntil(lambda: heard.values == ["fini"])
    assert [state.dossiers_done for state in seen] == [3]
    assert not bridge.busy


def test_two_works_at_once_are_refused(bridge: Bridge, heard: Heard) -> None:
    bridge.work(lambda cancel, _: cancel.wait(20), heard.done, heard.failed)
    with pytest.raises(RuntimeError):
        bridge.work(lambda _cancel, _progress: None, heard.done)


def test_leaving_cancels_the_work_and_calls_back_once(qtbot: QtBot, heard: Heard) -> None:
    bridge, left = Bridge(), list[bool]()
    bridge.work(lambda cancel, _: cancel.wait(60), heard.done, heard.failed)
    bridge.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=5_000)
    assert left == [True]
    assert not bridge.busy
