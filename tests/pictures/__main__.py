"""``python -m tests.pictures [FOLDER] [--keep]``: every page and state as PNG, at three scales, light and dark.

One process per scale and mode, because Qt reads the scale at its start. ``--keep`` also puts the pictures that README
shows into ``resources/screenshots/``; they are made again by this command, never by hand.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SCALES = (100, 150, 200)
MODES = ("clair", "sombre")
PROJECT = Path(__file__).resolve().parent.parent.parent
SHOWN = {
    "fenetre-a-faire-clair-150": "a-faire.png",
    "fenetre-dossiers-clair-150": "dossiers.png",
    "fenetre-sauvegarde-clair-150": "sauvegarde.png",
    "premier-depart-adresse-clair-150": "premier-demarrage.png",
    "fenetre-a-faire-sombre-150": "a-faire-sombre.png",
    "cle-ok_bientot-clair-150": "ma-cle.png",
}
"""Picture made → name in ``resources/screenshots/``."""


def main() -> int:
    """Make the pictures; return 0 when all were made."""
    parser = argparse.ArgumentParser(description="Images de toutes les pages et de tous les états")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--keep", action="store_true", help="refaire celles de resources/screenshots/")
    parser.add_argument("--only", default="", help="seulement celles dont le nom commence ainsi")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="enn-images-"))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="enn-demo-") as place:
        subprocess.run([sys.executable, "-m", "tests.pictures.demo_data", place], check=True, cwd=PROJECT)
        for scale in SCALES:
            for mode in MODES:
                command = [sys.executable, "-m", "tests.pictures.drawing", place, str(folder), mode, str(scale)]
                surroundings = {
                    **os.environ,
                    "QT_QPA_PLATFORM": "offscreen",
                    "QT_SCALE_FACTOR": str(scale / 100),
                    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
                }
                subprocess.run([*command, options.only], check=True, cwd=PROJECT, env=surroundings)
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} images dans {folder}\n")
    if options.keep:
        kept = PROJECT / "resources" / "screenshots"
        kept.mkdir(parents=True, exist_ok=True)
        for made, name in SHOWN.items():
            shutil.copyfile(folder / f"{made}.png", kept / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
