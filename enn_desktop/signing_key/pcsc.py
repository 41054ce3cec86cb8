"""The card service as this program asks it: five calls that look, none that touches a card. Codes, states, no words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Protocol

from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import CardState

PNP = r"\\?PnP?\Notification"
"""The reader that does not exist: its state changes when a reader comes or goes."""
COUNTER_SHIFT = 16
"""A state's high word: for the one above, how many readers are known; for a real one, how many cards came and went."""


class Code(IntEnum):
    """The answers of the card service that mean something to us."""

    SUCCESS = 0
    INVALID_HANDLE_SYSTEM = 0x6
    """What Windows says of a context whose service was replaced."""
    CANCELLED = 0x80100002
    INVALID_HANDLE = 0x80100003
    UNKNOWN_READER = 0x80100009
    TIMEOUT = 0x8010000A
    SYSTEM_CANCELLED = 0x80100012
    COMM_ERROR = 0x80100013
    READER_UNAVAILABLE = 0x80100017
    NO_SERVICE = 0x8010001D
    SERVICE_STOPPED = 0x8010001E
    NO_READERS = 0x8010002E
    SECURITY_VIOLATION = 0x8010006A
    """What pcscd's library says when the daemon dies just as it is being asked."""


REOPEN = frozenset(
    {
        Code.INVALID_HANDLE_SYSTEM,
        Code.INVALID_HANDLE,
        Code.SYSTEM_CANCELLED,
        Code.COMM_ERROR,
        Code.NO_SERVICE,
        Code.SERVICE_STOPPED,
        Code.SECURITY_VIOLATION,
    }
)
"""After one of these a context is of no use any more: only a new one may answer again."""


class State(IntFlag):
    """What a reader's state is made of, below the counter."""

    UNAWARE = 0
    IGNORE = 0x0001
    CHANGED = 0x0002
    UNKNOWN = 0x0004
    UNAVAILABLE = 0x0008
    EMPTY = 0x0010
    PRESENT = 0x0020
    EXCLUSIVE = 0x0080
    IN_USE = 0x0100
    MUTE = 0x0200
    UNPOWERED = 0x0400
    """Windows says so of a card that nobody has used for a while; pcscd never does."""


class PcscError(Exception):
    """The card service answered with a code that is not success."""

    def __init__(self, code: int) -> None:
        super().__init__(f"0x{code:08X}")
        self.code = code

    @property
    def reopen(self) -> bool:
        """Whether the context must be replaced."""
        return self.code in REOPEN


@dataclass(frozen=True, slots=True)
class Seen:
    """One reader as it was seen: its whole name, its raw state with the counter, the card's ATR."""

    name: str
    state: int = State.UNAWARE
    atr: bytes = b""


class PcscPort(Protocol):
    """The five calls, and the wait for a service that is not there. Each raises ``PcscError``."""

    def establish(self) -> int:
        """Return a new context."""
        ...

    def list_readers(self, context: int) -> tuple[str, ...]:
        """Return the readers' names; none at all is no error."""
        ...

    def get_status_change(self, context: int, timeout_ms: int, known: Sequence[Seen]) -> tuple[Seen, ...]:
        """Return the same readers as they are, once one differs from what is ``known``; other threads run meanwhile."""
        ...

    def cancel(self, context: int) -> None:
        """End the wait of another thread on this context."""
        ...

    def release(self, context: int) -> None:
        """Give a context back; one that is dead already is no error."""
        ...

    def await_service(self, stop: StopFlag, seconds: float) -> bool:
        """Wait until the service may have come, that long at most; tell whether it was announced."""
        ...


def as_known(seen: Seen) -> Seen:
    """Return a reader as one says that one knows it when waiting for the next change, counter included."""
    # Not ``~State.CHANGED``: that keeps the flags which have a name, and would lose the counter.
    return Seen(seen.name, seen.state & (0xFFFFFFFF ^ State.CHANGED))


@contextmanager
def opened(port: PcscPort) -> Iterator[int]:
    """Give a context for the time of a ``with``."""
    context = port.establish()
    try:
        yield context
    finally:
        port.release(context)


def card_state(raw: int) -> CardState:
    """Return what a raw state says of the card; the worst word wins, so that nobody waits on a card that is taken."""
    for flag, meaning in (
        (State.IGNORE | State.UNKNOWN | State.UNAVAILABLE, CardState.UNAVAILABLE),
        (State.EMPTY, CardState.EMPTY),
        (State.MUTE, CardState.MUTE),
        (State.EXCLUSIVE, CardState.EXCLUSIVE),
        (State.IN_USE, CardState.IN_USE),
        (State.PRESENT, CardState.PRESENT),
    ):
        if raw & flag:
            return meaning
    return CardState.UNAVAILABLE


def look_once(port: PcscPort, context: int) -> tuple[Seen, ...]:
    """Return every reader as it is now, without waiting; one that leaves meanwhile is simply not there."""
    names = port.list_readers(context)
    if not names:
        return ()
    try:
        return port.get_status_change(context, 0, [Seen(name) for name in names])
    except PcscError as error:
        if error.code in {Code.UNKNOWN_READER, Code.READER_UNAVAILABLE, Code.TIMEOUT}:
            return tuple(Seen(name, State.UNAVAILABLE) for name in port.list_readers(context))
        raise


def system_pcsc() -> PcscPort:
    """Return this computer's card service."""
    from enn_desktop.system.paths import on_windows

    if on_windows():
        from enn_desktop.signing_key.pcsc_windows import WindowsPcsc

        return WindowsPcsc()
    from enn_desktop.signing_key.pcsc_lite import PcscLite

    return PcscLite()
