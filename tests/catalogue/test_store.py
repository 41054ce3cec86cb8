"""What is put in the catalogue comes out the same; what goes together stays together."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.catalogue.records import FileKey, KnownDossier, KnownFile, keys_of
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.values import Entity, FileRef
from tests.archive import disks

SERVER = "https://pastell.example.org"
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
WHOLE = 2**62


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Open a catalogue of the test's own."""
    with Catalogue(tmp_path / "catalogue.sqlite") as opened:
        yield opened


def dossier(id_d: str = "abc1234", folder: str = "Commune/x", server: str = SERVER) -> KnownDossier:
    """Return a sealed and complete dossier."""
    return KnownDossier(server, id_d, "2", folder=folder, sealed=True, complete=True, final=True)


def file(path: str = "acte.pdf", *, nth: int = 0) -> KnownFile:
    """Return a file that is here."""
    return KnownFile(FileKey("document", path, nth), 0, path, "a" * 64, 12, NOW, NOW, state_key="termine|x")


platform_dates = st.none() | st.datetimes()
instants = st.none() | st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001 - idem
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
dossiers = st.builds(
    KnownDossier,
    server=st.text(),
    id_d=st.text(),
    state_date=platform_dates,
    created=platform_dates,
    fetched_at=instants,
    first_seen=instants,
    gone_at=instants,
    files=st.integers(-WHOLE, WHOLE),
    size=st.integers(0, WHOLE),
)
files = st.builds(
    KnownFile,
    key=st.builds(FileKey, nth=st.integers(0, WHOLE)),
    num=st.integers(-WHOLE, WHOLE),
    size=st.integers(0, WHOLE),
    fetched_at=instants,
    checked_at=instants,
)


@settings(max_examples=60)
@given(st.lists(dossiers, max_size=5, unique_by=lambda one: (one.server, one.id_d)))
def test_any_dossier_comes_out_as_it_went_in(known: list[KnownDossier]) -> None:
    with tempfile.TemporaryDirectory() as place, Catalogue(Path(place) / "catalogue.sqlite") as opened:
        for one in known:
            opened.put_dossier(one)
        assert [opened.dossier(one.server, one.id_d) for one in known] == known
        assert sorted(opened.servers()) == sorted({one.server for one in known})


@settings(max_examples=60)
@given(st.lists(files, max_size=5, unique_by=lambda one: one.key))
def test_any_file_comes_out_as_it_went_in_by_either_road(known: list[KnownFile]) -> None:
    with tempfile.TemporaryDirectory() as place, Catalogue(Path(place) / "catalogue.sqlite") as opened:
        first, second = opened.put_dossier(dossier("one")), opened.put_dossier(dossier("two"))
        assert first != second
        for one in known:
            opened.put_file(SERVER, "one", one)
        opened.replace_files(second, known, [])
        assert opened.files(SERVER, "one") == opened.files(SERVER, "two") == {one.key: one for one in known}


def test_an_instant_of_another_zone_comes_out_as_the_same_instant(catalogue: Catalogue) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=11)))
    catalogue.put_dossier(replace(dossier(), first_seen=there))
    found = catalogue.dossier(SERVER, "abc1234")
    assert found is not None
    assert found.first_seen == NOW


def test_putting_a_dossier_again_changes_it_and_keeps_its_files(catalogue: Catalogue) -> None:
    key = catalogue.put_dossier(dossier())
    catalogue.put_file(SERVER, "abc1234", file())
    assert catalogue.put_dossier(replace(dossier(), title="Autre objet")) == key
    assert [one.title for one in catalogue.dossiers()] == ["Autre objet"]
    assert catalogue.files(SERVER, "abc1234") == {file().key: file()}


def test_ids_are_told_apart_by_case_and_by_server(catalogue: Catalogue) -> None:
    for server, id_d in ((SERVER, "abc1234"), (SERVER, "ABC1234"), ("https://other.example.org", "abc1234")):
        catalogue.put_dossier(dossier(id_d, server=server))
    assert catalogue.of_server(SERVER).keys() == {"abc1234", "ABC1234"}
    assert catalogue.knows(SERVER)
    assert not catalogue.knows("https://third.example.org")
    assert catalogue.dossier("https://third.example.org", "abc1234") is None


def test_a_file_of_an_unknown_dossier_is_not_kept(catalogue: Catalogue) -> None:
    catalogue.put_file(SERVER, "nobody", file())
    assert catalogue.present_files() == {}


