"""The three commands: what each prepares, what it runs, what it returns."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from installer import jobs
from installer.child_process import clean_environment, run_logged, run_shown
from installer.failures import Outcome, SetupError
from installer.preparation import Kind, Place

Ran = list[list[str]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, place: Place) -> Ran:
    """Run nothing; keep what would have been run. The program returns 3, the checks return 0."""
    commands: Ran = []

    def run_nothing(command: list[str], folder: Path) -> int:
        assert folder == place.root
        commands.append(command)
        return 3 if "enn_desktop" in command[2:4] else 0

    def prepare(_place: Place, kind: Kind) -> None:
        commands.append(["prepare", kind])

    monkeypatch.setattr(jobs, "place_from", lambda _environment: place)
    monkeypatch.setattr(jobs, "run_shown", run_nothing)
    monkeypatch.setattr(jobs, "prepare", prepare)
    monkeypatch.setattr(jobs, "documents_folder", lambda _place: Path.home() / "Documents")
    monkeypatch.setattr(jobs, "has_display", lambda _environment: False)
    monkeypatch.setattr(jobs, "make_window_open", lambda _place: True)
    monkeypatch.setattr(jobs, "demand_card_rigs", lambda _place: commands.append(["cards"]))
    monkeypatch.setattr(jobs, "demand_for_tests", lambda _place: commands.append(["wine"]))
    monkeypatch.setattr(jobs, "demand_test_screen", lambda _place: commands.append(["screen"]))
    return commands


def test_demo_prepares_the_program_runs_it_and_returns_its_code(
    ran: Ran, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = jobs.run(["demo", "--to", str(tmp_path / "essai"), "--", "--dossiers", "40"])
    assert code == 3
    assert ran[0] == ["prepare", "runtime"]
    assert ran[1][1:] == ["-m", "enn_desktop", "demo", "--to", str(tmp_path / "essai"), "--dossiers", "40"]
    assert f"Dossier de la démonstration\u00a0: {tmp_path / 'essai'}" in capsys.readouterr().out


def test_demo_goes_to_documents_unless_told_otherwise(ran: Ran) -> None:
    jobs.run(["demo"])
    assert ran[1][-1] == str(Path.home() / "Documents" / "Dossiers de démonstration")


def test_where_there_is_a_screen_the_demonstration_is_a_window(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "has_display", lambda _environment: True)
    jobs.run(["demo", "--to", "là"])
    assert ran[1][1:] == ["-m", "enn_desktop", "--demo", "--to", str(Path("là").absolute())]


@pytest.mark.parametrize("arguments", [["--no-window"], ["--", "--dossiers", "40"]])
def test_the_command_line_is_one_option_away(ran: Ran, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setattr(jobs, "has_display", lambda _environment: True)
    jobs.run(["demo", *arguments])
    assert ran[1][3] == "demo"


def test_a_screen_on_which_no_window_opens_is_as_good_as_none(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "has_display", lambda _environment: True)
    monkeypatch.setattr(jobs, "make_window_open", lambda _place: False)
    jobs.run(["demo"])
    assert ran[1][3] == "demo"


def test_the_documents_folder_is_the_one_of_the_system(tmp_path: Path, own_environment: Path) -> None:
    here = Place(tmp_path, Path(sys.prefix))
    assert jobs.documents_folder(here) == own_environment
    (own_environment / "Documents").mkdir()
    assert jobs.documents_folder(here) == own_environment / "Documents"


def test_without_an_answer_the_documents_folder_is_home(place: Place, own_environment: Path) -> None:
    assert not place.python.exists()
    assert jobs.documents_folder(place) == own_environment


def test_test_runs_the_four_checks_and_hands_the_rest_to_pytest(ran: Ran) -> None:
    assert jobs.run(["test", "--", "-k", "names"]) == Outcome.DONE
    # Before the components: one of them is compiled with what the cards' tests need.
    assert ran[:4] == [["cards"], ["wine"], ["prepare", "dev"], ["screen"]]
    assert [command[2] for command in ran[4:]] == ["ruff", "ruff", "mypy", "pytest"]
    assert ran[-1][2:] == ["pytest", "-k", "names"]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ([], ["tests/wine", "tests/signing_key/windows"]),
        (["--", "tests/wine/test_setup.py"], ["tests/wine/test_setup.py"]),
    ],
)
def test_windows_runs_what_needs_wine_and_nothing_else(ran: Ran, given: list[str], asked: list[str]) -> None:
    assert jobs.run(["windows", *given]) == Outcome.DONE
    assert ran[:4] == [["cards"], ["wine"], ["prepare", "dev"], ["screen"]]
    (command,) = ran[4:]
    assert command[1:3] == ["-m", "pytest"]
    assert command[command.index("-q") :][:3] == ["-q", "-m", "wine"]
    assert command[-len(asked) :] == asked


def test_a_product_that_fails_under_wine_is_a_failed_check(
    ran: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "run_shown", lambda _command, _folder: 1)
    assert jobs.run(["windows"]) == Outcome.CHECKS_FAILED
    assert ran[-1] == ["screen"]
    assert "en échec" in capsys.readouterr().out


def test_one_failed_check_does_not_hide_the_others(
    ran: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail_at_types(command: list[str], _folder: Path) -> int:
        ran.append(command)
        return int("mypy" in command)

    monkeypatch.setattr(jobs, "run_shown", fail_at_types)
    assert jobs.run(["test"]) == Outcome.CHECKS_FAILED
    assert ran[-1][2] == "pytest"
    assert "Contrôles en échec\u00a0: types." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "done"),
    [(["setup"], [["prepare", "runtime"]]), (["setup", "--dev"], [["cards"], ["wine"], ["prepare", "dev"]])],
)
def test_setup_prepares_and_runs_nothing(ran: Ran, arguments: list[str], done: Ran) -> None:
    assert jobs.run(arguments) == Outcome.DONE
    assert ran == done


@pytest.mark.parametrize("arguments", [[], ["dmeo"], ["demo", "--too", "x"], ["setup", "--de"], ["test", "x"]])
def test_what_is_not_understood_gets_the_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert jobs.run(arguments) == Outcome.USAGE
    assert "Commande non comprise." in capsys.readouterr().out


def test_a_stop_asked_for_during_the_set_up_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_place: Place, _kind: Kind) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "prepare", stop)
    assert jobs.run(["setup"]) == Outcome.CANCELLED
    assert "Arrêt demandé." in capsys.readouterr().out


def test_a_tool_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as stop:
        run_logged(
            [sys.executable, "-c", "import threading; threading.Event().wait()"], log=tmp_path / "log", minutes=0.005
        )
    assert stop.value.outcome is Outcome.TOO_LONG


def test_what_a_tool_prints_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert run_logged([sys.executable, "-c", "print('é'); import sys; sys.exit(4)"], log=log, minutes=1) == 4
    assert log.read_text(encoding="utf-8").splitlines()[1:] == ["é"]


def test_a_tool_that_is_not_there_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    assert run_logged([str(tmp_path / "no such tool")], log=tmp_path / "log", minutes=1) == 127


def test_a_log_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        run_logged([sys.executable, "-c", ""], log=tmp_path / "nowhere" / "log", minutes=1)


def test_what_leads_python_astray_does_not_reach_the_tools() -> None:
    cleaned = clean_environment({"PYTHONPATH": "x", "PYTHONHOME": "y", "PIP_USER": "1", "https_proxy": "p"})
    assert {"PYTHONPATH", "PYTHONHOME"} & set(cleaned) == set()
    assert cleaned["PIP_USER"] == "0"
    assert cleaned["https_proxy"] == "p"


def test_ctrl_c_lets_the_program_stop_in_its_own_way() -> None:
    program = (
        "import signal, sys, threading\n"
        "stopped = threading.Event()\n"
        "signal.signal(signal.SIGINT, lambda *_: stopped.set())\n"
        "print('ready', flush=True)\n"
        "while not stopped.wait(0.05): pass\n"
        "sys.exit(130)\n"
    )
    door = (
        "import pathlib, sys\n"
        f"sys.path.insert(0, {str(Path(jobs.__file__).parent.parent)!r})\n"
        "from installer.child_process import run_shown\n"
        f"sys.exit(run_shown([sys.executable, '-c', {program!r}], pathlib.Path('.')))\n"
    )
    command = [sys.executable, "-c", door]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == 130


def test_a_program_shown_returns_its_code(tmp_path: Path) -> None:
    assert run_shown([sys.executable, "-c", "import sys; sys.exit(7)"], tmp_path) == 7
