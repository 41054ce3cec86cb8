"""What this process has open: children, descriptors, threads. Counted before and after, nothing must be left over."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

ENDS_S = 5.0
LOOK_S = 0.02
"""A process that is not our child tells nobody that it ends: it is looked for, often and for a bounded time."""


@dataclass(frozen=True, slots=True)
class Open:
    """What is open at one moment."""

    children: int
    descriptors: int
    threads: int


def what_is_open() -> Open:
    """Return what this process has open now."""
    return Open(len(children()), sum(1 for _ in Path("/proc/self/fd").iterdir()), threading.active_count())


def children() -> list[int]:
    """Return the numbers of the processes that this one started and that are not buried."""
    lists = (path.read_text(encoding="ascii") for path in Path("/proc/self/task").glob("*/children"))
    return [int(number) for text in lists for number in text.split()]


def ends(pid: int) -> bool:
    """Whether a process ends within a moment."""
    until = time.monotonic() + ENDS_S
    while _runs(pid) and time.monotonic() < until:
        time.sleep(LOOK_S)
    return not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}
