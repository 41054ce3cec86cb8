"""Where there is no Xvfb (Windows), the tests of the screen are left out by a rule that is said; nowhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source_tree import PROJECT

TESTS = """
import pytest

@pytest.fixture
def screen():
    return "a screen"

def test_on_the_screen(screen):
    assert screen

@pytest.mark.screen
def test_marked_by_hand():
    pass

def test_elsewhere():
    pass
"""


def run(folder: Path, *options: str) -> str:
    """Run the three tests with our conftest alone; return what pytest said."""
    (folder / "test_three.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nmarkers = screen: x\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *options, str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=80, check=False).stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ours = (PROJECT / "tests" / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(ours, encoding="utf-8")
    return tmp_path


@pytest.mark.screen
def test_here_they_run_and_can_be_chosen_by_their_mark(folder: Path) -> None:
    assert "3 passed" in run(folder)
    chosen = run(folder, "-m", "screen")
    assert "test_on_the_screen PASSED" in chosen
    assert "2 passed, 1 deselected" in chosen
    assert "each on an Xvfb of its own" in chosen


def test_on_windows_they_are_left_out_and_it_is_said(folder: Path) -> None:
    ours = (folder / "conftest.py").read_text(encoding="utf-8")
    (folder / "conftest.py").write_text(ours.replace('sys.platform != "win32"', "False"), encoding="utf-8")
    said = run(folder)
    assert "1 passed, 2 deselected" in said
    assert "test_elsewhere PASSED" in said
    assert "left out, Windows has no Xvfb" in said
