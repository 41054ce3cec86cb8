"""The job is registered once, changed, shown and removed; what the system refuses becomes a sentence."""

from __future__ import annotations

import time as time_module
from collections.abc import Sequence
from datetime import time
from pathlib import Path

import pytest

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.task_plan import TaskPlan
from enn_desktop.system import scheduled_task
from enn_desktop.system.scheduled_task import (
    NEVER_RAN,
    RUNNING,
    LastRun,
    Ran,
    Registered,
    Scheduler,
    SystemdScheduler,
    WindowsScheduler,
    own_scheduler,
    run_tool,
)

PROGRAM = r"C:\Users\Zoé\AppData\Local\Programs\enn-desktop\enn-desktop.exe"
COMMAND = (PROGRAM, "backup", "--quiet")
TASK = "enn-desktop (Zoé)"
PLAN = TaskPlan(time(7, 30), (0, 1, 2, 3, 4))


class TaskService:
    """``schtasks.exe`` as it answers: definitions by name, the console's own table of signs, an exit code of 0 or 1."""

    def __init__(self) -> None:
        self.tasks: dict[str, str] = {}
        self.last_result = str(NEVER_RAN)
        self.refusing = self.mute = False
        self.calls: list[tuple[str, ...]] = []

    def __call__(self, command: Sequence[str]) -> Ran:
        self.calls.append(tuple(command))
        verb, told = command[1], list(command[2:])
        name = told[told.index("/TN") + 1]
        if (verb != "/Query" and self.refusing) or (verb != "/Create" and name not in self.tasks):
            return Ran(1)
        if verb == "/Create":
            self.tasks[name] = Path(told[told.index("/XML") + 1]).read_bytes().decode("utf-16")
            return Ran(0)
        if verb == "/Delete":
            del self.tasks[name]
            return Ran(0)
        if "/XML" in told:
            return Ran(0, self.tasks[name].replace("\n", "\r\r\n").encode("cp850", "replace"))
        if self.mute:
            return Ran(127)
        line = f'"POSTE-7","\\{name}","13/03/2026 07:30:00","Prêt","Interactif","12/03/2026","{self.last_result}","Zoé"'
        return Ran(0, f"\r\n{line}\r\n".encode("cp850", "replace"))


@pytest.fixture
def service() -> TaskService:
    return TaskService()


@pytest.fixture
def windows(service: TaskService) -> WindowsScheduler:
    return WindowsScheduler(COMMAND, service, user="S-1-5-21-1-2-3-1001", task=TASK)


def test_a_task_is_registered_changed_shown_and_removed(windows: WindowsScheduler, service: TaskService) -> None:
    assert windows.registered() is None
    windows.install(TaskPlan())
    windows.install(PLAN)
    assert list(service.tasks) == [TASK]
    assert windows.registered() == Registered(PLAN, current=True)
    assert windows.remove()
    assert not windows.remove()
    assert windows.registered() is None


def test_the_definition_is_left_nowhere(windows: WindowsScheduler, service: TaskService) -> None:
    windows.install(PLAN)
    [call] = service.calls
    assert not Path(call[call.index("/XML") + 1]).exists()
    assert call[0].endswith("\\System32\\schtasks.exe")
    assert "/F" in call


@pytest.mark.parametrize(
    ("said", "last", "code"),
    [
        ("0", LastRun.ENDED, 0),
        ("7", LastRun.ENDED, 7),
        ("130", LastRun.ENDED, 130),
        (str(NEVER_RAN), LastRun.NEVER, None),
        (str(RUNNING), LastRun.RUNNING, None),
        ("N/A", LastRun.UNKNOWN, None),
    ],
)
def test_how_the_last_run_ended_is_told_whatever_the_language_of_windows(
    windows: WindowsScheduler, service: TaskService, said: str, last: LastRun, code: int | None
) -> None:
    windows.install(PLAN)
    service.last_result = said
    assert windows.registered() == Registered(PLAN, current=True, last=last, last_code=code)


def test_a_task_service_that_does_not_say_it_has_not_said_never(
    windows: WindowsScheduler, service: TaskService
) -> None:
    windows.install(PLAN)
    service.mute = True
    assert windows.registered() == Registered(PLAN, current=True, last=LastRun.UNKNOWN)


def test_a_task_of_a_program_that_moved_is_seen(service: TaskService, windows: WindowsScheduler) -> None:
    elsewhere = WindowsScheduler((r"D:\ancien\enn-desktop.exe", "backup"), service, user="x", task=TASK)
    elsewhere.install(PLAN)
    assert windows.registered() == Registered(PLAN, current=False)


