"""A Python without what makes environments, as Debian delivers it: installed when allowed, asked for otherwise."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from installer.failures import Outcome
from installer.preparation import Place, is_ready, prepare
from tests.installer.conftest import ScriptedTools, refusal


@pytest.fixture
def no_venv_module(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Take the module that makes environments away; set the value to True to bring it back."""
    back = [False]
    there = ModuleSpec("ensurepip", None, origin="here.py")
    there.has_location = True
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: there if back[0] else None)
    return back


def only_apt(name: str) -> str | None:
    """Answer as a Debian without sudo."""
    return "/usr/bin/apt-get" if name == "apt-get" else None


def test_without_the_venv_module_and_without_rights_the_exact_command_is_given(
    place: Place, tools: ScriptedTools, no_venv_module: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(shutil, "which", only_apt)
    stop = refusal(place, tools)
    assert no_venv_module == [False]
    assert stop.outcome is Outcome.VENV_MODULE
    assert f"Tapez\u00a0: sudo apt-get install python3.{sys.version_info.minor}-venv" in stop.sentence
    assert tools.commands == []


@pytest.mark.parametrize("user", [0, 1000])
def test_without_the_venv_module_an_administrator_has_it_installed(
    place: Place, tools: ScriptedTools, no_venv_module: list[bool], monkeypatch: pytest.MonkeyPatch, user: int
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")

    def install(command: Sequence[str], *, log: Path, minutes: float) -> int:
        no_venv_module[0] = no_venv_module[0] or "install" in command
        return tools(command, log=log, minutes=minutes)

    prepare(place, "runtime", install)
    asked = "sudo -n apt-get install" if user else "apt-get install"
    assert any(line.startswith(asked) for line in tools.commands)
    assert tools.ran("apt-get update") == 0
    assert is_ready(place, "runtime")


def test_an_empty_list_of_packages_is_refreshed_once(
    place: Place, tools: ScriptedTools, no_venv_module: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(shutil, "which", only_apt)
    tools.answer("apt-get install", 100, "E: Package has no installation candidate")
    stop = refusal(place, tools)
    assert no_venv_module == [False]
    assert stop.outcome is Outcome.VENV_MODULE
    assert [line.split()[1] for line in tools.commands] == ["install", "update", "install"]


def test_without_the_venv_module_outside_debian_python_is_to_be_installed_again(
    place: Place, tools: ScriptedTools, no_venv_module: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "Réinstallez Python en entier" in refusal(place, tools).sentence
    assert no_venv_module == [False]
