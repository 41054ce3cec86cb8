"""A run told in French sentences, and as values for scripts."""

from __future__ import annotations

from enn_desktop.backup.report import FolderState, RunReport
from enn_desktop.catalogue.records import Failure
from enn_desktop.cli.output import Json, Speaker, error_json
from enn_desktop.core.french import count, size

_SHOWN = 10


def tell(report: RunReport, speaker: Speaker) -> None:
    """Say what a run did, what is safe, what is not."""
    speaker.say(f"Récupération {report.outcome.value}.")
    speaker.say(f"  Dossier : {report.folder}")
    done = report.tally
    line = f"  Cette fois : {count(done.fetched_dossiers, 'dossier')}, {count(done.fetched_files, 'fichier')}"
    speaker.say(f"{line}, {size(done.fetched_bytes)}, {count(report.requests, 'demande')} à la plateforme.")
    for sentence in state_sentences(report.state):
        speaker.say(f"  {sentence}")
    if done.kept_versions:
        replaced = count(done.kept_versions, "fichier remplacé", "fichiers remplacés")
        speaker.say(f"  {replaced} sur la plateforme : l’ancienne version est gardée (dossier « versions »).")
    if done.newly_gone:
        verb = "n’est" if done.newly_gone == 1 else "ne sont"
        speaker.say(f"  {count(done.newly_gone, 'dossier')} {verb} plus sur la plateforme.")
    for sentence in done.warnings:
        speaker.say(f"  Attention : {sentence}")
    _tell_failures(report.failures, speaker)
    if report.stopped_by is not None:
        speaker.error(report.stopped_by, with_data=False)


def state_sentences(state: FolderState) -> list[str]:
    """Return one sentence per kind of copy that exists in the folder."""
    kinds = (
        (state.complete, "complet", "tous les fichiers sont là et ont été relus"),
        (state.in_progress, "à jour, en cours", "la plateforme travaille encore ou attend quelqu’un"),
        (state.to_confirm, "à confirmer", "trop récent pour être sûr que tous les fichiers sont annoncés"),
        (state.incomplete, "incomplet", "voir ci-dessous"),
        (state.gone_complete, "absent de la plateforme", "votre copie est complète"),
        (state.gone_incomplete, "absent de la plateforme", "votre copie est incomplète"),
    )
    return [f"{count(number, 'dossier')} – {word} : {meaning}." for number, word, meaning in kinds if number]


def _tell_failures(failures: tuple[Failure, ...], speaker: Speaker) -> None:
    if not failures:
        return
    speaker.say(f"  {count(len(failures), 'manque')} à résoudre :")
    for failure in failures[:_SHOWN]:
        what = failure.title or failure.id_d
        name = f" ({failure.original})" if failure.original else ""
        speaker.say(f"    • {what}{name} : {failure.message} {failure.advice}".replace("\n", " "))
    if len(failures) > _SHOWN:
        rest = count(len(failures) - _SHOWN, "autre")
        speaker.say(f"    … et {rest} : voir enn-desktop backup --json")


def as_json(report: RunReport) -> Json:
    """Return a run for a script; keys are documented in README."""
    state = report.state
    return {
        "outcome": report.outcome.name.lower(),
        "exit_code": int(report.exit_code),
        "server": report.server,
        "server_version": report.version,
        "folder": report.folder,
        "started_at": report.started_at.isoformat(),
        "ended_at": report.ended_at.isoformat(),
        "requests": report.requests,
        "fetched": {
            "dossiers": report.tally.fetched_dossiers,
            "files": report.tally.fetched_files,
            "bytes": report.tally.fetched_bytes,
            "versions_kept": report.tally.kept_versions,
        },
        "listed": report.tally.listed,
        "state": {
            "complete": state.complete,
            "in_progress": state.in_progress,
            "to_confirm": state.to_confirm,
            "incomplete": state.incomplete,
            "gone_complete": state.gone_complete,
            "gone_incomplete": state.gone_incomplete,
        },
        "newly_gone": report.tally.newly_gone,
        "gone_before_fetch": report.tally.gone_before_fetch,
        "warnings": list(report.tally.warnings),
        "failures": [failure_json(failure) for failure in report.failures],
        "error": None if report.stopped_by is None else error_json(report.stopped_by),
    }


def failure_json(failure: Failure) -> Json:
    """Return one open failure for a script."""
    return {
        "dossier": failure.id_d,
        "title": failure.title,
        "field": failure.field,
        "file": failure.original,
        "code": failure.code,
        "message": failure.message,
        "advice": failure.advice,
        "detail": failure.detail,
        "since": failure.first_at.isoformat(),
        "times": failure.count,
    }
