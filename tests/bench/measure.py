"""One command measured as a whole process: seconds on the wall, seconds of processor, peak memory in bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PASSWORD_VARIABLE = "ENN_BENCH_PASSWORD"


@dataclass(frozen=True)
class Measure:
    """What a process took."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)) -> Measure:
    """Run a command to its end and measure it. Raises ``RuntimeError`` when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )
    assert process.stdout is not None
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode not in ok:
        message = f"{command[:6]} ended with {process.returncode}: {output[-500:]}"
        raise RuntimeError(message)
    return Measure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output)


def backup(url: str, login: str, password: str, profile: Path, folder: Path) -> Measure:
    """Measure one ``enn-desktop backup``."""
    command = [
        sys.executable, "-m", "enn_desktop", "--profile", str(profile), "backup", "--url", url, "--user", login,
        "--password-env", PASSWORD_VARIABLE, "--to", str(folder), "--json",
    ]  # fmt: skip
    return run(command, {PASSWORD_VARIABLE: password})


def spread(values: Sequence[float]) -> str:
    """Return a series as « median (min – max) »."""
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 2]:.3f} ({ordered[0]:.3f} – {ordered[-1]:.3f})"


def noise() -> float:
    """Return how unsteady the machine is: max/min of a fixed piece of work done five times."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        times.append(time.perf_counter() - start)
    return max(times) / min(times)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def verdict(name: str, value: float, limit: float, *, at_most: bool = True) -> None:
    """Print a figure beside its limit."""
    holds = value <= limit if at_most else value >= limit
    say(f"  {name} : {value:.3f} (limite {'≤' if at_most else '≥'} {limit}) {'TIENT' if holds else 'NE TIENT PAS'}")
