"""A second start raises the first; a crash, a race or a frozen first one hold nobody back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from enn_desktop.qt.single_instance import SingleInstance
from tests.house.source_tree import PROJECT

HOLD = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from enn_desktop.qt.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.claim("raise"), flush=True)
if sys.argv[2] == "stay":
    instance.listen()
    sys.stdin.read()
"""


def other(profile: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(profile), how], cwd=PROJECT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip


def test_a_second_start_is_told_apart_and_the_first_hears_it(qtbot: QtBot, tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim("raise")
    first.listen()
    heard: list[str] = []
    first.told.connect(heard.append)
    with other(tmp_path, "leave") as second:
        qtbot.waitUntil(lambda: heard == ["raise"], timeout=10_000)
        assert second.communicate(timeout=20)[0] == "False\n"
    first.release()


def test_after_a_crash_the_next_start_is_the_first(tmp_path: Path) -> None:
    with other(tmp_path, "stay") as crashed:
        assert crashed.stdout is not None
        assert crashed.stdout.readline() == "True\n"
        crashed.kill()
        crashed.communicate()
    again = SingleInstance(tmp_path)
    assert again.claim("raise")
    again.listen()
    again.release()


def test_a_first_instance_that_does_not_listen_does_not_hold_the_second(tmp_path: Path) -> None:
    first = SingleInstance(tmp_path)
    assert first.claim("")
    assert not SingleInstance(tmp_path).claim("raise")
    first.release()
    assert SingleInstance(tmp_path).claim("")


def test_two_profiles_have_a_window_each(tmp_path: Path) -> None:
    one, two = SingleInstance(tmp_path / "a"), SingleInstance(tmp_path / "b")
    assert one.claim("raise")
    assert two.claim("raise")
    one.release()
    two.release()
