"""A durable temporary becomes a document; what stood under its name is kept, and what is kept is read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from enn_desktop.archive import placing, points
from enn_desktop.archive.incoming import IncomingFile
from enn_desktop.archive.incoming import hash_file as really_hash
from enn_desktop.archive.placing import Placed, place
from enn_desktop.core.errors import StorageError, StorageItemError
from enn_desktop.system import disk

STAMP = "2026-03-14T10-22-05"


def arrived(folder: Path, content: bytes) -> IncomingFile:
    """Return a file whose bytes have all come."""
    file = IncomingFile(folder)
    file.write(content)
    return file


def put(folder: Path, content: bytes, name: str = "acte.pdf", stamp: str = STAMP) -> Placed:
    """Place a content in a folder."""
    return place(arrived(folder, content), folder, name, stamp)


def sha(content: bytes) -> str:
    """Return the hash of a content."""
    return hashlib.sha256(content).hexdigest()


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {item.relative_to(folder).as_posix(): item.read_bytes() for item in folder.rglob("*") if item.is_file()}


def test_a_new_document_bears_its_name_and_what_was_read_back(tmp_path: Path) -> None:
    assert put(tmp_path, b"abc") == Placed("acte.pdf", sha(b"abc"), 3)
    assert everything(tmp_path) == {"acte.pdf": b"abc"}


def test_a_different_file_under_the_same_name_goes_to_versions(tmp_path: Path) -> None:
    put(tmp_path, b"old")
    placed = put(tmp_path, b"newer")
    assert placed.replaced == placing.Replaced(f"versions/{STAMP}/acte.pdf", sha(b"old"), 3)
    assert everything(tmp_path) == {"acte.pdf": b"newer", f"versions/{STAMP}/acte.pdf": b"old"}


def test_two_replacements_in_one_second_keep_both(tmp_path: Path) -> None:
    kept = [put(tmp_path, content).replaced for content in (b"one", b"two", b"three")]
    assert [found and found.path for found in kept] == [
        None,
        f"versions/{STAMP}/acte.pdf",
        f"versions/{STAMP}/acte (2).pdf",
    ]
    assert sorted(everything(tmp_path).values()) == [b"one", b"three", b"two"]


def test_a_version_is_never_overwritten_by_one_whose_name_differs_by_case(tmp_path: Path) -> None:
    shelf = tmp_path / "versions" / STAMP
    shelf.mkdir(parents=True)
    (shelf / "ACTE.PDF").write_bytes(b"hers")
    put(tmp_path, b"old")
    put(tmp_path, b"new")
    assert everything(tmp_path)[f"versions/{STAMP}/ACTE.PDF"] == b"hers"
    assert everything(tmp_path)[f"versions/{STAMP}/acte (2).pdf"] == b"old"


def test_the_same_bytes_write_nothing(tmp_path: Path) -> None:
    put(tmp_path, b"abc")
    before = (tmp_path / "acte.pdf").stat()
    placed = put(tmp_path, b"abc")
    after = (tmp_path / "acte.pdf").stat()
    assert placed == Placed("acte.pdf", sha(b"abc"), 3, was_there=True)
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert everything(tmp_path) == {"acte.pdf": b"abc"}


def test_a_file_that_someone_made_under_that_name_is_set_aside_not_lost(tmp_path: Path) -> None:
    (tmp_path / "acte.pdf").write_bytes(b"my own notes")
    placed = put(tmp_path, b"from the platform")
    assert placed.replaced is not None
    assert (tmp_path / placed.replaced.path).read_bytes() == b"my own notes"
    assert (tmp_path / "acte.pdf").read_bytes() == b"from the platform"


def test_a_folder_that_someone_made_under_that_name_is_set_aside_with_all_it_holds(tmp_path: Path) -> None:
    (tmp_path / "acte.pdf").mkdir()
    (tmp_path / "acte.pdf" / "notes.txt").write_bytes(b"my own notes")
    placed = put(tmp_path, b"abc")
    assert placed.replaced == placing.Replaced(f"versions/{STAMP}/acte.pdf", "", 0)
    assert everything(tmp_path)[f"versions/{STAMP}/acte.pdf/notes.txt"] == b"my own notes"


@pytest.mark.parametrize("aim", ["elsewhere.pdf", "nowhere.pdf"])
def test_a_link_under_that_name_is_set_aside_and_what_it_leads_to_is_left_alone(tmp_path: Path, aim: str) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    (tmp_path / "elsewhere.pdf").write_bytes(b"elsewhere")
    (folder / "acte.pdf").symlink_to(tmp_path / aim)
    put(folder, b"abc")
    assert (tmp_path / "elsewhere.pdf").read_bytes() == b"elsewhere"
    assert not (folder / "acte.pdf").is_symlink()
    assert (folder / "versions" / STAMP / "acte.pdf").readlink() == tmp_path / aim


def test_a_document_that_the_disk_can_no_longer_read_is_replaced_and_kept_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, b"on a bad sector")
    first_reads: list[Path] = []

    def hash_file(path: Path) -> tuple[str, int]:
        if not first_reads:
            first_reads.append(path)
            raise OSError(5, "Input/output error")
        return really_hash(path)

    monkeypatch.setattr(placing, "hash_file", hash_file)
    placed = put(tmp_path, b"fetched again")
    assert placed.replaced == placing.Replaced(f"versions/{STAMP}/acte.pdf", "", len(b"on a bad sector"))
    assert (tmp_path / "acte.pdf").read_bytes() == b"fetched again"


@pytest.mark.parametrize(
    "name",
    ["../acte.pdf", "..", ".", "", "a/b.pdf", "/acte.pdf", "..\\acte.pdf", "C:acte.pdf", "C:\\acte.pdf", "versions/x"],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    file = arrived(folder, b"abc")
    with pytest.raises(StorageItemError, match="hors de son dossier"):
        place(file, folder, name, STAMP)
    file.discard()
    assert everything(tmp_path) == {}


def flip_a_byte(target: Path) -> None:
    """Change one byte of a file, keeping its size."""
    content = target.read_bytes()
    target.write_bytes(bytes([content[0] ^ 1]) + content[1:])


def cut(target: Path) -> None:
    """Cut a file short."""
    target.write_bytes(target.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [flip_a_byte, cut])
def test_a_disk_that_keeps_other_bytes_than_it_was_given_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    put(tmp_path, b"the old text")
    real = disk.rename

    def rename(source: Path, target: Path) -> None:
        real(source, target)
        if target.name == "acte.pdf" and target.parent == tmp_path:
            damage(target)

    monkeypatch.setattr(disk, "rename", rename)
    with pytest.raises(StorageItemError, match="n’a pas gardé"):
        put(tmp_path, b"the new text")
    assert everything(tmp_path)[f"versions/{STAMP}/acte.pdf"] == b"the old text"


def test_a_file_that_an_antivirus_takes_away_concerns_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = arrived(tmp_path, b"abc")
    before.finish()
    before.path.unlink()
    with pytest.raises(StorageItemError, match="disparu"):
        place(before, tmp_path, "acte.pdf", STAMP)

    monkeypatch.setattr(disk, "rename", lambda source, _target: source.unlink())
    with pytest.raises(StorageItemError, match="disparu"):
        put(tmp_path, b"abc")


def test_a_dossier_whose_folder_vanished_meanwhile_stops_the_run(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    file = arrived(folder, b"abc")
    file.finish()
    file.path.unlink()
    folder.rmdir()
    with pytest.raises(StorageError, match="n’est plus là"):
        place(file, folder, "acte.pdf", STAMP)


def test_each_rename_is_durable_before_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, b"old")
    events: list[str] = []
    real = disk.flush_folder

    def flush_folder(folder: Path) -> None:
        events.append(f"flush {folder.relative_to(tmp_path).as_posix()}")
        real(folder)

    monkeypatch.setattr(disk, "flush_folder", flush_folder)
    points.observe(events.append)
    try:
        put(tmp_path, b"new")
    finally:
        points.observe(None)
    written = events[events.index("temporary-closed") + 1 :]
    assert written == [f"flush versions/{STAMP}", "old-version-moved", "flush .", "renamed", "reread"]
