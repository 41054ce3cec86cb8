"""A flag that stops a thread which waits outside Python: set once, it wakes whoever waits, and waits until it woke."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

RING_S = 0.02
"""How long a wake-up may take before it is sent again: the first one may have come just before the wait began."""
RINGS = 100


class StopFlag:
    """Carries « please stop » to one waiting thread, and gets it out of its wait."""

    def __init__(self) -> None:
        self._set = threading.Event()
        self._place = threading.Condition()
        self._wake: Callable[[], None] | None = None

    @property
    def is_set(self) -> bool:
        """Whether the stop was asked for."""
        return self._set.is_set()

    def set(self) -> None:
        """Ask for the stop; returns once the thread has left its wait, two seconds later at the latest."""
        self._set.set()
        with self._place:
            for _ in range(RINGS):
                if self._wake is None:
                    return
                # Under the lock: what the wake-up speaks to cannot be closed meanwhile.
                self._wake()
                self._place.wait(RING_S)

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until the stop; tell whether it was asked for."""
        return self._set.wait(seconds)

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Say how to end the wait that is inside the ``with``; look at :attr:`is_set` after entering, not before."""
        with self._place:
            self._wake = wake
        try:
            yield
        finally:
            with self._place:
                self._wake = None
                self._place.notify_all()
