"""Keeps what is known of the key true: hears the readers, decides when to look again, tells the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled, EnnError
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.key.rooms import KeyRooms
from enn_desktop.signing_key.values import CardState, Choice, KeyState, Look, Reader, Rung, UsbDevice, Verdict
from enn_desktop.system.paths import on_windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from enn_desktop.qt.steering import Steering
    from enn_desktop.signing_key.watcher import WatchEvent

DEBOUNCE_MS = 400
"""A key comes as a USB device, then a reader, then a card: they are told as one."""
SETTLE_MS = 1_500
"""What the system needs to take note of a card that has just come, before its certificates are asked for."""
USB_MS = 2_000
"""A key whose reader works is told by the card service within that time; one that is not by then is looked at."""
RETRY_MS = 5_000
"""When a check after an insertion is made once more, if the system was not ready yet."""
NOT_READY_YET = {
    KeyState.USB_UNUSED,
    KeyState.CARD_MUTE,
    KeyState.DRIVER_ABSENT,
    KeyState.CERT_ABSENT,
    KeyState.CERT_GHOST,
    KeyState.CERT_NOT_IN_WINDOWS,
    KeyState.KEY_SILENT,
    KeyState.UNDETERMINED,
}
"""What may only mean that the system is still copying the certificates of a card that has just come.

A driver that crashed or hung is not among them: it is left alone after a second failure, which must be hers to cause.
"""
SEEN_BY_READERS = frozenset({Rung.SERVICE, Rung.READER, Rung.CARD})
_THERE = {CardState.PRESENT, CardState.IN_USE, CardState.EXCLUSIVE}
Card = tuple[str, CardState, bytes]
Trace = tuple[int, tuple[Card, ...], int]


class KeyKeeper(QObject):
    """One per window. Everything it tells is told in the main thread."""

    verdict_changed = Signal(object)
    """A ``Verdict``: the answer now."""
    progress_changed = Signal(object)
    """The ``Verdict`` as far as a check has come; ``None`` at its very beginning."""
    checking_changed = Signal(bool)
    failed = Signal(object)
    """An ``EnnError`` that ended a check."""

    def __init__(self, bridge: Bridge, steering: Steering, rooms: KeyRooms, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._steering, self._rooms = bridge, steering, rooms
        self.look: Look | None = None
        self.verdict: Verdict | None = None
        self.checking = False
        self._choice = self._chosen()
        self._readers: tuple[Reader, ...] = ()
        self._trace: Trace | None = None
        self._moved = self._came = self._begun = self._leaving = False
        self._cancel: CancelToken | None = None
        self._debounce = self._timer(DEBOUNCE_MS, self._readers_settled)
        self._settle = self._timer(SETTLE_MS, self._look_now)
        self._retry = self._timer(RETRY_MS, self._retry_due)
        self._usb = self._timer(USB_MS, self._usb_settled)
        self._may_retry = self._retry_when_done = False
        steering.settings_changed.connect(self._settings_changed)

    def _timer(self, after_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(after_ms)
        timer.timeout.connect(act)
        return timer

    # -- what is asked -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to hear the readers; the first thing heard is how they stand now."""
        if not self._begun:
            self._begun = True
            self._bridge.watch(self._rooms.watch, self._heard, self._rooms.stop)
            self._bridge.watch(self._rooms.watch_usb, self._plugged, self._rooms.stop)

    def check(self) -> None:
        """Look at everything now: she asked for it."""
        self._may_retry = False
        self._retry.stop()
        self._look_now()

    def opened(self) -> None:
        """Look at everything because the page was opened, unless that is being done."""
        if not self.checking:
            self.check()

    def stop(self) -> None:
        """End the check that goes on; what was known before stays."""
        self._settle.stop()
        self._retry.stop()
        self._may_retry = self._retry_when_done = False
        if self._cancel is not None:
            self._cancel.cancel()
        elif self.checking:
            self._rest()

    def leave(self) -> None:
        """Begin nothing more: the program stops."""
        for timer in (self._debounce, self._settle, self._retry, self._usb):
            timer.stop()
        self._leaving = True

    # -- what the readers say ------------------------------------------------------------------------------

    def _heard(self, event: WatchEvent) -> None:
        trace = _trace(event)
        # The same told again is no news: another program takes the card, or gives it back. A card that was changed for
        # one that looks the same is: only its coming and going was counted.
        if trace != self._trace:
            before, moves = self._trace[1:] if self._trace is not None else ((), 0)
            there = set(_cards(trace))
            self._came = self._came or bool(there if trace[2] != moves else there - set(before))
            self._moved, self._trace = True, trace
        self._readers = event.readers
        # Counted from the first event, not from the last: what happened is shown in time whatever follows.
        if not self._debounce.isActive() and not self._leaving:
            self._debounce.start()

    def _plugged(self, _devices: tuple[UsbDevice, ...]) -> None:
        if not self._leaving:
            self._usb.start()

    def _usb_settled(self) -> None:
        """Look at a key that was plugged or pulled out without a word from the readers: they do not know it."""
        if not self._card_there() and not self.checking:
            self._look_now()

    def _readers_settled(self) -> None:
        if not self._moved:
            self._only_taken()
            return
        came, self._moved, self._came = self._came and self._card_there(), False, False
        self._settle.stop()
        self._retry.stop()
        self._may_retry = came
        if not came:
            self._look_now()
            return
        if self._cancel is not None:
            self._cancel.cancel()
            self._cancel = None
        self._set_checking(on=True)
        self.progress_changed.emit(self._judged(self._look_of_readers()))
        self._settle.start()
        self._retry.start()

    def _only_taken(self) -> None:
        """Tell that another program took the card, or gave it back: nothing has to be asked for that."""
        if self.look is not None and self.verdict is not None and not self.checking:
            self.look = replace(self.look, readers=self._readers)
            self._tell(self._judged(self.look))

    def _look_of_readers(self) -> Look:
        return Look(windows=on_windows(), done=SEEN_BY_READERS, readers=self._readers)

    def _card_there(self) -> bool:
        return any(one.state in _THERE and not one.ignored for one in self._readers)

    # -- a check -------------------------------------------------------------------------------------------

    def _look_now(self) -> None:
        self._settle.stop()
        if self._leaving:
            return
        self._set_checking(on=True)
        self.progress_changed.emit(None)
        rooms, clock, choice = self._rooms, self._steering.office.clock, self._choice

        def job(cancel: CancelToken, tell: Callable[[Verdict], None]) -> tuple[Look, Verdict]:
            look = rooms.check(cancel, lambda seen: tell(rooms.judge(seen, clock.now(), choice)))
            return look, rooms.judge(look, clock.now(), choice)

        self._cancel = self._bridge.look_at_key(job, self.progress_changed.emit, self._looked, self._gave_up)

    def _looked(self, found: tuple[Look, Verdict]) -> None:
        self._cancel = None
        self.look, verdict = found
        if self._may_retry and verdict.state in NOT_READY_YET:
            # Not told yet: the system may still be busy with the card, and the second look is seconds away.
            if self._retry_when_done or not self._retry.isActive():
                self._retry_when_done = False
                self._retry_due()
            return
        self._retry.stop()
        self._may_retry = self._retry_when_done = False
        self._set_checking(on=False)
        self._tell(verdict)

    def _retry_due(self) -> None:
        if self._cancel is not None:
            self._retry_when_done = True
        elif self._may_retry:
            self._may_retry = False
            self._look_now()

    def _gave_up(self, error: EnnError) -> None:
        self._cancel = None
        self._rest()
        if not isinstance(error, Cancelled):
            self.failed.emit(error)

    def _rest(self) -> None:
        """End a check that gave nothing: what was known before is told again."""
        self._set_checking(on=False)
        if self.verdict is not None:
            self._tell(self.verdict)

    def _set_checking(self, *, on: bool) -> None:
        if on is not self.checking:
            self.checking = on
            self.checking_changed.emit(on)

    # -- the verdict ---------------------------------------------------------------------------------------

    def _tell(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.verdict_changed.emit(verdict)

    def _settings_changed(self) -> None:
        choice = self._chosen()
        if choice == self._choice:
            return
        self._choice = choice
        if self.look is not None and self.verdict is not None and not self.checking:
            self._tell(self._judged(self.look))

    def _judged(self, look: Look) -> Verdict:
        return self._rooms.judge(look, self._now(), self._choice)

    def _chosen(self) -> Choice:
        key = self._steering.office.settings.key
        return Choice(key.certificate, key.signer)

    def _now(self) -> datetime:
        return self._steering.office.clock.now()


def _trace(event: WatchEvent) -> Trace:
    """Return what counts as a change: service, readers, cards; not whether another program uses one."""
    there = (one for one in event.readers if not one.ignored)
    plain = ((one.name, CardState.PRESENT if one.state in _THERE else one.state, one.atr) for one in there)
    return event.code, tuple(sorted(plain, key=lambda one: (one[0], one[1].value, one[2]))), event.moves


def _cards(trace: Trace) -> tuple[Card, ...]:
    return tuple(one for one in trace[1] if one[1] is CardState.PRESENT)
