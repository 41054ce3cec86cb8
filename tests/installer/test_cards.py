"""What the tests of the signing key need is installed before the components, or named; on other systems nothing is."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest

from installer import cards
from installer.child_process import Runner
from installer.failures import Outcome, SetupError
from installer.preparation import Place
from tests.installer.conftest import ScriptedTools

LACKING = "pcscd vsmartcard-vpcd"


def put(system: Path, pattern: str) -> None:
    """Install the file of this pattern."""
    file = system / pattern.replace("*", "x86_64-linux-gnu")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


@pytest.fixture(autouse=True)
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[str]:
    """Name what this Debian lacks: the card service and its virtual reader."""
    absent, header = {"pcscd"}, tmp_path / "python"
    header.mkdir()
    (header / "Python.h").touch()
    for pattern, package in cards.FILES.items():
        if package != "vsmartcard-vpcd":
            put(tmp_path / "usr", pattern)
    monkeypatch.setattr(cards, "SYSTEM", tmp_path / "usr")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None if name in absent else f"/usr/bin/{name}")
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(header))
    return absent


@pytest.fixture
def apt(tools: ScriptedTools, lacking: set[str], tmp_path: Path) -> Runner:
    """Install what is asked for."""

    def run(command: Sequence[str], *, log: Path, minutes: float) -> int:
        if "install" in command:
            lacking.clear()
            put(tmp_path / "usr", "lib/pcsc/drivers/serial/libifdvpcd.so")
        return tools(command, log=log, minutes=minutes)

    return run


def test_what_lacks_is_installed_without_a_question(place: Place, tools: ScriptedTools, apt: Runner) -> None:
    cards.demand_card_rigs(place, apt)
    assert [command.endswith(f" {LACKING}") for command in tools.commands] == [True]
    assert cards.missing_for_cards() == []


def test_a_complete_computer_is_left_alone(
    place: Place, tools: ScriptedTools, lacking: set[str], tmp_path: Path
) -> None:
    lacking.clear()
    put(tmp_path / "usr", "lib/pcsc/drivers/serial/libifdvpcd.so")
    cards.demand_card_rigs(place, tools)
    assert tools.commands == []


def test_without_the_right_to_install_the_tests_stop_with_a_sentence(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    tools.answer("sudo -n true", 1)
    with pytest.raises(SetupError) as stop:
        cards.demand_card_rigs(place, tools)
    assert stop.value.outcome is Outcome.TEST_CARDS
    assert f"sudo apt-get install {LACKING}\n" in stop.value.sentence
    assert tools.ran("apt-get") == 0


def test_an_installation_that_changes_nothing_is_not_believed(place: Place, tools: ScriptedTools) -> None:
    with pytest.raises(SetupError):
        cards.demand_card_rigs(place, tools)
    assert tools.ran("apt-get install") == 1


def test_an_installation_without_end_is_said(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    def never_ends(command: Sequence[str], *, log: Path, minutes: float) -> int:
        raise SetupError(Outcome.TOO_LONG, f"Une étape n’a pas abouti\u00a0: {command[0]} {log.name} {minutes:g}.")

    with pytest.raises(SetupError) as stop:
        cards.demand_card_rigs(place, never_ends)
    assert stop.value.outcome is Outcome.TEST_CARDS
    assert "Une étape n’a pas abouti" in capsys.readouterr().out


def test_outside_debian_the_packages_are_named_and_the_other_tests_run(
    place: Place, tools: ScriptedTools, lacking: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lacking.add("apt-get")
    cards.demand_card_rigs(place, tools)
    assert f"manquent ici\u00a0: {LACKING}." in capsys.readouterr().out
    assert tools.commands == []


def test_a_python_without_its_header_gets_it(tmp_path: Path) -> None:
    (tmp_path / "python" / "Python.h").unlink()
    assert cards.missing_for_cards() == [*LACKING.split(), f"python3.{sys.version_info.minor}-dev"]


def test_a_package_that_brings_two_things_is_asked_for_once(lacking: set[str]) -> None:
    lacking |= {"opensc-tool", "pkcs11-tool"}
    assert cards.missing_for_cards() == ["pcscd", "opensc", "vsmartcard-vpcd"]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_need_nothing(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert cards.missing_for_cards() == []
