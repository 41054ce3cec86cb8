"""The door of the set-up: an old Python is told what is wrong, in a file that it can read."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer.bootstrap import EXIT_PYTHON, NEWEST, OLDEST, fitting_python, wrong_python
from installer.failures import Outcome
from installer.speech import in_signs_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["bootstrap.py", "speech.py", "__init__.py"])
def test_an_old_python_can_read_what_refuses_it(name: str) -> None:
    ast.parse((ROOT / "installer" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (2, 7)])
def test_a_python_too_old_gets_a_sentence_with_the_versions_that_fit(version: tuple[int, int]) -> None:
    sentence = wrong_python(version, "")
    assert f"Python {version[0]}.{version[1]} est trop ancien" in sentence
    assert "de 3.11 à 3.14" in sentence
    assert "Installez Python" in sentence


def test_a_python_too_recent_gets_its_own_word() -> None:
    assert "est trop récent" in wrong_python((3, NEWEST[1] + 1), "")


@pytest.mark.parametrize("minor", range(OLDEST[1], NEWEST[1] + 1))
def test_a_python_that_fits_is_not_refused(minor: int) -> None:
    assert wrong_python((3, minor), "") == ""


def test_another_python_of_this_computer_is_named(tmp_path: Path) -> None:
    for name in ("python3.9", "python3.11", "python3.12"):
        (tmp_path / name).touch(0o755)
    folders = os.pathsep.join(["/nowhere", str(tmp_path)])
    assert fitting_python(folders) == "python3.12"
    assert "relancez avec «\u00a0python3.12 installer/bootstrap.py\u00a0»" in wrong_python((3, 9), folders)


def test_the_door_and_the_rest_use_the_same_code_for_a_wrong_python() -> None:
    assert EXIT_PYTHON == Outcome.PYTHON


def test_a_console_without_accents_still_gets_a_readable_sentence() -> None:
    sentence = "Vérifiez l’accès\u202f: «\u00a0à côté\u00a0»…"
    assert in_signs_of("ascii", sentence) == 'Verifiez l\'acces : " a cote "...'
    assert in_signs_of("cp1252", sentence) == 'Vérifiez l\'accès : " à côté "...'


def test_a_command_that_is_not_understood_gets_the_help_in_french() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "installer" / "bootstrap.py"), "dmeo"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )
    assert done.returncode == Outcome.USAGE
    assert done.stdout.startswith("Commande non comprise.")
    assert "demo    prépare le projet" in done.stdout
