"""A full, protected or vanished disk stops the write with a clear word, and costs nothing that was there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from enn_desktop.archive import sealing
from enn_desktop.archive.folder import OWN, DocumentsFolder
from enn_desktop.archive.incoming import IncomingFile
from enn_desktop.archive.placing import Placed, place
from enn_desktop.core.errors import EnnError, StorageError
from tests.archive import disks
from tests.archive.made_dossiers import described

STAMP = "2026-03-14T10-22-05"
OLD = b"old" * 1000


def bring(folder: Path, content: bytes, name: str = "acte.pdf") -> Placed:
    """Bring one file home as a run does: thrown away if anything goes wrong."""
    file = IncomingFile(folder)
    try:
        file.write(content)
        return place(file, folder, name, STAMP)
    except EnnError:
        file.discard()
        raise


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {item.relative_to(folder).as_posix(): item.read_bytes() for item in folder.rglob("*") if item.is_file()}


def test_on_a_really_full_disk_the_old_file_stays_and_no_part_of_the_new_one(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk") as folder:
        bring(folder, OLD)
        with pytest.raises(StorageError, match="plein"):
            bring(folder, os.urandom(2_000_000))
        assert everything(folder) == {"acte.pdf": OLD}
        bring(folder, b"smaller")
        assert everything(folder) == {"acte.pdf": b"smaller", f"versions/{STAMP}/acte.pdf": OLD}


@pytest.mark.parametrize("room", [0, 1, 2999])
def test_when_the_disk_fills_up_the_old_file_stays_and_no_part_of_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    bring(tmp_path, OLD)
    disks.fill_disk(monkeypatch, room)
    with pytest.raises(StorageError, match="plein"):
        bring(tmp_path, b"new" * 1000)
    assert everything(tmp_path) == {"acte.pdf": OLD}


def test_a_really_full_disk_leaves_the_former_description_and_checksums(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk") as folder:
        bring(folder, OLD)
        sealing.seal(folder, described(contents={"acte.pdf": OLD}))
        before = everything(folder)
        ballast = folder / "ballast"
        with pytest.raises(OSError, match="space"):
            ballast.write_bytes(bytes(2_000_000))
        with pytest.raises(StorageError, match="plein"):
            sealing.seal(folder, described("zzz9999", {"acte.pdf": OLD}))
        ballast.unlink()
        assert everything(folder) == before


def test_on_a_really_protected_disk_nothing_changes_and_the_word_is_protected(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk") as folder:
        bring(folder, OLD)
        ready = IncomingFile(folder)
        ready.write(b"new")
        ready.finish()
        disks.protect(folder)
        with pytest.raises(StorageError, match="protégé"):
            bring(folder, b"new")
        with pytest.raises(StorageError, match="protégé"):
            place(ready, folder, "acte.pdf", STAMP)
        with pytest.raises(StorageError, match="protégé"):
            DocumentsFolder(folder).prepare()
        assert (folder / "acte.pdf").read_bytes() == OLD
        disks.release(folder)


@pytest.mark.parametrize(
    ("refusal", "word"),
    [
        (errno.EROFS, "protégé"),
        (errno.EACCES, "protégé"),
        (errno.EDQUOT, "plein"),
        (errno.EIO, "n’est plus là"),
        (errno.ENOENT, "n’est plus là"),
        (errno.ESTALE, "n’est plus là"),
    ],
)
def test_a_disk_that_refuses_new_files_says_why_and_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: int, word: str
) -> None:
    bring(tmp_path, OLD)
    disks.refuse_new_files(monkeypatch, refusal)
    with pytest.raises(StorageError, match=word):
        bring(tmp_path, b"new")
    with pytest.raises(StorageError, match=word):
        sealing.seal(tmp_path, described())
    assert everything(tmp_path) == {"acte.pdf": OLD}


@pytest.mark.parametrize("refusal", [errno.EROFS, errno.ENOSPC, errno.EIO])
def test_a_disk_that_refuses_the_last_rename_loses_neither_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    bring(tmp_path, OLD)
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "acte.pdf" and target.parent == tmp_path:
            raise OSError(refusal, os.strerror(refusal), str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(StorageError):
        bring(tmp_path, b"new")
    assert everything(tmp_path) == {f"versions/{STAMP}/acte.pdf": OLD}


@pytest.fixture
def opened(tmp_path: Path) -> DocumentsFolder:
    """Return a documents folder ready for use."""
    folder = DocumentsFolder(tmp_path / "Dossiers")
    folder.prepare()
    return folder


VERBS: list[Callable[[DocumentsFolder], object]] = [
    lambda folder: folder.place_of("Commune/Actes/2026/x"),
    lambda folder: folder.make_dossier("Commune/Actes/2026", "x", described(), set()),
]


@pytest.mark.parametrize("verb", VERBS)
def test_a_documents_folder_that_vanished_is_not_made_again_empty(
    opened: DocumentsFolder, verb: Callable[[DocumentsFolder], object]
) -> None:
    shutil.rmtree(opened.root)
    with pytest.raises(StorageError, match="n’est plus là"):
        verb(opened)
    assert not opened.root.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_another_disk_under_the_same_letter_is_not_written_to(
    opened: DocumentsFolder, verb: Callable[[DocumentsFolder], object]
) -> None:
    (opened.root / OWN).rename(opened.root.parent / "gone")
    with pytest.raises(StorageError, match="n’est plus là"):
        verb(opened)
    assert list(opened.root.iterdir()) == []


def test_an_unplugged_disk_in_the_middle_of_a_file_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    file = IncomingFile(folder)
    file.write(b"abc")
    # Windows lets nobody remove a file being written; a plug pulled asks nobody.
    file.finish()
    shutil.rmtree(folder)
    with pytest.raises(StorageError, match="n’est plus là"):
        place(file, folder, "acte.pdf", STAMP)
    file.discard()


def test_a_file_chosen_as_the_documents_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"hers")
    with pytest.raises(StorageError, match="fichier"):
        DocumentsFolder(tmp_path / "notes.txt").prepare()
    (tmp_path / OWN).write_bytes(b"hers")
    with pytest.raises(StorageError, match="fichier"):
        DocumentsFolder(tmp_path).prepare()
    assert everything(tmp_path) == {"notes.txt": b"hers", OWN: b"hers"}
