"""``demo``: a make-believe platform on this computer, to try everything without risk."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from enn_desktop.cli.backup_command import run_one, stop_on_signal
from enn_desktop.cli.desk import Desk
from enn_desktop.core.exits import ExitCode
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system.paths import documents_folder

FOLDER = "Dossiers de démonstration"
IDENTITY = "plateforme de démonstration"
"""The demonstration's port changes each time; its dossiers stay the same."""


def demo(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    serve: Annotated[bool, typer.Option("--serve", help="Seulement la plateforme fictive, jusqu’à Ctrl-C.")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="Dossier où récupérer.")] = None,
    dossiers: Annotated[int, typer.Option("--dossiers", min=30, max=100_000, help="Nombre de dossiers fictifs.")] = 60,
    port: Annotated[int, typer.Option("--port", help="Port de la plateforme fictive (0 : libre).")] = 0,
    version: Annotated[str, typer.Option("--pastell", help="Version imitée : 2.0, 3.1, 4.0, 4.1 ou 5.0.")] = "4.1",
    as_json: Annotated[bool, typer.Option("--json", help="Résultat pour un script.")] = False,
    until_input_ends: Annotated[bool, typer.Option("--until-input-ends", hidden=True)] = False,
) -> None:
    """Récupère les dossiers d’une commune imaginaire, depuis une plateforme fictive lancée sur ce poste."""
    from enn_desktop.demo import DemoServer, build_world
    from enn_desktop.demo import serve as serve_for_ever

    desk = Desk.of(context).speaking(as_json=as_json)
    # Dates count from this morning: a second try on the same day finds nothing new, as in real life.
    morning = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    world = build_world(dossiers=dossiers, profile=version, now=morning)
    world.clock.set(datetime.now(UTC))
    account = world.accounts["secretaire"]
    if serve:
        if until_input_ends:
            threading.Thread(target=_stop_with_input, daemon=True).start()
        serve_for_ever(world, port, lambda url: _announce(desk, url, account.login, account.password))
        raise typer.Exit(int(ExitCode.OK))
    root = to or (documents_folder() if documents_folder().is_dir() else Path.home()) / FOLDER
    desk.speaker.say(f"Plateforme fictive : {len(world.documents)} dossiers imaginaires, rien de réel.")
    desk.speaker.say(f"Récupération dans : {root.absolute()}")
    with stop_on_signal(desk.cancel), DemoServer(world, port=port) as server:
        code = run_one(desk, server.url, Credentials(user=account.login, password=account.password), root, IDENTITY)
    desk.speaker.say(f"Ouvrez {root.absolute() / 'index.html'} pour tout voir.")
    desk.speaker.say("Contrôle sans nous : cd dans un dossier, puis sha256sum -c empreintes.sha256.")
    raise typer.Exit(int(code))


def _announce(desk: Desk, url: str, login: str, password: str) -> None:
    desk.speaker.line({"url": url, "login": login, "password": password})
    desk.speaker.say(f"Plateforme fictive : {url}")
    desk.speaker.say(f"Identifiant : {login}   Mot de passe : {password}   (Ctrl-C pour arrêter)")


def _stop_with_input() -> None:
    """Wait for the end of what comes in: the program that started this one is gone, even if it was killed."""
    while sys.stdin.buffer.read(1024):
        pass
    # Nothing here is worth keeping, and the main thread serves for ever.
    os._exit(int(ExitCode.OK))
