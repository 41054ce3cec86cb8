"""The program as a citizen of Windows, under Wine: taskbar, session, sleep, power, vault, folder, one window.

Run with ``.venv/bin/python -m pytest -m wine tests/wine/test_session.py`` (two to three minutes). What Wine 8 cannot
prove: it keeps no access list (only Unix' modes), has no battery saver, no lock of the session, no notification centre.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.core.settings import AccountSettings, ProxySettings, ScheduleSettings, Settings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings
from tests.screen.virtual_screen import Screen, open_screen
from tests.wine.prefix import Wine
from tests.wine.session_windows import SessionWindows, ended, made_session

pytestmark = pytest.mark.wine

START_S, LEAVE_S = 150.0, 60.0
WINDOWS_GIVES_S = 5.0
"""What Windows gives a program at the end of a session."""


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    with open_screen(tmp_path_factory.mktemp("screen")) as opened:
        yield opened


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory, screen: Screen) -> Iterator[SessionWindows]:
    folder = tmp_path_factory.mktemp("session")
    try:
        yield made_session(folder, screen)
    finally:
        Wine(folder / "wine", screen.display).end()


@pytest.fixture
def opened(windows: SessionWindows) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Keep the programs that a test starts, and end them with it."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()
    windows.screen.wait_for(lambda: not windows.windows(), "a window stays", START_S)


# -- what the system is asked ---------------------------------------------------------------------------------------


def test_credential_manager_keeps_the_contract_of_vaults(windows: SessionWindows) -> None:
    said = windows.told("session_script.py", "vault")
    assert {name: word for name, word in said.items() if "(ms)" not in name and word != "kept"} == {}


def test_windows_is_kept_awake_and_asked_what_the_connection_costs(windows: SessionWindows) -> None:
    said = windows.told("session_script.py", "power")
    assert (said["held"], said["asked for"]) == (True, "0x80000001")
    assert (said["sparing"], said["metered"]) == (False, False)
    assert said["cost (ms)"] < 2_000


def test_what_windows_says_of_the_session_is_heard_by_a_window_that_nobody_sees(windows: SessionWindows) -> None:
    said = windows.told("session_script.py", "session")
    assert said["window"]
    assert said["heard"] == ["WOKE", "LOCKED", "UNLOCKED", "ENDING"]
    assert said["locked"] == [False, False, False, True, False, False, False, False]
    # The session may end: QUERYENDSESSION is answered with yes.
    assert said["answers"][5] == 1
    assert said["closed"]
    assert said["again"] == ["WOKE", "WOKE"]


def test_where_a_folder_is_and_that_what_is_not_kept_is_not_believed(windows: SessionWindows) -> None:
    said = windows.told("session_script.py", "folder")
    assert said["places"] == {"C:/Dossiers": "HERE", "Y:/absent": "UNKNOWN", "//srv/mairie/Dossiers": "NETWORK"}
    # Wine takes the list and keeps no more than Unix' modes of it: the program looks again, and says so.
    assert said["reserved"] == "Ce disque ne sait pas réserver un dossier à un compte\u00a0: rien n’a changé."
    assert said["documents"].endswith("Documents")


def test_it_starts_with_the_session_and_no_longer(windows: SessionWindows) -> None:
    said = windows.told("session_script.py", "autostart")
    assert said["line"].endswith("-m enn_desktop --tray")
    assert (said["on"], said["off"], said["icon"]) == (True, True, True)
    assert said["known"][0] == "enn-desktop"


def test_without_a_notification_centre_the_bubble_takes_its_place_and_costs_nothing_at_the_start(
    windows: SessionWindows,
) -> None:
    said = windows.told("session_script.py", "toasts")
    assert said["untouched"]
    assert said["shown"] == [True, False]
    assert said["ms"][0] < 100


# -- the program itself ---------------------------------------------------------------------------------------------


def profile(windows: SessionWindows, name: str, **settings: Any) -> str:
    """Make a profile with settings; return its Windows name."""
    folder = windows.wine.drive / name
    save_settings(profile_paths(folder), Settings(schedule=ScheduleSettings(automatic=False), **settings))
    return windows.wine.path(folder)


def test_a_second_start_raises_the_first_another_profile_has_its_own_and_a_crash_holds_nobody_back(
    windows: SessionWindows, opened: list[subprocess.Popen[bytes]]
) -> None:
    screen, mine, other = windows.screen, profile(windows, "mine"), profile(windows, "other")
    opened.append(windows.open("--profile", mine, "--tray"))
    screen.wait_for((windows.wine.drive / "mine" / "fenetre.verrou").exists, "the first takes its place", START_S)
    second = windows.open("--profile", mine)
    ended(second, START_S)
    assert second.returncode == 0
    screen.wait_for(lambda: len(windows.windows()) == 1, "the first comes to the front", START_S)
    opened.append(windows.open("--profile", other))
    screen.wait_for(lambda: len(windows.windows()) == 2, "another profile opens its own window", START_S)
    for process in opened:
        assert process.poll() is None
    windows.wine.call("taskkill", "/f", "/im", "python.exe")
    for process in opened:
        ended(process, LEAVE_S)
    screen.wait_for(lambda: not windows.windows(), "the windows are gone", START_S)
    opened.append(windows.open("--profile", mine))
    screen.wait_for(lambda: len(windows.windows()) == 1, "after a crash, the next start is the first", START_S)


def test_when_the_task_bar_starts_again_the_icon_comes_back(
    windows: SessionWindows, opened: list[subprocess.Popen[bytes]]
) -> None:
    opened.append(windows.open("--profile", profile(windows, "taskbar")))
    windows.screen.wait_for(lambda: len(windows.windows()) == 1, "the window", START_S)
    log = windows.wine.drive / "taskbar" / "journaux" / "enn-desktop.log"
    windows.screen.wait_for(lambda: log.exists() and "Fenêtre prête" in log.read_text("utf-8"), "the icon", START_S)
    said = windows.told("taskbar_script.py", "15")
    assert said["in front"]
    added = 0
    assert added in said["orders"]


@pytest.fixture
def slow_platform() -> Iterator[DemoServer]:
    with DemoServer(build_world(seed=5, dossiers=400), latency=0.05) as server:
        yield server


def test_the_end_of_the_session_ends_a_run_cleanly_in_the_time_that_windows_gives(
    windows: SessionWindows, opened: list[subprocess.Popen[bytes]], slow_platform: DemoServer
) -> None:
    account = slow_platform.world.accounts["secretaire"]
    folder = windows.wine.drive / "ends"
    stored = AccountSettings(name="Valbrume", address=slow_platform.url, user=account.login)
    settings = Settings(folder=r"C:\Dossiers qui finissent", accounts=(stored,), proxy=ProxySettings(mode="aucun"))
    save_settings(profile_paths(folder), settings)
    windows.told("session_script.py", "secret", windows.wine.path(folder), stored.name, account.password)
    process = windows.open("--profile", windows.wine.path(folder), "--tray")
    opened.append(process)
    windows.screen.wait_for(lambda: len(slow_platform.requests) > 40, "a run is under way", 2 * START_S)
    assert outcomes(folder) == []
    ends = windows.wine.start("wineboot", "--end-session")
    took = ended(process, LEAVE_S)
    ended(ends, LEAVE_S)
    assert took < WINDOWS_GIVES_S + 1
    assert outcomes(folder) == ["CANCELLED"]


def outcomes(folder: Path) -> list[str]:
    """Return how the runs that came to an end did."""
    found: list[str] = []
    for catalogue in folder.glob("catalogue-*.sqlite"):
        with contextlib.closing(sqlite3.connect(catalogue)) as opened:
            found += [row[0] for row in opened.execute("SELECT outcome FROM run")]
    return found
