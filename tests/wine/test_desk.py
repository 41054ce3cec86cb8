"""What a contractor prepares in the registry, the scheduled task, and what is said of Windows; under Wine.

What Wine cannot prove: it registers a task without looking at its triggers, and cannot show one (no ``/Query``); it has
no locked screen, no remote desktop, no rights that sleep.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.system.presets import ADDRESS, KEY, POLICY_PATH, SETTINGS_PATH
from tests.house.source_tree import PROJECT
from tests.wine.network_windows import NetworkWindows, made_windows

pytestmark = pytest.mark.wine

SCRIPT = Path(__file__).with_name("desk_script.py")
SETUP = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\enn-desktop"


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWindows]:
    made = made_windows(tmp_path_factory.mktemp("windows"))
    try:
        yield made
    finally:
        made.wine.end()


def write(windows: NetworkWindows, key: str, name: str, value: str) -> None:
    windows.wine.run("reg", "add", key, "/v", name, "/t", "REG_SZ", "/d", value, "/f")


@pytest.fixture(scope="module")
def told(windows: NetworkWindows, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Prepare a computer as the setup and a GPO do, and return what the program makes of it."""
    share = tmp_path_factory.mktemp("partage de l’Été")
    (share / "reglages.toml").write_text("[planning]\ntoutes_les_heures = 9\n", encoding="utf-8-sig")
    (share / "politique.toml").write_text("[flux.actes]\nduree_jours = 365\n", encoding="utf-16")
    write(windows, rf"HKCU\{KEY}", ADDRESS, "https://pastell.prepare.fr")
    write(windows, rf"HKLM\{KEY}", ADDRESS, "https://ailleurs.fr")
    write(windows, rf"HKLM\{KEY}", SETTINGS_PATH, windows.wine.path(share / "reglages.toml"))
    write(windows, rf"HKCU\{KEY}", POLICY_PATH, windows.wine.path(share / "politique.toml"))
    write(windows, SETUP, "DisplayVersion", "0.1.0")
    profile = windows.wine.drive / "profil"
    paths = [windows.wine.path(path) for path in (SCRIPT, PROJECT, windows.components, profile)]
    said = windows.wine.run(windows.wine.path(windows.python), "-X", "utf8", *paths)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def test_what_was_prepared_in_both_registries_is_found_the_user_s_first(told: dict[str, Any]) -> None:
    assert told["presets"] == {
        "address": ["https://pastell.prepare.fr", "USER"],
        "settings": ["COMPUTER", 9],
        "policy": ["USER", 365],
        "faults": 0,
        "usual": 4,
    }
    assert told["setup"] == "0.1.0"


def test_the_task_is_registered_under_the_user_s_name_and_again_without_a_word(
    told: dict[str, Any], windows: NetworkWindows
) -> None:
    assert told["task"] == {"scheduler": "Planificateur de tâches de Windows"}
    (task,) = (windows.wine.drive / "windows" / "system32" / "tasks").iterdir()
    assert re.fullmatch(r"enn-desktop \(.+\)", task.name)
    kept = task.read_bytes().decode("utf-8-sig")
    for part in (
        "<StartWhenAvailable>true", "<RunOnlyIfNetworkAvailable>true", "<MultipleInstancesPolicy>IgnoreNew",
        "<ExecutionTimeLimit>PT12H", "<DisallowStartIfOnBatteries>false", "enn-desktop backup --quiet",
    ):  # fmt: skip
        assert part in kept


def test_windows_is_described_with_its_build_session_rights_and_disk(told: dict[str, Any]) -> None:
    computer = told["computer"]
    assert re.fullmatch(r"Windows 1[01] .+ \(build \d{5}(\.\d+)?\)", computer["système"])
    assert computer["session"].startswith("sur place")
    assert computer["droits"] in {"utilisateur", "administrateur", "administrateur, droits élevés"}
    assert re.fullmatch(r"\d+ par l’utilisateur, \d+ par stratégie", computer["racines de confiance ajoutées"])
    assert re.fullmatch(r"S-1-5-21-[\d-]+", told["sid"])
    assert told["place"]["disque"] == "sur ce poste"
    assert told["place"]["système de fichiers"] != "inconnu"
