"""The program tries itself on a real screen: what it says of itself is what can be seen from outside."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from enn_desktop.core.exits import ExitCode
from tests.end_to_end.conftest import PROJECT
from tests.screen.virtual_screen import Screen, open_screen

PATIENCE_S = 180
PICTURES = ["a-faire.png", "dossiers.png", "sauvegarde.png", "ma-cle.png"]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    folder = tmp_path / "écran"
    folder.mkdir()
    with open_screen(folder) as opened:
        yield opened


def tried(folder: Path, screen: Screen, **more: str) -> tuple[int, dict[str, Any]]:
    """Let the program try itself; return its exit code and what it says."""
    folder.mkdir()
    env = {**screen.env, "PYTHONPATH": str(PROJECT), "PYTHONFAULTHANDLER": "1", **more}
    command = [sys.executable, "-m", "enn_desktop", "--trial", str(folder)]
    done = subprocess.run(command, env=env, cwd=PROJECT, timeout=PATIENCE_S, check=False)
    return done.returncode, json.loads((folder / "essai.json").read_text(encoding="utf-8"))


def test_the_program_brings_a_town_hall_home_by_its_own_buttons_and_shows_its_four_places(
    tmp_path: Path, screen: Screen
) -> None:
    code, said = tried(tmp_path / "essai", screen)
    assert (code, said["outcome"], said["trouble"], said["errors"]) == (ExitCode.OK, "ok", "", [])
    dossiers = tmp_path / "essai" / "dossiers"
    described = len(list(dossiers.rglob("metadonnees.json")))
    assert said["run"]["dossiers"] >= described > said["run"]["complete"] > 0
    assert (said["verify"]["damages"], said["verify"]["unread_folders"]) == (0, 0)
    # A dossier of which no file could be had has nothing to be read again.
    assert described - said["run"]["failures"] <= said["verify"]["dossiers"] <= described
    assert said["verify"]["files"] >= said["run"]["files"] > described
    assert said["key"]
    assert said["pictures"] == PICTURES
    seen = {hashlib.sha256((tmp_path / "essai" / name).read_bytes()).digest() for name in PICTURES}
    assert len(seen) == len(PICTURES)
    assert all(QImage(str(tmp_path / "essai" / name)).width() > 600 for name in PICTURES)


def test_a_program_that_cannot_start_its_own_platform_says_so_and_does_not_pass(tmp_path: Path, screen: Screen) -> None:
    broken = tmp_path / "cassé"
    (broken / "uvicorn").mkdir(parents=True)
    (broken / "uvicorn" / "__init__.py").write_text("raise ImportError('absent')", encoding="utf-8")
    more = {"PYTHONPATH": os.pathsep.join((str(broken), str(PROJECT)))}
    code, said = tried(tmp_path / "essai", screen, **more)
    assert (code, said["outcome"]) == (ExitCode.PARTIAL, "trouble")
    assert said["errors"]
    assert said["run"] == {}
