"""What a disk refuses is said in the right words, and a file in use is waited for."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from enn_desktop.core.errors import EnnError, StorageError, StorageItemError
from enn_desktop.system import disk

FULL, PROTECTED, LOST = "Le disque est plein", "protégé", "n’est plus là"


class WindowsRefusal(OSError):
    """An error as Windows gives it, with its own number."""

    def __init__(self, winerror: int, number: int = errno.EACCES) -> None:
        super().__init__(number, "refused")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, StorageError, FULL),
        (errno.EDQUOT, StorageError, FULL),
        (errno.EFBIG, StorageError, FULL),
        (errno.EROFS, StorageError, PROTECTED),
        (errno.EACCES, StorageError, PROTECTED),
        (errno.EPERM, StorageError, PROTECTED),
        (errno.EIO, StorageError, LOST),
        (errno.ENODEV, StorageError, LOST),
        (errno.ENXIO, StorageError, LOST),
        (errno.ESTALE, StorageError, LOST),
        (errno.ENOTCONN, StorageError, LOST),
        (errno.ENOENT, StorageError, LOST),
        (errno.ENOTDIR, StorageError, LOST),
        (errno.ENAMETOOLONG, StorageItemError, "nom"),
        (errno.EINVAL, StorageItemError, "nom"),
        (errno.EILSEQ, StorageItemError, "nom"),
        (errno.EMFILE, StorageError, StorageError.default_message),
        (errno.EEXIST, StorageError, StorageError.default_message),
    ],
)
def test_each_error_of_the_disk_has_its_sentence(number: int, kind: type[EnnError], words: str) -> None:
    failure = disk.storage_failure(OSError(number, os.strerror(number), "/mairie/Budget secret.pdf"))
    assert type(failure) is kind
    assert words in failure.message
    assert str(number) in failure.detail
    assert "secret" not in failure.detail


@pytest.mark.parametrize(
    ("winerror", "kind", "words"),
    [
        (39, StorageError, FULL),
        (112, StorageError, FULL),
        (5, StorageItemError, StorageItemError.default_message),
        (32, StorageItemError, StorageItemError.default_message),
        (33, StorageItemError, StorageItemError.default_message),
        (19, StorageError, PROTECTED),
    ],
)
def test_each_error_of_windows_has_its_sentence(winerror: int, kind: type[EnnError], words: str) -> None:
    failure = disk.storage_failure(WindowsRefusal(winerror))
    assert type(failure) is kind
    assert words in failure.message


class CountedWait(threading.Event):
    """Lets no time pass, and counts what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Take note."""
        self.asked.append(timeout or 0)
        return False


def refuse(monkeypatch: pytest.MonkeyPatch, times: int, error: OSError) -> None:
    """Have the next renames refused that many times."""
    real = Path.replace
    left = [error] * times

    def replace(self: Path, target: Path) -> Path:
        if left:
            raise left.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("times", [0, 1, 6])
@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_a_file_in_use_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, winerror: int
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    refuse(monkeypatch, times, WindowsRefusal(winerror))
    wait = CountedWait()
    disk.rename(tmp_path / "a", tmp_path / "b", wait=wait)
    assert len(wait.asked) == times
    assert sum(wait.asked) < 4
    assert [item.name for item in tmp_path.iterdir()] == ["b"]


def test_a_file_in_use_for_too_long_is_said_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")
    refuse(monkeypatch, 99, WindowsRefusal(32))
    with pytest.raises(StorageItemError):
        disk.rename(tmp_path / "a", tmp_path / "b", wait=CountedWait())
    assert [item.name for item in tmp_path.iterdir()] == ["a"]


def test_any_other_refusal_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x")
    refuse(monkeypatch, 1, OSError(errno.EROFS, "read-only"))
    wait = CountedWait()
    with pytest.raises(StorageError, match=PROTECTED):
        disk.rename(tmp_path / "a", tmp_path / "b", wait=wait)
    assert wait.asked == []


def test_a_file_that_vanished_alone_is_told_from_a_folder_that_vanished(tmp_path: Path) -> None:
    with pytest.raises(StorageItemError, match="disparu"):
        disk.rename(tmp_path / "absent", tmp_path / "b")
    with pytest.raises(StorageError, match=LOST):
        disk.rename(tmp_path / "gone" / "absent", tmp_path / "b")
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(StorageError, match=LOST):
        disk.rename(tmp_path / "a", tmp_path / "gone" / "b")


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_network_disk_that_cannot_flush_a_folder_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    refused: list[int] = []

    def fsync(descriptor: int) -> None:
        refused.append(descriptor)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    disk.flush_folder(tmp_path)
    assert len(refused) == 1
    with pytest.raises(OSError, match=os.strerror(number)):
        disk.flush_to_disk(refused[0])


def test_a_folder_that_a_sick_disk_cannot_flush_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        disk.flush_folder(tmp_path)


def test_a_run_stops_before_the_disk_is_full(tmp_path: Path) -> None:
    left = disk.free_bytes(tmp_path)
    assert left > 0
    disk.demand_free(tmp_path, 1)
    with pytest.raises(StorageError, match="Il ne reste que"):
        disk.demand_free(tmp_path, left * 2)
    with pytest.raises(StorageError, match=LOST):
        disk.demand_free(tmp_path / "absent", 1)


def test_a_file_that_may_not_be_read_because_it_is_in_use_is_one_file_not_a_protected_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    failure = disk.file_failure(WindowsRefusal(32), tmp_path / "a")
    assert type(failure) is StorageItemError
    assert "Fermez-le" in failure.advice


def test_a_folder_refused_by_windows_is_protected_not_in_use() -> None:
    assert PROTECTED in disk.folder_failure(WindowsRefusal(5)).message
    assert type(disk.folder_failure(WindowsRefusal(5))) is StorageError
    assert FULL in disk.folder_failure(WindowsRefusal(112)).message


@pytest.mark.parametrize(("times", "asked"), [(0, 0), (2, 2), (7, 6)])
def test_a_file_in_use_is_read_when_it_is_free_and_the_wait_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, asked: int
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    left = [WindowsRefusal(32)] * times
    real = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        if left:
            raise left.pop()
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    wait = CountedWait()
    if times > 6:
        with pytest.raises(WindowsRefusal):
            disk.patiently((tmp_path / "a").read_bytes, wait=wait)
    else:
        assert disk.patiently((tmp_path / "a").read_bytes, wait=wait) == b"x"
    assert len(wait.asked) == asked


def test_a_file_that_is_not_there_is_not_waited_for(tmp_path: Path) -> None:
    wait = CountedWait()
    with pytest.raises(FileNotFoundError):
        disk.patiently((tmp_path / "absent").read_bytes, wait=wait)
    assert wait.asked == []
