"""Watches readers and cards by events, for as long as it is left to: one thread, which the caller owns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from enn_desktop.signing_key.known_keys import is_ignored_reader, reader_without_serial
from enn_desktop.signing_key.pcsc import (
    COUNTER_SHIFT,
    PNP,
    Code,
    PcscError,
    PcscPort,
    Seen,
    State,
    as_known,
    card_state,
    look_once,
)
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import Reader

__all__ = ["StopFlag", "WatchEvent", "watch"]

SLICE_S = 60.0
"""The longest wait: heals an event that was missed, and costs nothing."""
SECOND_LOOK_S = 1.0
"""The first wait after a change: pcscd counts readers when a wait begins, and misses one that came just before."""
RETRIES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""A service that was announced is not ready at once: these pauses, then back to waiting for its next sign of life."""
DEAF_S = 2.0
"""A service that announces itself and fails is listened to again after this pause, twice as long each time."""
_NOTHING_NEW = frozenset({Code.TIMEOUT, Code.CANCELLED, Code.UNKNOWN_READER, Code.READER_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """What the watcher saw: the readers, or the code with which the card service refuses itself.

    ``moves`` counts the cards that came and went: another number tells of a card that was changed for one that looks
    the same.
    """

    code: int = Code.SUCCESS
    readers: tuple[Reader, ...] = ()
    moves: int = 0

    @property
    def service_answers(self) -> bool:
        """Whether the card service let itself be asked."""
        return self.code == Code.SUCCESS


def watch(port: PcscPort, publish: Callable[[WatchEvent], None], stop: StopFlag) -> None:
    """Publish what is there at once, then each change, until the stop; a service that stops is waited for.

    A card that was pulled out and put back is published even when it looks the same.
    """
    round_ = _Round(port, publish, stop)
    while not stop.is_set:
        try:
            context = port.establish()
        except PcscError as error:
            round_.refused(error.code)
            continue
        try:
            round_.follow(context)
        except PcscError as error:
            round_.lost(error)
        finally:
            port.release(context)


class _Round:
    """What one watcher knows between two waits."""

    def __init__(self, port: PcscPort, publish: Callable[[WatchEvent], None], stop: StopFlag) -> None:
        self._port = port
        self._publish = publish
        self._stop = stop
        self._told: object = None
        self._tries = len(RETRIES_S)
        self._in_vain = 0

    def follow(self, context: int) -> None:
        """Tell what is there and wait for the next change, over and over; raises ``PcscError`` when that fails."""
        while not self._stop.is_set:
            seen = look_once(self._port, context)
            changed = self._tell(tuple(map(_worth_telling, seen)), _event(seen))
            self._wait(context, seen, SECOND_LOOK_S if changed else SLICE_S)
            self._tries, self._in_vain = len(RETRIES_S), 0

    def _wait(self, context: int, seen: tuple[Seen, ...], seconds: float) -> None:
        try:
            with self._stop.waking(lambda: self._cancel(context)):
                if not self._stop.is_set:
                    self._port.get_status_change(context, int(seconds * 1000), _expected(seen))
        except PcscError as error:
            if error.code not in _NOTHING_NEW:
                raise

    def refused(self, code: int) -> None:
        """Tell that the service is not there, and wait for a sign of it."""
        self._tell(code, WatchEvent(code))
        if self._tries < len(RETRIES_S):
            self._stop.wait(RETRIES_S[self._tries])
            self._tries += 1
            return
        self._pause()
        if self._port.await_service(self._stop, SLICE_S):
            self._tries = 0
            self._in_vain += 1

    def lost(self, error: PcscError) -> None:
        """Go on with a new context; at once for a service that ended, after a pause for one that only fails."""
        if not error.reopen:
            self._tell(error.code, WatchEvent(error.code))
            self._in_vain += 1
            self._pause()

    def _pause(self) -> None:
        # In a remote session Windows announces the service of this computer for ever, and refuses it for ever.
        if self._in_vain:
            self._stop.wait(min(SLICE_S, DEAF_S * 2 ** (self._in_vain - 1)))

    def _tell(self, key: object, event: WatchEvent) -> bool:
        """Tell what is new, and whether it was."""
        new = key != self._told and not self._stop.is_set
        if new:
            self._told = key
            self._publish(event)
        return new

    def _cancel(self, context: int) -> None:
        try:
            self._port.cancel(context)
        except PcscError:
            # The service has just died: the wait ends by itself.
            return


def as_reader(seen: Seen) -> Reader:
    """Return what was seen without the reader's serial number."""
    return Reader(reader_without_serial(seen.name), card_state(seen.state), seen.atr, is_ignored_reader(seen.name))


def _event(seen: tuple[Seen, ...]) -> WatchEvent:
    moves = sum(one.state >> COUNTER_SHIFT for one in seen if not is_ignored_reader(one.name))
    return WatchEvent(readers=tuple(map(as_reader, seen)), moves=moves)


def _worth_telling(seen: Seen) -> Seen:
    """Return what counts as a change: a card that is left without power is as plugged as before."""
    return replace(seen, state=seen.state & (0xFFFFFFFF ^ State.UNPOWERED))


def _expected(seen: tuple[Seen, ...]) -> tuple[Seen, ...]:
    return (Seen(PNP, len(seen) << COUNTER_SHIFT), *map(as_known, seen))
