"""A row gives the true cause and the person who can act, never one that sends her to the wrong door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.agenda.outlook import build_outlook
from enn_desktop.agenda.values import Act, Outlook, TodoRow
from enn_desktop.catalogue.records import FileKey, KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import BadDownload, DoubtfulFile, EnnError, FileAbsent
from enn_desktop.core.values import JournalRow
from tests.agenda.made import AWAY, LOCAL, NOW, RUNNING, SERVER, dossier, place, policy

REFUSED: dict[str, Any] = {"group": "E", "refused": True, "type_id": "ls-helios"}
IN_THE_ANSWER = "Le motif est dans l’acquittement (PES Acquit) du dossier."


def looked(tmp_path: Path, one: KnownDossier, *said: tuple[str, str], failures: tuple[EnnError, ...] = ()) -> Outlook:
    known = place(tmp_path, [one])
    with Catalogue(known.catalogue) as catalogue:
        events = [JournalRow(rank, 1, "2", "a", action, text, LOCAL) for rank, (action, text) in enumerate(said)]
        catalogue.put_events(SERVER, events)
        for rank, error in enumerate(failures):
            catalogue.put_failure(SERVER, "a", error, NOW + timedelta(hours=rank), FileKey("document", f"{rank}.pdf"))
    return build_outlook([known], policy(), NOW)


def trouble(tmp_path: Path, one: KnownDossier, *said: tuple[str, str]) -> TodoRow:
    return looked(tmp_path, one, *said).troubled.rows[0]


def test_a_pes_that_the_parapheur_refused_is_not_a_matter_for_the_tresorerie(tmp_path: Path) -> None:
    why = "Le document a été rejeté dans le parapheur : pièce manquante"
    row = trouble(tmp_path, dossier("a", state="rejet-iparapheur", **REFUSED), ("rejet-iparapheur", why))
    assert (row.cause, row.act, row.contact_id) == (why, Act.OPEN_PASTELL, "enn")


def test_a_pes_refused_in_a_finished_dossier_is_not_explained_by_the_end_of_the_dossier(tmp_path: Path) -> None:
    end = ("termine", "Le traitement du document est terminé")
    row = trouble(tmp_path, dossier("a", state="termine", **REFUSED), end)
    assert (row.cause, row.contact_id) == (IN_THE_ANSWER, "tresorerie")


@pytest.mark.parametrize("empty", ["Le fichier PES a été refusé", "Le document est passé dans l'état : refusé"])
def test_a_message_that_only_repeats_the_refusal_is_not_taken_for_its_cause(tmp_path: Path, empty: str) -> None:
    row = trouble(tmp_path, dossier("a", state="refus-tdt", **REFUSED), ("refus-tdt", empty))
    assert row.cause == IN_THE_ANSWER


def test_a_dossier_that_does_not_pass_is_stuck_from_the_second_day_only(tmp_path: Path) -> None:
    passing: dict[str, Any] = {**RUNNING, "group": "X", "word": "Traitement en cours"}
    fresh = looked(tmp_path, dossier("a", age=0, **passing))
    assert (fresh.troubled.total, fresh.in_progress.rows[0].word) == (0, "Traitement en cours")
    row = trouble(tmp_path, dossier("a", age=2, **passing))
    assert (row.word, row.act, row.contact_id) == ("Bloqué", Act.WHOM_TO_CALL, "enn")


def test_a_doubtful_file_is_here_she_is_led_to_it_not_to_another_try(tmp_path: Path) -> None:
    row = looked(tmp_path, dossier("a", complete=False), failures=(DoubtfulFile("Coupé."),)).at_risk.rows[0]
    assert (row.cause, row.act, row.copy) == ("Coupé.", Act.SHOW, "incomplet")


@pytest.mark.parametrize("errors", [(BadDownload(), FileAbsent()), (FileAbsent(), BadDownload())])
def test_of_several_failures_the_one_that_another_try_may_cure_is_offered(
    tmp_path: Path, errors: tuple[EnnError, ...]
) -> None:
    row = looked(tmp_path, dossier("a", complete=False), failures=errors).at_risk.rows[0]
    assert (row.cause, row.act) == (BadDownload().message, Act.RETRY)


def test_work_that_goes_on_with_a_file_missing_is_not_called_up_to_date(tmp_path: Path) -> None:
    row = looked(tmp_path, dossier("a", **RUNNING), failures=(FileAbsent(),)).at_risk.rows[0]
    assert (row.copy, row.here) == ("incomplet", False)


def test_a_dossier_that_changed_since_shows_its_new_state_and_a_copy_to_complete(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a", number="2026_012")])
    newer = replace(dossier("a"), state="rejet-sae", word="Versement refusé", group="E", state_date=LOCAL)
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_awaiting(SERVER, [newer])
    row = build_outlook([known], policy(), NOW).at_risk.rows[0]
    assert (row.word, row.copy, row.number) == ("Versement refusé", "à compléter", "2026_012")


def test_what_the_list_says_again_does_not_hide_what_the_dossier_itself_said(tmp_path: Path) -> None:
    refused = dossier("a", word="Rejeté par Hélios, au moins en partie", **AWAY)
    known = place(tmp_path, [refused])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_awaiting(SERVER, [replace(refused, word="Terminé")])
    assert build_outlook([known], policy(), NOW).at_risk.rows[0].word == "Rejeté par Hélios, au moins en partie"


def test_each_section_says_how_many_there_are_beyond_those_it_shows(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier(f"a{rank}", age=rank, **AWAY) for rank in range(12)])
    section = build_outlook([known], policy(), NOW, limit=3).at_risk
    assert ([row.ref.id_d for row in section.rows], section.total) == (["a11", "a10", "a9"], 12)


def test_the_folders_of_two_communes_make_one_list_each_row_with_its_own_folder(tmp_path: Path) -> None:
    one = place(tmp_path, [dossier("a", age=10, **AWAY)], name="un")
    two = place(tmp_path, [dossier("a", age=20, **AWAY)], name="deux")
    rows = build_outlook([one, two], policy(), NOW).at_risk.rows
    assert [row.ref.root for row in rows] == [two.root, one.root]
