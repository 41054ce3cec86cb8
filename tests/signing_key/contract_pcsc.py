"""What every card service must do, written once; run against the real pcscd by each adapter, and against the fake."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from enn_desktop.signing_key.pcsc import (
    COUNTER_SHIFT,
    PNP,
    REOPEN,
    Code,
    PcscError,
    PcscPort,
    Seen,
    State,
    as_known,
    look_once,
)
from enn_desktop.signing_key.stop import StopFlag
from tests.signing_key.rigs.fake_card import ATR, FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService

SOON_S = 5.0
"""Far more than anything here takes; a wait that lasts so long has failed."""
SHORT_MS = 50


class Bench(Protocol):
    """A card service on the bench: what the hand of the test can do to it. ``reader``: the first of two."""

    @property
    def port(self) -> PcscPort: ...

    @property
    def reader(self) -> str: ...

    def insert(self, atr: bytes = ATR) -> None:
        """Put a card in; an empty ATR makes it mute."""
        ...

    def remove(self) -> None:
        """Take it out."""
        ...

    def die(self) -> None:
        """End the service without warning."""
        ...

    def live(self) -> None:
        """Start it again."""
        ...


@dataclass(slots=True)
class RealBench:
    """A real pcscd with a virtual reader."""

    port: PcscPort
    service: CardService
    card: FakeCard

    @property
    def reader(self) -> str:
        return self.service.slots[0].reader

    def insert(self, atr: bytes = ATR) -> None:
        self.card.atr = atr
        self.card.insert()

    def remove(self) -> None:
        self.card.remove()

    def die(self) -> None:
        self.service.kill()

    def live(self) -> None:
        self.service.start()


class Waiter(threading.Thread):
    """Somebody who waits for a change in another thread, and what came of it."""

    def __init__(self, port: PcscPort, context: int, known: tuple[Seen, ...]) -> None:
        super().__init__(name="waiter")
        self._arguments = (port, context, known)
        self.seen: tuple[Seen, ...] = ()
        self.code = 0

    def run(self) -> None:
        port, context, known = self._arguments
        try:
            self.seen = port.get_status_change(context, int(SOON_S * 1000), known)
        except PcscError as error:
            self.code = error.code

    def ended(self) -> bool:
        self.join(SOON_S)
        return not self.is_alive()


def code_of(call: Callable[[], object]) -> int:
    """Return the code that a call is refused with, 0 when it is not."""
    try:
        call()
    except PcscError as error:
        return error.code
    return 0


def now_known(bench: Bench, context: int) -> tuple[Seen, ...]:
    """Return what is there, as one who has seen it says it when waiting for the next change."""
    return tuple(map(as_known, look_once(bench.port, context)))


def changed(bench: Bench, context: int, act: Callable[[], None]) -> Seen:
    """Return the first reader as it is once something was done to it while another thread waits."""
    waiter = Waiter(bench.port, context, now_known(bench, context))
    waiter.start()
    act()
    assert waiter.ended()
    assert waiter.code == 0
    return waiter.seen[0]


# -- situations ----------------------------------------------------------------------------------------------


def a_context_is_given_back_even_twice(bench: Bench) -> None:
    context = bench.port.establish()
    bench.port.release(context)
    bench.port.release(context)
    assert code_of(lambda: bench.port.list_readers(context)) in REOPEN


def readers_are_named(bench: Bench) -> None:
    context = bench.port.establish()
    names = bench.port.list_readers(context)
    bench.port.release(context)
    assert len(names) == 2
    assert names[0] == bench.reader


def what_is_there_is_seen_without_waiting(bench: Bench) -> None:
    context = bench.port.establish()
    first, second = look_once(bench.port, context)
    bench.port.release(context)
    assert first.state & State.EMPTY
    assert second.state & State.EMPTY
    assert first.atr == b""


def a_card_that_comes_ends_the_wait_and_shows_its_atr(bench: Bench) -> None:
    context = bench.port.establish()
    seen = changed(bench, context, bench.insert)
    bench.port.release(context)
    assert seen.state & State.PRESENT
    assert not seen.state & State.MUTE
    assert seen.atr == ATR


def a_card_that_goes_ends_the_wait(bench: Bench) -> None:
    context = bench.port.establish()
    changed(bench, context, bench.insert)
    seen = changed(bench, context, bench.remove)
    bench.port.release(context)
    assert seen.state & State.EMPTY
    assert seen.atr == b""


def coming_and_going_is_counted_though_all_looks_as_before(bench: Bench) -> None:
    context = bench.port.establish()
    (before, _) = now_known(bench, context)
    changed(bench, context, bench.insert)
    changed(bench, context, bench.remove)
    (after, _) = now_known(bench, context)
    bench.port.release(context)
    assert after.state >> COUNTER_SHIFT > before.state >> COUNTER_SHIFT


def a_wait_has_its_end(bench: Bench) -> None:
    context = bench.port.establish()
    known = now_known(bench, context)
    assert code_of(lambda: bench.port.get_status_change(context, SHORT_MS, known)) == Code.TIMEOUT
    bench.port.release(context)


def another_thread_ends_a_wait(bench: Bench) -> None:
    context = bench.port.establish()
    waiter = Waiter(bench.port, context, now_known(bench, context))
    waiter.start()
    # The wait may not have begun yet: said again until it is heard.
    for _ in range(int(SOON_S * 1000 / SHORT_MS)):
        bench.port.cancel(context)
        waiter.join(SHORT_MS / 1000)
        if not waiter.is_alive():
            break
    assert waiter.ended()
    assert waiter.code == Code.CANCELLED
    bench.port.release(context)


def ending_a_wait_that_nobody_waits_is_no_error(bench: Bench) -> None:
    context = bench.port.establish()
    bench.port.cancel(context)
    assert len(look_once(bench.port, context)) == 2
    bench.port.release(context)


def the_reader_that_is_none_is_silent_while_the_list_stays(bench: Bench) -> None:
    context = bench.port.establish()
    known = (Seen(PNP, 2 << COUNTER_SHIFT), *now_known(bench, context))
    assert code_of(lambda: bench.port.get_status_change(context, SHORT_MS, known)) == Code.TIMEOUT
    bench.port.release(context)


def without_a_service_nothing_is_given(bench: Bench) -> None:
    bench.die()
    assert code_of(bench.port.establish) == Code.NO_SERVICE


def a_service_that_dies_ends_the_wait_and_its_context_is_dead(bench: Bench) -> None:
    context = bench.port.establish()
    waiter = Waiter(bench.port, context, now_known(bench, context))
    waiter.start()
    bench.die()
    assert waiter.ended()
    assert waiter.code in REOPEN
    bench.live()
    assert code_of(lambda: bench.port.list_readers(context)) in REOPEN
    bench.port.release(context)
    bench.port.release(bench.port.establish())


def waiting_for_a_service_has_its_end(bench: Bench) -> None:
    bench.die()
    assert not bench.port.await_service(StopFlag(), SHORT_MS / 1000)


def waiting_for_a_service_can_be_given_up(bench: Bench) -> None:
    bench.die()
    stop = StopFlag()
    heard: list[bool] = []
    waiter = threading.Thread(target=lambda: heard.append(bench.port.await_service(stop, SOON_S * 10)))
    waiter.start()
    stop.set()
    waiter.join(SOON_S)
    assert heard == [False]


SITUATIONS: tuple[Callable[[Bench], None], ...] = (
    a_context_is_given_back_even_twice,
    readers_are_named,
    what_is_there_is_seen_without_waiting,
    a_card_that_comes_ends_the_wait_and_shows_its_atr,
    a_card_that_goes_ends_the_wait,
    coming_and_going_is_counted_though_all_looks_as_before,
    a_wait_has_its_end,
    another_thread_ends_a_wait,
    ending_a_wait_that_nobody_waits_is_no_error,
    the_reader_that_is_none_is_silent_while_the_list_stays,
    without_a_service_nothing_is_given,
    a_service_that_dies_ends_the_wait_and_its_context_is_dead,
    waiting_for_a_service_has_its_end,
    waiting_for_a_service_can_be_given_up,
)
