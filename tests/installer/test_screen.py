"""A window where one opens, a sentence where none does; the tests' own screen is demanded, never skipped."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from installer import screen
from installer.child_process import Runner, run_logged
from installer.failures import Outcome, SetupError
from installer.preparation import Place
from tests.installer.conftest import ScriptedTools

TRY = screen.TRY[:30]
NO_CURSOR = "qt.qpa.plugin: From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb platform plugin.\n"
SILENT = "qt.qpa.xcb: could not connect to display :77\n" + NO_CURSOR
NO_EGL = (
    'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
    "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"
)


@pytest.fixture(autouse=True)
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[str]:
    """Name what this Debian lacks: a library, a program, a font."""
    absent = {"xcb-cursor", "Xvfb", "OpenSans-Regular.ttf"}
    fonts = tmp_path / "polices" / "truetype"
    fonts.mkdir(parents=True)
    (fonts / "DejaVuSans.ttf").touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None if name in absent else f"lib{name}.so")
    monkeypatch.setattr(shutil, "which", lambda name: None if name in absent else f"/usr/bin/{name}")
    monkeypatch.setattr(screen, "FONT_FOLDERS", (str(tmp_path / "nowhere"), str(fonts.parent)))
    return absent


@pytest.fixture
def complete(lacking: set[str], tmp_path: Path) -> None:
    """Let nothing lack."""
    lacking.clear()
    (tmp_path / "polices" / "OpenSans-Regular.ttf").touch()


@pytest.fixture
def apt(tools: ScriptedTools, lacking: set[str], tmp_path: Path) -> Runner:
    """Install what is asked for, unless the tools were told otherwise; then a window opens."""

    def run(command: Sequence[str], *, log: Path, minutes: float) -> int:
        code = tools(command, log=log, minutes=minutes)
        if "install" in command and code == 0:
            lacking.clear()
            tools.answers.clear()
            (tmp_path / "polices" / "OpenSans-Regular.ttf").touch()
        return code

    return run


@pytest.mark.parametrize(
    ("environment", "there"),
    [
        ({"DISPLAY": ":1"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ""}, False),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({"DISPLAY": ":1", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_a_screen_is_one_that_is_named(environment: dict[str, str], there: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert screen.has_display(environment) is there


def test_windows_always_has_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert screen.has_display({})


def test_a_window_that_opens_needs_nothing(place: Place, tools: ScriptedTools) -> None:
    assert screen.make_window_open(place, tools)
    assert tools.ran("apt-get") == 0


def test_a_library_that_lacks_is_installed_and_the_window_opens(
    place: Place, tools: ScriptedTools, apt: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    tools.answer(TRY, 134, NO_CURSOR)
    assert screen.make_window_open(place, apt)
    assert [line.split()[-1] for line in tools.commands if "install" in line] == ["libxcb-cursor0"]
    assert "Préparation… paquet du système\u00a0: libxcb-cursor0" in capsys.readouterr().out


def test_a_package_that_cannot_be_installed_is_named_with_its_command(
    place: Place, tools: ScriptedTools, capsys: pytest.CaptureFixture[str]
) -> None:
    tools.answer(TRY, 1, NO_EGL)
    tools.answer("apt-get install", 100)
    assert not screen.make_window_open(place, tools)
    said = capsys.readouterr().out
    assert "il manque à ce système le paquet libxcb-cursor0 (sudo apt-get install libxcb-cursor0)." in said
    assert said.endswith("La démonstration se fait donc ici, en ligne de commande.\n")


def test_outside_debian_the_packages_are_named_and_nothing_is_tried(
    place: Place, tools: ScriptedTools, lacking: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lacking |= {"apt-get", "EGL"}
    tools.answer(TRY, 1, NO_EGL)
    assert not screen.make_window_open(place, tools)
    assert "il manque à ce système les paquets libegl1 libxcb-cursor0.\n" in capsys.readouterr().out
    assert tools.ran("apt-get") == 0


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (SILENT, "l’écran que nomme DISPLAY ou WAYLAND_DISPLAY ne répond pas"),
        (NO_EGL, "Qt s’y refuse (ImportError: libEGL.so.1: cannot open"),
        ("qt.qpa.plugin: broken\nAborted\n", "Qt s’y refuse (qt.qpa.plugin: broken)."),
        ("", "Qt s’y refuse (sans autre message)."),
    ],
)
@pytest.mark.usefixtures("complete")
def test_a_window_that_does_not_open_for_another_reason_says_it(
    place: Place, tools: ScriptedTools, capsys: pytest.CaptureFixture[str], printed: str, said: str
) -> None:
    tools.answer(TRY, 134, printed)
    assert not screen.make_window_open(place, tools)
    assert said in capsys.readouterr().out
    assert tools.ran("apt-get") == 0


def test_a_screen_that_never_answers_is_not_waited_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "TRY", "import threading; threading.Event().wait()")
    monkeypatch.setattr(screen, "TRY_MINUTES", 0.005)
    place.venv.joinpath("bin").mkdir(parents=True)
    place.python.symlink_to(sys.executable)
    trial = screen.try_window(place, run_logged)
    assert not trial.opened
    assert "n’a pas abouti" in trial.printed


def test_a_project_in_a_folder_that_cannot_be_written_still_opens_its_window(
    place: Place, tools: ScriptedTools
) -> None:
    shutil.rmtree(place.root)
    assert screen.make_window_open(place, tools)


def test_the_tests_get_their_screen_installed(
    place: Place, tools: ScriptedTools, apt: Runner, lacking: set[str]
) -> None:
    screen.demand_test_screen(place, apt)
    assert lacking == set()
    assert tools.commands[-1].endswith("libxcb-cursor0 xvfb fonts-open-sans")


def test_without_the_right_to_install_the_tests_stop_with_a_sentence(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    tools.answer("sudo -n true", 1)
    with pytest.raises(SetupError) as stop:
        screen.demand_test_screen(place, tools)
    assert stop.value.outcome is Outcome.TEST_SCREEN
    assert "sudo apt-get install libxcb-cursor0 xvfb fonts-open-sans\n" in stop.value.sentence
    assert tools.ran("apt-get") == 0


def test_an_installation_that_changes_nothing_is_not_believed(place: Place, tools: ScriptedTools) -> None:
    with pytest.raises(SetupError):
        screen.demand_test_screen(place, tools)
    assert tools.ran("apt-get install") == 1


def test_outside_debian_the_tests_that_can_run_do_run(
    place: Place, tools: ScriptedTools, lacking: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lacking.add("apt-get")
    screen.demand_test_screen(place, tools)
    assert "manquent ici\u00a0: libxcb-cursor0 xvfb fonts-open-sans." in capsys.readouterr().out
    assert tools.commands == []


@pytest.mark.usefixtures("complete")
def test_a_complete_computer_is_left_alone(place: Place, tools: ScriptedTools) -> None:
    screen.demand_test_screen(place, tools)
    assert tools.commands == []


def test_an_installation_without_end_is_said_and_the_command_line_takes_over(
    place: Place, tools: ScriptedTools, capsys: pytest.CaptureFixture[str]
) -> None:
    def never_ends(command: Sequence[str], *, log: Path, minutes: float) -> int:
        if "apt-get" in command:
            raise SetupError(Outcome.TOO_LONG, "Une étape n’a pas abouti.")
        return tools(command, log=log, minutes=minutes)

    tools.answer(TRY, 134, NO_CURSOR)
    assert not screen.make_window_open(place, never_ends)
    assert "Une étape n’a pas abouti." in capsys.readouterr().out
