"""What the window does without being asked: other programs' work, a newer version, what a contractor got wrong."""

from __future__ import annotations

from PySide6.QtCore import QObject

from enn_desktop.core.errors import SettingsError
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.error_box import ErrorShower
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.other_hand import OtherHand
from enn_desktop.qt.steering import Steering
from enn_desktop.qt.update_news import UpdateNews


class Background(QObject):
    """Put together once the first screen is there; its parts live as long as ``parent``."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts that it brings together
        self,
        bridge: Bridge,
        steering: Steering,
        engine: EngineRoom,
        desk: FrontDesk,
        errors: ErrorShower,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._steering, self._errors = bridge, steering, errors
        self._hand = OtherHand(bridge, steering.office, engine, self)
        self._hand.wrote.connect(steering.refresh)
        self._hand.wrote.connect(steering.refresh_ledger)
        self.news = UpdateNews(bridge, steering, self)
        self.news.changed.connect(desk.show_news)
        desk.news_closed.connect(self.news.close)

    def begin(self) -> None:
        """Start all of it."""
        self._hand.begin()
        self.news.begin()
        office = self._steering.office
        if office.demo:
            return

        def look() -> tuple[SettingsError, ...]:
            from enn_desktop.system.autostart import own_autostart
            from enn_desktop.system.settings_store import prepared_faults

            settings = office.settings
            if settings.with_session and not settings.accounts and not office.paths.settings_file.exists():
                # Prepared for her, and she has decided nothing yet: a setting that says so must be so.
                own_autostart().set(True)
            return prepared_faults(office.paths)

        self._bridge.look_at_disk(look, self._tell_faults, slot="prepared")

    def _tell_faults(self, faults: tuple[SettingsError, ...]) -> None:
        """Say what is wrong in the files that a contractor prepared; the program works without them."""
        for fault in faults:
            self._errors.show_error(fault)
