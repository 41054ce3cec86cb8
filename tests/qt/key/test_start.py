"""What the key needs is loaded after the first screen, and in a thread: the start stays as short as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from enn_desktop.core.settings import AccountSettings, ScheduleSettings, Settings
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings
from tests.house.source_tree import PROJECT

OPENED = """
import json, os, sys
from enn_desktop import app
from enn_desktop.core.launch import parse_launch

def told(program):
    names = [name for name in sys.modules if name.startswith(UNWANTED)]
    print(json.dumps([names, program._window.isVisible()]), flush=True)
    os._exit(0)

UNWANTED = ("enn_desktop.signing_key", "enn_desktop.qt.key", "smartcard", "pkcs11", "cryptography")
app.Program._finish_start = told
app.run(parse_launch(sys.argv[1:]))
"""


@pytest.mark.parametrize("accounts", [0, 1])
def test_nothing_of_the_key_is_loaded_before_the_first_screen(tmp_path: Path, accounts: int) -> None:
    profile = tmp_path / "profil"
    account = AccountSettings(name="Valbrume", address="https://pastell.invalid", user="secretaire")
    settings = Settings(
        folder=str(tmp_path / "dossiers"),
        accounts=(account,) * accounts,
        schedule=ScheduleSettings(automatic=False, at_start=False),
    )
    save_settings(profile_paths(profile), settings)
    done = subprocess.run(
        [sys.executable, "-c", OPENED, "--profile", str(profile)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1]) == [[], True]
