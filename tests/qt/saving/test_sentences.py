"""What the page says of a run that goes on, of the last one, of a check."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from enn_desktop.agenda.values import Activity, Doing, Outlook, Tone
from enn_desktop.archive.verify import Finding, Trouble, VerifyReport
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.qt.saving import sentences

FETCHING = ProgressState(Stage.FETCHING, 124, 312, 480, 96_000_000, "Délibération 12", 250.0)
TODAY = date(2026, 11, 24)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_progress_counts_dossiers_files_size_and_time_left() -> None:
    said = plain(sentences.progress_line(FETCHING))
    assert said == "124 dossiers sur 312 · 480 fichiers · 96 Mo · encore 4 min environ"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, ""),
        (ProgressState(Stage.CONNECTING), ""),
        (ProgressState(Stage.LISTING), ""),
        (ProgressState(Stage.LISTING, dossiers_total=312), "312 dossiers jusqu’ici"),
        (ProgressState(Stage.JOURNAL), ""),
        (ProgressState(Stage.FETCHING, 1, 2, 1, 1_500), "1 dossier sur 2 · 1 fichier · 1,5 ko"),
        (
            ProgressState(Stage.FETCHING, 1, 2, 1, 0, "", 20.0),
            ("1 dossier sur 2 · 1 fichier · 0 octet · encore moins d’une minute"),
        ),
        (ProgressState(Stage.VERIFYING, 124, 0, 480, 96_000_000), "124 dossiers · 480 fichiers · 96 Mo"),
    ],
)
def test_progress_says_only_what_is_known(state: ProgressState | None, said: str) -> None:
    assert plain(sentences.progress_line(state)) == said


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_its_words(stage: Stage) -> None:
    assert sentences.headline_of(Activity(Doing.FETCHING, ProgressState(stage)))


@pytest.mark.parametrize(
    ("activity", "said"),
    [
        (Activity(Doing.FETCHING), "Connexion à la plateforme…"),
        (Activity(Doing.VERIFYING), "Vérification en cours"),
        (Activity(Doing.FETCHING, FETCHING, "Valbrume"), "Valbrume : récupération en cours"),
        (Activity(Doing.PAUSED, FETCHING), "En pause : rien n’est demandé à la plateforme."),
        (Activity(Doing.STOPPING, FETCHING), "Arrêt en cours…"),
    ],
)
def test_the_headline_says_what_goes_on(activity: Activity, said: str) -> None:
    assert plain(sentences.headline_of(activity)) == said


@pytest.mark.parametrize(
    ("state", "known"),
    [
        (None, False),
        (ProgressState(Stage.LISTING, dossiers_total=312), False),
        (ProgressState(Stage.VERIFYING, 12), False),
        (FETCHING, True),
    ],
)
def test_a_part_of_a_whole_is_shown_only_when_the_whole_is_known(state: ProgressState | None, *, known: bool) -> None:
    assert sentences.measured(state) is known


def test_the_last_run_is_told_in_the_time_of_this_place() -> None:
    at = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
    outlook = Outlook(today=TODAY, last_run_at=at, last_outcome="PARTIAL")
    said = plain(sentences.last_run_sentence(outlook))
    assert said == "Dernière récupération : 1er mars 2026 à 9 h 05, terminée avec des manques."
    assert sentences.outcome_tone("PARTIAL") is Tone.WARN


def test_before_the_first_run_nothing_is_claimed() -> None:
    outlook = Outlook(today=TODAY)
    assert sentences.last_run_sentence(outlook) == "Rien n’a encore été récupéré."
    assert sentences.copy_sentence(outlook) == ""
    assert sentences.outcome_tone("") is Tone.PLAIN


def test_an_outcome_of_a_newer_program_is_shown_as_it_is() -> None:
    assert sentences.outcome_words("POSTPONED") == "POSTPONED"


@pytest.mark.parametrize(
    ("known", "here", "said"),
    [
        (1, 1, "1 dossier sur la plateforme, copié ici."),
        (312, 312, "312 dossiers sur la plateforme, tous copiés ici."),
        (312, 300, "312 dossiers sur la plateforme : 300 copiés ici en entier, 12 à récupérer ou encore en cours."),
        (3, 1, "3 dossiers sur la plateforme : 1 copié ici en entier, 2 à récupérer ou encore en cours."),
    ],
)
def test_what_is_here_is_counted_against_what_the_platform_has(known: int, here: int, said: str) -> None:
    assert plain(sentences.copy_sentence(Outlook(today=TODAY, known=known, here=here, away=known - here))) == said


def test_a_disk_that_is_not_there_is_said() -> None:
    outlook = Outlook(today=TODAY, missing_roots=(Path("E:/Mairie"),))
    assert "E:/Mairie" in sentences.missing_disk_sentence(outlook)
    assert sentences.missing_disk_sentence(Outlook(today=TODAY)) == ""


def findings(*troubles: Trouble) -> VerifyReport:
    return VerifyReport(312, 1204, 1, tuple(Finding("Actes/12", f"{n}.pdf", one) for n, one in enumerate(troubles)))


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (findings(), "1 204 fichiers relus : aucune modification détectée depuis la récupération."),
        (findings(Trouble.UNEXPECTED), "1 204 fichiers relus : aucune modification détectée depuis la récupération."),
        (
            findings(Trouble.MISSING),
            (
                "1 204 fichiers relus : 1 fichier n’est plus comme à la récupération. "
                "Il sera récupéré de nouveau, si la plateforme l’a encore."
            ),
        ),
        (
            findings(Trouble.MISSING, Trouble.CHANGED),
            (
                "1 204 fichiers relus : 2 fichiers ne sont plus comme à la "
                "récupération. Ils seront récupérés de nouveau, si la plateforme les a encore."
            ),
        ),
        (VerifyReport(0, 0, 0, ()), "Rien à relire : ce dossier est encore vide."),
    ],
)
def test_a_check_says_what_it_read_and_what_changed(report: VerifyReport, said: str) -> None:
    assert plain(sentences.check_sentence(report)) == said


def test_a_file_that_somebody_added_harms_nothing() -> None:
    assert sentences.added_sentence(findings(Trouble.UNEXPECTED, Trouble.MISSING)) == (
        "1 fichier ajouté par quelqu’un, sans effet sur vos documents."
    )
    assert sentences.added_sentence(findings(Trouble.MISSING)) == ""
