"""Packages of Debian and its kin: installed where that needs no password, never asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from installer.child_process import Runner
from installer.failures import Outcome, SetupError
from installer.speech import say

_INSTALL = ("install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")
"""Waits two minutes for another installation, such as the daily updates."""


def has_apt() -> bool:
    """Whether this system installs its packages with apt-get."""
    return shutil.which("apt-get") is not None


def install(packages: Sequence[str], run: Runner, log: Path) -> bool:
    """Install packages where nobody has to be asked; whether apt-get says that it did."""
    rights = _administrator(run, log) if has_apt() else None
    if rights is None:
        return False
    say(f"Préparation… {'paquet' if len(packages) == 1 else 'paquets'} du système\u00a0: {' '.join(packages)}")
    command = [*rights, "apt-get", *_INSTALL, *packages]
    if run(command, log=log, minutes=10) == 0:
        return True
    # A fresh machine has no list of packages, an idle one has an old list.
    run([*rights, "apt-get", "update"], log=log, minutes=10)
    return run(command, log=log, minutes=10) == 0


def demand(missing: Callable[[], list[str]], what: str, outcome: Outcome, run: Runner, log: Path) -> None:
    """Go on when nothing is ``missing`` for ``what`` (« Les contrôles de… »); install what lacks, asking nobody.

    Raises ``SetupError`` where Debian's packages cannot be installed. Elsewhere a sentence names them: the tests that
    need them fail, the others say what they have to say.
    """
    packages = missing()
    if not packages or (installed(packages, run, log) and not missing()):
        return
    names = " ".join(packages)
    sentence = f"{what} demandent des paquets qui manquent ici\u00a0: {names}."
    if not has_apt():
        say(f"{sentence}\nInstallez-les sous le nom que leur donne ce système\u00a0: sans eux, ces contrôles échouent.")
        return
    raise SetupError(
        outcome,
        f"{sentence}\nTapez\u00a0: sudo apt-get install {names}\npuis relancez la même commande.\nDétail\u00a0: {log}",
    )


def installed(packages: Sequence[str], run: Runner, log: Path) -> bool:
    """Like :func:`install`, for what is only wished for: a stop of its own is said, and nothing more."""
    with suppress(OSError):  # said by the next step, whose work it is to demand a place for the environment
        log.parent.mkdir(parents=True, exist_ok=True)
    try:
        return install(packages, run, log)
    except SetupError as stop:
        # apt-get that never ends, or a log that cannot be written.
        say(stop.sentence)
        return False


def _administrator(run: Runner, log: Path) -> list[str] | None:
    """Return what to put before a command to run it as administrator without a question, ``None`` if nothing can."""
    who = getattr(os, "geteuid", None)
    if who is not None and who() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], log=log, minutes=1) == 0:
        return ["sudo", "-n"]
    return None
