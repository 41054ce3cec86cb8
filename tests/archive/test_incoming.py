"""A file on its way in is counted, hashed and durable before it has a name."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.archive import incoming, points
from enn_desktop.archive.incoming import IncomingFile, hash_file, is_temporary, sweep, write_own_file
from enn_desktop.core.errors import StorageError
from enn_desktop.core.names import TEMPORARY_LENGTH
from tests.archive.disks import fill_disk


@given(st.lists(st.binary(max_size=50), max_size=12))
def test_bytes_are_counted_and_hashed_however_they_come(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    with tempfile.TemporaryDirectory() as place:
        file = IncomingFile(Path(place))
        for chunk in chunks:
            file.write(chunk)
        file.finish()
        assert (file.sha256, file.size) == (hashlib.sha256(whole).hexdigest(), len(whole))
        assert file.path.read_bytes() == whole
        assert hash_file(file.path) == (file.sha256, file.size)


def test_while_it_comes_it_lies_in_its_final_folder_under_a_name_of_ours(tmp_path: Path) -> None:
    first, second = IncomingFile(tmp_path), IncomingFile(tmp_path)
    assert first.path.parent == tmp_path
    assert first.path != second.path
    assert all(is_temporary(item.name) for item in tmp_path.iterdir())
    assert len(first.path.name) == TEMPORARY_LENGTH
    first.discard()
    second.discard()


@pytest.mark.parametrize("name", ["enn-1.part", ".enn-1", "délibération.part", ".enn-1.part.pdf", "x.enn-1.part"])
def test_a_document_is_never_taken_for_one_of_our_temporaries(name: str) -> None:
    assert not is_temporary(name)


def test_its_bytes_are_on_the_disk_before_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        events.append(f"fsync of {os.fstat(descriptor).st_size} bytes")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    points.observe(events.append)
    try:
        file = IncomingFile(tmp_path)
        file.write(b"abc")
        file.write(b"def")
        file.finish()
    finally:
        points.observe(None)
    assert events == [
        "temporary-opened",
        "bytes-half-written",
        "bytes-written",
        "fsync of 6 bytes",
        "temporary-flushed",
        "temporary-closed",
    ]


def test_a_disk_that_takes_three_bytes_at_a_time_gets_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_disk(monkeypatch, room=1000, piece=3)
    file = IncomingFile(tmp_path)
    file.write(b"0123456789")
    file.finish()
    assert file.size == 10
    assert file.path.read_bytes() == b"0123456789"


def test_nothing_can_be_added_once_it_is_finished(tmp_path: Path) -> None:
    file = IncomingFile(tmp_path)
    file.write(b"abc")
    file.finish()
    file.finish()
    with pytest.raises(ValueError, match="after finish"):
        file.write(b"def")
    assert file.path.read_bytes() == b"abc"


@pytest.mark.parametrize("finished", [False, True])
def test_thrown_away_it_leaves_nothing(tmp_path: Path, *, finished: bool) -> None:
    file = IncomingFile(tmp_path)
    file.write(b"abc")
    if finished:
        file.finish()
    file.discard()
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_cannot_promise_to_keep_the_bytes_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(incoming, "flush_to_disk", fsync)
    file = IncomingFile(tmp_path)
    file.write(b"abc")
    with pytest.raises(StorageError):
        file.finish()
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_our_own_files_are_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "metadonnees.json"
    write_own_file(path, b"old", "metadata")
    seen: dict[str, bytes] = {}
    points.observe(lambda name: seen.update({name: path.read_bytes()}))
    try:
        write_own_file(path, b"new", "metadata")
    finally:
        points.observe(None)
    assert {content for name, content in seen.items() if name != "metadata-renamed"} == {b"old"}
    assert seen["metadata-renamed"] == b"new"
    assert [item.name for item in tmp_path.iterdir()] == ["metadonnees.json"]


def test_our_own_file_that_cannot_be_written_leaves_the_old_one_and_no_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "metadonnees.json"
    write_own_file(path, b"old", "metadata")
    fill_disk(monkeypatch, room=2)
    with pytest.raises(StorageError, match="plein"):
        write_own_file(path, b"new content", "metadata")
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == {"metadonnees.json": b"old"}


def test_only_our_unfinished_files_are_swept(tmp_path: Path) -> None:
    for name in (".enn-0123abcd.part", "acte.pdf", "perso.part", ".enn-notes"):
        (tmp_path / name).write_bytes(b"x")
    sweep(tmp_path)
    sweep(tmp_path / "absent")
    assert sorted(item.name for item in tmp_path.iterdir()) == [".enn-notes", "acte.pdf", "perso.part"]


def test_one_leftover_that_cannot_go_keeps_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f".enn-0000000{rank}.part" for rank in range(3)]
    for name in names:
        (tmp_path / name).write_bytes(b"half")
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - pathlib's own signature
        if self.name == names[1]:
            raise PermissionError(13, "in use")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    sweep(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == [names[1]]
