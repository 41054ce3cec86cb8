"""Packages of Debian and its kin: installed where that needs no password, never asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from installer.child_process import Runner
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


def _administrator(run: Runner, log: Path) -> list[str] | None:
    """Return what to put before a command to run it as administrator without a question, ``None`` if nothing can."""
    who = getattr(os, "geteuid", None)
    if who is not None and who() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], log=log, minutes=1) == 0:
        return ["sudo", "-n"]
    return None
