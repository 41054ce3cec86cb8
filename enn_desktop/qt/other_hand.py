"""What another program of ours brought home (a scheduled task, a command) shows in the window within a minute."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from enn_desktop.agenda import places
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.office import Office

LOOK_MS = 60_000
"""A minute: the window is late by that much at most, and a few dates of files are all that is read."""


class OtherHand(QObject):
    """Looks at when the catalogues were last written; what this window wrote itself is no news."""

    wrote = Signal()

    def __init__(self, bridge: Bridge, office: Office, engine: EngineRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._office, self._engine = bridge, office, engine
        self._known: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        engine.activity_changed.connect(self._forget)

    def begin(self) -> None:
        """Start looking."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look now; nothing is said of the first look, nor while this window is at work."""
        if self._engine.free:
            self._bridge.read(lambda: places.last_written(self._office.paths), self._seen, slot="other hand")

    def _seen(self, written: float) -> None:
        known, self._known = self._known, written
        if known is not None and written != known and self._engine.free:
            self.wrote.emit()

    def _forget(self) -> None:
        self._known = None
