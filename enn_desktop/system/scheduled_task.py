"""The job without a window, registered for this user alone: Windows's Task Scheduler, or a timer of systemd.

Nothing is asked of an administrator: the task runs in the user's own session, with her own rights. Its name holds hers,
for the Task Scheduler has one list for all the users of a computer.
"""

from __future__ import annotations

import csv
import getpass
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from enn_desktop.core.errors import SettingsError, StorageError
from enn_desktop.core.task_plan import (
    TaskPlan,
    crontab_line,
    read_systemd_units,
    read_windows_definition,
    systemd_units,
    windows_definition,
)
from enn_desktop.system import disk
from enn_desktop.system.launching import program_command

NAME = "enn-desktop"
ANSWERS_S = 30.0
"""How long the system's own tool may take."""
NO_ANSWER, LONGEST_OUTPUT = 127, 1_000_000
"""Exit code of a tool that is not there or says nothing (as a shell has it); bytes read of what one writes."""
NEVER_RAN = 0x41303
"""SCHED_S_TASK_HAS_NOT_RUN (Task Scheduler Error and Success Constants)."""
RUNNING = 0x41301
"""SCHED_S_TASK_RUNNING."""
WINDOWS = r"C:\Windows"
_LAST_RESULT = 6
"""Column of ``schtasks /Query /V /FO CSV``; their names are in the language of Windows, their order is not."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a tool of the system ended, and what it wrote."""

    code: int
    output: bytes = b""


Tool = Callable[[Sequence[str]], Ran]


class LastRun(Enum):
    """What the system says of the last run."""

    NEVER = "never"
    RUNNING = "running"
    ENDED = "ended"
    UNKNOWN = "unknown"
    """It does not say, or says what has no exit code."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The job as the system knows it. ``last_code``: the exit code of a last run that has ended, ``None`` otherwise.

    ``current``: it starts this very program, the way it should.
    """

    plan: TaskPlan
    current: bool
    last: LastRun = LastRun.NEVER
    last_code: int | None = None


class Scheduler:
    """Where the job can be registered; ``possible`` is false where nobody knows how, :meth:`reason` says what to do."""

    possible = False
    name = "aucun"

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def reason(self, plan: TaskPlan) -> str:
        """Say what to do where the job cannot be registered."""
        return f"Ajoutez cette ligne à votre crontab (crontab -e)\u00a0: {crontab_line(plan, self._command)}"

    def install(self, plan: TaskPlan) -> None:
        """Register the job, or change it; again is no error. Raises ``SettingsError`` when the system refuses."""
        raise SettingsError("Ce système n’a pas de planificateur connu du programme.", advice=self.reason(plan))

    def remove(self) -> bool:
        """Remove the job; whether there was one. Raises ``SettingsError`` when the system refuses."""
        return False

    def registered(self) -> Registered | None:
        """Return the job, ``None`` when there is none."""
        return None


class WindowsScheduler(Scheduler):
    """``schtasks.exe`` with a definition in XML: the only way in that needs neither COM nor rights."""

    possible = True
    name = "Planificateur de tâches de Windows"

    def __init__(self, command: Sequence[str], tool: Tool, *, user: str, task: str) -> None:
        super().__init__(command)
        self._tool, self._user, self._task = tool, user, task

    def install(self, plan: TaskPlan) -> None:
        """Register the job, or change it."""
        text = windows_definition(plan, self._command, self._user, datetime.now().astimezone().date())
        with tempfile.TemporaryDirectory(prefix="enn-", ignore_cleanup_errors=True) as folder:
            file = Path(folder) / "tache.xml"
            file.write_bytes(text)
            self._demand("/Create", "/TN", self._task, "/XML", str(file), "/F")

    def remove(self) -> bool:
        """Remove the job."""
        if self._run("/Query", "/TN", self._task).code != 0:
            return False
        self._demand("/Delete", "/TN", self._task, "/F")
        return True

    def registered(self) -> Registered | None:
        """Return the job as the Task Scheduler has it."""
        ran = self._run("/Query", "/TN", self._task, "/XML")
        found = read_windows_definition(_decoded(ran.output)) if ran.code == 0 else None
        if found is None:
            return None
        plan, line = found
        wanted = f"{self._command[0]} {subprocess.list2cmdline(self._command[1:])}"
        # Accents go through the console's own table of signs: those that were lost are not compared.
        current = line.encode("ascii", "replace") == wanted.encode("ascii", "replace") or "\ufffd" in line
        return Registered(plan, current, *self._last())

    def _last(self) -> tuple[LastRun, int | None]:
        ran = self._run("/Query", "/TN", self._task, "/FO", "CSV", "/V", "/NH")
        rows = [row for row in csv.reader(io.StringIO(_decoded(ran.output))) if len(row) > _LAST_RESULT]
        if ran.code != 0 or not rows:
            return LastRun.UNKNOWN, None
        try:
            code = int(rows[0][_LAST_RESULT])
        except ValueError:
            return LastRun.UNKNOWN, None
        without_code = {NEVER_RAN: LastRun.NEVER, RUNNING: LastRun.RUNNING}.get(code)
        return (without_code, None) if without_code is not None else (LastRun.ENDED, code)

    def _demand(self, *words: str) -> None:
        ran = self._run(*words)
        if ran.code != 0:
            raise _refused(f"schtasks {words[0]} {ran.code}")

    def _run(self, *words: str) -> Ran:
        return self._tool((_schtasks(), *words))


