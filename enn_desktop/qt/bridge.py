"""The only file that knows of threads: Qt's own; one each for catalogues, documents' disk, questions, engine, key.

Whatever a job does (ends, fails, is cancelled), exactly one of ``done`` and ``failed`` is called, in the main thread,
unless its result was made useless meanwhile (:meth:`Ticket.forget`, or a newer job of the same ``slot``).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import EnnError
from enn_desktop.core.progress import Progress, ProgressState
from enn_desktop.system.logs import note_bug

T = TypeVar("T")
U = TypeVar("U")
Failed = Callable[[EnnError], None]
LOOK_MS = 150
"""How often the screen looks at the progress of a work."""
LEAVE_MS = 8_000
"""How long a stop waits for a work that was asked to end; its writes are safe at any point."""


class Ticket:
    """A job asked for; :meth:`forget` it when its result no longer matters."""

    def __init__(self) -> None:
        self.wanted = True

    def forget(self) -> None:
        """Have the result dropped, and the job not begun if it still waits."""
        self.wanted = False


@dataclass(slots=True)
class Work:
    """One long job of the engine: the flag that stops or pauses it, and how far it is."""

    cancel: CancelToken = field(default_factory=CancelToken)
    latest: ProgressState | None = None

    def update(self, state: ProgressState) -> None:
        """Take note of the present state (called from the engine's threads)."""
        self.latest = state


class _Lane:
    """One thread that does jobs in the order given; it begins with its first job."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def leave(self) -> None:
        self._jobs.put(None)

    def wait(self, seconds: float) -> None:
        if self._thread is not None:
            self._thread.join(max(seconds, 0.0))

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class Bridge(QObject):
    """Gives jobs to the threads and brings their ends back to the main one."""

    failed = Signal(object)
    """An ``EnnError`` that no job's own ``failed`` wanted to hear."""
    leaving = Signal()
    """Everything ends: stop what goes on, and ask now for what was opened in a thread to be closed there."""
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._disk = _Lane("lecture"), _Lane("disque")
        self._network, self._engine = _Lane("réseau"), _Lane("moteur")
        # For the signing key: those that sleep until a reader or a USB port says something, and the one that asks what
        # takes seconds.
        self._watchers: list[tuple[_Lane, Callable[[], None]]] = []
        self._key = _Lane("clé")
        self._key_look: CancelToken | None = None
        self._slots: dict[str, Ticket] = {}
        self._work: Work | None = None
        self._progressed: Callable[[ProgressState], None] | None = None
        self._shown: ProgressState | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._tell_progress)
        self._closing = False
        self._left: Callable[[], None] = _nothing
        self._patience_ms = 0
        self._leaving = QTimer(self)
        self._leaving.setInterval(20)
        self._leaving.timeout.connect(self._look_at_lanes)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self, job: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None, *, slot: str = ""
    ) -> Ticket:
        """Do something short that waits on the disk. A newer job of the same ``slot`` makes an older one useless."""
        return self._ask(self._reader, job, done, failed, slot)

    def look_at_disk(
        self, job: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None, *, slot: str = ""
    ) -> Ticket:
        """Like :meth:`read`, for the documents' own disk: a share that hangs must not hold the catalogues back."""
        return self._ask(self._disk, job, done, failed, slot)

    def ask_network(
        self, job: Callable[[], T], done: Callable[[T], None], failed: Failed | None = None, *, slot: str = ""
    ) -> Ticket:
        """Like :meth:`read`, for one question to a server or to the vault, which may take its time."""
        return self._ask(self._network, job, done, failed, slot)

    def _ask(
        self, lane: _Lane, job: Callable[[], T], done: Callable[[T], None], failed: Failed | None, slot: str
    ) -> Ticket:
        ticket = Ticket()
        if slot:
            if (older := self._slots.get(slot)) is not None:
                older.forget()
            self._slots[slot] = ticket
        lane.put(lambda: self._do(job, done, failed or self.failed.emit, ticket))
        return ticket

    def watch(
        self, loop: Callable[[Callable[[T], None]], object], told: Callable[[T], None], stop: Callable[[], None]
    ) -> None:
        """Run a loop that blocks until ``stop`` is called (from any thread); what it publishes is ``told`` here."""
        lane = _Lane("guet de la clé")
        self._watchers.append((lane, stop))

        def publish(value: T) -> None:
            self._arrived.emit(lambda: told(value))

        lane.put(lambda: self._do(lambda: loop(publish), lambda _: None, self.failed.emit, Ticket()))

    def look_at_key(
        self,
        job: Callable[[CancelToken, Callable[[U], None]], T],
        told: Callable[[U], None],
        done: Callable[[T], None],
        failed: Failed | None = None,
    ) -> CancelToken:
        """Ask the key something that takes seconds, ``told`` on the way; a newer question ends the one before."""
        if self._key_look is not None:
            self._key_look.cancel()
        cancel = self._key_look = CancelToken()

        def tell(value: U) -> None:
            self._arrived.emit(lambda: None if cancel.cancelled else told(value))

        self._ask(self._key, lambda: job(cancel, tell), done, failed, "key")
        return cancel

    def work(
        self,
        job: Callable[[CancelToken, Progress], T],
        done: Callable[[T], None],
        failed: Failed | None = None,
        progressed: Callable[[ProgressState], None] | None = None,
    ) -> Work:
        """Do something long with the engine. One at a time: ask :attr:`busy` before."""
        if self.busy:
            message = "the engine has one work at a time"
            raise RuntimeError(message)
        work = self._work = Work()
        self._progressed, self._shown = progressed, None
        self._look.start()

        def ended(then: Callable[[], None]) -> None:
            self._tell_progress()
            self._look.stop()
            self._work = None
            then()

        def finished(value: T) -> None:
            ended(lambda: done(value))

        def gave_up(error: EnnError) -> None:
            ended(lambda: (failed or self.failed.emit)(error))

        self._engine.put(lambda: self._do(lambda: job(work.cancel, work), finished, gave_up, Ticket()))
        return work

    @property
    def busy(self) -> bool:
        """Whether the engine works."""
        return self._work is not None

    def leave(self, then: Callable[[], None]) -> None:
        """End the threads, cancelling what goes on, and call ``then`` once, in at most :data:`LEAVE_MS`."""
        self.leaving.emit()
        self._closing = True
        for ticket in self._slots.values():
            ticket.forget()
        if self._work is not None:
            self._work.cancel.cancel()
        if self._key_look is not None:
            self._key_look.cancel()
        for _, stop in self._watchers:
            stop()
        for lane in (self._reader, self._disk, self._network, *self._awaited()):
            lane.leave()
        self._left, self._patience_ms = then, LEAVE_MS
        self._leaving.start()

    def wait(self, patience_ms: int) -> None:
        """After :meth:`leave`, hold everything until the threads have ended, or for so long at most.

        For the end of the session alone: the process is ended as soon as the main thread goes on.
        """
        until = time.monotonic() + patience_ms / 1000
        for lane in (self._reader, *self._awaited()):
            lane.wait(until - time.monotonic())

    def _awaited(self) -> tuple[_Lane, ...]:
        return (self._engine, self._key, *(lane for lane, _ in self._watchers))

    def _look_at_lanes(self) -> None:
        self._patience_ms -= self._leaving.interval()
        if self._patience_ms <= 0 or not any(lane.alive for lane in (self._reader, *self._awaited())):
            self._leaving.stop()
            self._left()

    def _do(self, job: Callable[[], T], done: Callable[[T], None], failed: Failed, ticket: Ticket) -> None:
        """Run in a thread of ours: nothing that happens in the job may end the thread."""
        if not ticket.wanted:
            return
        try:
            value = job()
        except EnnError as error:
            problem = error
        except BaseException as error:  # noqa: BLE001 - the one net under everything that the threads do
            problem = note_bug(error)
        else:
            self._arrived.emit(_unless_forgotten(ticket, done, value))
            return
        self._arrived.emit(_unless_forgotten(ticket, failed, problem))

    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closing or self._work is not None:
            call()

    def _tell_progress(self) -> None:
        state = self._work.latest if self._work is not None else None
        if state is not None and state is not self._shown and self._progressed is not None:
            self._shown = state
            self._progressed(state)


def _nothing() -> None:
    """Do nothing."""


def _unless_forgotten(ticket: Ticket, then: Callable[[T], None], value: T) -> Callable[[], None]:
    def call() -> None:
        if ticket.wanted:
            then(value)

    return call
