"""The program knows how to start itself again, however it was installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from enn_desktop import __version__
from enn_desktop.system.launching import is_installed, lend_streams, program_command


def test_the_command_really_starts_this_program() -> None:
    found = subprocess.run([*program_command(), "--version"], capture_output=True, text=True, check=True)
    assert __version__ in found.stdout


@pytest.mark.parametrize("started", ["enn-desktop.exe", "enn-desktop.com", "ENN-Desktop.COM"])
def test_an_installed_program_starts_again_without_a_console(monkeypatch: pytest.MonkeyPatch, started: str) -> None:
    monkeypatch.setattr(sys, "executable", rf"C:\Users\Léa Martin\Programs\enn-desktop\{started}")
    assert is_installed()
    assert program_command() == [r"C:\Users\Léa Martin\Programs\enn-desktop\enn-desktop.exe"]


def test_a_python_that_runs_the_package_is_not_taken_for_an_installed_program() -> None:
    assert not is_installed()


@pytest.mark.parametrize(("there", "used"), [("pythonw.exe", "pythonw.exe"), ("other.exe", "python.exe")])
def test_on_windows_no_black_window_opens_when_it_can_be_helped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str, used: str
) -> None:
    (tmp_path / there).touch()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    assert program_command() == [str(tmp_path / used), "-m", "enn_desktop"]


def test_a_program_without_streams_is_lent_some_that_forget(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = sys.stderr
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    lend_streams()
    with sys.stdin, sys.stdout:
        assert sys.stdin.read() == ""
        assert not sys.stdin.isatty()
        assert sys.stdout.write("à personne") == 10
        assert sys.stderr is kept
