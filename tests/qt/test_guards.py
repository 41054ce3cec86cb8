"""The guards around the window's tests really guard: each is broken here, in a run of its own, and seen to fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from tests.house.source_tree import PROJECT

BROKEN = """
from PySide6.QtCore import QObject, QTimer, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget

def test_draws_where_nobody_sees(qapp):
    assert QGuiApplication.platformName() == "offscreen"

def test_a_slot_breaks(qtbot):
    button = QPushButton("x")
    qtbot.addWidget(button)
    button.clicked.connect(lambda: 1 / 0)
    button.click()

def test_a_slot_breaks_later(qtbot):
    QTimer.singleShot(0, lambda: 1 / 0)

def test_qt_complains(qtbot):
    qWarning("QPainter: not active")

def test_qt_says_what_is_expected(qtbot):
    qWarning("This plugin does not support propagateSizeHints()")

def test_leaves_a_window(qtbot):
    global forgotten
    forgotten = QWidget()
    forgotten.setWindowTitle("forgotten")
    forgotten.show()

def test_gives_its_window_back(qtbot):
    window = QLabel("x")
    qtbot.addWidget(window)
    window.show()
    QDialog(window).show()

def test_complains_at_its_end(qtbot):
    global last
    last = QWidget()
    last.destroyed.connect(lambda: qWarning("QThread: Destroyed while thread is still running"))
"""
OUTCOMES = {
    "test_draws_where_nobody_sees": "PASSED",
    "test_a_slot_breaks": "FAILED",
    "test_a_slot_breaks_later": "FAILED",
    "test_qt_complains": "FAILED",
    "test_qt_says_what_is_expected": "PASSED",
    "test_leaves_a_window": "ERROR",
    "test_gives_its_window_back": "PASSED",
    "test_complains_at_its_end": "ERROR",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy the guards and pytest's own settings, beside tests that break them."""
    guards = ("pyproject.toml", "tests/conftest.py", "tests/qt/conftest.py")
    for name in (*guards, "tests/wine/__init__.py", "tests/wine/left_out.py", "tests/wine/left_out.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    (tmp_path / "tests" / "qt" / "test_broken.py").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_every_broken_guard_of_the_window_is_seen(project: Path) -> None:
    # A developer's desktop must change nothing.
    env = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "3", "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "tests/qt"]
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, encoding="utf-8", timeout=80, check=False)
    seen = re.findall(r"::(\w+) (PASSED|FAILED|ERROR)", done.stdout)
    assert dict(seen) == OUTCOMES
    assert "left in sight: QWidget « forgotten »" in done.stdout
    assert "Qt complained when the windows ended: QThread: Destroyed" in done.stdout


def test_windows_are_dressed_in_french_and_in_one_font(qapp: QApplication) -> None:
    assert QLocale().name() == "fr_FR"
    assert QFontInfo(qapp.font()).family() == "Open Sans"
    assert qapp.font().pointSizeF() == 10
    assert qapp.devicePixelRatio() == 1


def test_every_message_of_qt_that_is_let_pass_says_where_it_comes_from() -> None:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text.partition("qt_log_ignore = [\n")[2].partition("\n]")[0].splitlines()
    patterns = [line for line in listed if not line.strip().startswith("#")]
    assert len(patterns) == len(tomllib.loads(text)["tool"]["pytest"]["ini_options"]["qt_log_ignore"])
    assert all(listed[listed.index(line) - 1].strip().startswith("#") for line in patterns)
