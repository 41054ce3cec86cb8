"""A card service made of a few variables, moved by the test; it keeps the contract of the real ones."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from enn_desktop.signing_key.pcsc import COUNTER_SHIFT, PNP, Code, PcscError, Seen, State
from enn_desktop.signing_key.stop import StopFlag

_COUNTED = (1 << COUNTER_SHIFT) - 1
_TOLD = _COUNTED ^ int(State.CHANGED)


class FakePcsc:
    """Readers and cards as the test says; ``calls`` counts what was asked of it."""

    def __init__(self, *readers: str, running: bool = True) -> None:
        self._moved = threading.Condition()
        self._states: dict[str, tuple[int, bytes]] = dict.fromkeys(readers, (State.EMPTY, b""))
        self._running = running
        self._announced = threading.Event()
        self._contexts: set[int] = set()
        self._cancelled: set[int] = set()
        self._next = 1
        self.waiting = threading.Semaphore(0)
        """Released each time somebody begins to wait for a change."""
        self.calls: list[str] = []
        self.refusal = Code.NO_SERVICE

    # -- what the test does ----------------------------------------------------------------------------------

    def plug(self, name: str) -> None:
        """Let a reader come, empty."""
        self.put(name, State.EMPTY)

    def unplug(self, name: str) -> None:
        """Let a reader go."""
        with self._moved:
            del self._states[name]
            self._moved.notify_all()

    def put(self, name: str, state: int, atr: bytes = b"") -> None:
        """Put a reader in another state; a card that comes or goes counts once."""
        with self._moved:
            before = self._states.get(name, (0, b""))[0]
            count = (before >> COUNTER_SHIFT) + ((before ^ state) & State.PRESENT != 0)
            self._states[name] = (count << COUNTER_SHIFT | state, atr)
            self._moved.notify_all()

    def die(self) -> None:
        """End the service: every context is dead."""
        with self._moved:
            self._running = False
            self._contexts.clear()
            self._moved.notify_all()

    def live(self) -> None:
        """Begin the service, and announce it."""
        with self._moved:
            self._running = True
        self._announced.set()

    def announce(self) -> None:
        """Announce the service, whether it is there or not."""
        self._announced.set()

    @property
    def contexts_open(self) -> int:
        """How many contexts were not given back."""
        return len(self._contexts)

    # -- the port --------------------------------------------------------------------------------------------

    def establish(self) -> int:
        with self._moved:
            self.calls.append("establish")
            if not self._running:
                raise PcscError(self.refusal)
            self._next += 1
            self._contexts.add(self._next)
            return self._next

    def list_readers(self, context: int) -> tuple[str, ...]:
        with self._moved:
            self.calls.append("list")
            self._demand(context)
            return tuple(self._states)

    def get_status_change(self, context: int, timeout_ms: int, known: Sequence[Seen]) -> tuple[Seen, ...]:
        with self._moved:
            self.calls.append(f"wait {timeout_ms}" if timeout_ms else "look")
            self._demand(context)
            self._cancelled.discard(context)
            if timeout_ms:
                self.waiting.release()
            if not self._moved.wait_for(lambda: self._ends(context, known), timeout_ms / 1000):
                raise PcscError(Code.TIMEOUT)
            self._demand(context)
            if context in self._cancelled:
                raise PcscError(Code.CANCELLED)
            return tuple(self._now(one) for one in known)

    def cancel(self, context: int) -> None:
        with self._moved:
            self._demand(context)
            self._cancelled.add(context)
            self._moved.notify_all()

    def release(self, context: int) -> None:
        with self._moved:
            self._contexts.discard(context)

    def await_service(self, stop: StopFlag, seconds: float) -> bool:
        self.calls.append("await")
        self.waiting.release()
        with stop.waking(self._announced.set):
            if stop.is_set:
                return False
            heard = self._announced.wait(seconds)
        self._announced.clear()
        return heard and not stop.is_set

    def _demand(self, context: int) -> None:
        if context not in self._contexts:
            raise PcscError(Code.COMM_ERROR if not self._running else Code.INVALID_HANDLE)

    def _ends(self, context: int, known: Sequence[Seen]) -> bool:
        gone = context not in self._contexts or context in self._cancelled
        return gone or any(self._differs(one) for one in known)

    def _differs(self, known: Seen) -> bool:
        if known.name == PNP:
            return known.state >> COUNTER_SHIFT != len(self._states)
        state, _ = self._states.get(known.name, (State.UNKNOWN, b""))
        if known.state == State.UNAWARE:
            return True
        return known.state >> COUNTER_SHIFT != state >> COUNTER_SHIFT or (known.state ^ state) & _TOLD != 0

    def _now(self, known: Seen) -> Seen:
        if known.name == PNP:
            return Seen(PNP, len(self._states) << COUNTER_SHIFT | State.CHANGED * self._differs(known))
        if known.name not in self._states:
            return Seen(known.name, State.UNKNOWN | State.CHANGED)
        state, atr = self._states[known.name]
        return Seen(known.name, state | State.CHANGED * self._differs(known), atr)
