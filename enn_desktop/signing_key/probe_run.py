"""Starts our own program as a probe, and waits for it as long as agreed: a probe that is late may leave by itself.

A program that ends in the middle of its talk with a card has the card started afresh, by pcscd as by Windows: the PIN
that another program had just been given is forgotten (measured: each probe that was killed while it read did so). So a
late probe is waited for no longer, and killed only when it does not leave by itself either.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import enn_desktop
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock, SystemClock
from enn_desktop.signing_key import probe_lines
from enn_desktop.signing_key.probe_child import CLOSES_S, DEADLINE_S, LEAVES_S
from enn_desktop.signing_key.probe_lines import Line
from enn_desktop.signing_key.values import ChildEnd
from enn_desktop.system.contained import ENDS_S, Contained

LOOK_UP_S = 0.05
"""How often a wait for the child looks up to see whether the check was given up."""
AT_ONCE = 65_536
LATE = "late probe"
"""The name of the threads that see off what nobody waits for."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """How a probe's process ended, its exit number (a signal's, when negative), and what it said until then."""

    end: ChildEnd
    code: int = 0
    lines: tuple[Line, ...] = ()


def run_probe(
    command: Sequence[str],
    deadline_s: float = DEADLINE_S,
    cancel: CancelToken | None = None,
    clock: Clock | None = None,
) -> ProbeResult:
    """Run a probe to its end, or to its deadline; raises ``Cancelled`` when the check is given up meanwhile."""
    clock = clock or SystemClock()
    until = clock.monotonic() + deadline_s
    try:
        child = Contained(command, Path(enn_desktop.__file__).resolve().parent.parent)
    except OSError as error:
        return ProbeResult(ChildEnd.NOT_STARTED, error.errno or 0)
    hearing = _Hearing(child)
    ended = False
    try:
        ended = _ended(hearing, until, cancel, clock)
    finally:
        hearing.part(ended=ended)
    lines, code = hearing.lines(), child.process.returncode
    if probe_lines.complete(lines):
        # All was said: how it went on its way out is nobody's concern.
        return ProbeResult(ChildEnd.ANSWERED, 0, lines)
    if not ended:
        return ProbeResult(ChildEnd.HUNG, 0, lines)
    return ProbeResult(ChildEnd.CRASHED if code else ChildEnd.MUTE, code, lines)


def late_probes() -> bool:
    """Whether a probe that nobody waits for any more is still there, and may be what uses the card."""
    return any(one.name == LATE for one in threading.enumerate())


def _ended(hearing: _Hearing, until: float, cancel: CancelToken | None, clock: Clock) -> bool:
    """Wait for the end, and tell whether it came in time; once all was said, only the closing is waited for."""
    said_all = False
    while not hearing.ended(LOOK_UP_S):
        if cancel is not None:
            cancel.check()
        now = clock.monotonic()
        if not said_all and probe_lines.complete(hearing.lines()):
            said_all, until = True, min(until, now + CLOSES_S)
        if now >= until:
            return False
    return True


class _Hearing:
    """One probe under way, and what it said so far: its pipe is read in a thread, until nobody holds it any more."""

    def __init__(self, child: Contained) -> None:
        self._child = child
        self._said = b""
        self._reading = threading.Thread(target=self._read, name="probe", daemon=True)
        self._reading.start()

    def ended(self, seconds: float) -> bool:
        """Wait that long at most, and tell whether the probe ended and all it said was heard."""
        self._reading.join(seconds)
        if self._reading.is_alive():
            return False
        with suppress(subprocess.TimeoutExpired):
            self._child.process.wait(seconds)
        return self._child.process.returncode is not None

    def lines(self) -> tuple[Line, ...]:
        """Return what was said, as far as it can be understood."""
        return tuple(probe_lines.read(self._said))

    def part(self, *, ended: bool) -> None:
        """Bury a probe that ended; one that did not is left to a thread, and nobody waits for it."""
        if ended:
            self._bury()
            return
        threading.Thread(target=self._see_off, name=LATE, daemon=True).start()

    def _see_off(self) -> None:
        self._reading.join(LEAVES_S)
        self._bury()

    def _bury(self) -> None:
        self._child.end_all()
        with self._child:
            # Something that fled from the group may hold the pipe; it is not waited for.
            self._reading.join(ENDS_S)

    def _read(self) -> None:
        if (pipe := self._child.process.stdout) is not None:
            with pipe:
                while part := os.read(pipe.fileno(), AT_ONCE):
                    self._said += part
