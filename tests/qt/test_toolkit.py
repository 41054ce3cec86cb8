"""The toolkit itself is sound on this Python: calls that return nothing cost nothing."""

from __future__ import annotations

import subprocess
import sys

CALLS = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Bell(QObject):
    rung = Signal()

application, label, bell = QApplication([]), QLabel(), Bell()
bell.rung.connect(lambda: None)
for _ in range(20_000):
    label.setText("a")
    bell.rung.emit()
print("sound")
"""


def test_twenty_thousand_calls_do_not_use_up_the_references_to_none() -> None:
    # PySide6 6.12.0 loses one reference to None at each such call: Python 3.11 ends after a few thousand.
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "sound")
