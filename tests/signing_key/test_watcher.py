"""The watcher, first with a fake service that shows what it asks, then with the real one."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from enn_desktop.signing_key import watcher
from enn_desktop.signing_key.file_arrival_linux import Arrivals
from enn_desktop.signing_key.pcsc import Code, PcscError, State
from enn_desktop.signing_key.pcsc_lite import PcscLite
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import CardState
from enn_desktop.signing_key.watcher import WatchEvent
from tests.signing_key.fake_pcsc import FakePcsc
from tests.signing_key.rigs.fake_card import ATR, FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService
from tests.signing_key.watching import SOON_S, Watching, first_is, refused, without_readers

READER = "Clé 00 00"


def states(event: WatchEvent) -> list[CardState]:
    return [one.state for one in event.readers]


# -- what it asks --------------------------------------------------------------------------------------------


def test_what_is_there_is_told_at_once() -> None:
    with Watching(FakePcsc(READER)) as watching:
        event = watching.next()
    assert event.service_answers
    assert states(event) == [CardState.EMPTY]


def test_a_card_that_comes_and_goes_is_told() -> None:
    port = FakePcsc(READER)
    with Watching(port) as watching:
        watching.next()
        port.put(READER, State.PRESENT, ATR)
        present = watching.next()
        port.put(READER, State.EMPTY)
        gone = watching.next()
    assert (states(present), present.readers[0].atr) == ([CardState.PRESENT], ATR)
    assert states(gone) == [CardState.EMPTY]


def test_a_reader_that_comes_and_goes_is_told() -> None:
    port = FakePcsc()
    with Watching(port) as watching:
        assert without_readers(watching.next())
        assert port.waiting.acquire(timeout=SOON_S)
        port.plug(READER)
        assert states(watching.next()) == [CardState.EMPTY]
        port.unplug(READER)
        assert without_readers(watching.next())


def test_a_card_pulled_out_and_put_back_between_two_looks_is_told() -> None:
    port = FakePcsc(READER)
    port.put(READER, State.PRESENT, ATR)
    with Watching(port) as watching:
        before = watching.next()
        with port._moved:  # nobody looks meanwhile
            port.put(READER, State.EMPTY)
            port.put(READER, State.PRESENT, ATR)
        after = watching.next()
    assert after == replace(before, moves=before.moves + 2)


def test_nothing_is_asked_while_nothing_happens() -> None:
    port = FakePcsc(READER)
    with Watching(port) as watching:
        watching.next()
        # The second look, a second after a change, then the long wait.
        for _ in range(2):
            assert port.waiting.acquire(timeout=SOON_S)
        asked = list(port.calls)
        assert asked == ["establish", "list", "look", "wait 1000", "list", "look", "wait 60000"]
        assert watching.silent


def test_the_same_sight_is_told_once() -> None:
    port = FakePcsc(READER)
    with Watching(port) as watching:
        watching.next()
        port.put(READER, State.PRESENT, ATR)
        watching.next()
        for _ in range(3):
            assert port.waiting.acquire(timeout=SOON_S)
        assert watching.silent


def test_a_card_that_windows_leaves_without_power_is_no_news() -> None:
    port = FakePcsc(READER)
    port.put(READER, State.PRESENT, ATR)
    with Watching(port) as watching:
        watching.next()
        port.put(READER, State.PRESENT | State.UNPOWERED, ATR)
        for _ in range(2):
            assert port.waiting.acquire(timeout=SOON_S)
        assert watching.silent


def test_a_reader_leaves_the_watcher_without_its_serial_number() -> None:
    port = FakePcsc("SafeNet eToken 5100 (0123456789AB) 00 00", "Windows Hello for Business 1")
    with Watching(port) as watching:
        key, hello = watching.next().readers
    assert (key.name, key.ignored) == ("SafeNet eToken 5100 00 00", False)
    assert hello.ignored


@pytest.mark.parametrize("code", [0x6, 0x80100003, 0x80100012, 0x8010001E])
def test_a_context_that_is_of_no_use_any_more_is_replaced(code: int) -> None:
    port = Failing(READER, code=code)
    with Watching(port) as watching:
        assert watching.next().service_answers
        assert port.replaced.wait(SOON_S)
    assert port.contexts_open == 0


def test_a_service_that_only_fails_is_told_and_not_asked_over_and_over() -> None:
    port = Failing(READER, code=0x80100001, times=99)
    with Watching(port) as watching:
        assert watching.next().service_answers
        event = watching.next()
        assert event.code == 0x80100001
        assert port.calls.count("establish") == 1


class Failing(FakePcsc):
    """A service whose wait fails with a code, so many times."""

    def __init__(self, *readers: str, code: int, times: int = 1) -> None:
        super().__init__(*readers)
        self._code, self._times = code, times
        self.replaced = threading.Event()

    def get_status_change(self, context: int, timeout_ms: int, known: object) -> tuple:  # type: ignore[type-arg] # passed on
        if timeout_ms and self._times:
            self._times -= 1
            raise PcscError(self._code)
        if timeout_ms:
            self.replaced.set()
        return super().get_status_change(context, timeout_ms, known)  # type: ignore[arg-type] # idem


def test_a_service_that_is_not_there_is_told_once_and_waited_for_without_asking() -> None:
    port = FakePcsc(READER, running=False)
    with Watching(port) as watching:
        assert watching.next().code == Code.NO_SERVICE
        assert port.waiting.acquire(timeout=SOON_S)
        assert port.calls == ["establish", "await"]
        port.live()
        assert states(watching.next()) == [CardState.EMPTY]


def test_a_service_that_is_announced_and_is_not_ready_yet_is_asked_again_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watcher, "RETRIES_S", (0.0, 0.0, 0.0))
    port = FakePcsc(READER, running=False)
    with Watching(port) as watching:
        watching.next()
        assert port.waiting.acquire(timeout=SOON_S)
        port.announce()
        assert until(lambda: port.calls.count("establish") == 5)
        assert watching.silent


def test_a_service_that_is_announced_for_ever_and_never_comes_is_asked_less_and_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a remote session Windows says so of this computer's own service."""
    monkeypatch.setattr(watcher, "RETRIES_S", ())
    pauses: list[float] = []

    class Impatient(StopFlag):
        def wait(self, seconds: float) -> bool:
            pauses.append(seconds)
            if len(pauses) == 7:
                self.set()
            return self.is_set

    port = FakePcsc(READER, running=False)
    monkeypatch.setattr(port, "await_service", lambda _stop, _seconds: True)
    watcher.watch(port, lambda _event: None, Impatient())
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


