"""What the scheduled task brings home shows in a window that was open all the while."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from enn_desktop.qt.other_hand import OtherHand
from tests.house.source_tree import PROJECT
from tests.qt.running.conftest import PATIENCE_MS, House


def scheduled_run(house: House, tmp_path: Path) -> int:
    """Do what the task does, in a process of its own."""
    account = house.server.world.accounts["secretaire"]
    told = ["--url", house.server.url, "--user", "secretaire", "--password-env", "ESSAI", "--to"]
    where = [str(tmp_path / "Dossiers de la mairie")]
    command = [sys.executable, "-m", "enn_desktop", "--profile", str(tmp_path / "profil"), "backup", "--quiet"]
    environment = {**os.environ, "ESSAI": account.password}
    done = subprocess.run([*command, *told, *where], cwd=PROJECT, env=environment, capture_output=True, check=False)
    return done.returncode


def test_a_run_of_the_scheduled_task_is_seen_and_the_window_knows_its_dossiers(
    qtbot: QtBot, house: House, tmp_path: Path
) -> None:
    assert house.know(qtbot).known == 0
    hand = OtherHand(house.bridge, house.office, house.engine)
    hand.wrote.connect(house.steering.refresh)
    hand.look()
    qtbot.waitUntil(lambda: hand._known is not None, timeout=PATIENCE_MS)
    assert scheduled_run(house, tmp_path) in {0, 3}
    with qtbot.waitSignal(house.steering.outlook_changed, timeout=PATIENCE_MS):
        hand.look()
    assert house.steering.outlook.known > 0
    assert house.steering.outlook.last_run_at is not None


def test_a_look_that_finds_nothing_new_says_nothing(qtbot: QtBot, house: House, tmp_path: Path) -> None:
    assert scheduled_run(house, tmp_path) in {0, 3}
    hand = OtherHand(house.bridge, house.office, house.engine)
    said: list[bool] = []
    hand.wrote.connect(lambda: said.append(True))
    for _ in range(3):
        hand.look()
        house.know(qtbot)
    assert said == []


def test_what_this_window_brought_home_itself_is_no_news(qtbot: QtBot, house: House) -> None:
    hand = OtherHand(house.bridge, house.office, house.engine)
    said: list[bool] = []
    hand.wrote.connect(lambda: said.append(True))
    hand.look()
    qtbot.waitUntil(lambda: hand._known is not None, timeout=PATIENCE_MS)
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS):
        assert house.engine.fetch()
    qtbot.waitUntil(lambda: house.engine.free, timeout=PATIENCE_MS)
    hand.look()
    house.know(qtbot)
    assert said == []
