"""The program knows how to start itself again, however it was installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from enn_desktop import __version__
from enn_desktop.system.launching import program_command


def test_the_command_really_starts_this_program() -> None:
    found = subprocess.run([*program_command(), "--version"], capture_output=True, text=True, check=True)
    assert __version__ in found.stdout


def test_an_installed_program_is_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\enn\enn-desktop.exe")
    assert program_command() == [r"C:\Program Files\enn\enn-desktop.exe"]


@pytest.mark.parametrize(("there", "used"), [("pythonw.exe", "pythonw.exe"), ("other.exe", "python.exe")])
def test_on_windows_no_black_window_opens_when_it_can_be_helped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str, used: str
) -> None:
    (tmp_path / there).touch()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    assert program_command() == [str(tmp_path / used), "-m", "enn_desktop"]