def test_a_refusal_says_whom_to_ask(windows: WindowsScheduler, service: TaskService) -> None:
    windows.install(PLAN)
    service.refusing = True
    for act in (lambda: windows.install(PLAN), windows.remove):
        with pytest.raises(SettingsError) as refusal:
            act()
        assert "prestataire" in refusal.value.advice
    assert windows.registered() == Registered(PLAN, current=True)


# -- systemd -------------------------------------------------------------------------------------------------------


class Systemctl:
    """``systemctl --user`` as it answers here."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.status = "ExecMainExitTimestampMonotonic=0\nExecMainStatus=0\n"
        self.code = 0

    def __call__(self, command: Sequence[str]) -> Ran:
        self.calls.append(tuple(command[2:]))
        return Ran(self.code, self.status.encode())


def test_a_timer_is_written_started_changed_and_removed(tmp_path: Path) -> None:
    tool = Systemctl()
    linux = SystemdScheduler(
        ("/opt/enn", "backup", "--quiet"), tool, folder=tmp_path / "user", unit="enn-desktop-backup"
    )
    assert linux.registered() is None
    linux.install(TaskPlan())
    linux.install(PLAN)
    assert tool.calls[-1] == ("enable", "--now", "enn-desktop-backup.timer")
    assert sorted(file.name for file in (tmp_path / "user").iterdir()) == [
        "enn-desktop-backup.service",
        "enn-desktop-backup.timer",
    ]
    assert linux.registered() == Registered(PLAN, current=True)
    assert linux.remove()
    assert list((tmp_path / "user").iterdir()) == []
    assert not linux.remove()


@pytest.mark.parametrize(
    ("answer", "last", "last_code"),
    [
        (("inactive", "0", "0", "0"), LastRun.NEVER, None),
        (("inactive", "1", "0", "123"), LastRun.ENDED, 0),
        (("failed", "1", "7", "123"), LastRun.ENDED, 7),
        (("activating", "0", "0", "0"), LastRun.RUNNING, None),
        (("failed", "2", "9", "123"), LastRun.UNKNOWN, None),
        (("inactive", "0", "0", ""), LastRun.UNKNOWN, None),
    ],
)
def test_how_the_last_run_ended_is_told_by_systemd(
    tmp_path: Path, answer: tuple[str, ...], last: LastRun, last_code: int | None
) -> None:
    tool = Systemctl()
    linux = SystemdScheduler(("/opt/enn",), tool, folder=tmp_path, unit="u")
    linux.install(PLAN)
    names = ("ActiveState", "ExecMainCode", "ExecMainStatus", "ExecMainExitTimestampMonotonic")
    tool.status = "".join(f"{name}={value}\n" for name, value in zip(names, answer, strict=True))
    assert linux.registered() == Registered(PLAN, current=True, last=last, last_code=last_code)
    tool.code = 1
    assert linux.registered() == Registered(PLAN, current=True, last=LastRun.UNKNOWN)


def test_a_systemd_that_refuses_is_said(tmp_path: Path) -> None:
    tool = Systemctl()
    tool.code = 1
    with pytest.raises(SettingsError, match="planifiée"):
        SystemdScheduler(("/opt/enn",), tool, folder=tmp_path, unit="u").install(PLAN)


def test_without_a_scheduler_the_crontab_s_line_is_given() -> None:
    scheduler = Scheduler(("/opt/enn", "backup", "--quiet"))
    assert not scheduler.possible
    with pytest.raises(SettingsError) as refusal:
        scheduler.install(PLAN)
    assert "30 7 * * 1,2,3,4,5 /opt/enn backup --quiet" in refusal.value.advice
    assert not scheduler.remove()
    assert scheduler.registered() is None


def test_each_profile_has_a_job_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/systemctl")
    usual, other = (own_scheduler(profile, Systemctl()) for profile in (None, tmp_path / "autre"))
    usual.install(PLAN)
    assert usual.registered() == Registered(PLAN, current=True)
    assert other.registered() is None
    other.install(TaskPlan())
    assert usual.registered() == Registered(PLAN, current=True)


def test_a_tool_that_is_not_there_ends_like_one_that_fails(tmp_path: Path) -> None:
    assert run_tool([str(tmp_path / "absent")]) == Ran(127)


def test_a_tool_that_leaves_a_service_behind_is_not_waited_for() -> None:
    begun = time_module.monotonic()
    assert run_tool(["sh", "-c", "sleep 20 & echo dit"]) == Ran(0, b"dit\n")
    assert time_module.monotonic() - begun < 10


def test_a_tool_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduled_task, "ANSWERS_S", 0.3)
    assert run_tool(["sleep", "20"]) == Ran(127)
