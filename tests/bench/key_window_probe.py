"""The real window in a process of its own, with the drivers of a test: ``… key_window_probe lag|told PROFILE MODULE…``.

``lag`` opens « Ma clé », and prints how late the event loop was during the first check (which it does not end before
its verdict is told). ``told`` prints a line each time the window shows another word for the key, until its input ends.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.window_probe import PROBE_MS, tell

if TYPE_CHECKING:
    from enn_desktop.agenda.values import KeyBadge
    from enn_desktop.core.launch import Launch
    from enn_desktop.qt.key.keeper import KeyKeeper
    from enn_desktop.qt.main_window import MainWindow
    from enn_desktop.signing_key.values import Verdict


def furnish(modules: list[Path]) -> None:
    """Make this computer one that has these driver modules, and no USB bus."""
    from enn_desktop.signing_key import surroundings
    from tests.signing_key.rig_computer import computer

    surroundings.of_this_computer = lambda: computer(*modules)


def lag(launch: Launch) -> None:  # one piece: small callbacks that share what was measured
    """Measure the event loop from the beginning of a check to its verdict."""
    from PySide6.QtCore import Qt, QTimer

    from enn_desktop import app as program
    from enn_desktop.qt.front_desk import FrontDesk
    from enn_desktop.qt.main_window import Place

    late: list[float] = []
    last = [0.0]
    began = [0.0]

    def beat() -> None:
        now = time.perf_counter()
        if last[0]:
            late.append(max(0.0, now - last[0] - PROBE_MS / 1000))
        last[0] = now

    def end(verdict: Verdict) -> None:
        late.sort()
        tell(
            p50_s=late[len(late) // 2], p99_s=late[len(late) * 99 // 100], worst_s=late[-1], beats=len(late),
            lasted_s=time.perf_counter() - began[0], hung=float(verdict.state.value == "PILOTE_MUET"),
        )  # fmt: skip
        os._exit(0)

    given = FrontDesk.use_keeper

    def watched(desk: FrontDesk, keeper: KeyKeeper) -> None:
        given(desk, keeper)
        desk.window.show_place(Place.KEY)
        began[0] = time.perf_counter()
        probe = QTimer(keeper)
        probe.setTimerType(Qt.TimerType.PreciseTimer)
        probe.setInterval(PROBE_MS)
        probe.timeout.connect(beat)
        probe.start()
        keeper.verdict_changed.connect(end)

    FrontDesk.use_keeper = watched  # type: ignore[method-assign,assignment] # the probe looks over its shoulder
    program.run(launch)


def told(launch: Launch) -> None:
    """Print each word that the window shows for the key, with the moment at which it was painted."""
    from PySide6.QtCore import QSocketNotifier

    from enn_desktop import app as program
    from enn_desktop.qt.main_window import MainWindow

    shown = MainWindow.show_key
    kept: list[QSocketNotifier] = []

    def watched(window: MainWindow, badge: KeyBadge) -> None:
        shown(window, badge)
        window.repaint()
        sys.stdout.write(json.dumps([time.monotonic(), badge.beside]) + "\n")
        sys.stdout.flush()
        if not kept:
            notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
            notifier.activated.connect(lambda *_: os._exit(0))
            kept.append(notifier)

    MainWindow.show_key = watched  # type: ignore[method-assign,assignment] # the probe looks over its shoulder
    program.run(launch)


def main() -> None:
    """Do what the arguments ask for."""
    from enn_desktop.core.launch import Launch

    kind, launch = sys.argv[1], Launch(profile=Path(sys.argv[2]))
    furnish([Path(name) for name in sys.argv[3:]])
    if kind == "lag":
        lag(launch)
    else:
        told(launch)


if __name__ == "__main__":
    main()
