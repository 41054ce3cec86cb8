"""The environment of the project: made, filled from the lock, remembered; made again when it was cut short."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from installer.child_process import Runner, run_logged
from installer.debian import has_apt, install
from installer.failures import DISK_FULL_SIGN, Outcome, SetupError, explain, explain_disk
from installer.speech import say

Kind = Literal["runtime", "dev", "windows-tools"]
"""The program, the program with what tests it, and apart from both, what makes the Windows product."""
LOCKS: dict[Kind, str] = {
    "runtime": "requirements.txt",
    "dev": "requirements-dev.txt",
    "windows-tools": "requirements-windows-tools.txt",
}
ROOM_BYTES: dict[Kind, int] = {"runtime": 600_000_000, "dev": 800_000_000, "windows-tools": 2_000_000_000}
"""Asked for before starting.

Measured on Linux with PySide6-Essentials 6.11.3: at most 436 MB are taken at once (340 MB stay), 572 MB with the tools
of the tests (446 MB stay); from the network, pip also keeps what it downloads (96 MB and 126 MB) in its cache.
The Windows product takes 1.5 GB while it is made, most of it for Wine and for the whole of Qt (500 MB stay).
"""
COMPILED, COMPILER = "pyscard", "setuptools"
"""The one component of the tests that has no wheel for Linux, and what compiles it."""
_FULL_BYTES = 20_000_000
"""Fewer bytes than that after a failure: the disk is full, whatever the tool said of it."""
_VENV_NAMES = {"bin", "include", "lib", "lib64", "share", "Scripts", "Include", "Lib", "pyvenv.cfg", ".gitignore"}
_STAMP = "enn-prepared.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the project is and where its environment goes (``ENN_VENV`` moves it)."""

    root: Path
    venv: Path

    @property
    def python(self) -> Path:
        """The Python of the environment, on any system: whichever of the two layouts is there."""
        windows = self.venv / "Scripts" / "python.exe"
        return windows if (self.venv / "Scripts").is_dir() else self.venv / "bin" / "python"

    @property
    def log(self) -> Path:
        """What the tools printed during the last set-up; beside the environment, which may be made again."""
        return self.venv.with_name(f"{self.venv.name}.log")

    @property
    def stamp(self) -> Path:
        """Written last: what the environment was made from."""
        return self.venv / _STAMP


def place_from(environment: dict[str, str]) -> Place:
    """Return the place of this project, its environment in ``.venv`` or where ``ENN_VENV`` says."""
    root = Path(__file__).resolve().parent.parent
    return Place(root, (root / environment.get("ENN_VENV", ".venv")).absolute())


def fingerprint(place: Place, kind: Kind) -> str:
    """Return what an environment of that kind is made from: lock, project file, Python, folders."""
    digest = hashlib.sha256()
    for file in (place.root / "installer" / LOCKS[kind], place.root / "pyproject.toml"):
        digest.update(file.read_bytes())
    digest.update(f"{sys.version_info[:3]} {place.root} {place.venv}".encode())
    return digest.hexdigest()


