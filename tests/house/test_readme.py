"""README says what the program does: its exit codes, its commands, its set-up."""

from __future__ import annotations

import ast
import re

import pytest

from enn_desktop.core.exits import ExitCode
from installer.failures import Outcome
from installer.jobs import HELP
from tests.house.source_tree import PACKAGE, PROJECT, calls, dotted, python_files

README = PROJECT / "README.md"
_ROW = re.compile(r"^\| (\d+) \| `(\w+)` \| (.+?) \|$", re.MULTILINE)
_NAMED_IN_HELP = re.compile(r"(?:^|\s)(\d{1,3}) [a-zé]")


def exit_rows(text: str) -> dict[int, str]:
    """Return code → name from README's table of exit codes."""
    section = text.partition("### Codes de retour")[2].partition("\n#")[0]
    return {int(code): name for code, name, _ in _ROW.findall(section)}


def test_the_table_of_exit_codes_is_the_one_that_the_program_uses() -> None:
    assert exit_rows(README.read_text(encoding="utf-8")) == {int(code): code.name for code in ExitCode}


def test_a_row_too_many_or_too_few_in_the_table_would_be_seen() -> None:
    text = README.read_text(encoding="utf-8")
    without_busy = text.replace("| 7 | `BUSY` |", "| 77 | `BUSY` |")
    assert exit_rows(without_busy) != exit_rows(text)


def test_the_help_of_the_set_up_names_every_exit_code_it_uses() -> None:
    listed = {int(code) for code in _NAMED_IN_HELP.findall(HELP.partition("Codes de retour")[2])}
    assert listed == {int(outcome) for outcome in Outcome}


def registered(kind: str) -> set[str]:
    """Return the words given to every call of that name in the command line's code."""
    given = [
        call.args
        for path in python_files(PACKAGE / "cli")
        for call in calls(path)
        if dotted(call.func).endswith(f".{kind}")
    ]
    return {one.value for args in given for one in args if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def command_names() -> set[str]:
    """Return every command of the program."""
    return registered("command")


def option_names() -> set[str]:
    """Return every option that the command line names."""
    return {one for one in registered("Option") if one.startswith("--")}


@pytest.mark.parametrize("name", sorted(command_names()))
def test_readme_names_this_command(name: str) -> None:
    assert re.search(rf"`(?:enn-desktop )?(?:account |task )?{name}\b", README.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(option_names()))
def test_readme_names_this_option(name: str) -> None:
    assert name in README.read_text(encoding="utf-8")


def test_readme_gives_the_two_commands_first() -> None:
    first_screen = README.read_text(encoding="utf-8").splitlines()[:40]
    assert any("installer/bootstrap.py demo" in line for line in first_screen)
    assert any("installer/bootstrap.py test" in line for line in first_screen)
