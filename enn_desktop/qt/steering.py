"""Keeps the screens true: reads the catalogues again when something changed, and tells what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from enn_desktop.agenda import places
from enn_desktop.agenda.health import DEMO_COMING, Circumstances, Headline, headline, health_of, health_sentence
from enn_desktop.agenda.outlook import build_outlook
from enn_desktop.agenda.values import Doing, Health, Outlook
from enn_desktop.core.errors import EnnError
from enn_desktop.core.policy import Policy
from enn_desktop.core.settings import Settings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.office import Office

if TYPE_CHECKING:
    from enn_desktop.agenda.sheet import OpenFailure, PastRun

VERIFYING = "Vérification des fichiers en cours."
NOT_YET = Outlook(today=date.min)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one reading of the catalogues gave."""

    policy: Policy
    outlook: Outlook


class Steering(QObject):
    """Holds what is known now; every change is told by a signal."""

    outlook_changed = Signal(object, object)
    """``Outlook``, ``Headline``."""
    health_changed = Signal(object, str)
    """``Health``, its sentence."""
    ledger_changed = Signal(object, object)
    """Tuples of ``PastRun`` and ``OpenFailure``."""
    settings_changed = Signal(object)
    failed = Signal(object)
    """An ``EnnError`` to be shown."""

    def __init__(self, bridge: Bridge, office: Office, engine: EngineRoom, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self.office, self._engine = bridge, office, engine
        self.outlook = NOT_YET
        self.health = Health.NO_ACCOUNT
        self.last_error: EnnError | None = None
        self._missing: tuple[Path, ...] = ()
        self._since = office.clock.now()
        engine.activity_changed.connect(self._activity_changed)
        engine.round_began.connect(self._forget_error)
        engine.failed.connect(self._work_failed)

    def refresh(self) -> None:
        """Read the catalogues again, and tell what they say."""
        self._bridge.read(self._look, self._looked, self._could_not_look, slot="outlook")
        # A share that is gone may take a minute to say so: the first screen does not wait for it.
        self._bridge.look_at_disk(self._look_for_roots, self._roots_seen, self.failed.emit, slot="roots")

    def refresh_ledger(self) -> None:
        """Read past runs and open failures again."""
        self._bridge.read(self._read_ledger, self._tell_ledger, self.failed.emit, slot="ledger")

    def tell_again(self) -> None:
        """Tell what is known to someone who has just come."""
        if self.outlook is not NOT_YET:
            self._tell_health()

    def round_ended(self, error: EnnError | None) -> None:
        """Take note of how a round ended; the screens follow."""
        self.last_error = error
        self.refresh()

    def apply(self, settings: Settings) -> None:
        """Use other settings from now on, and write them."""
        if settings == self.office.settings:
            return
        self.office.settings = settings
        office = self.office

        def save() -> None:
            from enn_desktop.system.settings_store import keep_unread, save_settings

            if office.unread:
                keep_unread(office.paths)
                office.unread = False
            save_settings(office.paths, settings)

        self._bridge.read(save, lambda _: None, self.failed.emit)
        self.settings_changed.emit(settings)
        self.refresh()

    # -- in the reader's thread ----------------------------------------------------------------------------

    def _look(self) -> Seen:
        office = self.office
        roots = office.roots
        found = places.known_places(office.paths, roots)
        outlook = build_outlook(found, office.policy, office.clock.now(), missing_roots=self._missing)
        return Seen(office.policy, outlook)

    def _look_for_roots(self) -> tuple[Path, ...]:
        roots = self.office.roots
        used = {place.root for place in places.known_places(self.office.paths, roots)}
        return tuple(root for root in roots if root in used and not places.root_is_there(root))

    def _read_ledger(self) -> tuple[tuple[PastRun, ...], tuple[OpenFailure, ...]]:
        from enn_desktop.agenda.sheet import read_open_failures, read_runs

        found = places.known_places(self.office.paths, self.office.roots)
        return read_runs(found), read_open_failures(found)

    # -- in the main thread --------------------------------------------------------------------------------

    def _roots_seen(self, missing: tuple[Path, ...]) -> None:
        if missing != self._missing:
            self._missing = missing
            self.refresh()

    def _looked(self, seen: Seen) -> None:
        self.outlook = seen.outlook
        self._tell()

    def _could_not_look(self, error: EnnError) -> None:
        self.failed.emit(error)
        self._tell()

    def _tell_ledger(self, read: tuple[tuple[PastRun, ...], tuple[OpenFailure, ...]]) -> None:
        self.ledger_changed.emit(*read)

    def _activity_changed(self) -> None:
        if self.outlook is not NOT_YET:
            self._tell_health()

    def _forget_error(self) -> None:
        self.last_error = None

    def _work_failed(self, error: EnnError) -> None:
        self.last_error = error
        self.failed.emit(error)
        self.refresh()

    def _tell(self) -> None:
        self._tell_health()
        self.outlook_changed.emit(self.outlook, self._headline())

    def _headline(self) -> Headline:
        if self._demo_coming:
            return DEMO_COMING
        return headline(self.outlook, self.health, self._local_now(), self.last_error)

    def _tell_health(self) -> None:
        doing = self._engine.activity.doing
        around = Circumstances(doing, self.office.settings, self.office.clock.now(), self._since, self.last_error)
        self.health = health_of(self.outlook, around)
        sentence = health_sentence(self.health, self.outlook, self._local_now())
        if self._demo_coming:
            sentence = DEMO_COMING.title
        self.health_changed.emit(self.health, VERIFYING if doing is Doing.VERIFYING else sentence)

    @property
    def _demo_coming(self) -> bool:
        return self.office.demo and not self.office.settings.accounts

    def _local_now(self) -> datetime:
        return self.office.clock.now().astimezone()
