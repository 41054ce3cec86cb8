"""Files that another program holds: waited for a little, then said; nothing is lost and the next run ends it."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from enn_desktop.archive import metadata, sealing
from enn_desktop.archive.folder import DocumentsFolder, read_identity, read_record, record_to_go_on_with
from enn_desktop.archive.incoming import IncomingFile, is_temporary
from enn_desktop.archive.placing import Placed, place
from enn_desktop.backup.session import work_in
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import CatalogueError, SettingsError, StorageItemError
from enn_desktop.core.settings import Settings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.folder_lock import FolderLock
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import load_settings, save_settings
from tests.archive.made_dossiers import described, lay
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home, assert_no_document_twice, assert_sound
from tests.on_windows.holder import NOBODY, READERS, RENAMERS, held

STAMP = "2026-03-14T10-22-05"
PATIENCE_S = (2.5, 8.0)
"""How long a file in use is waited for, at least and at most (a slow machine)."""


def incoming(folder: Path, content: bytes) -> IncomingFile:
    """Bring bytes home, under their temporary name."""
    file = IncomingFile(folder)
    file.write(content)
    file.finish()
    return file


def put(folder: Path, content: bytes, name: str = "acte.pdf") -> Placed:
    """Bring a file home under its name."""
    return place(incoming(folder, content), folder, name, STAMP)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {item.relative_to(folder).as_posix(): item.read_bytes() for item in folder.rglob("*") if item.is_file()}


def test_a_document_open_in_a_pdf_reader_is_waited_for_then_said_and_both_contents_live(tmp_path: Path) -> None:
    put(tmp_path, b"old")
    fresh = incoming(tmp_path, b"new")
    with held(tmp_path / "acte.pdf", READERS):
        start = time.monotonic()
        with pytest.raises(StorageItemError, match="n’a pas pu être écrit") as refusal:
            place(fresh, tmp_path, "acte.pdf", STAMP)
        assert PATIENCE_S[0] < time.monotonic() - start < PATIENCE_S[1]
        assert "Fermez-le" in refusal.value.advice
        assert (tmp_path / "acte.pdf").read_bytes() == b"old"
        assert fresh.path.read_bytes() == b"new"
    placed = place(fresh, tmp_path, "acte.pdf", STAMP)
    assert placed.replaced is not None
    assert files(tmp_path) == {"acte.pdf": b"new", f"versions/{STAMP}/acte.pdf": b"old"}


def is_of(folder: Path, id_d: str) -> bool:
    """Whether a folder describes that dossier."""
    record = read_record(folder)
    return record is not None and record.id_d == id_d


@pytest.fixture
def town_hall(tmp_path: Path) -> TownHall:
    """Return a small town hall; the platform stays until the test ends."""
    return TownHall(DemoServer(build_world(seed=2, dossiers=30, profile="2.0")), tmp_path)


def test_a_run_goes_on_around_a_document_that_is_open_and_the_next_one_ends_it(town_hall: TownHall) -> None:
    world = town_hall.server.world
    with town_hall.server:
        town_hall.back_up()
        id_d, file = next(
            (record.id_d, place / one.path)
            for place in town_hall.folder.rglob("*")
            if (record := read_record(place)) and record.complete
            for one in record.files
            if one.path.endswith(".pdf") and one.field in world.documents[record.id_d].content
        )
        field = next(one.field for one in (read_record(file.parent) or described()).files if one.path == file.name)
        old = file.read_bytes()
        world.replace_file(id_d, field, 0, b"%PDF-1.4\nsigned\n%%EOF\n")
        world.edit_title(id_d, "Objet revu")
        with held(file, READERS):
            report = town_hall.back_up()
            assert report.stopped_by is None
            # Windows refuses to rename a folder where a file is open, Wine does not: the new title may be in its name.
            file = next(one for one in town_hall.folder.rglob(file.name) if is_of(one.parent, id_d))
            assert file.read_bytes() == old
            assert [failure.code for failure in report.failures if failure.id_d == id_d] == ["ecriture-fichier"]
            assert not [item for item in town_hall.folder.rglob("*") if is_temporary(item.name)]
            assert_sound(town_hall.folder)
        report = town_hall.back_up()
    assert not [failure for failure in report.failures if failure.id_d == id_d]
    assert [one for one in town_hall.folder.rglob("*") if one.is_file() and one.read_bytes() == old]
    assert_home(town_hall.folder, world, "secretaire")
    assert_no_document_twice(town_hall.folder)


def test_an_antivirus_that_holds_a_new_file_for_a_second_is_waited_for(tmp_path: Path) -> None:
    fresh = incoming(tmp_path, b"new")
    with held(fresh.path, NOBODY, 1.0):
        place(fresh, tmp_path, "acte.pdf", STAMP)
    assert files(tmp_path) == {"acte.pdf": b"new"}


def test_a_file_that_may_be_renamed_but_not_read_for_a_second_is_read_after_it(tmp_path: Path) -> None:
    fresh = incoming(tmp_path, b"new")
    with held(fresh.path, RENAMERS, 1.0):
        placed = place(fresh, tmp_path, "acte.pdf", STAMP)
    assert (placed.name, placed.size) == ("acte.pdf", 3)


def test_the_same_content_read_by_an_antivirus_is_not_taken_for_another_version(tmp_path: Path) -> None:
    put(tmp_path, b"same")
    fresh = incoming(tmp_path, b"same")
    with held(tmp_path / "acte.pdf", NOBODY, 1.0):
        placed = place(fresh, tmp_path, "acte.pdf", STAMP)
    assert placed.was_there
    assert files(tmp_path) == {"acte.pdf": b"same"}


def test_files_that_she_made_read_only_are_replaced_and_kept_as_the_others(tmp_path: Path) -> None:
    contents = {"acte.pdf": b"old"}
    folder = lay(tmp_path, "dossier", described(contents=contents), contents)
    for name in ("acte.pdf", metadata.NAME, metadata.MANIFEST):
        (folder / name).chmod(stat.S_IREAD)
    put(folder, b"new")
    contents = {"acte.pdf": b"new", f"versions/{STAMP}/acte.pdf": b"old"}
    sealing.seal(folder, described(contents=contents))
    kept = files(folder)
    assert {name: kept[name] for name in contents} == contents
    assert sealing.read_manifest(folder).keys() == {metadata.NAME, *contents}


def test_a_dossier_where_another_program_stands_keeps_its_name_and_all_it_holds(tmp_path: Path) -> None:
    opened = DocumentsFolder(tmp_path / "Dossiers")
    opened.prepare()
    folder = lay(opened.root, "Commune/Actes/2026/old name", described())
    waits = [sys.executable, "-c", "import sys; print('here', flush=True); sys.stdin.read()"]
    with subprocess.Popen(waits, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        moved = opened.move_dossier("Commune/Actes/2026/old name", "Commune/Actes/2026", "new name", set())
        assert opened.path(moved).joinpath("acte.pdf").read_bytes() == b"%PDF-1.7 acte"
        other.communicate("", timeout=30)


def test_a_description_in_use_is_never_replaced_by_a_poorer_one(tmp_path: Path) -> None:
    folder = lay(tmp_path, "dossier", described())
    with held(folder / metadata.NAME, NOBODY), pytest.raises(StorageItemError):
        record_to_go_on_with(folder)
    with held(folder / metadata.NAME, NOBODY, 1.0):
        assert record_to_go_on_with(folder) == described()


def test_a_folder_whose_identity_is_in_use_for_a_second_keeps_it(tmp_path: Path) -> None:
    opened = DocumentsFolder(tmp_path)
    identity = opened.prepare()
    with held(opened.lock_file.with_name("dossier.json"), NOBODY, 1.0):
        assert opened.prepare() == identity
    assert read_identity(tmp_path) == identity


def test_settings_in_use_are_waited_for_and_never_called_bad(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    save_settings(paths, Settings(folder="D:\\Dossiers"))
    with held(paths.settings_file, NOBODY, 1.0):
        assert load_settings(paths).folder == "D:\\Dossiers"
    with held(paths.settings_file, NOBODY), pytest.raises(SettingsError, match="en ce moment"):
        load_settings(paths)
    assert [item.name for item in tmp_path.iterdir()] == ["reglages.toml"]


def test_a_damaged_catalogue_that_another_program_has_open_is_said_then_rebuilt(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path / "profile")
    lay(tmp_path / "Dossiers", "Commune/Actes/2026/x", described())
    with work_in(tmp_path / "Dossiers", paths, SystemClock(), CancelToken()):
        pass
    file = paths.catalogue_file(read_identity(tmp_path / "Dossiers"))
    file.write_bytes(b"not a catalogue at all" * 100)
    with (
        held(file, READERS),
        pytest.raises(CatalogueError, match="autre programme"),
        work_in(tmp_path / "Dossiers", paths, SystemClock(), CancelToken()),
    ):
        pass
    with work_in(tmp_path / "Dossiers", paths, SystemClock(), CancelToken()) as opened:
        assert opened.healed is not None
        assert opened.healed.dossiers == 1


def test_the_lock_keeps_nobody_from_copying_the_folder(tmp_path: Path) -> None:
    with FolderLock(tmp_path / "verrou"):
        (tmp_path / "verrou").write_bytes(b"")
        assert (tmp_path / "verrou").read_bytes() == b""
