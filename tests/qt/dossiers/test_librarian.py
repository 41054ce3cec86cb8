"""The last question is the one that is answered; what cannot be read is said."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.sheet import DossierSheet
from enn_desktop.agenda.shelf import Facets, ShelfAnswer, ShelfQuery, ShelfRow
from enn_desktop.agenda.values import DossierRef
from enn_desktop.core.errors import Cancelled, EnnError, SettingsError
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.librarian import Librarian
from enn_desktop.qt.office import Office
from tests.agenda.made import SERVER, dossier, place
from tests.qt.dossiers.conftest import MADE


class Heard:
    """Keeps everything that the librarian tells."""

    def __init__(self, librarian: Librarian) -> None:
        self.answers: list[ShelfAnswer] = []
        self.rows: list[tuple[tuple[int, ...], tuple[ShelfRow, ...]]] = []
        self.facets: list[Facets] = []
        self.sheets: list[DossierSheet | None] = []
        self.keys: list[int] = []
        self.errors: list[EnnError] = []
        librarian.answered.connect(self.answers.append)
        librarian.rows_arrived.connect(lambda keys, rows: self.rows.append((keys, rows)))
        librarian.facets_arrived.connect(self.facets.append)
        librarian.sheet_arrived.connect(self.sheets.append)
        librarian.found.connect(lambda _ref, key: self.keys.append(key))
        librarian.failed.connect(self.errors.append)


@pytest.fixture
def librarian(bridge: Bridge, office: Office) -> Librarian:
    return Librarian(bridge, office)


@pytest.fixture
def heard(librarian: Librarian) -> Heard:
    return Heard(librarian)


@pytest.fixture
def held(bridge: Bridge) -> Iterator[threading.Event]:
    """Hold the reader's thread back until the event is set."""
    gate = threading.Event()
    bridge.read(lambda: gate.wait(20), lambda _: None)
    yield gate
    gate.set()


def filled(qtbot: QtBot, librarian: Librarian, heard: Heard) -> None:
    before = len(heard.facets)
    librarian.fill()
    qtbot.waitUntil(lambda: len(heard.facets) > before, timeout=20_000)


def test_before_it_is_filled_a_question_has_no_answer(qtbot: QtBot, librarian: Librarian, heard: Heard) -> None:
    librarian.search(ShelfQuery())
    librarian.find(DossierRef(Path("x"), SERVER, "a"))
    librarian.fetch_rows([1])
    qtbot.waitUntil(lambda: bool(heard.rows))
    assert heard.answers == []
    assert (heard.keys, heard.rows) == ([0], [((1,), ())])


def test_what_there_is_to_choose_is_told_when_the_shelf_is_full(
    qtbot: QtBot, librarian: Librarian, heard: Heard
) -> None:
    filled(qtbot, librarian, heard)
    assert heard.facets[0].total == len(MADE)
    assert dict(heard.facets[0].families)["Actes"] == 2


def test_only_the_last_of_several_questions_is_answered(
    qtbot: QtBot, librarian: Librarian, heard: Heard, held: threading.Event
) -> None:
    librarian.fill()
    for words in ("m", "ma", "mandat 7", "budget"):
        librarian.search(ShelfQuery(words=words))
    held.set()
    qtbot.waitUntil(lambda: bool(heard.answers), timeout=20_000)
    assert [answer.query.words for answer in heard.answers] == ["budget"]
    assert [row.title for row in heard.answers[0].rows] == ["Budget primitif"]
    assert heard.errors == []


def test_rows_come_in_the_order_of_the_keys(qtbot: QtBot, librarian: Librarian, heard: Heard) -> None:
    filled(qtbot, librarian, heard)
    librarian.search(ShelfQuery(words="mandat 23"))
    qtbot.waitUntil(lambda: bool(heard.answers))
    keys = tuple(heard.answers[0].keys)[::-1]
    librarian.fetch_rows(keys)
    qtbot.waitUntil(lambda: bool(heard.rows))
    told, rows = heard.rows[0]
    assert told == keys
    assert [row.ref for row in rows] == [row.ref for row in heard.answers[0].rows[::-1]]


def test_one_dossier_is_found_by_what_it_is_or_not_at_all(
    qtbot: QtBot, librarian: Librarian, heard: Heard, office: Office
) -> None:
    filled(qtbot, librarian, heard)
    librarian.find(DossierRef(office.roots[0], SERVER, "a"))
    qtbot.waitUntil(lambda: len(heard.keys) == 1)
    librarian.find(DossierRef(office.roots[0], SERVER, "inconnu"))
    qtbot.waitUntil(lambda: len(heard.keys) == 2)
    assert heard.keys[0] > 0
    assert heard.keys[1] == 0


def test_a_second_filling_shows_what_came_since(
    qtbot: QtBot, librarian: Librarian, heard: Heard, tmp_path: Path
) -> None:
    filled(qtbot, librarian, heard)
    place(tmp_path, [dossier("nouveau")])
    filled(qtbot, librarian, heard)
    assert [facets.total for facets in heard.facets] == [len(MADE), len(MADE) + 1]


def test_the_sheet_of_the_last_one_chosen_is_the_one_that_comes(
    qtbot: QtBot, librarian: Librarian, heard: Heard, office: Office, held: threading.Event
) -> None:
    for id_d in "abc":
        librarian.read_sheet(DossierRef(office.roots[0], SERVER, id_d))
    held.set()
    qtbot.waitUntil(lambda: bool(heard.sheets), timeout=20_000)
    assert [sheet.title for sheet in heard.sheets if sheet is not None] == ["Contrat"]


def test_nothing_known_of_a_dossier_is_told_as_nothing(
    qtbot: QtBot, librarian: Librarian, heard: Heard, office: Office, tmp_path: Path
) -> None:
    librarian.read_sheet(DossierRef(office.roots[0], SERVER, "inconnu"))
    qtbot.waitUntil(lambda: len(heard.sheets) == 1)
    librarian.read_sheet(DossierRef(tmp_path / "ailleurs", SERVER, "a"))
    qtbot.waitUntil(lambda: len(heard.sheets) == 2)
    assert heard.sheets == [None, None]


def test_a_catalogue_that_cannot_be_read_is_left_out(
    qtbot: QtBot, librarian: Librarian, heard: Heard, office: Office
) -> None:
    next(office.paths.data.glob("*.sqlite")).write_bytes(b"ni base ni table" * 100)
    filled(qtbot, librarian, heard)
    assert heard.facets == [Facets()]
    assert heard.errors == []


def test_rules_that_cannot_be_read_are_said(qtbot: QtBot, librarian: Librarian, heard: Heard, office: Office) -> None:
    office.paths.policy_file.write_text("ni règle ni table", encoding="utf-8")
    librarian.fill()
    qtbot.waitUntil(lambda: bool(heard.errors), timeout=20_000)
    assert isinstance(heard.errors[0], SettingsError)
    assert heard.facets == []


def test_a_question_stopped_by_a_newer_one_is_no_error(librarian: Librarian, heard: Heard) -> None:
    librarian._unless_stopped(Cancelled())
    assert heard.errors == []
