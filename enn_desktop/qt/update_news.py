"""Asks for a newer version when its day has come, and tells it to the page; never a notification, never a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from enn_desktop import __version__
from enn_desktop.core.settings import Settings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.steering import Steering

if TYPE_CHECKING:
    from enn_desktop.agenda.update_watch import Memory

LOOK_MS, FIRST_MS = 3_600_000, 60_000
"""Every hour it looks whether a day has passed; the first time, a minute after the start: the dossiers come first."""


class UpdateNews(QObject):
    """Holds what is known of newer versions."""

    changed = Signal(object)
    """A ``Newer``, or ``None`` when there is nothing to tell."""

    def __init__(self, bridge: Bridge, steering: Steering, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._steering = bridge, steering
        self._asked_of = steering.office.settings.notice
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        steering.settings_changed.connect(self._settings_changed)

    def begin(self) -> None:
        """Start looking."""
        self._timer.start()
        QTimer.singleShot(FIRST_MS, self, self.look)

    def look(self) -> None:
        """Ask if the day has come, and tell what is known; without her consent nothing is even looked at."""
        office = self._steering.office
        if office.demo or not office.settings.notice.enabled:
            self.changed.emit(None)
            return

        def job() -> Memory:
            from enn_desktop.agenda import update_watch

            now = office.clock.now()
            return update_watch.ask_if_due(
                office.paths, office.settings.notice, update_watch.own_keys(), now, office.proxy
            )

        # A profile that cannot be written is said elsewhere, loudly.
        self._bridge.ask_network(job, self._known, lambda _: None, slot="update")

    def close(self, version: str) -> None:
        """Never speak of this version again."""
        paths = self._steering.office.paths

        def job() -> Memory:
            from enn_desktop.agenda import update_watch

            return update_watch.close(paths, version)

        self._bridge.read(job, self._known, slot="update closed")

    def _known(self, memory: Memory) -> None:
        from enn_desktop.agenda.update_watch import to_tell

        self.changed.emit(to_tell(memory, self._steering.office.settings.notice, __version__))

    def _settings_changed(self, settings: Settings) -> None:
        if settings.notice != self._asked_of:
            self._asked_of = settings.notice
            self.look()
