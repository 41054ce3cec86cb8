"""A profile with some dossiers, a real bridge and a real shelf."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.librarian import Librarian
from enn_desktop.qt.dossiers.page import DossiersPage
from enn_desktop.qt.office import Office
from enn_desktop.system.paths import profile_paths
from tests.agenda.made import AWAY, NOW, dossier, place

MADE = (
    dossier("a", age=3, title="Budget primitif", number="DEL_2", type_id="ls-actes"),
    dossier("b", age=40, title="Élagage des platanes", number="DEL_10", type_id="ls-actes"),
    dossier("c", age=50, title="Contrat", **AWAY),
    dossier("d", age=300, title="Ancien bordereau", gone_at=datetime(2026, 1, 2, tzinfo=UTC)),
    *(dossier(f"m{rank:03}", age=100 + rank, title=f"Mandat {rank}", type_id="ls-helios") for rank in range(240)),
)


class StoppedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    qtbot.waitUntil(lambda: bool(left), timeout=10_000)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    root = place(tmp_path, MADE).root
    account = AccountSettings(name="Valbrume", address="https://pastell.exemple.fr", user="secretaire")
    settings = Settings(folder=str(root), accounts=(account,))
    return Office(profile_paths(tmp_path / "profil"), settings, StoppedClock())


@pytest.fixture
def memory(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def page(qtbot: QtBot, bridge: Bridge, office: Office, memory: QSettings) -> DossiersPage:
    made = DossiersPage(bridge, Librarian(bridge, office), memory)
    made.resize(1300, 640)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    return made