def is_ready(place: Place, kind: Kind) -> bool:
    """Whether the environment is there, whole, and made from the present lock (``dev`` holds ``runtime``)."""
    try:
        stamp = json.loads(place.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    wanted: tuple[Kind, ...] = ("runtime", "dev") if kind == "runtime" else (kind,)
    return place.python.exists() and stamp in [[one, fingerprint(place, one)] for one in wanted]


def prepare(place: Place, kind: Kind, run: Runner = run_logged) -> None:
    """Make the environment ready, or raise ``SetupError``; quick when it already is."""
    if is_ready(place, kind):
        say("Préparation… déjà faite.")
        return
    say("Préparation… 1/4\u00a0: place sur le disque et droits d’écriture")
    demand_room(place, kind)
    demand_venv_module(place, run)
    say("Préparation… 2/4\u00a0: environnement Python du projet")
    make_environment(place, run)
    say("Préparation… 3/4\u00a0: composants (une à deux minutes la première fois)")
    install_locked(place, kind, run)
    if kind != "windows-tools":
        say("Préparation… 4/4\u00a0: enn-desktop")
        _pip(place, run, "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(place.root))
    try:
        place.stamp.write_text(json.dumps([kind, fingerprint(place, kind)]), encoding="utf-8")
    except OSError as error:
        raise explain_disk(error, str(place.venv)) from error
    say("Préparation… terminée.")


def demand_room(place: Place, kind: Kind) -> None:
    """Go on when the disk has room and the folder can be written; start a new log."""
    try:
        place.log.parent.mkdir(parents=True, exist_ok=True)
        left = shutil.disk_usage(place.log.parent).free
        place.log.write_bytes(b"")
    except OSError as error:
        raise explain_disk(error, str(place.log.parent)) from error
    if left < ROOM_BYTES[kind] and not place.stamp.exists():
        raise SetupError(
            Outcome.DISK_FULL,
            f"Il reste {left // 1_000_000} Mo sur ce disque\u00a0: il en faut {ROOM_BYTES[kind] // 1_000_000}.\n"
            "Libérez de la place, puis relancez la même commande.",
        )


def has_venv_module() -> bool:
    """Whether this Python can make an environment with pip in it."""
    importlib.invalidate_caches()
    found = [importlib.util.find_spec(name) for name in ("venv", "ensurepip")]
    return all(spec is not None and spec.has_location for spec in found)


def demand_venv_module(place: Place, run: Runner) -> None:
    """Go on when Python can make an environment; on Debian, install what lacks when that needs no password."""
    if has_venv_module():
        return
    package = f"python3.{sys.version_info.minor}-venv"
    install([package], run, place.log)
    if has_venv_module():
        return
    if has_apt():
        advice = (
            f"Tapez\u00a0: sudo apt-get install {package}\npuis relancez la même commande.\nDétail\u00a0: {place.log}"
        )
    else:
        advice = "Réinstallez Python en entier (avec pip et venv), puis relancez la même commande."
    raise SetupError(Outcome.VENV_MODULE, f"Ce Python n’a pas de quoi créer un environnement.\n{advice}")


def make_environment(place: Place, run: Runner) -> None:
    """Keep a sound environment of the same Python; make any other again, but never touch a foreign folder."""
    check = f"import sys, pip; sys.exit(sys.version_info[:3] != {tuple(sys.version_info[:3])})"
    if place.python.exists() and run([str(place.python), "-c", check], log=place.log, minutes=1) == 0:
        return
    try:
        names = {item.name for item in place.venv.iterdir()} if place.venv.exists() else set()
    except OSError as error:
        raise explain_disk(error, str(place.venv)) from error
    if "pyvenv.cfg" not in names and not names <= _VENV_NAMES:
        raise SetupError(
            Outcome.FOLDER_TAKEN,
            f"Le dossier {place.venv} contient autre chose qu’un environnement Python\u00a0: il n’a pas été touché.\n"
            "Déplacez-le, ou donnez un autre dossier dans la variable ENN_VENV, puis relancez.",
        )
    base = getattr(sys, "_base_executable", None) or sys.executable
    _demand(place, run, [base, "-m", "venv", "--clear", str(place.venv)], minutes=5)


def install_locked(place: Place, kind: Kind, run: Runner) -> None:
    """Install what the lock names, each file with its hash; what has to be compiled here, with the lock's own tool."""
    lock = place.root / "installer" / LOCKS[kind]
    options = ["--require-hashes", "--only-binary", ":all:"]
    tool = pinned(lock.read_text(encoding="utf-8"), COMPILER) if kind == "dev" and sys.platform == "linux" else ""
    if tool:
        # In place before the rest: pip would otherwise take one from the network, of any version and unverified.
        alone = place.venv / "compiler.txt"
        try:
            alone.write_text(tool, encoding="utf-8")
        except OSError as error:
            raise explain_disk(error, str(place.venv)) from error
        _pip(place, run, *options, "--requirement", str(alone))
        options += ["--no-binary", COMPILED, "--no-build-isolation"]
    _pip(place, run, *options, "--requirement", str(lock))


def pinned(lock: str, package: str) -> str:
    """Return the lines of a lock by which this package is installed; empty when it holds none."""
    found = re.search(rf"^{re.escape(package)}==.*\\\n(?:    --hash=.*\n)+", lock, re.MULTILINE)
    return found.group() if found else ""


def _pip(place: Place, run: Runner, *arguments: str) -> None:
    _demand(place, run, [str(place.python), "-m", "pip", "install", *arguments], minutes=30)


def _demand(place: Place, run: Runner, command: list[str], *, minutes: float) -> None:
    start = place.log.stat().st_size
    if run(command, log=place.log, minutes=minutes) == 0:
        return
    # The first line is our own command: a path in it must not be taken for a message.
    printed = place.log.read_bytes()[start:].decode("utf-8", "replace").partition("\n")[2]
    full = shutil.disk_usage(place.venv.parent).free < _FULL_BYTES
    raise explain(DISK_FULL_SIGN if full else printed, str(place.log))
