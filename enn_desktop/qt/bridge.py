"""The only file that knows of threads: Qt's own; one each for catalogues, documents' disk, questions, engine, key.

Whatever a job does (ends, fails, is cancelled), exactly one of ``done`` and ``failed`` is called, in the main thread,
unless its result was made useless meanwhile (:meth:`Ticket.forget`, or a newer job of the same ``slot``).

A window's parts must end in the main thread. So a job and what hears of its end are kept by the main thread until that
end was delivered; a thread of ours knows a number, and is never the last to let go of them.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
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


@dataclass(slots=True, eq=False)
class _Errand:
    """A job on its way: how to do it in a thread, then what to call in the main one."""

    run: Callable[[], Callable[[], None]]
    end: Callable[[], None] | None = None

    def do(self) -> None:
        self.end = self.run()


class _Lane:
    """One thread that does jobs in the order given; it begins with its first job, and holds none that it did."""

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
            del job


class Bridge(QObject):
    """Gives jobs to the threads and brings their ends back to the main one."""

    failed = Signal(object)
    """An ``EnnError`` that no job's own ``failed`` wanted to hear."""
    leaving = Signal()
    """Everything ends: stop what goes on, and ask now for what was opened in a thread to be closed there."""
    _told = Signal(object)
    _arrived = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count(1)
        self._errands: dict[int, _Errand] = {}
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
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
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
        self._send(lane, job, done, failed or self.failed.emit, ticket)
        return ticket

    def _send(
        self, lane: _Lane, job: Callable[[], T], done: Callable[[T], None], failed: Failed, ticket: Ticket
    ) -> None:
        number = next(self._numbers)
        self._errands[number] = _Errand(partial(_outcome, job, done, failed, ticket))
        lane.put(partial(self._do, number))

    def watch(
        self, loop: Callable[[Callable[[T], None]], object], told: Callable[[T], None], stop: Callable[[], None]
    ) -> None:
        """Run a loop that blocks until ``stop`` is called (from any thread); what it publishes is ``told`` here."""
        lane = _Lane("guet de la clé")
        self._watchers.append((lane, stop))

        def publish(value: T) -> None:
            self._told.emit(lambda: told(value))

        self._send(lane, lambda: loop(publish), lambda _: None, self.failed.emit, Ticket())

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
            self._told.emit(lambda: None if cancel.cancelled else told(value))

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

        self._send(self._engine, lambda: job(work.cancel, work), finished, gave_up, Ticket())
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
            if any(lane.alive for lane in (self._reader, self._disk, self._network, *self._awaited())):
                # A share or a server that hangs: its thread will want to tell its end to something that is still there.
                self.setParent(None)
                _outlived.append(self)
            self._left()

    def _do(self, number: int) -> None:
        """Run in a thread of ours, which holds nothing of the job any more when the main one hears of its end."""
        self._errands[number].do()
        self._arrived.emit(number)

    def _hear(self, call: Callable[[], None]) -> None:
        if not self._closing or self._work is not None:
            call()

    def _deliver(self, number: int) -> None:
        errand = self._errands.pop(number)
        # An error knows where it was raised, hence the errand: without this they would hold each other.
        end, errand.end = errand.end, None
        if end is not None:
            self._hear(end)

    def _tell_progress(self) -> None:
        state = self._work.latest if self._work is not None else None
        if state is not None and state is not self._shown and self._progressed is not None:
            self._shown = state
            self._progressed(state)


_outlived: list[Bridge] = []
"""Those whose threads did not end in time; they end with the process."""


def _nothing() -> None:
    """Do nothing."""


def _outcome(job: Callable[[], T], done: Callable[[T], None], failed: Failed, ticket: Ticket) -> Callable[[], None]:
    """Do a job, in a thread; return what its end calls. Nothing that happens in the job may end the thread."""
    if not ticket.wanted:
        return _nothing
    try:
        value = job()
    except EnnError as error:
        return _unless_forgotten(ticket, failed, error)
    except BaseException as error:  # noqa: BLE001 - the one net under everything that the threads do
        return _unless_forgotten(ticket, failed, note_bug(error))
    return _unless_forgotten(ticket, done, value)


def _unless_forgotten(ticket: Ticket, then: Callable[[T], None], value: T) -> Callable[[], None]:
    def call() -> None:
        if ticket.wanted:
            then(value)

    return call
