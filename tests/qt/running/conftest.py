"""The parts behind the window, put together as the program does, before a platform of make-believe."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Doing, Health, Outlook
from enn_desktop.core.errors import EnnError
from enn_desktop.core.settings import AccountSettings, ProxySettings, ScheduleSettings, Settings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.office import Office
from enn_desktop.qt.steering import NOT_YET, Steering
from enn_desktop.system.paths import profile_paths

MORNING = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
"""A Thursday, nine o’clock in Paris: reminders may speak."""
ACCOUNT = "Valbrume"
PATIENCE_MS = 40_000
"""For a whole run on a slow computer; usually about a second."""


class MovedClock:
    """Stands still until it is moved by hand; durations are real."""

    def __init__(self) -> None:
        self.instant = MORNING

    def now(self) -> datetime:
        return self.instant

    def monotonic(self) -> float:
        return time.monotonic()

    def advance(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass(frozen=True, slots=True)
class House:
    """Everything behind the window, in use."""

    bridge: Bridge
    office: Office
    engine: EngineRoom
    steering: Steering
    clock: MovedClock
    server: DemoServer
    memory: QSettings
    errors: list[EnnError]

    @property
    def asked(self) -> int:
        """How many requests the platform has had."""
        return len(self.server.requests)

    @property
    def health(self) -> Health:
        """The state in one word."""
        return self.steering.health

    @property
    def doing(self) -> Doing:
        """What the engine is doing now."""
        return self.engine.activity.doing

    def give(self, **changes: object) -> None:
        """Change settings without a word to anyone."""
        self.office.settings = msgspec.structs.replace(self.office.settings, **changes)

    def know(self, qtbot: QtBot) -> Outlook:
        """Read the catalogues, and wait for what they say."""
        with qtbot.waitSignal(self.steering.outlook_changed, timeout=PATIENCE_MS):
            self.steering.refresh()
        assert self.steering.outlook is not NOT_YET
        return self.steering.outlook


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(build_world(seed=2, dossiers=30, now=MORNING)) as made:
        yield made


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=20_000)


@pytest.fixture
def house(tmp_path: Path, server: DemoServer, bridge: Bridge, clock: MovedClock) -> House:
    settings = Settings(
        folder=str(tmp_path / "Dossiers de la mairie"),
        accounts=(AccountSettings(name=ACCOUNT, address=server.url, user="secretaire"),),
        schedule=ScheduleSettings(on_metered=True, on_battery_saver=True),
        proxy=ProxySettings(mode="aucun"),
    )
    office = Office(profile_paths(tmp_path / "profil"), settings, clock)
    office.remember(ACCOUNT, server.world.accounts["secretaire"].password)
    engine = EngineRoom(bridge, office)
    steering = Steering(bridge, office, engine)
    errors: list[EnnError] = []
    steering.failed.connect(errors.append)
    memory = QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)
    return House(bridge, office, engine, steering, clock, server, memory, errors)
