"""The life of a dossier is told once, in words, and its copy is called what it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.sheet import DossierSheet, read_sheet
from enn_desktop.agenda.values import DossierRef
from enn_desktop.catalogue.records import FileKey, KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import FileAbsent
from enn_desktop.core.values import JournalRow
from tests.agenda.made import LOCAL, NOW, RUNNING, SERVER, dossier, place, policy


def opened(known: CataloguePlace, id_d: str = "a") -> DossierSheet:
    found = read_sheet(known, DossierRef(known.root, SERVER, id_d), policy(), NOW)
    assert found is not None
    return found


def lived(tmp_path: Path, one: KnownDossier, *steps: tuple[str, str, datetime]) -> DossierSheet:
    known = place(tmp_path, [one])
    with Catalogue(known.catalogue) as catalogue:
        rows = [JournalRow(rank, 1, "2", one.id_d, *step, "Anne") for rank, step in enumerate(steps)]
        catalogue.put_events(SERVER, rows)
    return opened(known)


def test_the_present_state_is_not_told_twice_when_the_journal_tells_it_a_second_later(tmp_path: Path) -> None:
    one = dossier("a", state="acquiter-tdt", word="Reçu en préfecture le 2 mars 2026", type_id="ls-actes")
    later = LOCAL - timedelta(days=10) + timedelta(seconds=1)
    found = lived(tmp_path, one, ("creation", "Création", LOCAL), ("acquiter-tdt", "L’acte a été acquitté", later))
    assert [event.word for event in found.events] == ["Brouillon", "Reçu en préfecture le 2 mars 2026"]
    assert found.events[-1].person == "Anne"


def test_a_step_without_a_word_of_ours_is_told_as_the_platform_tells_it_never_by_its_id(tmp_path: Path) -> None:
    said = "Le document est passé dans l'état : Préparation de l'envoi au parapheur"
    found = lived(tmp_path, dossier("a"), ("prepare-iparapheur", said, LOCAL))
    assert found.events[0].word == "Préparation de l’envoi au parapheur"
    assert not found.events[0].said


def test_a_dossier_stuck_since_it_was_brought_home_says_so_in_its_sheet_too(tmp_path: Path) -> None:
    passing: dict[str, Any] = {**RUNNING, "group": "X", "word": "Traitement en cours"}
    found = lived(tmp_path, dossier("a", age=3, **passing))
    assert (found.word, found.events[-1].word) == ("Bloqué", "Bloqué")


def test_a_copy_of_which_a_file_is_missing_is_incomplete_and_the_failure_is_named(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a", **RUNNING), dossier("b", **RUNNING)])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_failure(SERVER, "a", FileAbsent(), NOW, FileKey("document", "acte.pdf"))
    assert (opened(known).copy, opened(known, "b").copy) == ("incomplet", "à jour, en cours")
    assert [failure.original for failure in opened(known).failures] == ["acte.pdf"]
    assert opened(known, "b").failures == ()


def test_a_copy_older_than_what_the_platform_lists_is_neither_complete_nor_verified(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a")])
    with Catalogue(known.catalogue) as catalogue:
        newer = dossier("a", age=1, state="suite", word="Réponse reçue", group="P")
        catalogue.put_awaiting(SERVER, [newer])
    found = opened(known)
    assert (found.word, found.copy, found.complete, found.verified_on) == ("Réponse reçue", "à compléter", False, None)
