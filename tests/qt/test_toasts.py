"""A notification says its words, its button comes back, and it goes away when its matter is settled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Health
from enn_desktop.qt.marks import health_icon
from enn_desktop.qt.toasts import FirstThatWorks, Toast, Toaster, TrayToaster, best_toaster
from enn_desktop.qt.toasts_dbus import dbus_toaster
from enn_desktop.qt.toasts_windows import WindowsToaster
from tests.house.source_tree import PROJECT

TOAST = Toast("rappel", "2 dossiers à récupérer", "Actes : 2 < 3 & plus", (("recuperer", "Récupérer maintenant"),))


class Server:
    """The notification server of one session."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def heard(self) -> list[Any]:
        """Return the next thing it was told."""
        assert self._process.stdout is not None
        told: list[Any] = json.loads(self._process.stdout.readline())
        return told

    def click(self, number: int, action: str) -> None:
        """Have the user click."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"click {number} {action}\n")
        self._process.stdin.flush()


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        daemon.terminate()


@pytest.fixture
def server(bus: str) -> Iterator[Server]:
    assert bus
    command = [sys.executable, "-m", "tests.qt.notification_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Server(process)
        process.kill()


def test_on_the_bus_its_words_are_words_and_its_button_comes_back(qtbot: QtBot, server: Server) -> None:
    (toaster,) = dbus_toaster()
    assert server.heard() == ["GetCapabilities"]
    assert toaster.show(TOAST)
    told = server.heard()
    assert told[4:6] == [TOAST.title, "Actes : 2 &lt; 3 &amp; plus"]
    assert told[6] == ["default", "Ouvrir", "recuperer", "Récupérer maintenant"]
    with qtbot.waitSignal(toaster.activated) as clicked:
        server.click(1, "recuperer")
    assert clicked.args == ["rappel", "recuperer"]
    toaster.close()


def test_a_newer_one_takes_its_place_and_it_is_really_taken_away(server: Server) -> None:
    (toaster,) = dbus_toaster()
    toaster.show(TOAST)
    toaster.show(TOAST)
    toaster.remove("rappel")
    told = [server.heard() for _ in range(4)]
    assert [one[2] for one in told if one[0] == "Notify"] == [0, 1]
    assert told[-1] == ["CloseNotification", 1]
    toaster.close()


@pytest.mark.usefixtures("bus")
def test_a_session_without_a_notification_server_has_another_way() -> None:
    assert dbus_toaster() == []


class FakeWindows:
    """The part of windows-toasts 1.3.1 that is used: same names, same parameters."""

    def __init__(self) -> None:
        self.shown: list[SimpleNamespace] = []
        self.removed: list[SimpleNamespace] = []
        self.broken = False

    def module(self) -> ModuleType:
        found = ModuleType("windows_toasts")
        fake = self

        class InteractableWindowsToaster:
            def __init__(self, application_text: str, notifier_aumid: str | None = None) -> None:
                assert application_text
                assert notifier_aumid

            def show_toast(self, toast: SimpleNamespace) -> None:
                if fake.broken:
                    raise OSError(-2143420140, "disabled by policy")
                fake.shown.append(toast)

            def remove_toast(self, toast: SimpleNamespace) -> None:
                fake.removed.append(toast)

        def toast(text_fields: list[str], *, suppress_popup: bool = False) -> SimpleNamespace:
            buttons: list[SimpleNamespace] = []
            return SimpleNamespace(
                text_fields=text_fields, suppress_popup=suppress_popup, on_activated=None, buttons=buttons,
                AddAction=buttons.append,
            )  # fmt: skip

        def button(content: str, arguments: str) -> SimpleNamespace:
            return SimpleNamespace(content=content, arguments=arguments)

        vars(found).update(InteractableWindowsToaster=InteractableWindowsToaster, Toast=toast, ToastButton=button)
        return found


def test_on_windows_a_button_and_the_toast_itself_are_told_apart(qtbot: QtBot) -> None:
    fake = FakeWindows()
    toaster = WindowsToaster(fake.module())
    assert toaster.show(TOAST)
    shown = fake.shown[0]
    assert shown.text_fields == [TOAST.title, TOAST.text]
    for arguments, action in ((shown.buttons[0].arguments, "recuperer"), (None, "")):
        with qtbot.waitSignal(toaster.activated) as clicked:
            shown.on_activated(SimpleNamespace(arguments=arguments))
        assert clicked.args == ["rappel", action]
    toaster.remove("rappel")
    assert fake.removed == [shown]


def test_a_way_that_fails_leaves_its_place_to_the_next() -> None:
    fake = FakeWindows()
    fake.broken = True
    last = Recording()
    assert FirstThatWorks([WindowsToaster(fake.module()), last]).show(TOAST)
    assert last.shown == [TOAST]


class Recording(Toaster):
    """Shows everything."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Toast] = []

    def show(self, toast: Toast) -> bool:
        self.shown.append(toast)
        return True


def test_the_bubble_of_the_icon_is_the_last_resort(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    icon = QSystemTrayIcon(health_icon(Health.UP_TO_DATE), owner)
    toaster = TrayToaster(icon)
    assert not toaster.show(TOAST)
    icon.show()
    assert toaster.show(TOAST)
    with qtbot.waitSignal(toaster.activated) as clicked:
        icon.messageClicked.emit()
    assert clicked.args == ["rappel", ""]


@pytest.mark.usefixtures("qapp")
def test_without_any_way_nothing_pops_up() -> None:
    assert not best_toaster(None).show(TOAST)
