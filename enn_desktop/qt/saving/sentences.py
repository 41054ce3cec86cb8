"""What the page says of a run that goes on, of the last one, of a check: French sentences from values, no widget."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from enn_desktop.agenda.values import Activity, Doing, Outlook, Tone
from enn_desktop.backup.report import Outcome
from enn_desktop.core.errors import Cancelled
from enn_desktop.core.french import clock_time, count, duration, long_date, number, short_date, size
from enn_desktop.core.progress import ProgressState, Stage

if TYPE_CHECKING:
    from enn_desktop.archive.verify import VerifyReport
    from enn_desktop.backup.rounds import RoundReport

BETWEEN = " · "
MINUTE = 60
STAGES = {
    Stage.CONNECTING: "Connexion à la plateforme…",
    Stage.LISTING: "Lecture de la liste des dossiers…",
    Stage.JOURNAL: "Lecture du journal de la plateforme…",
    Stage.FETCHING: "Récupération en cours",
    Stage.SEALING: "Contrôle de ce qui vient d’être récupéré…",
    Stage.VERIFYING: "Vérification en cours",
    Stage.DONE: "Fin de la récupération…",
}
MEASURED = (Stage.FETCHING, Stage.SEALING, Stage.VERIFYING)
"""Stages whose totals mean something."""
PAUSED = "En pause\u00a0: rien n’est demandé à la plateforme."
STOPPING = "Arrêt en cours…"
PROMISES = {
    Doing.FETCHING: "Arrêter garde ce qui est déjà récupéré.",
    Doing.STOPPING: "Ce qui est déjà récupéré est gardé.",
    Doing.VERIFYING: "La vérification ne change rien.",
}
"""What she may rely on meanwhile."""
NEVER = "Rien n’a encore été récupéré."
UNKNOWN = "—"


def headline_of(activity: Activity) -> str:
    """Say what goes on, in a few words; this is what is announced when it changes."""
    if activity.doing is Doing.PAUSED:
        return PAUSED
    if activity.doing is Doing.STOPPING:
        return STOPPING
    stage = activity.progress.stage if activity.progress is not None else _first_stage(activity.doing)
    said = STAGES[stage]
    return f"{activity.account}\u00a0: {said[:1].lower()}{said[1:]}" if activity.account else said


def _first_stage(doing: Doing) -> Stage:
    return Stage.VERIFYING if doing is Doing.VERIFYING else Stage.CONNECTING


def measured(state: ProgressState | None) -> bool:
    """Whether a part of a whole can be shown."""
    return state is not None and state.stage in MEASURED and state.dossiers_total > 0


def progress_line(state: ProgressState | None) -> str:
    """Return « 124 dossiers sur 312 · 480 fichiers · 96 Mo · encore 4 min environ », what is known of it."""
    if state is None:
        return ""
    if state.stage is Stage.LISTING:
        return f"{count(state.dossiers_total, 'dossier')} jusqu’ici" if state.dossiers_total else ""
    if state.stage not in MEASURED:
        return ""
    whole = f" sur {number(state.dossiers_total)}" if state.dossiers_total else ""
    parts = [f"{count(state.dossiers_done, 'dossier')}{whole}", count(state.files_done, "fichier")]
    parts.append(size(state.bytes_done))
    if state.seconds_left is not None:
        parts.append(time_left(state.seconds_left))
    return BETWEEN.join(parts)


def time_left(seconds: float) -> str:
    """Return « encore 4 min environ »."""
    if seconds < MINUTE:
        return "encore moins d’une minute"
    return f"encore {duration(seconds)} environ"


def moment_words(moment: datetime) -> str:
    """Return « 24 novembre 2026 à 9 h 05 », in the computer's own zone."""
    local = moment.astimezone()
    return f"{long_date(local.date())} à {clock_time(local)}"


