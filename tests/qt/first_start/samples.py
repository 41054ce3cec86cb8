"""What a first start is fed with: an assistant, a test that succeeded."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from enn_desktop.backup.connection_test import Discovered
from enn_desktop.qt.first_start.assistant import FirstStart
from enn_desktop.qt.first_start.draft import AccountDraft

FOLDER = Path("/mairie/Documents/Dossiers de la mairie")


def discovered(*entities: str, flows: tuple[str, ...] = ("Actes",), in_clear: bool = False) -> Discovered:
    return Discovered("4.0.18", entities, flows, in_clear)


class Told:
    """Keeps what an assistant asked for."""

    def __init__(self, assistant: FirstStart) -> None:
        self.tests: list[object] = []
        self.folders: list[object] = []
        self.finished: list[tuple[AccountDraft, bool]] = []
        self.added: list[object] = []
        self.names: list[str] = []
        assistant.test_wanted.connect(self.tests.append)
        assistant.folder_asked.connect(self.folders.append)
        assistant.finished.connect(lambda draft, fetch: self.finished.append((draft, fetch)))
        assistant.account_added.connect(self.added.append)
        assistant.test_cancelled.connect(lambda: self.names.append("test_cancelled"))
        assistant.cancelled.connect(lambda: self.names.append("cancelled"))
        assistant.demo_wanted.connect(lambda: self.names.append("demo"))


def shown(qtbot: QtBot, assistant: FirstStart) -> FirstStart:
    """Show an assistant in a window of the smallest screen."""
    qtbot.addWidget(assistant)
    assistant.resize(870, 430)
    with qtbot.waitExposed(assistant):
        assistant.show()
    assistant.activateWindow()
    return assistant


def at_account(assistant: FirstStart) -> FirstStart:
    """Go to the second step, with a password typed."""
    assistant.address_step.field.setText("pastell.exemple.fr")
    assistant.go_on()
    assistant.account_step.user.setText("secretariat")
    assistant.account_step.password.edit.setText(" mot de passe ")
    return assistant


def at_folder(assistant: FirstStart) -> FirstStart:
    """Go to the third step, after a test that succeeded."""
    at_account(assistant).go_on()
    assistant.show_discovered(discovered("Commune de Valbrume", "CCAS de Valbrume"))
    return assistant
