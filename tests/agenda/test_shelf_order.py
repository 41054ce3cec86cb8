"""What is sorted is sorted as a person would, what is stopped is the search and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from enn_desktop.agenda.shelf import Shelf, ShelfQuery, SortBy
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import FileAbsent
from tests.agenda.made import LOCAL, NOW, RUNNING, SERVER, dossier, place, policy


@contextmanager
def shelved(tmp_path: Path, *dossiers: KnownDossier) -> Iterator[Shelf]:
    shelf = Shelf()
    shelf.fill([place(tmp_path, dossiers)], policy(), NOW, CancelToken())
    yield shelf
    shelf.close()


def order(shelf: Shelf, sort: SortBy, *, descending: bool = False) -> str:
    rows = shelf.search(ShelfQuery(sort=sort, descending=descending)).rows
    return "".join(row.ref.id_d for row in rows)


def test_words_families_and_copies_that_begin_with_an_accent_stand_in_their_place(tmp_path: Path) -> None:
    with shelved(
        tmp_path,
        dossier("t", word="Terminé"),
        dossier("a", word="À signer", **{key: RUNNING[key] for key in ("final", "complete")}),
        dossier("b", word="Brouillon"),
        dossier("e", word="Élagué"),
    ) as shelf:
        assert order(shelf, SortBy.WORD) == "abet"
        assert order(shelf, SortBy.WORD, descending=True) == "teba"
        assert order(shelf, SortBy.COPY)[0] == "a"


def test_numbers_are_sorted_by_their_value(tmp_path: Path) -> None:
    with shelved(tmp_path, dossier("x", number="DEL 10"), dossier("y", number="del 2"), dossier("z")) as shelf:
        assert order(shelf, SortBy.NUMBER) == "zyx"


def test_alike_dossiers_come_soonest_first_in_either_direction(tmp_path: Path) -> None:
    with shelved(tmp_path, *(dossier(name, age=age) for name, age in (("a", 1), ("b", 30), ("c", 20)))) as shelf:
        assert order(shelf, SortBy.FAMILY) == order(shelf, SortBy.FAMILY, descending=True) == "bca"
        assert order(shelf, SortBy.LIMIT) == "bca"
        assert order(shelf, SortBy.LIMIT, descending=True) == "acb"


def test_a_filled_again_shelf_holds_what_is_known_now(tmp_path: Path) -> None:
    with shelved(tmp_path, dossier("a")) as shelf:
        other = place(tmp_path, [dossier("b")], name="autre")
        shelf.fill([other], policy(), NOW, CancelToken())
        assert [row.ref.root for row in shelf.search(ShelfQuery()).rows] == [other.root]


def test_a_copy_that_left_the_platform_incomplete_is_not_said_to_be_here(tmp_path: Path) -> None:
    with shelved(tmp_path, dossier("a", gone_at=NOW, complete=False)) as shelf:
        row = shelf.search(ShelfQuery()).rows[0]
    assert (row.here, row.gone, row.copy) == (False, True, "absent de la plateforme, copie incomplète")


def test_what_left_the_platform_after_it_was_listed_stays_what_it_was(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a", gone_at=NOW)])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_awaiting(SERVER, [replace(dossier("a"), state="suite", state_date=LOCAL + timedelta(days=1))])
    shelf = Shelf()
    shelf.fill([known], policy(), NOW, CancelToken())
    assert shelf.search(ShelfQuery()).rows[0].copy == "absent de la plateforme, copie complète"
    shelf.close()


def test_work_that_goes_on_with_a_file_missing_is_not_called_up_to_date(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a", **RUNNING)])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_failure(SERVER, "a", FileAbsent(), NOW)
    shelf = Shelf()
    shelf.fill([known], policy(), NOW, CancelToken())
    row = shelf.search(ShelfQuery(section="R")).rows[0]
    assert (row.copy, row.here) == ("incomplet", False)
    shelf.close()


def test_any_number_of_rows_can_be_asked_for_at_once(tmp_path: Path) -> None:
    with shelved(tmp_path, *(dossier(str(rank)) for rank in range(1_200))) as shelf:
        keys = shelf.search(ShelfQuery()).keys
        assert len({row.ref.id_d for row in shelf.rows(keys)}) == 1_200


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[Shelf]:
    """Give a shelf that another thread never stops asking to stop."""
    over = threading.Event()
    with shelved(tmp_path, *(dossier(str(rank), entity=f"Commune {rank % 90}") for rank in range(3_000))) as shelf:

        def hurry() -> None:
            while not over.is_set():
                shelf.interrupt()

        other = threading.Thread(target=hurry)
        other.start()
        yield shelf
        over.set()
        other.join()


def test_stopping_a_search_never_stops_the_counts_nor_the_rows_nor_the_filling(hurried: Shelf, tmp_path: Path) -> None:
    for _ in range(20):
        assert hurried.facets().total == 3_000
        assert len(hurried.rows(range(1, 400))) == 399
    many = place(tmp_path, [dossier(str(rank)) for rank in range(500)], name="suite")
    hurried.fill([many], policy(), NOW, CancelToken())
    assert hurried.facets().total == 500


def test_stopping_after_the_end_is_harmless(tmp_path: Path) -> None:
    with shelved(tmp_path, dossier("a")) as shelf:
        pass
    shelf.interrupt()
