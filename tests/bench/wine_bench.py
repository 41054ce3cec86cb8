"""The first window of what is installed, beside a bare one, under Wine: ``python -m tests.bench.wine_bench``.

``installer/build.py --payload-only`` comes first. Both are started by turns in one Wine, on one screen, from the same
files; each says by the clock when its window was there. Limit: twice the bare window.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from installer.windows.workshop import Workshop
from tests.bench.measure import noise, say, spread, verdict
from tests.screen.virtual_screen import open_screen
from tests.wine.prefix import Wine

LIMIT = 2.0
PATIENCE_S = 240
BARE = """\
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, self.told)

    def told(self):
        open(sys.argv[1], "w").write(repr(time.time()))
        QApplication.quit()

app = QApplication(sys.argv[:1])
window = Window()
window.resize(1120, 700)
window.show()
app.exec()
"""


class Rig:
    """A Wine with the program installed, and the same files with a plain ``python.exe``."""

    def __init__(self, wine: Wine, workshop: Workshop) -> None:
        self._wine = wine
        self._program, self._bare = wine.drive / "programme", wine.drive / "nu"
        for place in (self._program, self._bare):
            shutil.copytree(workshop.payload, place)
        shutil.copy(workshop.runtime / "python.exe", self._bare)
        (wine.drive / "nu.py").write_text(BARE, encoding="utf-8")
        self._turn = 0

    def bare(self) -> float:
        """Return the seconds from the start to the bare window."""
        told = self._wine.drive / "nu.txt"
        began = time.time()
        self._wine.run(self._wine.path(self._bare / "python.exe"), r"C:\nu.py", r"C:\nu.txt", seconds=PATIENCE_S)
        return float(told.read_text(encoding="ascii")) - began

    def ours(self) -> tuple[float, float]:
        """Return the seconds from the start to our window, and to its first useful content."""
        self._turn += 1
        folder = self._wine.drive / f"essai-{self._turn}"
        folder.mkdir()
        began = time.time()
        exe = self._wine.path(self._program / "enn-desktop.exe")
        self._wine.run(exe, "--trial", self._wine.path(folder), seconds=PATIENCE_S)
        said = json.loads((folder / "essai.json").read_text(encoding="utf-8"))
        return said["shown_at"] - began, said["painted_at"] - began


def main() -> None:
    """Print the ratios and their limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    say(f"Première fenêtre sous Wine, {repeats} tours, à côté d’une fenêtre nue")
    with tempfile.TemporaryDirectory(prefix="enn-bench-") as name, open_screen(Path(name), tray=True) as screen:
        wine = Wine(Path(name) / "windows", screen.display)
        try:
            wine.prepare()
            rig = Rig(wine, Workshop())
            # The first start of each reads everything from the disk.
            rig.bare()
            rig.ours()
            turns = [(rig.bare(), *rig.ours()) for _ in range(repeats)]
        finally:
            wine.end()
    bare = [turn[0] for turn in turns]
    ratios = [shown / alone for alone, shown, _ in turns]
    say(f"  nue {spread(bare)} s, la nôtre {spread([turn[1] for turn in turns])} s, bruit {noise():.2f}")
    say(f"  premier contenu utile : {spread([turn[2] / turn[0] for turn in turns])} fois la fenêtre nue")
    say(f"  ratios : {spread(ratios)}")
    verdict("première fenêtre", sorted(ratios)[len(ratios) // 2], LIMIT)


if __name__ == "__main__":
    main()
