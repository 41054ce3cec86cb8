"""The command that makes the Windows product: its tools first, then the work itself, which runs among them."""

from __future__ import annotations

from collections.abc import Sequence

from installer.child_process import run_shown
from installer.failures import Outcome, SetupError
from installer.preparation import prepare
from installer.speech import say
from installer.windows.needs import demand_tools
from installer.windows.order import understood
from installer.windows.workshop import Workshop


def run(arguments: Sequence[str]) -> int:
    """Do what is asked for; return the exit code, after a sentence for every failure."""
    workshop = Workshop()
    try:
        understood(arguments)
        demand_tools(workshop.tools)
        prepare(workshop.tools, "windows-tools")
    except SetupError as stop:
        say(stop.sentence)
        return int(stop.outcome)
    except KeyboardInterrupt:
        say("Arrêt demandé. Relancez la même commande quand vous voulez.")
        return int(Outcome.CANCELLED)
    command = [str(workshop.tools.python), "-m", "installer.windows.assembly", *arguments]
    return run_shown(command, workshop.root)