class SystemdScheduler(Scheduler):
    """A timer of the user's own systemd."""

    possible = True
    name = "systemd"

    def __init__(self, command: Sequence[str], tool: Tool, *, folder: Path, unit: str) -> None:
        super().__init__(command)
        self._tool, self._unit = tool, unit
        self._service, self._timer = (folder / f"{unit}.{kind}" for kind in ("service", "timer"))

    def install(self, plan: TaskPlan) -> None:
        """Write the two units, and start the timer."""
        try:
            self._service.parent.mkdir(parents=True, exist_ok=True)
            for file, text in zip((self._service, self._timer), systemd_units(plan, self._command), strict=True):
                fresh = file.with_name(f".{file.name}.part")
                fresh.write_text(text, encoding="utf-8", errors="surrogateescape")
                disk.rename(fresh, file)
        except (OSError, StorageError) as error:
            raise _refused(type(error).__name__) from error
        self._demand("daemon-reload")
        self._demand("enable", "--now", f"{self._unit}.timer")

    def remove(self) -> bool:
        """Stop the timer, and take the two units away."""
        if not self._timer.exists() and not self._service.exists():
            return False
        self._tool(("systemctl", "--user", "disable", "--now", f"{self._unit}.timer"))
        for file in (self._timer, self._service):
            file.unlink(missing_ok=True)
        self._tool(("systemctl", "--user", "daemon-reload"))
        return True

    def registered(self) -> Registered | None:
        """Return the job as its two units have it."""
        try:
            service, timer = (file.read_text(encoding="utf-8") for file in (self._service, self._timer))
        except (OSError, UnicodeDecodeError):
            return None
        plan = read_systemd_units(service, timer)
        if plan is None:
            return None
        return Registered(plan, (service, timer) == systemd_units(plan, self._command), *self._last())

    def _last(self) -> tuple[LastRun, int | None]:
        properties = "ActiveState,ExecMainCode,ExecMainStatus,ExecMainExitTimestampMonotonic"
        ran = self._tool(("systemctl", "--user", "show", f"{self._unit}.service", f"--property={properties}"))
        said = dict(line.split("=", 1) for line in _decoded(ran.output).splitlines() if "=" in line)
        ended, status = said.get("ExecMainExitTimestampMonotonic", ""), said.get("ExecMainStatus", "")
        if ran.code != 0 or not ended.isdecimal():
            return LastRun.UNKNOWN, None
        # A service of type « oneshot » is being activated for as long as it runs.
        if said.get("ActiveState") in {"activating", "deactivating"}:
            return LastRun.RUNNING, None
        if int(ended) == 0:
            return LastRun.NEVER, None
        # CLD_EXITED; after a signal, the status is the signal's number.
        if said.get("ExecMainCode") != "1" or not status.isdecimal():
            return LastRun.UNKNOWN, None
        return LastRun.ENDED, int(status)

    def _demand(self, *words: str) -> None:
        ran = self._tool(("systemctl", "--user", *words))
        if ran.code != 0:
            raise _refused(f"systemctl {words[0]} {ran.code}")


def own_scheduler(profile: Path | None, tool: Tool | None = None) -> Scheduler:
    """Return where this computer registers the job of a profile; ``None`` is the usual profile."""
    run = tool or run_tool
    told = ["--profile", str(profile)] if profile is not None else []
    command = [*program_command(), *told, "backup", "--quiet"]
    mark = f" {hashlib.sha256(str(profile).encode('utf-8', 'surrogateescape')).hexdigest()[:8]}" if profile else ""
    if sys.platform == "win32":
        from enn_desktop.system.computer_token import own_sid

        user = own_sid() or getpass.getuser()
        return WindowsScheduler(command, run, user=user, task=f"{NAME} ({getpass.getuser()}){mark}")
    if shutil.which("systemctl") and run(("systemctl", "--user", "show-environment")).code == 0:
        given = os.environ.get("XDG_CONFIG_HOME", "")
        folder = (Path(given) if given.startswith("/") else Path.home() / ".config") / "systemd" / "user"
        return SystemdScheduler(command, run, folder=folder, unit=f"{NAME}-backup{mark.replace(' ', '-')}")
    return Scheduler(command)


def run_tool(command: Sequence[str]) -> Ran:
    """Run a tool of the system, without a window; one that is not there or does not answer ends with code 127.

    It writes into a file, not a pipe: a service that the tool wakes may keep a pipe open for ever, and whoever reads
    it would wait as long.
    """
    try:
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(  # noqa: S603 - the system's own tool, every word is ours
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                creationflags=_without_a_window(),
            )
            try:
                code = process.wait(ANSWERS_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(ANSWERS_S)
                return Ran(NO_ANSWER)
            output.seek(0)
            return Ran(code, output.read(LONGEST_OUTPUT))
    except (OSError, subprocess.TimeoutExpired):
        return Ran(NO_ANSWER)


def _without_a_window() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def _schtasks() -> str:
    """Return Windows's own tool by its full path: no other program of that name is ever started."""
    return rf"{os.environ.get('SYSTEMROOT', WINDOWS)}\System32\schtasks.exe"


def _decoded(output: bytes) -> str:
    """Read what a tool wrote: UTF-16 if it says so, else ASCII with signs of an unknown table left out."""
    if output.startswith((b"\xff\xfe", b"\xfe\xff")):
        return output.decode("utf-16", "replace")
    return output.decode("utf-8", "replace")


def _refused(detail: str) -> SettingsError:
    return SettingsError(
        "La tâche planifiée n’a pas pu être changée.",
        advice="Demandez à votre prestataire informatique si les tâches planifiées sont interdites sur ce poste.",
        detail=detail,
    )
