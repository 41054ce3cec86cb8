"""``task install | remove | show``: the same retrieval, without the window, at a fixed time."""

from __future__ import annotations

from typing import Annotated

import typer

from enn_desktop.cli.desk import Desk
from enn_desktop.cli.french_typer import FrenchCommand, FrenchGroup
from enn_desktop.cli.output import Json
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.task_plan import DAYS, SPREAD_MINUTES, TaskPlan, parse_days, parse_time
from enn_desktop.system.scheduled_task import LastRun, Registered, Scheduler, own_scheduler

app = typer.Typer(
    help="La récupération planifiée, sans la fenêtre : inscrire, retirer, montrer.",
    no_args_is_help=True,
    cls=FrenchGroup,
)
_WITHOUT_CODE = {
    LastRun.NEVER: "Elle n’est pas encore passée.",
    LastRun.RUNNING: "Elle est en train de passer.",
    LastRun.UNKNOWN: "On ne sait pas comment elle a fini.",
}
AsJson = Annotated[bool, typer.Option("--json", help="Pour un script.")]


@app.command("install", cls=FrenchCommand)
def install(
    context: typer.Context,
    at: Annotated[str, typer.Option("--at", help="À partir de quelle heure.", metavar="HH:MM")] = "12:30",
    days: Annotated[str, typer.Option("--days", help="Quels jours : lun,mar,jeu ou lun-ven ; sinon tous.")] = "",
    on_mains: Annotated[bool, typer.Option("--on-mains", help="Sur secteur seulement, jamais sur batterie.")] = False,
    as_json: AsJson = False,
) -> None:
    """Inscrit la récupération dans le planificateur du système, pour cet utilisateur.

    Chaque poste ajoute un délai au hasard, d’une heure au plus. Un poste éteint à cette heure se rattrape.
    La tâche ne demande jamais rien à personne, et ne regarde pas si la connexion est payée au volume.
    """
    desk = Desk.of(context).speaking(as_json=as_json)
    scheduler = own_scheduler(desk.profile)
    plan = TaskPlan(parse_time(at), parse_days(days), on_mains)
    scheduler.install(plan)
    # One that was there before may have passed already.
    registered = scheduler.registered() or Registered(plan, current=True, last=LastRun.UNKNOWN)
    desk.speaker.data(_as_json(scheduler, registered))
    desk.speaker.say(f"Tâche inscrite ({scheduler.name}). {plan.sentence()}")
    desk.speaker.say(f"Chaque poste ajoute un délai au hasard, de {SPREAD_MINUTES} minutes au plus.")
    if not desk.settings.accounts:
        desk.speaker.note("Attention\u00a0: aucun compte n’est gardé. Ajoutez-en un, sinon la tâche ne pourra rien.")


@app.command("remove", cls=FrenchCommand)
def remove(context: typer.Context, as_json: AsJson = False) -> None:
    """Retire la tâche ; les documents et les réglages restent."""
    desk = Desk.of(context).speaking(as_json=as_json)
    was_there = own_scheduler(desk.profile).remove()
    desk.speaker.data({"removed": was_there})
    desk.speaker.say("Tâche retirée." if was_there else "Il n’y avait pas de tâche.")


@app.command("show", cls=FrenchCommand)
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Montre la tâche : quand elle passe, et comment elle a fini la dernière fois."""
    desk = Desk.of(context).speaking(as_json=as_json)
    scheduler = own_scheduler(desk.profile)
    found = scheduler.registered()
    desk.speaker.data(_as_json(scheduler, found))
    if found is None:
        desk.speaker.say("Pas de tâche planifiée. Pour en inscrire une\u00a0: enn-desktop task install")
        return
    desk.speaker.say(f"Tâche planifiée ({scheduler.name}). {found.plan.sentence()}")
    if not found.current:
        desk.speaker.say("Elle ne lance pas ce programme-ci\u00a0: inscrivez-la de nouveau (enn-desktop task install).")
    desk.speaker.say(_last_words(found))


def _last_words(found: Registered) -> str:
    if (words := _WITHOUT_CODE.get(found.last)) is not None:
        return words
    code = found.last_code
    known = next((one for one in ExitCode if one == code), None)
    if known is ExitCode.OK:
        return "La dernière fois\u00a0: tout est fait, rien ne manque."
    name = f" ({known.name})" if known is not None else ""
    return f"La dernière fois\u00a0: code {code}{name}. Le compte rendu est dans la fenêtre, page Sauvegarde."


def _as_json(scheduler: Scheduler, found: Registered | None) -> Json:
    if found is None:
        return {"scheduler": scheduler.name, "installed": False}
    return {
        "scheduler": scheduler.name,
        "installed": True,
        "at": found.plan.at.isoformat("minutes"),
        "days": [DAYS[day] for day in found.plan.days],
        "on_mains": found.plan.on_mains,
        "current": found.current,
        "last_run": found.last.value,
        "last_exit_code": found.last_code,
    }
