"""A catalogue is read while a run writes in it, wherever it is, and what is wrong with it is said in a sentence."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.schema import CURRENT, MIGRATIONS, CatalogueDamagedError, address_of, described_root
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import CatalogueError
from tests.archive import disks

MANY = 400


def filled(path: Path, dossiers: int = 1) -> Path:
    """Make a catalogue with something in it, closed."""
    with Catalogue(path) as catalogue:
        with catalogue.together():
            for rank in range(dossiers):
                catalogue.put_dossier(KnownDossier("s", f"d{rank}", "2", title="t" * 200, folder=f"Commune/{rank}"))
        catalogue.note_root(path.parent)
    return path


def read(path: Path) -> set[str]:
    with Catalogue.for_reading(path) as catalogue:
        return set(catalogue.of_server("s"))


def test_what_a_run_has_finished_is_seen_and_what_it_has_not_is_not(tmp_path: Path) -> None:
    path = filled(tmp_path / "c.sqlite")
    with Catalogue(path) as run, run.together():
        run.put_dossier(KnownDossier("s", "half", "2"))
        assert read(path) == {"d0"}
    assert read(path) == {"d0", "half"}


def test_a_reading_sees_one_moment_to_its_end(tmp_path: Path) -> None:
    path = filled(tmp_path / "c.sqlite")
    with Catalogue(path) as run, Catalogue.for_reading(path) as reader, reader.together():
        assert set(reader.of_server("s")) == {"d0"}
        run.put_dossier(KnownDossier("s", "later", "2"))
        assert set(reader.of_server("s")) == {"d0"}


def test_a_catalogue_that_nobody_has_open_is_read_and_nothing_of_it_changes(tmp_path: Path) -> None:
    path = filled(tmp_path / "c.sqlite")
    before = path.read_bytes()
    assert [item.name for item in tmp_path.iterdir()] == ["c.sqlite"]
    assert read(path) == {"d0"}
    assert path.read_bytes() == before


def test_reading_never_makes_a_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        Catalogue.for_reading(tmp_path / "absent.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_reading_never_writes(tmp_path: Path) -> None:
    path = filled(tmp_path / "c.sqlite")
    with pytest.raises(CatalogueError), Catalogue.for_reading(path) as reader:
        reader.put_dossier(KnownDossier("s", "forged", "2"))
    assert read(path) == {"d0"}


def test_a_really_protected_profile_is_read(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk", "4m") as place:
        path = filled(place / "c.sqlite")
        disks.protect(place)
        assert read(path) == {"d0"}
        assert described_root(path) == str(place)
        disks.release(place)


@pytest.mark.parametrize("version", range(1, CURRENT))
def test_one_of_an_older_program_is_brought_up_to_date_to_be_read(tmp_path: Path, version: int) -> None:
    path = tmp_path / "c.sqlite"
    connection = sqlite3.connect(path)
    for number in range(version):
        connection.executescript(f"BEGIN;{MIGRATIONS[number]};PRAGMA user_version = {number + 1};COMMIT;")
    connection.close()
    with Catalogue.for_reading(path) as catalogue:
        assert catalogue.awaiting() == []


def test_one_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path / "c.sqlite")
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {CURRENT + 1}")
    connection.close()
    with pytest.raises(CatalogueError, match="plus récente") as refusal:
        Catalogue.for_reading(path)
    assert not isinstance(refusal.value, CatalogueDamagedError)


def test_damage_found_at_opening_is_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(b"only bytes, never a database " * 100)
    with pytest.raises(CatalogueDamagedError):
        Catalogue.for_reading(path)
    assert not described_root(path)


def test_damage_found_while_reading_is_called_damage_too(tmp_path: Path) -> None:
    path = filled(tmp_path / "c.sqlite", MANY)
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    with pytest.raises(CatalogueDamagedError), Catalogue.for_reading(path) as catalogue:
        list(catalogue.dossiers())


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (PurePosixPath("/srv/marie/é t#?.sqlite"), "file:///srv/marie/%C3%A9%20t%23%3F.sqlite"),
        (PureWindowsPath(r"C:\Users\Marie\c.sqlite"), "file:///C:/Users/Marie/c.sqlite"),
        (PureWindowsPath(r"\\serveur\profils\c.sqlite"), "file:////serveur/profils/c.sqlite"),
    ],
)
def test_sqlite_is_given_an_address_it_reads_even_for_a_share(path: PurePath, address: str) -> None:
    assert address_of(path) == address


SIGNS_OF_AN_ADDRESS = "a b&mode=rwc#é%20" if sys.platform == "win32" else "a b?mode=rwc#é%20"


def test_a_profile_whose_name_has_signs_of_an_address_is_read(tmp_path: Path) -> None:
    assert read(filled(tmp_path / SIGNS_OF_AN_ADDRESS / "c.sqlite")) == {"d0"}
