"""``task``, and what it starts: sentences, exit codes, silence when all is well; nobody is ever waited for."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.cli import task_commands
from enn_desktop.cli.main import main
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.core.task_plan import TaskPlan
from enn_desktop.demo import DemoServer, build_bench_world
from enn_desktop.system.folder_lock import FolderLock
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.scheduled_task import LastRun, Registered, Scheduler
from enn_desktop.system.settings_store import save_settings
from tests.house.source_tree import PROJECT

PASSWORD_VARIABLE = "MOT_DE_PASSE_D_ESSAI"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profil"


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a ``systemctl`` of the test's own first in the PATH, and return the file where it notes what it was asked."""
    tools, noted = tmp_path / "outils", tmp_path / "demandes"
    tools.mkdir()
    script = tools / "systemctl"
    answer = "ActiveState=inactive\\nExecMainCode=0\\nExecMainStatus=0\\nExecMainExitTimestampMonotonic=0\\n"
    lines = ("#!/bin/sh", f'printf "%s\\n" "$*" >> "{noted}"', f'[ "$2" != show ] || printf "{answer}"', "")
    script.write_text("\n".join(lines), encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return noted


def said(profile: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["--profile", str(profile), *arguments])
    found = capsys.readouterr()
    return code, found.out, found.err


def test_a_task_is_installed_shown_and_removed_with_sentences(
    profile: Path, systemctl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Pas de tâche planifiée" in said(profile, capsys, "task", "show")[1]
    code, out, err = said(profile, capsys, "task", "install", "--at", "7h30", "--days", "lun-ven")
    assert code == ExitCode.OK
    assert "Chaque lundi, mardi, mercredi, jeudi et vendredi, à partir de 7\u00a0h\u00a030." in out
    assert "aucun compte n’est gardé" in err
    assert "enable --now enn-desktop-backup-" in systemctl.read_text(encoding="utf-8")
    assert "Elle n’est pas encore passée." in said(profile, capsys, "task", "show")[1]
    assert "Tâche retirée." in said(profile, capsys, "task", "remove")[1]
    assert "Il n’y avait pas de tâche." in said(profile, capsys, "task", "remove")[1]


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        ((LastRun.NEVER, None), "Elle n’est pas encore passée."),
        ((LastRun.RUNNING, None), "Elle est en train de passer."),
        ((LastRun.UNKNOWN, None), "On ne sait pas comment elle a fini."),
        ((LastRun.ENDED, 0), "La dernière fois\u00a0: tout est fait, rien ne manque."),
        ((LastRun.ENDED, 7), "La dernière fois\u00a0: code 7 (BUSY)."),
    ],
)
def test_how_the_task_ended_is_told(
    profile: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ended: tuple[LastRun, int | None],
    words: str,
) -> None:
    last, code = ended

    class OneTask(Scheduler):
        def registered(self) -> Registered:
            return Registered(TaskPlan(), current=True, last=last, last_code=code)

    monkeypatch.setattr(task_commands, "own_scheduler", lambda _profile: OneTask(()))
    assert words in said(profile, capsys, "task", "show")[1]
    told = json.loads(said(profile, capsys, "task", "show", "--json")[1])
    assert (told["last_run"], told["last_exit_code"]) == (last.value, code)


@pytest.mark.usefixtures("systemctl")
def test_a_script_gets_one_value(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installed = json.loads(said(profile, capsys, "task", "install", "--at", "07:30", "--on-mains", "--json")[1])
    assert installed == json.loads(said(profile, capsys, "task", "show", "--json")[1])
    assert installed == {
        "scheduler": "systemd",
        "installed": True,
        "at": "07:30",
        "days": ["lun", "mar", "mer", "jeu", "ven", "sam", "dim"],
        "on_mains": True,
        "current": True,
        "last_run": "never",
        "last_exit_code": None,
    }
    assert json.loads(said(profile, capsys, "task", "remove", "--json")[1]) == {"removed": True}


@pytest.mark.parametrize("wrong", [("--at", "midi"), ("--days", "monday")])
def test_a_wrong_hour_or_day_is_exit_11(
    profile: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, str]
) -> None:
    assert said(profile, capsys, "task", "install", *wrong)[0] == ExitCode.SETTINGS


# -- what the task starts ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, str, str]]:
    """Give the address, the name and the password of a small platform."""
    world = build_bench_world(12, 2, 2_000)
    account = world.accounts["secretaire"]
    with DemoServer(world) as running:
        yield running.url, account.login, account.password


def program(profile: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "enn_desktop", "--profile", str(profile), *arguments]
    return subprocess.run(
        command,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=80,
        check=False,
        env={**os.environ, **environment},
    )


def given(server: tuple[str, str, str], folder: Path) -> tuple[str, ...]:
    url, user, _ = server
    return ("backup", "--quiet", "--url", url, "--user", user, "--password-env", PASSWORD_VARIABLE, "--to", str(folder))


def test_when_all_is_well_nothing_is_printed_and_the_log_tells_it(
    profile: Path, server: tuple[str, str, str], tmp_path: Path
) -> None:
    done = program(profile, *given(server, tmp_path / "D"), **{PASSWORD_VARIABLE: server[2]})
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.OK, "", "")
    log = (profile / "journaux" / "enn-desktop.log").read_text(encoding="utf-8")
    assert "COMPLETE\u00a0: 12 dossiers, 24 fichiers" in log


def test_a_run_that_finds_the_folder_busy_says_so_and_is_exit_7(
    profile: Path, server: tuple[str, str, str], tmp_path: Path
) -> None:
    program(profile, *given(server, tmp_path / "D"), **{PASSWORD_VARIABLE: server[2]})
    with FolderLock(DocumentsFolder(tmp_path / "D").lock_file):
        done = program(profile, *given(server, tmp_path / "D"), **{PASSWORD_VARIABLE: server[2]})
    assert done.returncode == ExitCode.BUSY
    assert "déjà" in done.stderr


def test_a_secret_that_the_vault_does_not_have_is_exit_10_and_nobody_is_asked_even_on_a_terminal(
    profile: Path, tmp_path: Path
) -> None:
    account = AccountSettings(name="mairie", address="https://pastell.exemple.invalid", user="anne")
    save_settings(profile_paths(profile), Settings(folder=str(tmp_path / "D"), accounts=(account,)))
    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-m", "enn_desktop", "--profile", str(profile), "backup", "--quiet"]
    try:
        done = subprocess.run(
            command, cwd=PROJECT, stdin=terminal, capture_output=True, encoding="utf-8", timeout=60, check=False
        )
    finally:
        os.close(keyboard)
        os.close(terminal)
    assert done.returncode == ExitCode.VAULT
    assert done.stdout == ""
    assert "n’est pas dans le trousseau" in done.stderr


def test_a_program_without_a_console_has_no_streams_and_works_all_the_same(profile: Path, tmp_path: Path) -> None:
    code = "import sys; sys.stdin = sys.stdout = sys.stderr = None; from enn_desktop.__main__ import main; "
    for arguments, expected in (
        (["account", "list", "--json"], ExitCode.OK),
        (["backup", "--quiet"], ExitCode.SETTINGS),
        (["list", "--to", str(tmp_path / "absent")], ExitCode.STORAGE),
    ):
        text = f"{code}sys.argv[1:] = {['--profile', str(profile), *arguments]!r}; sys.exit(main())"
        done = subprocess.run([sys.executable, "-c", text], cwd=PROJECT, timeout=60, check=False, capture_output=True)
        assert (done.returncode, done.stdout, done.stderr) == (expected, b"", b"")
