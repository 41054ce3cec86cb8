"""A window in a process of its own, measured from the inside; the process prints one line of JSON and ends.

``python -m tests.bench.window_probe bare|paint|lag|tray …``; the start of the process is in ``ENN_BENCH_START``
(seconds of the monotonic clock, the same for every process of a Linux machine).
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enn_desktop.core.launch import Launch

START = "ENN_BENCH_START"
PROBE_MS = 5
"""How often the event loop is asked to say that it is free."""


def rss_bytes() -> int:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def tell(**facts: float) -> None:
    """Print what was measured."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def since_start() -> float:
    """Return the seconds since the parent started this process."""
    return time.monotonic() - float(os.environ[START])


def bare(settle_ms: int) -> None:
    """Show a bare window with an empty table."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    app = QApplication([])
    window = QMainWindow()
    table = QTableView()
    table.setModel(QStandardItemModel(0, 10, table))
    window.setCentralWidget(table)
    window.resize(1120, 700)
    window.show()
    app.processEvents()
    window.repaint()
    painted = since_start()

    def end() -> None:
        tell(paint_s=painted, rss=rss_bytes())
        app.quit()

    QTimer.singleShot(settle_ms, end)
    app.exec()


def paint(launch: Launch, settle_ms: int) -> None:
    """Open the real window; tell when its first screen, with what it has to say, was painted."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from enn_desktop import app as program
    from enn_desktop.qt.todo.page import TodoPage

    shown = TodoPage.show_outlook
    times: list[float] = []

    def watched(page: TodoPage, *told: object) -> None:
        shown(page, *told)  # type: ignore[arg-type] # passed on as they come
        if not times:
            QApplication.processEvents()
            page.window().repaint()
            times.append(since_start())
            QTimer.singleShot(settle_ms, end)

    def end() -> None:
        tell(paint_s=times[0], rss=rss_bytes())
        os._exit(0)

    TodoPage.show_outlook = watched  # type: ignore[method-assign,assignment] # the probe looks over its shoulder
    program.run(launch)


def lag(launch: Launch) -> None:  # one piece: four small callbacks that share what was measured
    """Open the real window, bring everything home, and tell how late the event loop was meanwhile, in seconds."""
    from PySide6.QtCore import Qt, QTimer

    from enn_desktop import app as program
    from enn_desktop.qt.engine_room import EngineRoom
    from enn_desktop.qt.office import Office

    late: list[float] = []
    last = [0.0]
    timer: list[QTimer] = []

    def beat() -> None:
        now = time.perf_counter()
        if last[0]:
            late.append(max(0.0, now - last[0] - PROBE_MS / 1000))
        last[0] = now

    made = EngineRoom.__init__

    def watched(room: EngineRoom, *given: object) -> None:
        made(room, *given)  # type: ignore[arg-type] # passed on as they come
        probe = QTimer(room)
        probe.setTimerType(Qt.TimerType.PreciseTimer)
        probe.setInterval(PROBE_MS)
        probe.timeout.connect(beat)
        timer.append(probe)
        room.round_ended.connect(end)
        QTimer.singleShot(1500, room, begin)
        rooms.append(room)

    rooms: list[EngineRoom] = []
    Office.secret = lambda _office, _account: os.environ["ENN_BENCH_SECRET"]  # type: ignore[method-assign,assignment] # no vault

    def begin() -> None:
        timer[0].start()
        rooms[0].fetch()

    def end(report: object) -> None:
        late.sort()
        fetched = getattr(report, "fetched_dossiers", 0)
        tell(
            p50_s=late[len(late) // 2], p99_s=late[len(late) * 99 // 100], worst_s=late[-1], beats=len(late),
            dossiers=float(fetched), rss=rss_bytes(),
        )  # fmt: skip
        os._exit(0)

    EngineRoom.__init__ = watched  # type: ignore[assignment,method-assign] # the probe looks over its shoulder
    program.run(launch)


def main() -> None:
    """Do what the arguments ask for: kind, profile folder, milliseconds to settle."""
    kind = sys.argv[1]
    if kind == "bare":
        bare(int(sys.argv[3]))
        return
    from enn_desktop.core.launch import Launch

    launch = Launch(profile=Path(sys.argv[2]), tray=kind == "tray")
    if kind == "lag":
        lag(launch)
    else:
        paint(launch, int(sys.argv[3]))


if __name__ == "__main__":
    main()