def test_files_and_versions_that_must_be_on_the_disk_are_listed_by_folder(catalogue: Catalogue) -> None:
    key = catalogue.put_dossier(dossier())
    unread = ("versions/y/acte.pdf", "", 9)
    catalogue.replace_files(
        key, [file(), replace(file("absent"), path="")], [("versions/x/acte.pdf", "b" * 64, 7), unread]
    )
    assert catalogue.present_files() == {
        "Commune/x": {"acte.pdf": ("a" * 64, 12), "versions/x/acte.pdf": ("b" * 64, 7)}
    }
    catalogue.replace_files(key, [], [])
    assert catalogue.present_files() == {}


@pytest.mark.parametrize(
    ("parent", "names"),
    [
        ("Commune/Actes/2026", ["a", "A", "é 🎉", "100%", "a_b", "x"]),
        ("Commune/Actes", ["2026-z"]),
        ("Commune", ["seul"]),
        ("Commune/Actes/202", []),
        ("Commune/Actes/2026/a", ["dedans"]),
        ("Commune/Actes/%", []),
        ("", []),
    ],
)
def test_the_names_next_to_a_dossier_are_exactly_those_of_its_neighbours(
    catalogue: Catalogue, parent: str, names: list[str]
) -> None:
    folders = [
        *(f"Commune/Actes/2026/{name}" for name in ("a", "A", "é 🎉", "100%", "a_b", "x")),
        "Commune/Actes/2026/a/dedans",
        "Commune/Actes/20260/z",
        "Commune/Actes/2026 bis/z",
        "Commune/Actes/2026-z",
        "Commune/seul",
        "Commune/Actesseul/2026/z",
    ]
    for rank, folder in enumerate(folders):
        catalogue.put_dossier(dossier(str(rank), folder))
    assert sorted(catalogue.sibling_names(parent)) == sorted(names)


class PulledPlugError(Exception):
    """Something went wrong in the middle."""


def test_what_goes_together_is_kept_whole_or_not_at_all(tmp_path: Path, catalogue: Catalogue) -> None:
    def half_way() -> None:
        with catalogue.together():
            key = catalogue.put_dossier(dossier("two"))
            catalogue.replace_files(key, [file()], [])
            raise PulledPlugError

    catalogue.put_dossier(dossier("one"))
    with pytest.raises(PulledPlugError):
        half_way()
    assert catalogue.of_server(SERVER).keys() == {"one"}
    with catalogue.together():
        catalogue.put_dossier(dossier("three"))
    with Catalogue(tmp_path / "catalogue.sqlite") as other:
        assert other.of_server(SERVER).keys() == {"one", "three"}
        assert other.present_files() == {}


