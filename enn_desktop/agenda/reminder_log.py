"""What was said already, on the disk: hashes and days, nothing else."""

from __future__ import annotations

from pathlib import Path

import msgspec

from enn_desktop.agenda.reminders import ReminderLog
from enn_desktop.core.typed_reading import from_json
from enn_desktop.system import disk
from enn_desktop.system.paths import ProfilePaths

NAME = "rappels.json"


def read_log(paths: ProfilePaths) -> ReminderLog:
    """Return the log; an absent or unreadable one is a fresh one."""
    try:
        return from_json(_file(paths).read_bytes(), ReminderLog)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ReminderLog()


def write_log(paths: ProfilePaths, log: ReminderLog) -> None:
    """Keep the log, in one step. Raises ``StorageError``."""
    disk.write_whole(_file(paths), msgspec.json.encode(log))


def _file(paths: ProfilePaths) -> Path:
    return paths.data / NAME
