"""The command that makes the Windows product: its tools first, then the work itself, which runs among them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.child_process import run_shown
from installer.failures import Outcome, SetupError
from installer.preparation import prepare
from installer.speech import say
from installer.windows.needs import demand_tools
from installer.windows.order import understood
from installer.windows.signing import Signer
from installer.windows.workshop import Workshop


def run(arguments: Sequence[str]) -> int:
    """Do what is asked for; return the exit code, after a sentence for every failure."""
    workshop = Workshop()
    try:
        order = understood(arguments)
        demand_tools(workshop.tools)
        with _kept_secret(order.signer):
            prepare(workshop.tools, "windows-tools")
    except SetupError as stop:
        say(stop.sentence)
        return int(stop.outcome)
    except KeyboardInterrupt:
        say("Arrêt demandé. Relancez la même commande quand vous voulez.")
        return int(Outcome.CANCELLED)
    command = [str(workshop.tools.python), "-m", "installer.windows.assembly", *arguments]
    return run_shown(command, workshop.root)


@contextmanager
def _kept_secret(signer: Signer | None) -> Iterator[None]:
    """Keep the secret of whoever signs from the tools that install other people's code."""
    name = signer.password_env if signer is not None else ""
    secret = os.environ.pop(name, None)
    try:
        yield
    finally:
        if secret is not None:
            os.environ[name] = secret