def test_on_a_really_full_disk_the_error_says_full_and_the_catalogue_stays_usable(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk", "512k") as place, Catalogue(place / "catalogue.sqlite") as opened:
        opened.put_dossier(dossier("before"))

        def too_much() -> None:
            with opened.together():
                for rank in range(2000):
                    opened.put_dossier(replace(dossier(str(rank)), title="t" * 2000))

        with pytest.raises(sqlite3.OperationalError, match="full"):
            too_much()
        assert opened.of_server(SERVER).keys() == {"before"}
        with opened.together():
            opened.put_dossier(dossier("after"))
        assert opened.of_server(SERVER).keys() == {"before", "after"}


def test_two_catalogues_open_at_once_see_each_other_s_finished_work_only(tmp_path: Path, catalogue: Catalogue) -> None:
    with Catalogue(tmp_path / "catalogue.sqlite") as other:
        with catalogue.together():
            catalogue.put_dossier(dossier("one"))
            assert other.of_server(SERVER) == {}
        assert other.of_server(SERVER).keys() == {"one"}
        other.put_dossier(dossier("two"))
        assert catalogue.of_server(SERVER).keys() == {"one", "two"}


def test_what_left_the_platform_is_noted_once(catalogue: Catalogue) -> None:
    catalogue.put_dossier(dossier("one"))
    catalogue.put_dossier(dossier("two"))
    catalogue.mark_gone(SERVER, ["one"], NOW)
    catalogue.mark_gone(SERVER, ["one", "nobody"], NOW + timedelta(days=9))
    known = catalogue.of_server(SERVER)
    assert [known[name].gone_at for name in ("one", "two")] == [NOW, None]
    assert known["one"].complete


def test_a_dossier_being_written_is_neither_sealed_nor_complete(catalogue: Catalogue) -> None:
    catalogue.put_dossier(dossier("one"))
    catalogue.put_dossier(dossier("two"))
    catalogue.mark_unsealed(SERVER, "one")
    known = catalogue.of_server(SERVER)
    assert [(known[name].sealed, known[name].complete) for name in ("one", "two")] == [(False, False), (True, True)]


def test_a_dossier_found_elsewhere_has_its_new_place(catalogue: Catalogue) -> None:
    catalogue.put_dossier(dossier("one"))
    catalogue.set_folder(SERVER, "one", "Trié par moi/x")
    assert [one.folder for one in catalogue.dossiers()] == ["Trié par moi/x"]


def test_damaged_files_are_forgotten_but_their_hashes_stay(catalogue: Catalogue) -> None:
    for id_d, folder in (("one", "Commune/x"), ("two", "Commune/y")):
        catalogue.put_dossier(dossier(id_d, folder))
        for path in ("acte.pdf", "annexe.pdf"):
            catalogue.put_file(SERVER, id_d, file(path))
    catalogue.forget_files("Commune/x", ["acte.pdf", "nothing like that"])
    known = catalogue.of_server(SERVER)
    assert [known[name].complete for name in ("one", "two")] == [False, True]
    found = catalogue.files(SERVER, "one")
    assert found[file().key] == replace(file(), checked_at=None, state_key="")
    assert found[file("annexe.pdf").key] == file("annexe.pdf")
    assert catalogue.files(SERVER, "two")[file().key] == file()


def test_a_verification_notes_when_everything_was_read_again(catalogue: Catalogue) -> None:
    catalogue.put_dossier(dossier())
    catalogue.put_file(SERVER, "abc1234", file())
    catalogue.note_checked(NOW + timedelta(days=1))
    assert [one.checked_at for one in catalogue.files(SERVER, "abc1234").values()] == [NOW + timedelta(days=1)]


def test_town_halls_keep_their_folder(catalogue: Catalogue) -> None:
    catalogue.put_entity(SERVER, Entity("2", "Valbrume", "212706776", "1"), "Commune de Valbrume")
    catalogue.put_entity(SERVER, Entity("3", "CCAS"), "")
    assert catalogue.entity_folders() == {(SERVER, "2"): "Commune de Valbrume"}
    catalogue.put_entity(SERVER, Entity("2", "Valbrume-la-Neuve"), "Commune de Valbrume")
    assert catalogue.entity_folders() == {(SERVER, "2"): "Commune de Valbrume"}


def test_what_the_server_says_of_a_flow_is_kept_with_its_date(catalogue: Catalogue) -> None:
    catalogue.put_flow(SERVER, "actes", "Actes", b"{}", NOW)
    catalogue.put_flow(SERVER, "actes", "Actes", b'{"a":1}', NOW + timedelta(hours=1))
    assert catalogue.flows(SERVER) == {"actes": (b'{"a":1}', NOW + timedelta(hours=1))}
    assert catalogue.flows("https://other.example.org") == {}


def test_another_address_of_a_platform_is_remembered(catalogue: Catalogue) -> None:
    assert catalogue.alias("https://new.example.org") == ""
    catalogue.put_alias("https://new.example.org", SERVER)
    assert catalogue.alias("https://new.example.org") == SERVER
    assert catalogue.unfinished_rebuild


def test_namesakes_of_one_field_are_numbered_in_the_order_announced() -> None:
    refs = (FileRef("a", 0, "x.pdf"), FileRef("a", 1, "x.pdf"), FileRef("b", 0, "x.pdf"), FileRef("a", 2, "X.pdf"))
    assert [key for key, _ in keys_of(refs)] == [
        FileKey("a", "x.pdf", 0),
        FileKey("a", "x.pdf", 1),
        FileKey("b", "x.pdf", 0),
        FileKey("a", "X.pdf", 0),
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"sealed": True, "complete": True, "final": True, "names_stable": True}, "complet"),
        ({"sealed": False, "complete": False, "final": True}, "à compléter"),
        ({"sealed": True, "complete": False, "final": False}, "à jour, en cours"),
        ({"sealed": True, "complete": False, "final": True, "names_stable": False}, "à confirmer"),
        ({"sealed": True, "complete": False, "final": True, "names_stable": True}, "incomplet"),
        ({"gone_at": NOW, "complete": True}, "absent de la plateforme, copie complète"),
        ({"gone_at": NOW, "complete": False}, "absent de la plateforme, copie incomplète"),
    ],
)
def test_complete_is_said_of_a_copy_only_when_it_was_proved(state: dict[str, Any], words: str) -> None:
    assert replace(dossier(), **state).copy_words == words
