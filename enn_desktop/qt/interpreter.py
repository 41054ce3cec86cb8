"""How Python is shared between the window and the threads: whose turn it is, and who collects what refers to itself.

Python collects its reference cycles in whichever thread happens to allocate. A window in a cycle would then be ended in
a thread of the engine, which Qt forbids: the process dies, or something far away breaks. So nothing is collected by
itself while there is a window; the main thread does it, as often as Python would.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, Qt, QTimer

SWITCH_S = 0.0005
"""How long the engine's threads may keep Python's lock before the window gets it; the usual 5 ms would be felt."""
LOOK_MS = 1_000
GROWN = 1.25
"""A full collection waits until what outlived the others has grown by a quarter, as Python's own does."""


OLDEST = 2
"""Python's last generation: what outlived two collections."""


class Collector:
    """Collects, in the thread that asks, what Python would have collected by itself."""

    def __init__(self) -> None:
        gc.disable()
        self._kept = 0

    def tidy(self) -> None:
        """Collect what is due by Python's own thresholds."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, limit) in enumerate(counts) if count > limit]
        full = OLDEST in due and len(gc.get_objects(generation=OLDEST)) >= self._kept * GROWN
        if full:
            gc.collect(OLDEST)
            self._kept = len(gc.get_objects(generation=OLDEST))
        elif younger := [generation for generation in due if generation != OLDEST]:
            gc.collect(younger[-1])


class Interpreter(QObject):
    """Python in the service of a window: short turns for the threads, and cycles collected in this thread only."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_S)
        self._collector = Collector()
        look = QTimer(self)
        look.setTimerType(Qt.TimerType.VeryCoarseTimer)
        look.timeout.connect(self._collector.tidy)
        look.start(LOOK_MS)
