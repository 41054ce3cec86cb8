"""The real program on a real screen: opened, clicked, killed half-way, opened again, and everything is home."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from enn_desktop.core.exits import ExitCode
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings
from tests.end_to_end.conftest import PROJECT
from tests.end_to_end.truth import assert_home, assert_no_document_twice, descriptions
from tests.screen.virtual_screen import Screen, open_screen

ACCENT = (0x1D, 0x5C, 0x87)
"""The ground of the one primary button of a page (light)."""
DOSSIERS = 80
ANSWER_S = 0.02
"""Slow enough to be killed in the middle."""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    folder = tmp_path / "écran"
    folder.mkdir()
    with open_screen(folder) as opened:
        yield opened


@pytest.fixture
def town_hall_server() -> Iterator[DemoServer]:
    with DemoServer(build_world(seed=5, dossiers=DOSSIERS), latency=ANSWER_S) as server:
        yield server


class Desk:
    """One computer with its profile; the password is in a vault that only these tests have."""

    def __init__(self, home: Path, server: DemoServer, screen: Screen) -> None:
        self.profile, self.folder, self.screen = home / "profil", home / "Dossiers de la mairie", screen
        account = server.world.accounts["secretaire"]
        stored = AccountSettings(name="Valbrume", address=server.url, user=account.login)
        save_settings(profile_paths(self.profile), Settings(folder=str(self.folder), accounts=(stored,)))
        vault = home / "coffre.json"
        vault.write_text(f'{{"Valbrume": "{account.password}"}}', encoding="utf-8")
        self.env = {
            **screen.env,
            "ENN_TEST_VAULT": str(vault),
            "PYTHONPATH": str(PROJECT),
            "PYTHONFAULTHANDLER": "1",
        }

    def open(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the program as the session would."""
        command = [sys.executable, "-m", "tests.end_to_end.program_with_vault", "--profile", str(self.profile)]
        return subprocess.Popen([*command, *arguments], env=self.env, cwd=PROJECT)

    def dossiers(self) -> int:
        """Return how many dossiers are described on the disk."""
        return len(list(self.folder.rglob("metadonnees.json"))) if self.folder.exists() else 0

    def log(self) -> str:
        """Return what the program noted."""
        file = self.profile / "journaux" / "enn-desktop.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def click_primary(self) -> None:
        """Click the primary button once it is there."""
        self.screen.wait_for(lambda: self.screen.picture().find(ACCENT), "no primary button appeared")
        place = self.screen.picture().find(ACCENT)
        assert place is not None
        self.screen.click(*place)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(20)


def ended_by_enter(screen: Screen, process: subprocess.Popen[bytes]) -> bool:
    screen.key("Return")
    return process.poll() is not None


