"""One run at a time works in a folder, and a process that dies holds nothing."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from enn_desktop.core.errors import FolderBusy, StorageError
from enn_desktop.system import folder_lock
from enn_desktop.system.folder_lock import FolderLock, lock_on_windows
from enn_desktop.system.windows_dll import Prototype
from tests.archive import disks

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def another_process_holding(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold the lock for the time of a ``with``."""
    command = [sys.executable, "-m", "tests.system.lock_holder", str(path)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
        if holder.poll() is None:
            holder.communicate("", timeout=30)


def hold(path: Path) -> None:
    """Take the lock and give it back."""
    with FolderLock(path):
        pass


def test_a_second_process_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    path = tmp_path / ".enn-desktop" / "verrou"
    with another_process_holding(path), pytest.raises(FolderBusy) as refusal:
        hold(path)
    assert refusal.value.message == FolderBusy.default_message
    hold(path)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "verrou"
    with another_process_holding(path) as holder:
        holder.kill()
        assert holder.wait(30) != 0
        hold(path)


def test_a_second_hold_in_the_same_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "verrou"
    with FolderLock(path), pytest.raises(FolderBusy):
        hold(path)
    hold(path)


def test_an_error_in_the_middle_of_a_run_lets_the_folder_go(tmp_path: Path) -> None:
    path = tmp_path / "verrou"

    def fail_while_holding() -> None:
        with FolderLock(path):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_while_holding()
    hold(path)


def test_two_folders_can_be_worked_in_at_once(tmp_path: Path) -> None:
    with FolderLock(tmp_path / "a" / "verrou"), FolderLock(tmp_path / "b" / "verrou"):
        assert sorted(item.name for item in tmp_path.iterdir()) == ["a", "b"]


def test_a_disk_that_has_no_locks_is_not_called_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def take(_descriptor: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(folder_lock, "_take", take)
    with pytest.raises(StorageError):
        hold(tmp_path / "verrou")


def test_on_a_really_protected_disk_the_word_is_protected(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk") as place:
        disks.protect(place)
        with pytest.raises(StorageError, match="protégé"):
            hold(place / ".enn-desktop" / "verrou")
        disks.release(place)


class Kernel:
    """kernel32, as far as locks go: it answers ``code``, 0 for a lock that is had."""

    def __init__(self, code: int) -> None:
        self._code = code
        self.asked: list[object] = []

    def call(self, function: Prototype, *arguments: object) -> int:
        assert function.name == "LockFileEx"
        self.asked.append(arguments[:5])
        where = arguments[5]._obj  # type: ignore[attr-defined] # what byref points to
        assert (where.offset, where.offset_high) == (0, 0x7FFF_FFFF), "Whoever copies the folder must read this file."
        return int(self._code == 0)

    def last_error(self) -> int:
        return self._code


def test_on_windows_one_far_byte_is_locked_at_once_for_one_alone() -> None:
    kernel = Kernel(0)
    lock_on_windows(42, kernel)
    assert kernel.asked == [(42, 3, 0, 1, 0)]


@pytest.mark.parametrize("code", [33, 997])
def test_on_windows_a_lock_that_another_has_is_told(code: int) -> None:
    with pytest.raises(BlockingIOError):
        lock_on_windows(42, Kernel(code))


@pytest.mark.parametrize("code", [1, 50])
def test_on_windows_a_share_without_locks_is_not_called_busy(code: int) -> None:
    with pytest.raises(OSError, match=str(code)) as refusal:
        lock_on_windows(42, Kernel(code))
    assert not isinstance(refusal.value, BlockingIOError)


def test_on_windows_the_structure_is_that_of_windows() -> None:
    assert ctypes.sizeof(folder_lock.Overlapped) == 32
