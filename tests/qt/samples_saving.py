"""Values for the place « Sauvegarde »: a commune that does not exist, its runs, what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from enn_desktop.agenda.sheet import OpenFailure, PastRun
from enn_desktop.agenda.values import Activity, Doing, DossierRef, Outlook
from enn_desktop.archive.verify import Finding, Trouble, VerifyReport
from enn_desktop.backup.checking import CheckedRoot
from enn_desktop.backup.report import FolderState, Outcome, RunReport, Tally
from enn_desktop.backup.rounds import AccountResult, RoundReport
from enn_desktop.catalogue.records import Failure, RunRow
from enn_desktop.core.errors import (
    BadDownload,
    Cancelled,
    DossierError,
    DossierGone,
    EnnError,
    FileAbsent,
    ServerUnreachable,
)
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.core.rules import Contact

ROOT = Path("/mairie/Documents/Dossiers de la mairie")
OTHER = Path("/mairie/Documents/Dossiers du CCAS")
SERVER = "https://pastell.exemple.fr"
NOW = datetime(2026, 11, 24, 8, 9, tzinfo=UTC)
CONTACT = Contact("enn", "Support ENN", "plateforme", "en semaine", "02 00 00 00 00", "support@exemple.fr")
NEXT_RUN = "Prochaine récupération automatique\u00a0: aujourd’hui à 14\u00a0h\u00a005."
LONG_TITLE = (
    "Délibération n° 2026_012\u00a0: approbation du budget primitif de la commune pour l’exercice 2026 et vote des taux"
)
OUTLOOK = Outlook(
    today=date(2026, 11, 24), known=312, here=300, away=12, last_run_at=NOW, last_good_at=NOW, last_outcome="PARTIAL"
)
EMPTY = Outlook(today=date(2026, 11, 24))


def run(days_ago: int, outcome: Outcome, *numbers: int, root: Path = ROOT) -> PastRun:
    dossiers, files, size, failures = numbers
    ended = NOW - timedelta(days=days_ago)
    return PastRun(
        root, RunRow(ended - timedelta(minutes=4), ended, outcome.name, dossiers, files, size, failures, 180)
    )


RUNS = (
    run(0, Outcome.PARTIAL, 14, 42, 12_400_000, 3),
    run(1, Outcome.COMPLETE, 2, 9, 1_400_000, 0),
    run(4, Outcome.CANCELLED, 120, 400, 96_000_000, 2),
    run(5, Outcome.STOPPED, 0, 0, 0, 2),
)


def failure(id_d: str, title: str, error: DossierError, file: str = "", *, gone: bool = False) -> OpenFailure:
    return OpenFailure(
        ref=DossierRef(ROOT, SERVER, id_d),
        title=title,
        entity="Commune de Valbrume",
        file=file,
        code=error.code,
        message=error.message,
        advice=error.advice,
        detail="",
        since=NOW - timedelta(days=4),
        times=4,
        gone=gone,
    )


FAILURES = (
    failure("abc1", LONG_TITLE, FileAbsent(), "DEL_2026_012_annexe.pdf"),
    failure("abc2", "Bordereau de mandats n° 1847", BadDownload(), "PES_1847.xml"),
    failure("entité 12", "Liste des dossiers d’une collectivité", DossierError("La liste n’a pas pu être lue.")),
    failure("abc3", "Convocation du conseil municipal du 3 juin", DossierGone(), gone=True),
)
LISTING = ProgressState(Stage.LISTING, dossiers_total=312, current="Commune de Valbrume")
FETCHING = ProgressState(Stage.FETCHING, 124, 312, 480, 96_000_000, LONG_TITLE, 250.0)
VERIFYING = ProgressState(Stage.VERIFYING, 124, 0, 480, 96_000_000)


def doing(what: Doing, progress: ProgressState | None = None) -> Activity:
    return Activity(what, progress)


def report(
    outcome: Outcome, *, fetched: int = 14, missing: int = 0, error: EnnError | None = None, warning: str = ""
) -> RunReport:
    tally = Tally(listed=312, fetched_dossiers=fetched, fetched_files=42, fetched_bytes=12_400_000)
    if warning:
        tally.warn(warning)
    open_ones = tuple(Failure(SERVER, f"abc{n}", "x", "", "", "", NOW, NOW) for n in range(missing))
    return RunReport(
        outcome, SERVER, "4.0.18", str(ROOT), NOW, NOW, tally, FolderState(complete=300), open_ones, 180, error
    )


def a_round(*reports: RunReport) -> RoundReport:
    names = ("Commune de Valbrume", "CCAS de Valbrume")
    return RoundReport(tuple(AccountResult(name, one) for name, one in zip(names, reports, strict=False)))


PARTIAL = a_round(report(Outcome.PARTIAL, missing=3))
COMPLETE = a_round(report(Outcome.COMPLETE))
CANCELLED = a_round(report(Outcome.CANCELLED, fetched=3, error=Cancelled()))
STOPPED = a_round(report(Outcome.STOPPED, fetched=0, error=ServerUnreachable(detail="ConnectError")))

_FOLDER = "Commune de Valbrume/Actes/2026/2026-03-12 DEL_2026_012 Budget primitif"
DAMAGED = VerifyReport(
    312,
    1204,
    300_000_000,
    (
        Finding(_FOLDER, "DEL_2026_012.pdf", Trouble.CHANGED),
        Finding(_FOLDER, "aractes.xml", Trouble.MISSING),
        Finding(_FOLDER, "notes.docx", Trouble.UNEXPECTED),
    ),
)
SOUND = VerifyReport(312, 1204, 300_000_000, ())


def checked(found: VerifyReport | None, root: Path = ROOT, error: EnnError | None = None) -> CheckedRoot:
    return CheckedRoot(root, found, error)
