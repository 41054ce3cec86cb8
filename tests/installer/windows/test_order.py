"""The command that makes the Windows product is understood, or says in French what it did not understand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from installer.failures import Outcome, SetupError
from installer.windows.order import HELP, understood
from tests.house.source_tree import PROJECT


def test_without_options_everything_is_the_usual() -> None:
    order = understood([])
    assert (order.runtime, order.out, order.signer, order.payload_only, order.fast) == (None, None, None, False, False)


def test_who_signs_is_told_by_a_certificate() -> None:
    order = understood(["--certificate", "enn.p12", "--timestamp", "http://horodatage.exemple.fr"])
    assert order.signer is not None
    assert (order.signer.certificate, order.signer.timestamp) == (Path("enn.p12"), "http://horodatage.exemple.fr")


def test_a_newer_python_is_given_with_its_hash() -> None:
    order = understood(["--runtime", "p.zip", "--runtime-sha256", "AB12"])
    assert order.runtime is not None
    assert order.runtime.file == Path("p.zip").absolute()
    assert order.runtime.sha256 == "AB12"


@pytest.mark.parametrize(
    "arguments", [["--runtime", "p.zip"], ["--runtime-sha256", "AB12"], ["--vite"], ["--out"], ["tout"]]
)
def test_what_is_not_understood_stops_with_the_help(arguments: list[str]) -> None:
    with pytest.raises(SetupError) as stop:
        understood(arguments)
    assert stop.value.outcome is Outcome.USAGE
    assert stop.value.sentence.endswith(HELP)


def test_the_help_is_shown_and_fits_a_console() -> None:
    command = [sys.executable, str(PROJECT / "installer" / "build.py"), "--help"]
    shown = subprocess.run(command, capture_output=True, timeout=60, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert shown.stdout.decode().splitlines() == HELP.splitlines()
    assert max(len(line) for line in HELP.splitlines()) <= 120


def test_every_option_is_in_the_help() -> None:
    ours = ("--runtime", "--runtime-sha256", "--out", "--payload-only", "--fast", "--certificate", "--password-env")
    options = [*ours, "--roots", "--timestamp", "--timestamp-roots", "--module", "--key"]
    assert [option for option in options if f"{option} " not in HELP] == []
