"""The guards around every test really guard: each one is broken here, in a run of its own, and seen to fail."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import keyring
import keyring.errors
import platformdirs
import pytest

from tests.conftest import LeftTheComputer, MemoryKeyring
from tests.house.source_tree import PROJECT

BROKEN = """
import logging, socket
import pytest

def test_quiet():
    logging.getLogger("enn_desktop.x").info("as usual")

def test_other_program_warns():
    logging.getLogger("other").warning("not ours")

def test_warns():
    logging.getLogger("enn_desktop.x").warning("unexpected")

def test_warns_as_expected(expected_warnings):
    logging.getLogger("enn_desktop.x").error("expected")
    assert [one.getMessage() for one in expected_warnings] == ["expected"]

def test_expected_and_never_came(expected_warnings):
    pass

def test_leaves_and_hides_it():
    try:
        socket.create_connection(("192.0.2.1", 9), timeout=1)
    except BaseException:
        pass

def test_leaves_a_log_file_open(tmp_path):
    logging.getLogger("enn_desktop").addHandler(logging.FileHandler(tmp_path / "log"))

def test_finds_no_log_file_of_its_neighbour():
    assert [type(one).__name__ for one in logging.getLogger("enn_desktop").handlers] == ["WarningsHeard"]

def test_forgotten_file(tmp_path):
    open(tmp_path / "forgotten", "w")
"""
OUTCOMES = {
    "test_quiet": "PASSED",
    "test_other_program_warns": "PASSED",
    "test_warns": "ERROR",
    "test_warns_as_expected": "PASSED",
    "test_expected_and_never_came": "ERROR",
    "test_leaves_and_hides_it": "ERROR",
    "test_leaves_a_log_file_open": "PASSED",
    "test_finds_no_log_file_of_its_neighbour": "PASSED",
    "test_forgotten_file": "FAILED",
}


def test_every_broken_guard_is_seen(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_broken.py").write_text(BROKEN, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=80, check=False)
    seen = re.findall(r"::(\w+) (PASSED|FAILED|ERROR)", done.stdout)
    # The last word on a test counts: one that passed, then failed when its guards looked at it.
    assert dict(seen) == OUTCOMES


@pytest.mark.parametrize("host", ["192.0.2.1", "pastell.exemple.fr", "2001:db8::1"])
def test_another_computer_is_refused_with_a_sentence(loopback_only: list[str], host: str) -> None:
    with pytest.raises(LeftTheComputer, match="must not leave this computer"):
        socket.create_connection((host, 443), timeout=1)
    assert loopback_only == [host]
    loopback_only.clear()


def test_this_computer_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass


def test_a_name_that_cannot_exist_is_unknown_without_asking_anyone(loopback_only: list[str]) -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("pastell.invalid", 443)
    assert loopback_only == []


def test_the_real_vault_is_out_of_reach() -> None:
    with pytest.raises(keyring.errors.KeyringError):
        keyring.get_password("enn-desktop", "Valbrume")


def test_a_vault_for_the_time_of_a_test(memory_keyring: MemoryKeyring) -> None:
    keyring.set_password("enn-desktop", "Valbrume", "secret")
    assert memory_keyring.secrets == {("enn-desktop", "Valbrume"): "secret"}
    keyring.delete_password("enn-desktop", "Valbrume")
    with pytest.raises(keyring.errors.PasswordDeleteError):
        keyring.delete_password("enn-desktop", "Valbrume")


def test_the_program_finds_a_profile_of_its_own(own_environment: Path) -> None:
    folders = platformdirs.PlatformDirs("enn-desktop", appauthor=False)
    for folder in (folders.user_config_path, folders.user_data_path, folders.user_log_path, Path.home()):
        assert folder.is_relative_to(own_environment)


def test_it_is_paris_here() -> None:
    assert time.localtime(1_773_309_600).tm_hour == 11  # 12 March 2026, 10:00 UTC
    assert time.localtime(1_784_109_600).tm_hour == 12  # 15 July 2026, 10:00 UTC