def test_everything_comes_home_though_the_program_was_killed_half_way(
    tmp_path: Path, town_hall_server: DemoServer, screen: Screen
) -> None:
    desk = Desk(tmp_path, town_hall_server, screen)
    first = desk.open()
    try:
        desk.click_primary()
        screen.wait_for(lambda: desk.dossiers() >= DOSSIERS // 5, "nothing came home")
        first.send_signal(signal.SIGKILL)
        assert first.wait(20) == -signal.SIGKILL
    finally:
        end(first)
    assert desk.dossiers() < DOSSIERS
    again = desk.open()
    try:
        desk.click_primary()
        screen.wait_for(lambda: "Récupération PARTIAL" in desk.log() or "Récupération COMPLETE" in desk.log(),
                        "the second run did not end", 90)  # fmt: skip
    finally:
        end(again)
    assert_home(desk.folder, town_hall_server.world, "secretaire")
    assert_no_document_twice(desk.folder)
    assert not [record for folder, record in descriptions(desk.folder) if not (folder / "empreintes.sha256").exists()]


def test_a_second_start_raises_the_window_of_the_first_and_ends(
    tmp_path: Path, town_hall_server: DemoServer, screen: Screen
) -> None:
    desk = Desk(tmp_path, town_hall_server, screen)
    first = desk.open()
    try:
        screen.wait_for(lambda: "enn-desktop" in screen.titles(), "no window appeared")
        screen.wait_for(lambda: "Fenêtre prête" in desk.log(), "the window is not ready")
        second = desk.open()
        assert second.wait(20) == 0
        assert first.poll() is None
        assert screen.titles().count("enn-desktop") == 1
    finally:
        end(first)


def test_a_second_start_before_a_window_that_hangs_says_so_and_ends(
    tmp_path: Path, town_hall_server: DemoServer, screen: Screen
) -> None:
    desk = Desk(tmp_path, town_hall_server, screen)
    first = desk.open()
    opened = [first]
    try:
        screen.wait_for(lambda: "Fenêtre prête" in desk.log(), "the window is not ready")
        first.send_signal(signal.SIGSTOP)
        second = desk.open()
        opened.append(second)
        screen.wait_for(lambda: "enn-desktop ne répond pas" in screen.titles(), "nothing was said")
        # It is named before it is painted and has the keyboard.
        screen.wait_for(lambda: ended_by_enter(screen, second), "the box does not close with Enter")
        assert second.returncode == ExitCode.BUSY
    finally:
        for process in opened:
            end(process)


def test_a_window_in_the_middle_of_its_work_leaves_when_another_start_asks_for_it(
    tmp_path: Path, town_hall_server: DemoServer, screen: Screen
) -> None:
    desk = Desk(tmp_path, town_hall_server, screen)
    assert desk.open("--quit").wait(30) == 0
    first = desk.open()
    try:
        desk.click_primary()
        screen.wait_for(lambda: desk.dossiers() >= DOSSIERS // 10, "nothing came home")
        screen.wait_for(lambda: "Fenêtre prête" in desk.log(), "the window is not ready")
        assert desk.open("--quit").wait(30) == 0
        assert first.wait(1) == 0
        assert "Fenêtre fermée" in desk.log()
    finally:
        end(first)


def test_the_window_closed_by_its_cross_ends_the_program_where_there_is_no_tray(
    tmp_path: Path, town_hall_server: DemoServer, screen: Screen
) -> None:
    desk = Desk(tmp_path, town_hall_server, screen)
    program = desk.open()
    try:
        screen.wait_for(lambda: "enn-desktop" in screen.titles(), "no window appeared")
        screen.wait_for(lambda: screen.picture().find(ACCENT), "the first screen did not come")
        screen.wait_for(lambda: screen.active_title() == "enn-desktop", "the window does not get the keys")
        screen.key("alt+F4")
        assert program.wait(20) == 0
        assert "ERROR" not in desk.log()
        assert "WARNING" not in desk.log()
    finally:
        end(program)


def test_an_empty_profile_opens_the_assistant_and_the_demonstration_is_one_click_away(
    tmp_path: Path, screen: Screen
) -> None:
    profile = tmp_path / "neuf"
    program = subprocess.Popen(
        [sys.executable, "-m", "enn_desktop", "--profile", str(profile)],
        env={**screen.env, "PYTHONPATH": str(PROJECT)}, cwd=PROJECT,
    )  # fmt: skip
    try:
        screen.wait_for(lambda: screen.picture().find(ACCENT), "the assistant did not come")
        screen.wait_for(lambda: screen.active_title() == "enn-desktop", "the window does not get the keys")
        # The log waits for the first screen.
        screen.wait_for((profile / "journaux").is_dir, "the program keeps no log")
        # The address has the keys; the demonstration comes next.
        screen.key("Tab")
        screen.key("space")
        log = next_log(profile)
        screen.wait_for(lambda: "Fenêtre prête" in log(), "the demonstration did not open")
        screen.wait_for(lambda: screen.picture().find(ACCENT), "there is nothing to click")
        place = screen.picture().find(ACCENT)
        assert place is not None
        screen.click(*place)
        screen.wait_for(lambda: "Récupération PARTIAL" in log(), "the demonstration did not come home", 90)
        assert "ERROR" not in log()
    finally:
        end(program)
    assert not (profile / "reglages.toml").exists()
    assert len(list(Path(screen.env["HOME"]).rglob("metadonnees.json"))) > DEMO_DOSSIERS


DEMO_DOSSIERS = 40
"""The imaginary town hall has more than that."""


def next_log(profile: Path) -> Callable[[], str]:
    """Return what reads the log of the demonstration, which has a profile of its own inside the given one."""

    def read() -> str:
        found = list((profile).rglob("demonstration/**/enn-desktop.log"))
        return "".join(file.read_text(encoding="utf-8") for file in found)

    return read
