"""Any dossier ever seen is found by any word of it, sorted as a person would, gone or not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.agenda.shelf import Shelf, ShelfQuery, SortBy
from enn_desktop.agenda.values import DossierRef
from enn_desktop.catalogue.records import FileKey, KnownFile
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.core.plain_text import sort_key
from tests.agenda.made import AWAY, NOW, SERVER, dossier, place, policy

MADE = (
    dossier("a", age=3, title="Délibération n° 2 : budget primitif", number="DEL_2026_002", type_id="ls-actes"),
    dossier("b", age=40, title="délibération n° 10 : Élagage", number="DEL_2026_010", type_id="ls-actes"),
    dossier("c", age=400, title="École : convention", entity="CCAS de Valbrume", word="Signé"),
    dossier("d", age=1, title="Zone 30", **AWAY),
    dossier("e", age=500, title="Parti", gone_at=datetime(2026, 1, 2, tzinfo=UTC)),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    known = place(tmp_path, MADE)
    with Catalogue(known.catalogue) as catalogue:
        named = KnownFile(FileKey("acte", "x.pdf"), 0, "Plan_Élagage.pdf", "0" * 64, 10, NOW, NOW)
        catalogue.put_file(SERVER, "a", named)
        catalogue.put_awaiting(SERVER, [dossier("f", title="Annoncé seulement")])
    made = Shelf()
    made.fill([known], policy(), NOW, CancelToken())
    yield made
    made.close()


def found(shelf: Shelf, words: str = "", **asked: Any) -> str:
    query = replace(ShelfQuery(words), **asked)
    return "".join(row.ref.id_d for row in shelf.search(query).rows)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("elagage", "ba"), ("BUDGET deliberation", "a"), ("del_2026_010", "b"), ("plan_", "a"), ("ccas ecole", "c"),
        ("introuvable", ""), ("%", ""), ("'; DROP TABLE shelf", ""), ("annonce", "f"), ("parti", "e"),
    ],
)  # fmt: skip
def test_every_word_must_be_there_whatever_its_accents(shelf: Shelf, words: str, expected: str) -> None:
    assert found(shelf, words) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"entity": "CCAS de Valbrume"}, "c"),
        ({"family": "Actes"}, "ba"),
        ({"year": 2024}, "e"),
        ({"word": "Signé"}, "c"),
        ({"section": "R"}, "fd"),
        ({"copy": "pas encore sur ce poste"}, "f"),
        ({"until": date(2026, 3, 12)}, "c"),
        ({"since": date(2027, 1, 1), "until": date(2030, 1, 1)}, "ba"),
    ],
)
def test_each_filter_keeps_what_it_says(shelf: Shelf, asked: dict[str, Any], expected: str) -> None:
    assert found(shelf, **asked) == expected


def test_objects_are_sorted_as_a_person_would(shelf: Shelf) -> None:
    assert found(shelf, sort=SortBy.TITLE) == "fabced"
    assert sort_key("Éa 2") < sort_key("eb 1") < sort_key("« eb » 10")


def test_what_has_no_date_comes_last_in_both_directions(shelf: Shelf) -> None:
    assert found(shelf)[-1] == "e"
    assert found(shelf, descending=True)[-1] == "e"


def test_a_row_tells_what_the_copy_is_worth(shelf: Shelf) -> None:
    rows = {row.ref.id_d: row for row in shelf.search(ShelfQuery()).rows}
    assert rows["e"].copy == "absent de la plateforme, copie complète"
    assert rows["e"].removable_from is None
    assert not rows["d"].here
    assert rows["f"].copy == "pas encore sur ce poste"
    assert rows["a"].complete


def test_the_choices_are_counted(shelf: Shelf) -> None:
    facets = shelf.facets()
    assert facets.total == 6
    assert dict(facets.entities) == {"Commune de Valbrume": 5, "CCAS de Valbrume": 1}
    assert [year for year, _ in facets.years] == [2026, 2025, 2024]


def test_a_dossier_is_found_by_what_it_is(shelf: Shelf, tmp_path: Path) -> None:
    root = tmp_path / "documents-a"
    key = shelf.find(DossierRef(root, SERVER, "c"))
    assert key is not None
    assert shelf.rows([key])[0].title == "École : convention"
    assert shelf.find(DossierRef(root, "https://autre.fr", "c")) is None


def test_rows_come_in_the_order_of_their_keys(shelf: Shelf) -> None:
    keys = list(shelf.search(ShelfQuery()).keys)
    rows = shelf.rows(reversed(keys))
    assert [row.ref for row in rows] == [shelf.rows([key])[0].ref for key in reversed(keys)]


def test_filling_stops_when_a_stop_is_asked_for(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with closing(Shelf()) as shelf, pytest.raises(Cancelled):
        shelf.fill([place(tmp_path, MADE)], policy(), NOW, cancel)


def test_a_search_under_way_is_stopped_from_another_thread(tmp_path: Path) -> None:
    many = (dossier(f"x{rank}", title="budget " * 200) for rank in range(4_000))
    shelf = Shelf()
    shelf.fill([place(tmp_path, many)], policy(), NOW, CancelToken())
    stopping = threading.Event()

    def stop() -> None:
        while not stopping.is_set():
            shelf.interrupt()

    other = threading.Thread(target=stop)
    other.start()
    with pytest.raises(Cancelled):
        shelf.search(ShelfQuery("nulle part"))
    stopping.set()
    other.join()
    shelf.close()
