"""Runs other programs: their output in a log, no question asked, and an end to every wait."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from installer.failures import Outcome, SetupError, explain_disk

_MISLEADING = ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV")
_QUIET = {
    "PIP_NO_INPUT": "1",
    "PIP_USER": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONUTF8": "1",
    "DEBIAN_FRONTEND": "noninteractive",
}


class Runner(Protocol):
    """Runs a command to its end and returns its exit code; what it prints goes to ``log``."""

    def __call__(self, command: Sequence[str], *, log: Path, minutes: float) -> int:
        """Run; raises ``SetupError`` when the time is over or the log cannot be written."""
        ...


def clean_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a tool: nothing that leads Python astray, nothing that asks questions."""
    kept = {name: value for name, value in given.items() if name not in _MISLEADING}
    return kept | _QUIET


def run_logged(command: Sequence[str], *, log: Path, minutes: float) -> int:
    """Run a tool silently, its output appended to ``log``; a program that cannot start returns 127."""
    try:
        with log.open("ab") as output:
            output.write(f"$ {' '.join(command)}\n".encode())
            output.flush()
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=clean_environment(os.environ),
                timeout=minutes * 60,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise SetupError(
            Outcome.TOO_LONG,
            f"Une étape n’a pas abouti en {minutes:g} minutes\u00a0: elle a été arrêtée.\n"
            f"Vérifiez la connexion, puis relancez la même commande.\nDétail\u00a0: {log}",
        ) from error
    except OSError as error:
        if not log.exists():
            raise explain_disk(error, str(log.parent)) from error
        with log.open("a", encoding="utf-8") as output:
            output.write(f"{error}\n")
        return 127
    return done.returncode


def run_shown(command: Sequence[str], folder: Path) -> int:
    """Run a program in front of the user and return its exit code.

    Ctrl-C reaches that program too, which stops in its own way: it is waited for, not killed.
    """
    sys.stdout.flush()
    with subprocess.Popen(command, cwd=folder) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue
