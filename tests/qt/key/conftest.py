"""The keeper of the key among the parts it needs, its waits made short; nothing of this computer is looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.core.settings import ScheduleSettings, Settings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.key import keeper as keeping
from enn_desktop.qt.key.keeper import KeyKeeper
from enn_desktop.qt.office import Office
from enn_desktop.qt.steering import Steering
from enn_desktop.system.paths import profile_paths
from tests.qt.key.made import NOW, ScriptedRooms
from tests.signing_key.conftest import late_probes_gone  # noqa: F401 - a fixture, for every test here

SHORT = {"DEBOUNCE_MS": 20, "SETTLE_MS": 40, "RETRY_MS": 150, "USB_MS": 60}


class StillClock:
    """Always the same moment; durations are real."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=10_000)


@pytest.fixture
def steering(bridge: Bridge, tmp_path: Path) -> Steering:
    settings = Settings(folder=str(tmp_path / "dossiers"), schedule=ScheduleSettings(automatic=False))
    office = Office(profile_paths(tmp_path / "profil"), settings, StillClock())
    return Steering(bridge, office, EngineRoom(bridge, office))


@pytest.fixture
def rooms() -> ScriptedRooms:
    return ScriptedRooms()


@pytest.fixture
def keeper(
    bridge: Bridge, steering: Steering, rooms: ScriptedRooms, monkeypatch: pytest.MonkeyPatch
) -> Iterator[KeyKeeper]:
    for name, value in SHORT.items():
        monkeypatch.setattr(keeping, name, value)
    made = KeyKeeper(bridge, steering, rooms)
    yield made
    made.leave()