def moment_cell(moment: datetime) -> str:
    """Return « 24/11/2026 09:05 », in the computer's own zone, for a table."""
    local = moment.astimezone()
    return f"{short_date(local.date())} {clock_time(local, table=True)}"


def outcome_words(name: str) -> str:
    """Return how a run ended; a name that a newer program wrote is shown as it is."""
    return Outcome[name].value if name in Outcome.__members__ else name


def outcome_tone(name: str) -> Tone:
    """Return how the end of a run is coloured."""
    tones = {
        Outcome.COMPLETE.name: Tone.GOOD,
        Outcome.PARTIAL.name: Tone.WARN,
        Outcome.STOPPED.name: Tone.BAD,
    }
    return tones.get(name, Tone.PLAIN)


def last_run_sentence(outlook: Outlook) -> str:
    """Say when the last run ended, and how."""
    if outlook.last_run_at is None:
        return NEVER
    how = f", {outcome_words(outlook.last_outcome)}" if outlook.last_outcome else ""
    return f"Dernière récupération\u00a0: {moment_words(outlook.last_run_at)}{how}."


def copy_sentence(outlook: Outlook) -> str:
    """Say what is here of what the platform has; empty before anything was seen."""
    if not outlook.known:
        return ""
    whole = f"{count(outlook.known, 'dossier')} sur la plateforme"
    if not outlook.away:
        return f"{whole}, tous copiés ici." if outlook.known > 1 else f"{whole}, copié ici."
    missing = "à récupérer ou encore en cours"
    copied = count(outlook.here, "copié", "copiés")
    return f"{whole}\u00a0: {copied} ici en entier, {number(outlook.away)} {missing}."


def missing_disk_sentence(outlook: Outlook) -> str:
    """Say which documents folders are not there; empty when all are."""
    if not outlook.missing_roots:
        return ""
    named = ", ".join(str(root) for root in outlook.missing_roots)
    return f"Dossier local introuvable\u00a0: {named}. Branchez le disque, ou vérifiez le réseau."


def check_sentence(report: VerifyReport) -> str:
    """Say what a check found."""
    read = count(report.files, "fichier relu", "fichiers relus")
    damaged = len(report.damages)
    if not report.files and not damaged:
        return "Rien à relire\u00a0: ce dossier est encore vide."
    if not damaged:
        return f"{read}\u00a0: aucune modification détectée depuis la récupération."
    if damaged == 1:
        return (
            f"{read}\u00a0: 1 fichier n’est plus comme à la récupération. Il sera récupéré de nouveau, "
            "si la plateforme l’a encore."
        )
    return (
        f"{read}\u00a0: {number(damaged)} fichiers ne sont plus comme à la récupération. Ils seront récupérés "
        "de nouveau, si la plateforme les a encore."
    )


def added_sentence(report: VerifyReport) -> str:
    """Say that somebody put files among ours; empty when nobody did."""
    added = len(report.findings) - len(report.damages)
    if not added:
        return ""
    told = count(added, "fichier ajouté par quelqu’un", "fichiers ajoutés par quelqu’un")
    return f"{told}, sans effet sur vos documents."


def round_sentence(report: RoundReport) -> str:
    """Return when a round ended, and how."""
    ends = [one.ended_at for one in report.reports]
    return f"{moment_words(max(ends))} – {report.sentence()}" if ends else report.sentence()


def round_notes(report: RoundReport) -> tuple[str, ...]:
    """Return what deserves a word beside the result: warnings, and every account that was stopped but the first."""
    several = len(report.results) > 1
    notes: list[str] = []
    for result in report.results:
        said = list(result.report.tally.warnings) if result.report is not None else []
        stop = result.stopped_by
        if stop is not None and stop is not report.first_error and not isinstance(stop, Cancelled):
            said.append(f"{stop.message} {stop.advice}")
        notes += [f"{result.account_name}\u00a0: {one}" if several else one for one in said]
    return tuple(dict.fromkeys(notes))
