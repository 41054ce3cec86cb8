"""How long a keystroke in the search holds the window, with a hundred thousand dossiers known.

``python -m tests.bench.search_bench [--repeats N]``. The page is the real one, on a real bridge and a real shelf, in a
process of its own; keys come as from a keyboard, at the pace of someone who types fast. What counts for a key is all
that the main thread does until the next one: typing, asking, showing what was found, reading the first dossier's
sheet, painting.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.made_profile import make_profile
from tests.bench.measure import say, verdict

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from enn_desktop.agenda.shelf import ShelfAnswer
    from enn_desktop.qt.dossiers.librarian import Librarian
    from enn_desktop.qt.dossiers.page import DossiersPage

DOSSIERS = 100_000
TYPED = "deliberation budget 2026"
PACE_MS = 120
"""Between two keys: a hundred words a minute."""
LIMIT_MS = 16
SOON_MS = 100
"""What the answer to a keystroke may take (design, §1)."""
WINDOW = (1340, 640)
LONGEST_S = 180.0
AFTERWARDS_MS = 500
Spans = list[tuple[float, float]]


def counting_application() -> tuple[QApplication, Spans]:
    """Return an application that notes when each piece of its work began and ended, and those notes.

    Everything that the main thread does comes through ``notify``: keys, timers, what threads bring back, painting.
    The signals of the event dispatcher would not do: with glib they stand around the wait, without it the work of
    timers is outside them.
    """
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    spans: Spans = []

    class Counting(QApplication):
        inside = False

        def notify(self, receiver: QObject, event: QEvent) -> bool:
            if self.inside:
                return super().notify(receiver, event)
            self.inside = True
            since = time.perf_counter()
            try:
                return super().notify(receiver, event)
            finally:
                self.inside = False
                spans.append((since, time.perf_counter()))

    return Counting([]), spans


class Typist:
    """Types the words key by key, empties the field, and begins again; notes when keys and answers came."""

    def __init__(self, page: DossiersPage, rounds: int, finished: Callable[[], None]) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._page, self._left, self._finished = page, rounds * len(TYPED), finished
        self.keys: list[float] = []
        self.processor: list[float] = []
        self.answers: list[float] = []
        self._asked: dict[str, float] = {}
        self._pace = QTimer()
        self._pace.setTimerType(Qt.TimerType.PreciseTimer)
        self._pace.timeout.connect(self._type)
        self._pace.start(PACE_MS)

    def _note(self) -> float:
        now = time.perf_counter()
        self.keys.append(now)
        self.processor.append(time.thread_time())
        return now

    def _type(self) -> None:
        from PySide6.QtCore import QTimer
        from PySide6.QtTest import QTest

        if not self._left:
            self._note()
            self._pace.stop()
            QTimer.singleShot(AFTERWARDS_MS, self._finished)
            return
        rank = -self._left % len(TYPED)
        self._left -= 1
        if rank == 0:
            self._page.search.clear()
        self._asked[TYPED[: rank + 1]] = self._note()
        QTest.keyClicks(self._page.search, TYPED[rank])

    def answered(self, answer: ShelfAnswer) -> None:
        """Note how long an answer took, from its key to the list that shows it."""
        asked = self._asked.pop(answer.query.words, None)
        if asked is not None:
            self.answers.append(time.perf_counter() - asked)


def opened_page(profile: Path) -> tuple[DossiersPage, Librarian]:
    """Return the page of a profile, in sight, with everything in its list."""
    from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings

    from enn_desktop.qt.bridge import Bridge
    from enn_desktop.qt.dossiers.librarian import Librarian
    from enn_desktop.qt.dossiers.page import DossiersPage
    from enn_desktop.qt.office import Office
    from enn_desktop.system.paths import profile_paths
    from enn_desktop.system.settings_store import load_settings

    paths, bridge = profile_paths(profile), Bridge()
    librarian = Librarian(bridge, Office(paths, load_settings(paths)))
    page = DossiersPage(bridge, librarian, QSettings(str(profile / "banc.ini"), QSettings.Format.IniFormat))
    page.resize(*WINDOW)
    page.show()
    end = time.monotonic() + LONGEST_S
    while page.model.rowCount() < DOSSIERS:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if time.monotonic() > end:
            raise TimeoutError
    return page, librarian


def measure(profile: Path, rounds: int) -> dict[str, list[float]]:
    """Open the page and type; return seconds: per key, of the main thread at work, in all and at one stretch.

    Also its share of the processor per key, what each answer took, and what the page took to be ready.
    """
    from PySide6.QtCore import Qt

    from enn_desktop.qt.interpreter import Interpreter
    from enn_desktop.qt.look import Look, own_font

    app, spans = counting_application()
    Interpreter(app)
    app.setFont(own_font())
    Look(app).dress(Qt.ColorScheme.Light)
    start = time.perf_counter()
    page, librarian = opened_page(profile)
    ready = time.perf_counter() - start
    typist = Typist(page, rounds, app.quit)
    librarian.answered.connect(typist.answered)
    app.exec()
    work = [
        [till - max(since, first) for since, till in spans if since < last and till > first]
        for first, last in pairwise(typist.keys)
    ]
    return {
        "busy": [sum(some) for some in work],
        "stretch": [max(some) for some in work],
        "processor": [last - first for first, last in pairwise(typist.processor)],
        "answer": typist.answers,
        "ready": [ready],
    }


def p95(values: Sequence[float]) -> float:
    """Return the value that nineteen in twenty do not pass."""
    return sorted(values)[len(values) * 95 // 100]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return sorted(values)[len(values) // 2]


def search(repeats: int) -> None:
    """6. A key in the search, with a hundred thousand dossiers."""
    say(f"6. Recherche « {TYPED} » à la frappe, {DOSSIERS:_} dossiers connus".replace("_", " "))
    with tempfile.TemporaryDirectory(prefix="enn-bench-") as name:
        profile = make_profile(Path(name), DOSSIERS)
        command = [sys.executable, "-m", "tests.bench.search_bench", "--profile", str(profile)]
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [*command, "--repeats", str(max(repeats, 5))],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
        )  # fmt: skip
    found = {key: [1000 * value for value in values] for key, values in json.loads(done.stdout).items()}
    busy, answers = found["busy"], found["answer"]
    say(f"  page prête en {found['ready'][0] / 1000:.1f} s ; {len(busy)} touches, {len(answers)} réponses")
    say(f"  fil principal par touche : médiane {middle(busy):.1f} ms, pire {max(busy):.1f} ms, d’un tenant au pire "
        f"{max(found['stretch']):.1f} ms ; processeur, médiane {middle(found['processor']):.1f} ms, "
        f"p95 {p95(found['processor']):.1f} ms")  # fmt: skip
    verdict("fil principal occupé par touche, p95, en ms", p95(busy), LIMIT_MS)
    say(f"  réponse : médiane {middle(answers):.0f} ms, pire {max(answers):.0f} ms")
    verdict("réponse à une touche, p95, en ms", p95(answers), SOON_MS)


def main() -> None:
    """Run the bench, or with ``--profile`` be the process that is measured."""
    parser = argparse.ArgumentParser(description="Mesure de la recherche")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--profile", type=Path, help="mesurer ici, sur ce profil déjà fait")
    options = parser.parse_args()
    if options.profile is None:
        search(options.repeats)
        return
    sys.stdout.write(json.dumps(measure(options.profile, options.repeats)) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
