"""Programs that a test starts beside its own: there before they are used, gone afterwards, never waited for in vain."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STARTS_S = 20.0
ENDS_S = 10.0
LEAVES_S = 3.0
LOOK_S = 0.05
"""A program that is not our child tells nobody that it ends: it is looked for, often and for a bounded time."""


def demand_tools(*names: str) -> None:
    """Go on when these programs are there. Raises ``AssertionError``: these tests fail, they are never skipped."""
    absent = [name for name in names if shutil.which(name) is None]
    assert not absent, (
        f"The tests of the window need {', '.join(absent)}: "
        "« python3 installer/bootstrap.py test » installs them on Debian, and names their packages elsewhere."
    )


def first_line(descriptor: int, who: str, log: Path) -> str:
    """Return the line by which a program says that it is ready. Raises ``AssertionError`` with its log."""
    said, end = b"", time.monotonic() + STARTS_S
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        part = os.read(descriptor, 1) if ready else b""
        assert part, f"{who} did not start: {log.read_text(encoding='utf-8', errors='replace')}"
        said += part
    return said.decode().strip()


@contextmanager
def finished(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """End a program afterwards: asked first, killed if it does not."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(ENDS_S)


def users_of(name: str, value: str) -> dict[int, str]:
    """Return the programs (number → command line) that run with this in their environment, ourselves left out."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
        except OSError:
            continue  # ended meanwhile, or another user's
        if f"{name}={value}".encode() in environment:
            found[int(folder.name)] = command
    return {number: command for number, command in found.items() if number != os.getpid()}


@contextmanager
def none_left(name: str, value: str) -> Iterator[None]:
    """End the programs that were started with this in their environment. Raises ``AssertionError`` if there were any.

    They have a moment to end by themselves: what a killed program had started notices it a little later.
    """
    already = set(users_of(name, value))

    def left() -> dict[int, str]:
        return {number: command for number, command in users_of(name, value).items() if number not in already}

    try:
        yield
    except BaseException:
        _kill(left())
        raise
    end = time.monotonic() + LEAVES_S
    while left() and time.monotonic() < end:
        time.sleep(LOOK_S)
    running = left()
    _kill(running)
    assert not running, f"This test left programs running: {'; '.join(running.values())}."


def _kill(processes: dict[int, str]) -> None:
    for number in processes:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