def until(wanted: object) -> bool:
    assert callable(wanted)
    end = time.monotonic() + SOON_S
    pause = threading.Event()
    while not wanted() and time.monotonic() < end:
        pause.wait(0.005)
    return bool(wanted())


def test_a_watcher_that_is_stopped_leaves_nothing_open() -> None:
    port = FakePcsc(READER)
    with Watching(port) as watching:
        watching.next()
        assert port.contexts_open == 1
    assert port.contexts_open == 0


def test_a_watcher_that_is_stopped_before_it_begins_asks_nothing() -> None:
    port, stop = FakePcsc(READER), StopFlag()
    stop.set()
    watcher.watch(port, lambda _event: None, stop)
    assert port.calls == []


def test_a_stop_that_comes_just_before_the_wait_is_heard() -> None:
    """The first wake-up then finds nobody waiting: it is sent again."""
    stop, entered, let_go = StopFlag(), threading.Event(), threading.Event()
    rung = threading.Semaphore(0)

    def wait_outside() -> None:
        with stop.waking(rung.release):
            entered.set()
            let_go.wait(SOON_S)
            rung.acquire()
            rung.acquire()

    thread = threading.Thread(target=wait_outside)
    thread.start()
    entered.wait(SOON_S)
    let_go.set()
    stop.set()
    thread.join(SOON_S)
    assert not thread.is_alive()


# -- the real service ----------------------------------------------------------------------------------------


def test_from_no_service_to_no_service_and_back_everything_is_told(stopped_card_service: CardService) -> None:
    service = stopped_card_service
    card = FakeCard(service.slots[0])
    with Watching(PcscLite()) as watching:
        assert refused(watching.next())
        service.start()
        watching.until(first_is(CardState.EMPTY))
        with card:
            watching.until(first_is(CardState.PRESENT))
        watching.until(first_is(CardState.EMPTY))
        service.kill()
        watching.until(refused)
        service.start()
        watching.until(first_is(CardState.EMPTY))
        service.stop()
        watching.until(refused)


def test_a_watcher_of_the_real_service_stops_at_once(card_service: CardService) -> None:
    assert card_service.running
    with Watching(PcscLite()) as watching:
        watching.next()
        watching.stop.set()
        watching.thread.join(SOON_S)
        assert not watching.thread.is_alive()


def test_a_watcher_that_waits_for_a_service_stops_at_once(stopped_card_service: CardService) -> None:
    assert not stopped_card_service.running
    with Watching(PcscLite()) as watching:
        assert refused(watching.next())


def test_a_service_installed_for_the_first_time_is_heard_by_the_folder_that_it_makes(tmp_path: Path) -> None:
    socket = tmp_path / "pcscd" / "pcscd.comm"
    with Arrivals(socket) as watched:
        (tmp_path / "another").mkdir()
        assert not watched.seen()
        socket.parent.mkdir()
        assert watched.seen()
        assert not watched.seen()


def test_a_socket_that_is_made_anew_is_heard(tmp_path: Path) -> None:
    socket = tmp_path / "pcscd.comm"
    socket.touch()
    with Arrivals(socket) as watched:
        socket.unlink()
        assert not watched.seen()
        (tmp_path / "fresh").touch()
        (tmp_path / "fresh").rename(socket)
        assert watched.seen()
