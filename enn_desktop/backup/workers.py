"""Two threads that talk to the server while the engine's own thread writes; the only threads of a run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from enn_desktop.core.cancel import CancelToken

T = TypeVar("T")
COUNT = 2
AHEAD = 6
"""Requests handed out beyond those being answered, so that no thread waits while the engine writes."""
_LOOK_S = 0.2
PATIENCE_AFTER_CANCEL_S = 3.0


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """One job that ended: its value, or the exception that ended it."""

    tag: T
    value: object
    error: BaseException | None


class Workers(Generic[T]):
    """Runs jobs on two threads and gives their ends back, in the order they end, to the one thread that asks.

    The threads are daemons: after a cancel, a request that hangs is left behind, not waited for.
    """

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._jobs: queue.SimpleQueue[tuple[T, Callable[[], object]] | None] = queue.SimpleQueue()
        self._ends: queue.SimpleQueue[Done[T]] = queue.SimpleQueue()
        self._outstanding = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"récupération-{number}", daemon=True) for number in range(COUNT)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def outstanding(self) -> int:
        """Jobs handed out whose end was not taken yet."""
        return self._outstanding

    @property
    def hungry(self) -> bool:
        """Whether another job should be handed out."""
        return self._outstanding < COUNT + AHEAD

    def hand_out(self, tag: T, job: Callable[[], object]) -> None:
        """Have a job done; ``tag`` comes back with its end."""
        self._outstanding += 1
        self._jobs.put((tag, job))

    def next_end(self) -> Done[T]:
        """Wait for a job to end. Raises ``Cancelled`` when a stop is asked for and nothing ends soon."""
        while True:
            try:
                end = self._ends.get(timeout=_LOOK_S)
            except queue.Empty:
                self._cancel.check()
            else:
                self._outstanding -= 1
                return end

    def leave(self) -> list[Done[T]]:
        """Tell the threads to end and wait a little; return the ends that nobody took."""
        for _ in self._threads:
            self._jobs.put(None)
        # With ends still awaited, this is a stop: a request that hangs must not hold it back.
        for thread in self._threads:
            thread.join(PATIENCE_AFTER_CANCEL_S if self._outstanding else None)
        left = []
        while True:
            try:
                left.append(self._ends.get_nowait())
            except queue.Empty:
                return left

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            tag, job = item
            try:
                self._cancel.check()
                end = Done(tag, job(), None)
            except BaseException as error:  # noqa: BLE001 - handed to the engine's thread, which raises or records it
                end = Done(tag, None, error)
            self._ends.put(end)
