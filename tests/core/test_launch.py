"""Which arguments open a window, and which are a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.core.launch import Launch, as_command, parse_launch


def test_no_argument_at_all_opens_the_window() -> None:
    assert parse_launch([]) == Launch()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--tray"], Launch(tray=True)),
        (["--quit"], Launch(quit=True)),
        (["--profile", "ici", "--quit"], Launch(profile=Path("ici").absolute(), quit=True)),
        (["--demo"], Launch(demo=True)),
        (["--profile", "ici"], Launch(profile=Path("ici").absolute())),
        (["--profile=ici", "--tray"], Launch(profile=Path("ici").absolute(), tray=True)),
        (["--demo", "--to", "là"], Launch(demo=True, to=Path("là").absolute())),
    ],
)
def test_the_window_s_own_options_are_understood(arguments: list[str], expected: Launch) -> None:
    assert parse_launch(arguments) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["backup"],
        ["--help"],
        ["--version"],
        ["--profile", "ici", "list"],
        ["--profile"],
        ["--tray=oui"],
        ["--to", "x"],
        ["--quit", "--tray"],
        ["--quit", "--demo", "--to", "x"],
    ],
)
def test_everything_else_is_left_to_the_command_line(arguments: list[str]) -> None:
    assert parse_launch(arguments) is None


def test_a_trial_is_a_demonstration_whose_every_file_is_in_its_own_folder() -> None:
    there = Path("essai").absolute()
    assert parse_launch(["--trial", "essai"]) == Launch(
        profile=there / "profil", demo=True, to=there / "dossiers", trial=there
    )


@pytest.mark.parametrize("more", [["--profile", "ici"], ["--demo"], ["--tray"], ["--to", "là"]])
def test_a_trial_takes_no_other_option_so_that_it_cannot_play_in_somebodys_profile(more: list[str]) -> None:
    assert parse_launch(["--trial", "essai", *more]) is None


def test_a_trial_without_a_screen_shows_the_help() -> None:
    assert as_command(Launch(demo=True, trial=Path("là"))) == ["--help"]


def test_without_a_screen_a_demonstration_becomes_its_command_and_a_window_the_help() -> None:
    there = Path("là").absolute()
    assert as_command(Launch(demo=True, to=there)) == ["demo", "--to", str(there)]
    assert as_command(Launch(profile=there, demo=True)) == ["--profile", str(there), "demo"]
    assert as_command(Launch(tray=True)) == ["--help"]
