"""When a scheduled job runs, and the two definitions made from it: Windows's Task Scheduler, systemd. Pure."""

from __future__ import annotations

import re
import shlex
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.french import clock_time

USUAL_TIME = time(12, 30)
"""The computers of a town hall are on at that time, and nobody waits for the network."""
SPREAD_MINUTES = 60
"""Each computer adds a delay by chance, up to that: five hundred of them do not come in the same minute."""
LONGEST_HOURS = 12
"""A first retrieval over a slow line lasts hours; what was fetched is kept if it is cut."""
DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_FULL = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_XML_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNIT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
DESCRIPTION = "Récupère les dossiers de Pastell, sans fenêtre (enn-desktop backup --quiet)."


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """Every one of ``days`` (0 is Monday) from the local time ``at`` on; ``on_mains``: only on mains power."""

    at: time = USUAL_TIME
    days: tuple[int, ...] = tuple(range(7))
    on_mains: bool = False

    def sentence(self) -> str:
        """Say when, in French."""
        if len(self.days) == len(DAYS):
            which = "Tous les jours"
        else:
            names = [_FULL[day] for day in self.days]
            which = "Chaque " + (" et ".join([", ".join(names[:-1]), names[-1]]) if names[:-1] else names[0])
        mains = ", sur secteur seulement" if self.on_mains else ""
        return f"{which}, à partir de {clock_time(self.at)}{mains}."


def parse_time(text: str) -> time:
    """Read « 12:30 » or « 12h30 ». Raises ``SettingsError``."""
    found = re.fullmatch(r"([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)", text.strip())
    if found is None:
        raise SettingsError("L’heure n’est pas comprise.", advice="Écrivez-la comme 12:30.")
    return time(int(found[1]), int(found[2]))


def parse_days(text: str) -> tuple[int, ...]:
    """Read « lun,mar,jeu » or « lun-ven »; nothing means every day. Raises ``SettingsError``."""
    if not text.strip():
        return tuple(range(len(DAYS)))
    found: set[int] = set()
    for part in text.casefold().split(","):
        names = [name.strip()[:3] for name in part.split("-")]
        if not all(name in DAYS for name in names) or len(names) > 2:  # noqa: PLR2004 - a first and a last day
            raise SettingsError("Les jours ne sont pas compris.", advice="Écrivez-les comme lun,mar,jeu ou lun-ven.")
        first, last = DAYS.index(names[0]), DAYS.index(names[-1])
        found |= {day % 7 for day in range(first, (last if last >= first else last + 7) + 1)}
    return tuple(sorted(found))


# -- Windows -----------------------------------------------------------------------------------------------------


