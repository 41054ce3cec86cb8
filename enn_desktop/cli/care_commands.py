"""``verify``, ``repair`` and ``diagnose``: looking after what is here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from enn_desktop.agenda.diagnosis import Subject, as_text, sections
from enn_desktop.archive import scan
from enn_desktop.archive.verify import Finding, VerifyReport
from enn_desktop.backup.care import mend
from enn_desktop.backup.checking import verify_root
from enn_desktop.backup.rebuild import RebuildReport, rebuild
from enn_desktop.cli.backup_command import stop_on_signal
from enn_desktop.cli.desk import Desk
from enn_desktop.cli.key_command import check_now
from enn_desktop.cli.list_command import roots
from enn_desktop.cli.output import Json, Speaker
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.french import count, size

_SHOWN = 20
To = Annotated[Path | None, typer.Option("--to", help="Le dossier des documents.")]
AsJson = Annotated[bool, typer.Option("--json", help="Pour un script.")]


def verify(context: typer.Context, to: To = None, as_json: AsJson = False) -> None:
    """Relit tous les fichiers et compare leurs empreintes ; ce qui a changé sera récupéré de nouveau."""
    desk = Desk.of(context).speaking(as_json=as_json)
    code = ExitCode.OK
    found: list[Json] = []
    with stop_on_signal(desk.cancel):
        for root in roots(desk, to):
            report = _verify(desk, root)
            found.append(_verified_json(report, root))
            if report.damages:
                code = ExitCode.DAMAGED
    desk.speaker.folder_data(found)
    raise typer.Exit(int(code))


def _verify(desk: Desk, root: Path) -> VerifyReport:
    progress = desk.speaker.progress()
    workshop = desk.workshop()
    workshop.progress = progress
    try:
        report = verify_root(workshop, root)
    finally:
        progress.close()
    _tell_verified(report, desk.speaker)
    return report


def _verified_json(report: VerifyReport, root: Path) -> Json:
    return {
        "folder": str(root),
        "dossiers": report.dossiers,
        "files": report.files,
        "bytes": report.size,
        "exit_code": int(ExitCode.DAMAGED if report.damages else ExitCode.OK),
        "findings": [_finding_json(finding) for finding in report.findings],
    }


def _tell_verified(report: VerifyReport, speaker: Speaker) -> None:
    read = count(report.files, "fichier relu", "fichiers relus")
    speaker.say(f"{read} dans {count(report.dossiers, 'dossier')} ({size(report.size)}).")
    if not report.damages:
        speaker.say("Aucune modification détectée depuis la récupération.")
    for finding in report.damages[:_SHOWN]:
        speaker.say(f"  • {finding.dossier}/{finding.name} : {finding.trouble.value}")
    if report.damages:
        speaker.say("Ces dossiers ne sont plus « complets » : lancez une récupération pour les compléter.")
    strangers = len(report.findings) - len(report.damages)
    if strangers:
        added = count(strangers, "fichier ajouté", "fichiers ajoutés")
        speaker.say(f"{added} par quelqu’un : rien n’y est touché.")


def _finding_json(finding: Finding) -> Json:
    return {"dossier": finding.dossier, "file": finding.name, "trouble": finding.trouble.name.lower()}


def repair(
    context: typer.Context,
    to: To = None,
    rebuild_all: Annotated[
        bool, typer.Option("--rebuild", help="Reconstruire le catalogue à partir du dossier seul.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Répare ce qu’une coupure a laissé, retrouve les dossiers déplacés, reconstruit le catalogue."""
    desk = Desk.of(context).speaking(as_json=as_json)
    told: list[Json] = []
    with stop_on_signal(desk.cancel):
        for root in roots(desk, to):
            with desk.workshop().work(root) as opened:
                healed = opened.healed
                if rebuild_all and healed is None:
                    healed = rebuild(opened.folder.root, opened.catalogue, desk.cancel)
                mended = mend(opened.folder.root, opened.catalogue, desk.cancel)
                left = sum(len(found.temporaries) for found in scan.dossiers(opened.folder.root, desk.cancel))
            if healed is not None:
                _tell_rebuilt(healed, desk.speaker)
            found = count(mended.moved, "dossier déplacé retrouvé", "dossiers déplacés retrouvés")
            desk.speaker.say(f"{found}.")
            desk.speaker.say(f"{count(mended.disturbed, 'dossier')} à compléter à la prochaine récupération.")
            if left:
                parts = count(left, "fichier inachevé", "fichiers inachevés")
                desk.speaker.say(f"{parts} (.part) : à garder jusqu’à ce que le dossier soit complété.")
            told.append(
                {
                    "folder": str(root),
                    "exit_code": 0,
                    "rebuilt": None if healed is None else {"dossiers": healed.dossiers, "files": healed.files},
                    "moved": mended.moved,
                    "to_complete": mended.disturbed,
                    "unfinished": left,
                }
            )
    desk.speaker.folder_data(told)


def _tell_rebuilt(report: RebuildReport, speaker: Speaker) -> None:
    speaker.say(f"Catalogue reconstruit : {count(report.dossiers, 'dossier')}, {count(report.files, 'fichier')}.")
    for folder in report.unreadable[:_SHOWN]:
        speaker.say(f"  • {folder} : description illisible, documents intacts ; il sera récupéré de nouveau.")
    for folder in report.twice[:_SHOWN]:
        speaker.say(f"  • {folder} : copie d’un dossier déjà présent, laissée telle quelle.")


def diagnose(context: typer.Context, to: To = None, as_json: AsJson = False) -> None:
    """Dit l’état du programme et du poste, sans aucune donnée personnelle, à copier pour le support."""
    desk = Desk.of(context).speaking(as_json=as_json)
    found_roots = tuple(roots(desk, to))
    subject = Subject(
        desk.settings, desk.paths, desk.vault, desk.workshop(), found_roots, lambda: check_now(desk).verdict
    )
    found = sections(subject)
    desk.speaker.data({title: dict(lines) for title, lines in found})
    desk.speaker.say(as_text(found).rstrip())
