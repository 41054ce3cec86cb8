"""The settings as a town hall sees them, and what they tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from enn_desktop.core.policy import Policy
from enn_desktop.core.settings import Settings
from enn_desktop.qt.settings.dialog import SettingsDialog
from enn_desktop.qt.settings.facts import SettingsFacts
from tests.qt import samples_settings as sample

Opened = Callable[..., SettingsDialog]


class Told(QObject):
    """Keeps what a signal tells."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[object] = []

    def note(self, *values: object) -> None:
        self.values += values or (None,)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def opened(qtbot: QtBot) -> Opened:
    """Open the settings, at a section, and show them."""

    def make(
        section: str = "",
        *,
        settings: Settings = sample.SETTINGS,
        policy: Policy | None = None,
        facts: SettingsFacts = sample.FACTS,
    ) -> SettingsDialog:
        dialog = SettingsDialog(settings, policy or sample.policy(), facts)
        qtbot.addWidget(dialog)
        dialog.open_at(section)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    return make
