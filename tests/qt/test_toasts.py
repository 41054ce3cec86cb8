"""A notification says its words, its button comes back, and it goes away when its matter is settled."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Health
from enn_desktop.qt import toasts
from enn_desktop.qt.marks import health_icon
from enn_desktop.qt.toasts import FirstThatWorks, MadeWhenNeeded, Toast, Toaster, TrayToaster, best_toaster
from enn_desktop.qt.toasts_dbus import dbus_toaster
from enn_desktop.qt.toasts_windows import WindowsToaster
from tests.house.source_tree import PROJECT
from tests.qt.windows_toasts_double import ATTRIBUTES, CONTRACT, FakeWindows

TOAST = Toast("rappel", "2 dossiers à récupérer", "Actes : 2 < 3 & plus", (("recuperer", "Récupérer maintenant"),))
SILENT = replace(TOAST, silent=True)


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
        self._tell(f"click {number} {action}")

    def close(self, number: int) -> None:
        """Have the user close a notification."""
        self._tell(f"close {number} herself")

    def refuse(self) -> None:
        """Have it refuse everything from now on."""
        self._tell("refuse 1 on")
        assert self.heard() == ["refusing"]

    def end(self) -> None:
        """Have it disappear."""
        self._process.kill()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
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


@pytest.fixture(params=["actions body body-markup"])
def server(bus: str, request: pytest.FixtureRequest) -> Iterator[Server]:
    assert bus
    command = [sys.executable, "-m", "tests.qt.notification_server", *request.param.split()]
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


@pytest.mark.parametrize("server", ["body"], indirect=True)
def test_a_server_without_buttons_nor_markup_gets_neither(server: Server) -> None:
    (toaster,) = dbus_toaster()
    server.heard()
    toaster.show(TOAST)
    told = server.heard()
    assert told[5:7] == [TOAST.text, ["default", "Ouvrir"]]


@pytest.mark.parametrize(("toast", "urgency"), [(TOAST, 1), (SILENT, 0)])
def test_a_silent_one_is_less_urgent_and_makes_no_sound(server: Server, toast: Toast, urgency: int) -> None:
    (toaster,) = dbus_toaster()
    server.heard()
    toaster.show(toast)
    hints = server.heard()[7]
    assert hints["urgency"] == ["y", urgency]
    assert hints["suppress-sound"] == ["b", toast.silent]
    assert hints["desktop-entry"] == ["s", "enn-desktop"]


def test_one_that_she_closed_herself_is_not_closed_again(qtbot: QtBot, server: Server) -> None:
    (toaster,) = dbus_toaster()
    server.heard()
    for toast_id in ("rappel", "autre"):
        toaster.show(replace(TOAST, toast_id=toast_id))
        server.heard()
    server.close(1)
    with qtbot.waitSignal(toaster.activated):
        server.click(2, "default")
    toaster.remove("rappel")
    toaster.remove("autre")
    assert server.heard() == ["CloseNotification", 2]


@pytest.mark.parametrize("trouble", [Server.refuse, Server.end], ids=["refuses", "gone"])
def test_a_server_that_does_not_answer_any_more_leaves_its_place(
    server: Server, trouble: Callable[[Server], None]
) -> None:
    (toaster,) = dbus_toaster()
    server.heard()
    trouble(server)
    last = Recording()
    assert FirstThatWorks([toaster, last]).show(TOAST)
    assert last.shown == [TOAST]


@pytest.mark.parametrize("address", ["", "tcp:host=127.0.0.1,port=9", "unix:path=/absent", "unix:runtime=yes", "bus"])
def test_a_session_without_a_bus_has_another_way(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert dbus_toaster() == []


@pytest.mark.usefixtures("bus")
def test_a_session_without_a_notification_server_has_another_way() -> None:
    assert dbus_toaster() == []


def libraries() -> list[ModuleType]:
    """Return what stands for windows-toasts, and the library itself where it is installed."""
    installed = importlib.util.find_spec("windows_toasts") is not None
    return [FakeWindows().module(), *([importlib.import_module("windows_toasts")] if installed else [])]


@pytest.mark.parametrize("library", libraries())
def test_the_library_for_windows_has_what_is_used_of_it(library: ModuleType) -> None:
    for name, parameters in CONTRACT.items():
        found = inspect.signature(attrgetter(name)(library)).parameters
        assert tuple(found)[: len(parameters)] == parameters, name
    assert set(vars(library.Toast())) >= ATTRIBUTES


@pytest.fixture
def windows() -> FakeWindows:
    return FakeWindows()


def test_on_windows_a_button_and_the_toast_itself_are_told_apart(qtbot: QtBot, windows: FakeWindows) -> None:
    toaster = WindowsToaster(windows.module())
    assert windows.names == [("enn-desktop", "fr.enn.desktop")]
    assert toaster.show(TOAST)
    (shown,) = windows.centre.values()
    assert (shown.text_fields, shown.suppress_popup) == ([TOAST.title, TOAST.text], False)
    for button, action in (("Récupérer maintenant", "recuperer"), ("", "")):
        with qtbot.waitSignal(toaster.activated) as clicked:
            windows.click(shown, button)
        assert clicked.args == ["rappel", action]


def test_what_windows_says_on_a_thread_of_its_own_is_heard_on_the_main_one(qtbot: QtBot, windows: FakeWindows) -> None:
    toaster = WindowsToaster(windows.module())
    toaster.show(TOAST)
    (shown,) = windows.centre.values()
    heard: list[threading.Thread] = []
    toaster.activated.connect(lambda *_: heard.append(threading.current_thread()))
    elsewhere = threading.Thread(target=windows.click, args=(shown,))
    elsewhere.start()
    elsewhere.join()
    assert heard == []
    qtbot.waitUntil(lambda: heard == [threading.main_thread()])


def test_a_settled_matter_leaves_the_centre_even_after_the_program_was_started_again(windows: FakeWindows) -> None:
    WindowsToaster(windows.module()).show(TOAST)
    again = WindowsToaster(windows.module())
    again.show(TOAST)
    assert len(windows.centre) == 1
    again.remove("rappel")
    assert windows.centre == {}
    again.remove("rappel")


def test_a_silent_one_goes_straight_to_the_centre(windows: FakeWindows) -> None:
    WindowsToaster(windows.module()).show(SILENT)
    (shown,) = windows.centre.values()
    assert shown.suppress_popup


def test_a_way_that_fails_leaves_its_place_to_the_next(windows: FakeWindows) -> None:
    windows.broken = True
    last = Recording()
    assert FirstThatWorks([Failing(), WindowsToaster(windows.module()), last]).show(TOAST)
    assert last.shown == [TOAST]


@pytest.mark.parametrize("switched_off_for", [1, 2, 3])
def test_where_she_switched_notifications_off_nothing_else_pops_up_instead(
    windows: FakeWindows, switched_off_for: int
) -> None:
    windows.setting = switched_off_for
    last = Recording()
    assert FirstThatWorks([WindowsToaster(windows.module()), last]).show(TOAST)
    assert (windows.centre, last.shown) == ({}, [])


def test_a_windows_that_does_not_know_the_program_yet_shows_it_all_the_same(windows: FakeWindows) -> None:
    windows.setting = None
    assert WindowsToaster(windows.module()).show(TOAST)
    assert len(windows.centre) == 1


def test_a_program_that_leaves_takes_away_the_buttons_that_nobody_would_hear(windows: FakeWindows) -> None:
    toaster = WindowsToaster(windows.module())
    toaster.show(TOAST)
    toaster.close()
    assert windows.centre == {}


def test_nothing_is_loaded_before_there_is_something_to_say(qtbot: QtBot) -> None:
    made: list[Toaster] = []

    def make() -> list[Toaster]:
        made.append(Recording())
        return made

    toaster = MadeWhenNeeded(make)
    assert (toaster.describe(), made) == ("pas encore ouverte", [])
    assert toaster.show(TOAST)
    toaster.remove("rappel")
    assert len(made) == 1
    with qtbot.waitSignal(toaster.activated) as clicked:
        made[0].activated.emit("rappel", "plus-tard")
    assert clicked.args == ["rappel", "plus-tard"]
    toaster.close()
    assert not toaster.show(TOAST)


def test_a_way_that_was_never_opened_is_not_opened_to_be_closed() -> None:
    MadeWhenNeeded(lambda: pytest.fail("opened")).close()


def test_a_library_that_is_not_there_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toasts, "on_windows", lambda: True)
    monkeypatch.setitem(sys.modules, "windows_toasts", None)
    toasts.warm_up()


class Failing(Toaster):
    """A way that breaks instead of saying that it cannot."""

    def show(self, toast: Toast) -> bool:
        raise KeyError(toast.toast_id)


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
    assert not toaster.show(SILENT)
    assert toaster.show(TOAST)
    with qtbot.waitSignal(toaster.activated) as clicked:
        icon.messageClicked.emit()
    assert clicked.args == ["rappel", ""]


@pytest.mark.usefixtures("qapp")
def test_without_any_way_nothing_pops_up() -> None:
    assert not best_toaster(None).show(TOAST)
