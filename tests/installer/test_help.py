"""The help of the set-up and the exit codes say the same."""

from __future__ import annotations

import re

from installer.failures import Outcome
from installer.jobs import HELP


def test_every_exit_code_is_in_the_help_and_nothing_else_is() -> None:
    table = HELP.partition("Codes de retour\n")[2].partition("  Ensuite")[0]
    assert {int(code) for code in re.findall(r"(?:^|\s{2,})(\d+) ", table)} == {int(one) for one in Outcome}


def test_the_help_fits_a_console() -> None:
    assert max(len(line) for line in HELP.splitlines()) <= 120
