"""The scheduled job's definitions are what Windows and systemd read, and what was asked for comes back from them."""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ET
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.task_plan import (
    TaskPlan,
    crontab_line,
    parse_days,
    parse_time,
    read_systemd_units,
    read_windows_definition,
    systemd_units,
    windows_definition,
)

COMMAND = (r"C:\Users\Zoé l'Été\AppData\Local\Programs\enn-desktop\enn-desktop.exe", "backup", "--quiet")
SID = "S-1-5-21-1-2-3-1001"
TODAY = date(2026, 3, 12)
PLANS = st.builds(
    TaskPlan,
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.booleans(),
)
NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
TRIGGER = (
    *("Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit"),
    *("RandomDelay", "ScheduleByDay", "ScheduleByWeek"),
)
"""Order of triggerBaseType then calendarTriggerType (Task Scheduler Schema; [MS-TSCH] 2.5.3): an xs:sequence."""
ALLOWED = {
    "Task": {"RegistrationInfo", "Triggers", "Principals", "Settings", "Data", "Actions"},
    "RegistrationInfo": {"URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        *("AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries"),
        *("StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName"),
        *("RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings"),
        *("NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle"),
    },
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}
"""What version 1.2 of the schema lets in ([MS-TSCH] 2.5.2, 2.5.4, 2.5.6, 2.5.7): an xs:all each."""


def tree(plan: TaskPlan) -> ET.Element:
    return ET.fromstring(windows_definition(plan, COMMAND, SID, TODAY))  # noqa: S314 - made by ourselves


def names(parent: ET.Element) -> list[str]:
    return [child.tag.removeprefix(NAMESPACE) for child in parent]


def found(root: ET.Element, *path: str) -> ET.Element:
    part = root.find("/".join(NAMESPACE + name for name in path))
    assert part is not None
    return part


@given(PLANS)
def test_the_definition_has_the_elements_and_the_order_that_microsoft_documents(plan: TaskPlan) -> None:
    root = tree(plan)
    assert root.tag == f"{NAMESPACE}Task"
    assert root.get("version") == "1.2"
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        if name in ALLOWED:
            assert len(set(names(element))) == len(names(element))
            assert set(names(element)) <= ALLOWED[name]
    order = [TRIGGER.index(name) for name in names(found(root, "Triggers", "CalendarTrigger"))]
    assert order == sorted(set(order))
    assert found(root, "Actions").get("Context") == found(root, "Principals", "Principal").get("id")


def test_the_definition_is_in_utf_16_with_its_mark_and_says_so() -> None:
    written = windows_definition(TaskPlan(), COMMAND, SID, TODAY)
    assert written.startswith(b"\xff\xfe")
    assert written.decode("utf-16").startswith("<?xml version='1.0' encoding='utf-16'?>")


def test_the_task_runs_late_rather_than_never_in_her_session_with_her_rights_and_not_all_at_once() -> None:
    root = tree(TaskPlan(time(7, 5)))

    def text(*path: str) -> str | None:
        return found(root, *path).text

    assert text("Triggers", "CalendarTrigger", "StartBoundary") == "2026-03-12T07:05:00"
    assert text("Triggers", "CalendarTrigger", "RandomDelay") == "PT60M"
    assert text("Settings", "StartWhenAvailable") == "true"
    assert text("Settings", "RunOnlyIfNetworkAvailable") == "true"
    assert text("Settings", "MultipleInstancesPolicy") == "IgnoreNew"
    assert text("Settings", "ExecutionTimeLimit") == "PT12H"
    assert text("Settings", "DisallowStartIfOnBatteries") == "false"
    assert text("Principals", "Principal", "UserId") == SID
    assert text("Principals", "Principal", "LogonType") == "InteractiveToken"
    assert text("Principals", "Principal", "RunLevel") == "LeastPrivilege"
    assert text("Actions", "Exec", "Command") == COMMAND[0]
    assert text("Actions", "Exec", "Arguments") == "backup --quiet"


@given(PLANS)
def test_what_was_asked_for_comes_back_from_windows(plan: TaskPlan) -> None:
    text = windows_definition(plan, COMMAND, SID, TODAY).decode("utf-16")
    assert read_windows_definition(text) == (plan, f"{COMMAND[0]} backup --quiet")


@pytest.mark.parametrize("text", ["", "<a/>", "ERREUR : accès refusé", "<Task", "<Task xmlns='x'><Triggers/></Task>"])
def test_a_task_of_someone_else_is_none_of_ours(text: str) -> None:
    assert read_windows_definition(text) is None
    assert read_systemd_units(text, text) is None


@given(PLANS)
def test_what_was_asked_for_comes_back_from_systemd(plan: TaskPlan) -> None:
    assert read_systemd_units(*systemd_units(plan, COMMAND)) == plan


@pytest.mark.parametrize("plan", [TaskPlan(), TaskPlan(time(6, 0), (0, 2, 6), on_mains=True)])
def test_systemd_itself_finds_nothing_wrong(plan: TaskPlan, tmp_path: Path) -> None:
    program = tmp_path / "Mairie de l’Été 100 % $HOME"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    files = [tmp_path / "enn-desktop-backup.service", tmp_path / "enn-desktop-backup.timer"]
    for file, text in zip(files, systemd_units(plan, [str(program), "backup", "--quiet"]), strict=True):
        file.write_text(text, encoding="utf-8")
    Path(os.environ["XDG_RUNTIME_DIR"]).mkdir(mode=0o700)
    command = ["systemd-analyze", "--user", "verify", *map(str, files)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("plan", "line"),
    [
        (TaskPlan(), "30 12 * * * '/opt/été 100 \\%/enn' backup --quiet"),
        (TaskPlan(time(6, 5), (0, 6)), "5 6 * * 1,0 '/opt/été 100 \\%/enn' backup --quiet"),
    ],
)
def test_a_crontab_line_does_the_same(plan: TaskPlan, line: str) -> None:
    assert crontab_line(plan, ["/opt/été 100 %/enn", "backup", "--quiet"]) == line


@pytest.mark.parametrize(("text", "at"), [("12:30", time(12, 30)), ("7h05", time(7, 5)), (" 23:59 ", time(23, 59))])
def test_an_hour_is_read_as_people_write_it(text: str, at: time) -> None:
    assert parse_time(text) == at


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", (0, 1, 2, 3, 4, 5, 6)),
        ("lun,mar,jeu", (0, 1, 3)),
        ("lun-ven", (0, 1, 2, 3, 4)),
        ("Samedi-lundi", (0, 5, 6)),
        ("ven , lun", (0, 4)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["midi", "24:00", "12:60", "12", ""])
def test_an_hour_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_time(text)
    assert "12:30" in refusal.value.advice


@pytest.mark.parametrize("text", ["monday", "lun-mar-mer", ",", "8"])
def test_days_that_are_none_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        parse_days(text)
    assert "lun-ven" in refusal.value.advice


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (TaskPlan(), "Tous les jours, à partir de 12\u00a0h\u00a030."),
        (TaskPlan(days=(0,)), "Chaque lundi, à partir de 12\u00a0h\u00a030."),
        (
            TaskPlan(days=(0, 2, 4), on_mains=True),
            "Chaque lundi, mercredi et vendredi, à partir de 12\u00a0h\u00a030, sur secteur seulement.",
        ),
    ],
)
def test_a_plan_is_said_in_one_sentence(plan: TaskPlan, said: str) -> None:
    assert plan.sentence() == said
