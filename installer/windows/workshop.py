"""Where the Windows product is made, from which version and date, and how its tools are run."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict, Unpack

from installer.child_process import clean_environment
from installer.failures import Outcome, SetupError, explain
from installer.preparation import Place

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).resolve().parent
"""The sources of the Windows product: launcher, lists."""
USUAL = Path("build") / "windows"
_VERSION = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.MULTILINE)
_CHUNK = 1 << 20


class How(TypedDict, total=False):
    """How a tool is run; unless said otherwise: at most 5 minutes, here, with our variables, nothing on its input."""

    minutes: float
    folder: Path
    variables: Mapping[str, str]
    given: bytes


@dataclass(frozen=True)
class Workshop:
    """The folder ``out`` and what stands in it; the tools and the downloads always stand in ``build/windows``."""

    root: Path = ROOT
    out: Path = ROOT / USUAL
    hidden: tuple[str, ...] = ()
    """Variables that no tool is told."""

    @property
    def tools(self) -> Place:
        """The environment of our own tools (uv, pefile, CycloneDX)."""
        return Place(self.root, self.root / USUAL / "tools")

    @property
    def downloads(self) -> Path:
        """What came from the network; kept from one build to the next, checked at each."""
        return self.root / USUAL / "downloads"

    @property
    def runtime(self) -> Path:
        """The unpacked Python for Windows, as its publisher made it."""
        return self.out / "runtime"

    @property
    def wheels(self) -> Path:
        """The components as they come, before what is not used is left out."""
        return self.out / "wheels"

    @property
    def payload(self) -> Path:
        """What is installed, whole and checked; it appears at the end of a build."""
        return self.out / "payload"

    @property
    def draft(self) -> Path:
        """The payload while it is being made."""
        return self.out / "payload.partiel"

    @property
    def log(self) -> Path:
        """What the tools printed."""
        return self.out / "build.log"

    @cached_property
    def version(self) -> str:
        """The program's version, as in ``enn_desktop/__init__.py``."""
        found = _VERSION.search((self.root / "enn_desktop" / "__init__.py").read_text(encoding="utf-8"))
        if found is None:
            raise SetupError(Outcome.BUILD, "La version du programme est introuvable dans enn_desktop/__init__.py.")
        return found.group(1)

    @cached_property
    def epoch(self) -> int:
        """The date of the product, in seconds: SOURCE_DATE_EPOCH, or else the date of the commit."""
        given = os.environ.get("SOURCE_DATE_EPOCH", "")
        if given.isdecimal():
            return int(given)
        try:
            told = subprocess.run(
                ["git", "log", "-1", "--format=%ct"],  # noqa: S607 - where PATH has it
                cwd=self.root,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            ).stdout.strip()
        except OSError:
            told = ""
        if not told.isdecimal():
            raise SetupError(
                Outcome.BUILD,
                "La date du produit est inconnue\u00a0: ce dossier n’a pas d’historique git.\n"
                "Donnez-la en secondes dans la variable SOURCE_DATE_EPOCH, puis relancez.",
            )
        return int(told)

    def run(self, step: str, command: Sequence[str | Path], **how: Unpack[How]) -> str:
        """Run a tool and return what it printed, which the log keeps too; ``SetupError`` names the ``step``."""
        code, printed = self.try_run(command, **how)
        if code != 0:
            cause = explain(printed, str(self.log))
            if cause.outcome is not Outcome.COMPONENTS:
                raise cause
            last = "\n".join(f"    {line}" for line in printed.splitlines()[-6:] if line.strip())
            raise SetupError(Outcome.BUILD, f"Étape en échec\u00a0: {step}.\n{last}\nDétail\u00a0: {self.log}")
        return printed

    def _environment(self) -> dict[str, str]:
        """Return what a tool is told: not the secret of whoever signs, which is for the signing tool alone."""
        return {name: value for name, value in clean_environment(os.environ).items() if name not in self.hidden}

    def try_run(self, command: Sequence[str | Path], **how: Unpack[How]) -> tuple[int, str]:
        """Run a tool; return its exit code (127 when it cannot be started) and what it printed."""
        words, minutes = [str(word) for word in command], how.get("minutes", 5)
        try:
            done = subprocess.run(
                words,
                input=how.get("given", b""),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=how.get("folder"),
                env={**self._environment(), **how.get("variables", {})},
                timeout=minutes * 60,
                check=False,
            )
            code, printed = done.returncode, done.stdout.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            code, printed = 1, f"Arrêté après {minutes:g} minutes."
        except OSError as error:
            code, printed = 127, str(error)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n{printed}\n")
        return code, printed


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in lower-case hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def listed(name: str) -> list[tuple[str, str]]:
    """Return the lines of one of our lists as (first word, the rest); empty lines and ``#`` lines are left out."""
    lines = (OWN / name).read_text(encoding="utf-8").splitlines()
    words = [line.split(maxsplit=1) for line in lines if line.strip() and not line.startswith("#")]
    return [(word[0], word[1].strip() if len(word) > 1 else "") for word in words]
