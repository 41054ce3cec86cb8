"""Hears of the session (woken up, locked, about to end), and keeps the computer awake while dossiers come home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from enn_desktop.agenda.values import Activity, Doing
from enn_desktop.system.power import KeepAwake, own_keep_awake
from enn_desktop.system.session import Session, SessionEvent, own_session

if TYPE_CHECKING:
    from enn_desktop.qt.bridge import Bridge
    from enn_desktop.qt.engine_room import EngineRoom

AT_WORK = frozenset({Doing.FETCHING, Doing.VERIFYING, Doing.STOPPING})
"""A pause may last for days: the computer may sleep meanwhile."""


class SessionWatch(QObject):
    """Tells what happens to the session; what is said is heard in the main thread."""

    woke = Signal()
    unlocked = Signal()
    ending = Signal()
    """The process ends when the last listener returns."""

    def __init__(
        self,
        bridge: Bridge,
        engine: EngineRoom,
        session: Session | None = None,
        awake: KeepAwake | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session = session or own_session()
        self._awake = awake or own_keep_awake()
        self._held = False
        engine.activity_changed.connect(self._activity_changed)

    def begin(self) -> None:
        """Listen from now on."""
        self._session.listen(self._heard)

    def locked(self) -> bool:
        """Whether nobody sees the screen (in a thread: the system may take its time)."""
        return self._session.locked()

    def close(self) -> None:
        """Hear nothing more. The computer may sleep again when the reader's thread ends."""
        self._session.close()

    def _heard(self, event: SessionEvent) -> None:
        if event is SessionEvent.WOKE:
            self.woke.emit()
        elif event is SessionEvent.UNLOCKED:
            self.unlocked.emit()
        elif event is SessionEvent.ENDING:
            self.ending.emit()

    def _activity_changed(self, activity: Activity) -> None:
        wanted = activity.doing in AT_WORK
        if wanted is not self._held:
            self._held = wanted
            # Both in the reader's thread: Windows counts by thread, and Linux may take half a second to answer.
            self._bridge.read(self._awake.hold if wanted else self._awake.release, _nothing)


def _nothing(_result: object) -> None:
    """Do nothing."""
