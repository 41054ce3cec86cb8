"""The catalogue's file: born whole, carried from version to version, refused when newer, said when damaged."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from enn_desktop.catalogue import schema
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.schema import CURRENT, MIGRATIONS, CatalogueDamagedError, connect
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import CatalogueError
from enn_desktop.core.exits import ExitCode
from tests.archive import disks

TABLES = {"meta", "entity", "flow", "dossier", "file", "version", "event", "journal_mark", "failure", "run", "awaiting"}


def tables(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the tables."""
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def version(path: Path) -> int:
    """Return the version of the schema that a file bears."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def at_version(path: Path, wanted: int) -> None:
    """Make a catalogue as the program of that version left it."""
    connection = sqlite3.connect(path)
    for number in range(wanted):
        connection.executescript(f"BEGIN;{MIGRATIONS[number]};PRAGMA user_version = {number + 1};COMMIT;")
    connection.close()


def filled(path: Path, dossiers: int = 300) -> bytes:
    """Make a catalogue with something in it; return its bytes."""
    with Catalogue(path) as catalogue:
        with catalogue.together():
            for rank in range(dossiers):
                catalogue.put_dossier(KnownDossier("s", str(rank), "2", title="t" * 200, folder=f"Commune/{rank}"))
        catalogue.note_rebuild(unfinished=False)
    return path.read_bytes()


def test_a_new_catalogue_is_made_with_its_folders_and_is_at_the_current_version(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "deeper" / "catalogue.sqlite"
    connection = connect(path)
    assert tables(connection) == TABLES
    connection.close()
    assert version(path) == CURRENT


@pytest.mark.parametrize("start", range(CURRENT + 1))
def test_a_catalogue_of_any_published_version_is_brought_to_the_current_one(tmp_path: Path, start: int) -> None:
    path = tmp_path / "catalogue.sqlite"
    at_version(path, start)
    fresh = connect(tmp_path / "fresh.sqlite")
    carried = connect(path)
    query = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    assert carried.execute(query).fetchall() == fresh.execute(query).fetchall()
    fresh.close()
    carried.close()
    assert version(path) == CURRENT


def test_a_migration_cut_half_way_leaves_the_former_version_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalogue.sqlite"
    filled(path)
    broken = "CREATE TABLE half_way (a); INSERT INTO nowhere VALUES (1)"
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
    monkeypatch.setattr(schema, "CURRENT", CURRENT + 1)
    with pytest.raises(CatalogueError):
        connect(path)
    monkeypatch.undo()
    with Catalogue(path) as catalogue:
        assert "half_way" not in tables(catalogue._db)
        assert len(catalogue.of_server("s")) == 300


@pytest.mark.parametrize("ahead", [1, 7])
def test_a_catalogue_of_a_newer_program_is_refused_with_a_sentence_and_left_as_it_is(
    tmp_path: Path, ahead: int
) -> None:
    path = tmp_path / "catalogue.sqlite"
    filled(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {CURRENT + ahead}")
    connection.close()
    before = {item.name: item.read_bytes() for item in tmp_path.iterdir()}
    with pytest.raises(CatalogueError, match="plus récente") as refusal:
        Catalogue(path)
    assert not isinstance(refusal.value, CatalogueDamagedError)
    assert "intacts" in refusal.value.advice
    assert refusal.value.exit_code is ExitCode.CATALOGUE
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == before


def header_garbage(content: bytes) -> bytes:
    return content[:16] + bytes(range(200, 250)) + content[66:]


def no_magic(content: bytes) -> bytes:
    return b"Not a SQLite 3!!" + content[16:]


def random_bytes(content: bytes) -> bytes:
    return random.Random(1).randbytes(len(content))  # noqa: S311 - damage, not a secret


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def cut_in_the_header(content: bytes) -> bytes:
    return content[:60]


def wiped_pages(content: bytes) -> bytes:
    return content[:8192] + b"\x00" * (len(content) - 8192)


def unknown_format(content: bytes) -> bytes:
    return content[:47] + b"\xff" + content[48:]


def negative_version(content: bytes) -> bytes:
    return content[:60] + b"\xff" + content[61:]


def forgotten_version(content: bytes) -> bytes:
    return content[:60] + b"\x00\x00\x00\x00" + content[64:]


@pytest.mark.parametrize(
    "damage",
    [
        header_garbage,
        no_magic,
        random_bytes,
        cut_in_half,
        cut_in_the_header,
        wiped_pages,
        unknown_format,
        negative_version,
        forgotten_version,
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_catalogue_is_called_damaged(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(damage(filled(path)))
    with pytest.raises(CatalogueDamagedError):
        Catalogue(path)


def test_whatever_byte_of_the_header_changes_only_our_own_errors_come_out(tmp_path: Path) -> None:
    content = filled(tmp_path / "catalogue.sqlite", dossiers=20)
    opened = 0
    for position in range(100):
        for value in (0, 1, 255):
            path = tmp_path / "damaged.sqlite"
            path.write_bytes(content[:position] + bytes([value]) + content[position + 1 :])
            try:
                connect(path).close()
            except CatalogueError:
                opened -= 1
            opened += 1
            for left in tmp_path.glob("damaged.sqlite*"):
                left.unlink()
    assert 0 < opened < 300


def test_a_file_that_a_cut_left_empty_knows_that_its_rebuild_is_still_to_do(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.touch()
    with Catalogue(path) as catalogue:
        assert catalogue.unfinished_rebuild


def test_a_catalogue_is_born_with_its_rebuild_to_do_until_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue(path) as catalogue:
        assert catalogue.unfinished_rebuild
    with Catalogue(path) as catalogue:
        assert catalogue.unfinished_rebuild
        catalogue.note_rebuild(unfinished=False)
    with Catalogue(path) as catalogue:
        assert not catalogue.unfinished_rebuild
        catalogue.note_rebuild(unfinished=True)
        catalogue.note_rebuild(unfinished=True)
        assert catalogue.unfinished_rebuild


def test_a_folder_in_place_of_the_file_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").mkdir()
    with pytest.raises(CatalogueError, match="ne peut pas être ouvert") as refusal:
        Catalogue(tmp_path / "catalogue.sqlite")
    assert not isinstance(refusal.value, CatalogueDamagedError)


def test_a_profile_that_cannot_be_made_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "profile").write_bytes(b"a file")
    with pytest.raises(CatalogueError, match="profil"):
        Catalogue(tmp_path / "profile" / "catalogue.sqlite")


def test_a_catalogue_that_another_program_holds_is_an_error_and_not_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalogue.sqlite"
    monkeypatch.setattr(schema, "BUSY_MS", 1)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CatalogueError, match="verrouillé") as refusal:
        Catalogue(path)
    holder.close()
    assert not isinstance(refusal.value, CatalogueDamagedError)


def test_on_a_really_full_disk_a_catalogue_that_cannot_be_born_is_not_called_damaged(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk", "64k") as place:
        (place / "ballast").write_bytes(bytes(48_000))
        with pytest.raises(CatalogueError, match="plein") as refusal:
            Catalogue(place / "catalogue.sqlite")
        assert not isinstance(refusal.value, CatalogueDamagedError)


def test_on_a_really_protected_disk_a_catalogue_is_not_called_damaged(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk") as place:
        disks.protect(place)
        with pytest.raises(CatalogueError, match="protégé") as refusal:
            Catalogue(place / "catalogue.sqlite")
        assert not isinstance(refusal.value, CatalogueDamagedError)
        disks.release(place)
