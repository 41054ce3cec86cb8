"""A watcher at work in a thread of its own, and what it tells, in order."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from enn_desktop.signing_key.pcsc import PcscPort
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import CardState
from enn_desktop.signing_key.watcher import WatchEvent, watch

SOON_S = 20.0
"""Far more than anything here takes."""


class Watching:
    """A watcher that is stopped, and seen to end, with the ``with``."""

    def __init__(self, port: PcscPort) -> None:
        self.stop = StopFlag()
        self._heard: queue.SimpleQueue[tuple[float, WatchEvent]] = queue.SimpleQueue()
        self.thread = threading.Thread(target=watch, args=(port, self._publish, self.stop), name="watcher")

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop.set()
        self.thread.join(SOON_S)
        assert not self.thread.is_alive(), "The watcher did not stop."

    def next(self) -> WatchEvent:
        """Return the next thing told. Raises ``queue.Empty`` when nothing comes."""
        return self._heard.get(timeout=SOON_S)[1]

    def until(self, wanted: Callable[[WatchEvent], bool]) -> float:
        """Return when something that is wanted was told; what came before is passed over."""
        end = time.monotonic() + SOON_S
        while True:
            moment, event = self._heard.get(timeout=max(0.0, end - time.monotonic()))
            if wanted(event):
                return moment

    @property
    def silent(self) -> bool:
        """Whether nothing was told since."""
        return self._heard.empty()

    def _publish(self, event: WatchEvent) -> None:
        self._heard.put((time.monotonic(), event))


def first_is(state: CardState) -> Callable[[WatchEvent], bool]:
    """Return whether the first reader is in this state."""
    return lambda event: bool(event.readers) and event.readers[0].state is state


def refused(event: WatchEvent) -> bool:
    """Whether the card service does not let itself be asked."""
    return not event.service_answers


def without_readers(event: WatchEvent) -> bool:
    """Whether the service is there, and no reader."""
    return event.service_answers and not event.readers
