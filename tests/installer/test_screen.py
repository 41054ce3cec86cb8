"""A window where one opens, a sentence where none does; the tests' own screen is demanded, never skipped."""

from __future__ import annotations

import ctypes.util
import os
import shutil

import pytest

from installer import screen
from installer.failures import Outcome, SetupError
from installer.preparation import Place
from tests.installer.conftest import ScriptedTools

TRY = screen.TRY[:30]


@pytest.fixture(autouse=True)
def lacking(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Name what this computer lacks; apt-get puts it there."""
    absent = {"xcb-cursor", "Xvfb"}
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None if name in absent else f"lib{name}.so")
    monkeypatch.setattr(shutil, "which", lambda name: None if name in absent else f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    return absent


@pytest.mark.parametrize(("name", "there"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("LANG", False)])
def test_a_screen_is_one_that_is_named(name: str, there: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert screen.has_display({name: ":1"}) is there


def test_a_window_that_opens_needs_nothing(place: Place, tools: ScriptedTools) -> None:
    assert screen.make_window_open(place, tools)
    assert tools.ran("apt-get") == 0


def test_where_no_window_opens_the_missing_package_is_installed_then_named(
    place: Place, tools: ScriptedTools, capsys: pytest.CaptureFixture[str]
) -> None:
    tools.answer(TRY, 1)
    assert not screen.make_window_open(place, tools)
    assert tools.ran("apt-get install --yes --no-install-recommends libxcb-cursor0") == 1
    assert "Il manque\u00a0: libxcb-cursor0." in capsys.readouterr().out


def test_without_the_right_to_install_nothing_is_tried(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    tools.answer("sudo -n true", 1)
    assert not screen.install(["xvfb"], place, tools)
    assert tools.ran("apt-get") == 0


def test_the_tests_stop_with_a_sentence_where_their_screen_cannot_be_had(place: Place, tools: ScriptedTools) -> None:
    tools.answer("apt-get install", 100)
    with pytest.raises(SetupError) as stop:
        screen.demand_test_screen(place, tools)
    assert stop.value.outcome is Outcome.TEST_SCREEN
    assert "libxcb-cursor0 xvfb" in stop.value.sentence


def test_an_installation_that_changes_nothing_is_not_believed(place: Place, tools: ScriptedTools) -> None:
    with pytest.raises(SetupError):
        screen.demand_test_screen(place, tools)
    assert tools.ran("apt-get install") == 1


def test_a_complete_computer_is_left_alone(place: Place, tools: ScriptedTools, lacking: set[str]) -> None:
    lacking.clear()
    screen.demand_test_screen(place, tools)
    assert tools.commands == []
