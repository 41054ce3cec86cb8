"""Jobs go to threads, their ends come back to the main one, on every path."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

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


# -- the key -----------------------------------------------------------------------------------------------


def test_what_a_watcher_publishes_is_told_in_the_main_thread_until_it_is_stopped(
    qtbot: QtBot, bridge: Bridge, heard: Heard
) -> None:
    stop = threading.Event()
    began: list[threading.Thread] = []

    def loop(publish: Callable[[object], None]) -> None:
        began.append(threading.current_thread())
        for value in ("branchée", "débranchée"):
            publish(value)
        stop.wait(10)

    bridge.watch(loop, heard.done, stop.set)
    qtbot.waitUntil(lambda: heard.values == ["branchée", "débranchée"])
    assert heard.threads == {threading.main_thread()}
    assert began != [threading.main_thread()]
    left: list[bool] = []
    bridge.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=1_000)
    assert not began[0].is_alive()


def test_a_watcher_that_fails_says_so_and_ends_nothing_else(qtbot: QtBot, bridge: Bridge, heard: Heard) -> None:
    def loop(_publish: Callable[[object], None]) -> None:
        raise StorageError("guet impossible")

    bridge.failed.connect(heard.failed)
    bridge.watch(loop, heard.done, lambda: None)
    qtbot.waitUntil(lambda: bool(heard.errors))
    bridge.read(lambda: 1, heard.done)
    qtbot.waitUntil(lambda: heard.values == [1])


def test_a_look_at_the_key_tells_on_its_way_then_its_end(qtbot: QtBot, bridge: Bridge, heard: Heard) -> None:
    def job(_cancel: CancelToken, tell: Callable[[object], None]) -> str:
        tell("lecteur")
        tell("carte")
        return "prête"

    bridge.look_at_key(job, heard.done, heard.done)
    qtbot.waitUntil(lambda: heard.values == ["lecteur", "carte", "prête"])
    assert heard.threads == {threading.main_thread()}


def test_a_newer_look_at_the_key_ends_the_one_before_and_its_words(qtbot: QtBot, bridge: Bridge, heard: Heard) -> None:
    def slow(cancel: CancelToken, tell: Callable[[object], None]) -> str:
        tell("trop tard")
        cancel.wait(10)
        return "jamais"

    def quick(_cancel: CancelToken, _tell: Callable[[object], None]) -> str:
        return "prête"

    first = bridge.look_at_key(slow, heard.done, heard.done, heard.failed)
    bridge.look_at_key(quick, heard.done, heard.done)
    assert first.cancelled
    qtbot.waitUntil(lambda: "prête" in heard.values)
    assert (heard.values, heard.errors) == (["prête"], [])


def test_a_look_at_the_key_that_hangs_holds_nothing_else_back(qtbot: QtBot, bridge: Bridge, heard: Heard) -> None:
    bridge.look_at_key(lambda cancel, _: cancel.wait(30), heard.done, heard.done, heard.failed)
    bridge.read(lambda: "catalogue", heard.done)
    bridge.look_at_disk(lambda: "disque", heard.done)
    qtbot.waitUntil(lambda: set(heard.values) == {"catalogue", "disque"})
