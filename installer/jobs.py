"""What the set-up can be asked for: ``demo``, ``test``, ``windows``, ``setup``; says sentences, returns a code."""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from installer.cards import demand_card_rigs
from installer.child_process import clean_environment, run_shown
from installer.failures import Outcome, SetupError
from installer.preparation import Place, place_from, prepare
from installer.screen import demand_test_screen, has_display, make_window_open
from installer.speech import say
from installer.windows.needs import demand_for_tests

HELP = """\
Usage\u00a0: python3 installer/bootstrap.py COMMANDE [options] [-- options transmises]

Commandes
  demo    prépare le projet, puis ouvre la fenêtre sur une commune imaginaire (sans écran\u00a0: en ligne de commande)
          --to DOSSIER   où ranger ses dossiers (sinon\u00a0: «\u00a0Dossiers de démonstration\u00a0», dans Documents)
          --no-window    en ligne de commande, même avec un écran
          -- OPTIONS     transmises à la commande demo du programme, par exemple\u00a0: -- --dossiers 40 (sans fenêtre)
  test    prépare le projet avec ses outils de contrôle, puis contrôle tout
          -- OPTIONS     transmises à pytest, par exemple\u00a0: -- -m torture
  windows fabrique le produit Windows, l’installe sous Wine, s’en sert, le met à jour, le retire
          -- OPTIONS     transmises à pytest, par exemple\u00a0: -- tests/wine/test_setup.py
  setup   prépare le projet, sans rien lancer
          --dev          avec les outils de contrôle

L’environnement est dans .venv, ou dans le dossier que nomme la variable ENN_VENV.

Codes de retour
  0 tout est fait             1 un contrôle a échoué (test)   2 commande non comprise
  20 version de Python        21 module venv absent           22 téléchargement impossible
  23 disque plein             24 écriture refusée             25 composants\u00a0: autre raison
  26 dossier déjà pris        27 étape trop longue            28 écran des contrôles absent
  29 lecteurs des contrôles absents
  Produit Windows (installer/build.py)\u00a0:
  30 outils absents           31 fichier refusé               32 étape en échec
  130 arrêt demandé
  Ensuite, demo rend le code du programme (voir README).
"""
FOLDER = "Dossiers de démonstration"
EVERY_CORE = ("-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--max-worker-restart", "0")
"""How pytest runs everything; with options of her own, it runs as she says.

A worker that dies ends the run with the name of its test: with another in its place, the run would wait for ever.
"""
UNDER_WINE = (
    *("-q", "-m", "wine", "--durations", "15"),
    *("--no-loadscope-reorder", "-o", "faulthandler_timeout=900"),
)
"""Its first steps prepare a whole Windows, which takes minutes where nothing is wrong."""
WINDOWS_TESTS = ("tests/wine", "tests/signing_key/windows")
_CHECKED = ("enn_desktop", "installer", "tests")


class _FrenchParser(argparse.ArgumentParser):
    """Says in French what it did not understand."""

    def format_help(self) -> str:
        """Return the one help text, whatever the command."""
        return HELP

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - the library's message is in English
        """Stop with the help."""
        raise SetupError(Outcome.USAGE, f"Commande non comprise.\n\n{HELP}")


def run(arguments: Sequence[str]) -> int:
    """Do what is asked for; return the exit code, after a sentence for every failure."""
    try:
        return _run(arguments)
    except SetupError as stop:
        say(stop.sentence)
        return int(stop.outcome)
    except KeyboardInterrupt:
        say("Arrêt demandé. Relancez la même commande quand vous voulez\u00a0: elle reprend.")
        return int(Outcome.CANCELLED)


def _run(arguments: Sequence[str]) -> int:
    given = list(arguments)
    cut = given.index("--") if "--" in given else len(given)
    wanted, passed = _parser().parse_args(given[:cut]), given[cut + 1 :]
    place = place_from(dict(os.environ))
    if wanted.job == "demo":
        prepare(place, "runtime")
        window = not wanted.no_window and not passed and has_display(os.environ) and make_window_open(place)
        return demo(place, wanted.to, passed, window=window)
    if wanted.job in {"test", "windows"}:
        demand_card_rigs(place)
        demand_for_tests(place)
        prepare(place, "dev")
        demand_test_screen(place)
        return check(place, passed) if wanted.job == "test" else check_windows(place, passed)
    if wanted.dev:
        demand_card_rigs(place)
        demand_for_tests(place)
    prepare(place, "dev" if wanted.dev else "runtime")
    return int(Outcome.DONE)


def _parser() -> argparse.ArgumentParser:
    parser = _FrenchParser(allow_abbrev=False)
    jobs = parser.add_subparsers(dest="job", required=True)
    demo_parser = jobs.add_parser("demo", allow_abbrev=False)
    demo_parser.add_argument("--to", type=Path)
    demo_parser.add_argument("--no-window", action="store_true")
    jobs.add_parser("test", allow_abbrev=False)
    jobs.add_parser("windows", allow_abbrev=False)
    jobs.add_parser("setup", allow_abbrev=False).add_argument("--dev", action="store_true")
    return parser


def demo(place: Place, to: Path | None, passed: Sequence[str], *, window: bool = False) -> int:
    """Run the program's demonstration into ``to``, named on the screen; return the program's exit code."""
    folder = (to or documents_folder(place) / FOLDER).absolute()
    say(f"Dossier de la démonstration\u00a0: {folder}")
    start = [str(place.python), "-m", "enn_desktop"]
    if window:
        say("La fenêtre s’ouvre\u00a0: cliquez «\u00a0Tout récupérer\u00a0».")
        return run_shown([*start, "--demo", "--to", str(folder)], place.root)
    return run_shown([*start, "demo", "--to", str(folder), *passed], place.root)


def documents_folder(place: Place) -> Path:
    """Return the user's Documents folder as the system names it, or the home folder where there is none."""
    question = "import platformdirs; print(platformdirs.user_documents_path())"
    try:
        answer = subprocess.run(
            [str(place.python), "-c", question],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=clean_environment(os.environ),
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Path.home()
    named = Path(answer.stdout.strip())
    return named if answer.returncode == 0 and named.is_absolute() and named.is_dir() else Path.home()


def check_windows(place: Place, passed: Sequence[str]) -> int:
    """Run what needs Wine; return 0 when all passed. Its pictures stay where ``ENN_PICTURES`` says."""
    say("Contrôle\u00a0: Windows, sous Wine")
    asked = passed or WINDOWS_TESTS
    if run_shown([str(place.python), "-m", "pytest", *EVERY_CORE, *UNDER_WINE, *asked], place.root) != 0:
        say("Le contrôle sous Wine est en échec.")
        return int(Outcome.CHECKS_FAILED)
    say("Le produit Windows est passé.")
    return int(Outcome.DONE)


def check(place: Place, passed: Sequence[str]) -> int:
    """Run every check, even after one failed; return 0 when all passed."""
    module = [str(place.python), "-m"]
    checks = {
        "style": [*module, "ruff", "check", *_CHECKED],
        "mise en forme": [*module, "ruff", "format", "--check", *_CHECKED],
        "types": [*module, "mypy"],
        "tests": [*module, "pytest", *(passed or EVERY_CORE)],
    }
    failed: list[str] = []
    for name, command in checks.items():
        say(f"Contrôle\u00a0: {name}")
        if run_shown(command, place.root) != 0:
            failed.append(name)
    if failed:
        say(f"Contrôles en échec\u00a0: {', '.join(failed)}.")
        return int(Outcome.CHECKS_FAILED)
    say("Tous les contrôles sont passés.")
    return int(Outcome.DONE)