def windows_definition(plan: TaskPlan, command: Sequence[str], user: str, today: date) -> bytes:
    """Return the task as the Task Scheduler reads it: UTF-16 with its mark, schema of [MS-TSCH] 2.5, version 1.2.

    ``user`` is a SID or an account's name. The order of elements counts inside a trigger (an ``xs:sequence``); it is
    free elsewhere (``xs:all``).
    """
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_tag("Task"), {"version": "1.2"})
    _add(root, "RegistrationInfo", {"Author": "enn-desktop", "Description": DESCRIPTION})
    trigger = ET.SubElement(ET.SubElement(root, _tag("Triggers")), _tag("CalendarTrigger"))
    _fill(trigger, {"Enabled": "true", "StartBoundary": f"{today.isoformat()}T{plan.at.isoformat('seconds')}"})
    _fill(trigger, {"RandomDelay": f"PT{SPREAD_MINUTES}M"})
    if len(plan.days) == len(DAYS):
        _add(trigger, "ScheduleByDay", {"DaysInterval": "1"})
    else:
        week = _add(trigger, "ScheduleByWeek", {"WeeksInterval": "1"})
        _add(week, "DaysOfWeek", {_XML_DAYS[day]: None for day in plan.days})
    principals = ET.SubElement(root, _tag("Principals"))
    # Her own rights and her own session: no password is kept, and the vault of the session is open.
    principal = {"UserId": user, "LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}
    _add(principals, "Principal", principal).set("id", "Author")
    _add(root, "Settings", _windows_settings(plan))
    actions = ET.SubElement(root, _tag("Actions"), {"Context": "Author"})
    _add(actions, "Exec", {"Command": command[0], "Arguments": subprocess.list2cmdline(command[1:])})
    written: bytes = ET.tostring(root, encoding="utf-16", xml_declaration=True)
    return written


def _windows_settings(plan: TaskPlan) -> dict[str, str | None]:
    return {
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "true" if plan.on_mains else "false",
        "StopIfGoingOnBatteries": "true" if plan.on_mains else "false",
        "AllowHardTerminate": "true",
        # A computer that was off at that time makes up for it when it is on again.
        "StartWhenAvailable": "true",
        "RunOnlyIfNetworkAvailable": "true",
        "AllowStartOnDemand": "true",
        "Enabled": "true",
        "Hidden": "false",
        "RunOnlyIfIdle": "false",
        "WakeToRun": "false",
        "ExecutionTimeLimit": f"PT{LONGEST_HOURS}H",
        "Priority": "7",
    }


def read_windows_definition(text: str) -> tuple[TaskPlan, str] | None:
    """Return when a task of the Task Scheduler runs, and its command line; ``None`` when it is not one of ours."""
    try:
        # The scheduler says UTF-16 in the first line, and writes something else into a pipe.
        root = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")))  # noqa: S314 - idem
        start = _text_at(root, "Triggers", "CalendarTrigger", "StartBoundary")
        at = time.fromisoformat(start.partition("T")[2][:8])
    except (ET.ParseError, ValueError):
        return None
    week = root.find("/".join(map(_tag, ("Triggers", "CalendarTrigger", "ScheduleByWeek", "DaysOfWeek"))))
    named = {day.tag.rpartition("}")[2] for day in week} if week is not None else set(_XML_DAYS)
    days = tuple(number for number, name in enumerate(_XML_DAYS) if name in named)
    on_mains = _text_at(root, "Settings", "DisallowStartIfOnBatteries") == "true"
    command = (_text_at(root, "Actions", "Exec", part) for part in ("Command", "Arguments"))
    return TaskPlan(at, days, on_mains), " ".join(command)


def _text_at(root: ET.Element, *names: str) -> str:
    return root.findtext("/".join(map(_tag, names)), "")


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _add(parent: ET.Element, name: str, children: Mapping[str, str | None]) -> ET.Element:
    made = ET.SubElement(parent, _tag(name))
    _fill(made, children)
    return made


def _fill(parent: ET.Element, children: Mapping[str, str | None]) -> None:
    for name, text in children.items():
        ET.SubElement(parent, _tag(name)).text = text


# -- Linux -------------------------------------------------------------------------------------------------------


def systemd_units(plan: TaskPlan, command: Sequence[str]) -> tuple[str, str]:
    """Return the service and the timer (systemd.service, systemd.timer, systemd.time)."""
    power = "ConditionACPower=true\n" if plan.on_mains else ""
    # In the program's own path, ``$`` means nothing.
    line = " ".join([_in_unit(command[0]), *(_in_unit(part).replace("$", "$$") for part in command[1:])])
    service = (
        f"[Unit]\nDescription={DESCRIPTION}\n{power}\n"
        f"[Service]\nType=oneshot\nExecStart={line}\nTimeoutStartSec={LONGEST_HOURS}h\n"
    )
    every = "" if len(plan.days) == len(DAYS) else f"{','.join(_UNIT_DAYS[day] for day in plan.days)} "
    timer = (
        f"[Unit]\nDescription={DESCRIPTION}\n\n"
        f"[Timer]\nOnCalendar={every}*-*-* {plan.at.isoformat('seconds')}\nPersistent=true\n"
        f"RandomizedDelaySec={SPREAD_MINUTES}min\n\n[Install]\nWantedBy=timers.target\n"
    )
    return service, timer


def read_systemd_units(service: str, timer: str) -> TaskPlan | None:
    """Return when a timer of ours runs, ``None`` when it is not one."""
    found = re.search(r"^OnCalendar=(?:([A-Za-z,]+) )?\*-\*-\* (\d\d:\d\d:\d\d)$", timer, re.MULTILINE)
    if found is None:
        return None
    named = set(found[1].split(",")) if found[1] else set(_UNIT_DAYS)
    days = tuple(number for number, name in enumerate(_UNIT_DAYS) if name in named)
    return TaskPlan(time.fromisoformat(found[2]), days, "ConditionACPower=true" in service)


def crontab_line(plan: TaskPlan, command: Sequence[str]) -> str:
    """Return the line of a crontab that does the same (crontab(5): ``%`` is escaped)."""
    days = "*" if len(plan.days) == len(DAYS) else ",".join(str((day + 1) % 7) for day in plan.days)
    return f"{plan.at.minute} {plan.at.hour} * * {days} {shlex.join(command)}".replace("%", r"\%")


def _in_unit(part: str) -> str:
    """Quote one word of ``ExecStart`` (systemd.syntax, systemd.service): ``%`` doubled."""
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
