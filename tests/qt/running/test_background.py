"""What a contractor got wrong, or right, is taken note of once the window is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from enn_desktop.core.errors import EnnError
from enn_desktop.core.settings import ScheduleSettings
from enn_desktop.qt.background import Background
from enn_desktop.qt.error_box import ErrorShower
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.system.autostart import own_autostart
from enn_desktop.system.settings_store import save_settings
from tests.qt.running.conftest import PATIENCE_MS, House


class Errors(ErrorShower):
    """Keeps the errors instead of showing them."""

    def __init__(self, desk: FrontDesk) -> None:
        super().__init__(desk.window, lambda: desk._steering.office.policy)
        self.told: list[EnnError] = []

    def show_error(self, error: EnnError) -> None:
        self.told.append(error)


def begun(qtbot: QtBot, house: House) -> tuple[Background, Errors]:
    desk = FrontDesk(house.bridge, house.steering, house.engine, house.memory)
    qtbot.addWidget(desk.window)
    errors = Errors(desk)
    made = Background(house.bridge, house.steering, house.engine, desk, errors, QObject(desk.window))
    made.begin()
    return made, errors


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("enn_desktop.system.presets.program_folder", lambda: tmp_path)
    return tmp_path


def test_a_wrong_prepared_file_is_said_with_whom_to_call(qtbot: QtBot, house: House, program: Path) -> None:
    (program / "politique-enn.toml").write_text("[flux.actes]\nduree_jours = 'x'\n", encoding="utf-8")
    _, errors = begun(qtbot, house)
    qtbot.waitUntil(lambda: bool(errors.told), timeout=PATIENCE_MS)
    assert str(program / "politique-enn.toml") in errors.told[0].message
    assert "prestataire" in errors.told[0].advice


def test_prepared_settings_are_of_no_concern_to_a_user_who_has_hers(qtbot: QtBot, house: House, program: Path) -> None:
    (program / "prereglages.toml").write_text("pas du toml", encoding="utf-8")
    save_settings(house.office.paths, house.office.settings)
    _, errors = begun(qtbot, house)
    # The disk's questions are answered in their order: when this one is, the files were looked at.
    answered: list[None] = []
    house.bridge.look_at_disk(lambda: None, answered.append)
    qtbot.waitUntil(lambda: bool(answered), timeout=PATIENCE_MS)
    assert errors.told == []


@pytest.mark.usefixtures("program")
def test_a_start_with_the_session_that_was_prepared_is_really_so(qtbot: QtBot, house: House) -> None:
    house.give(with_session=True, accounts=(), schedule=ScheduleSettings(automatic=False))
    assert not own_autostart().enabled()
    begun(qtbot, house)
    qtbot.waitUntil(lambda: own_autostart().enabled(), timeout=PATIENCE_MS)
