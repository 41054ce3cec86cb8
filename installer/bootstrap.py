"""Set up enn-desktop on a bare machine, then start it, or test it; safe to run again at any time.

``python3 installer/bootstrap.py demo | test | setup`` (``--help`` says more, in French).
This file and ``speech.py`` keep to a syntax that Python 3.6 reads, to tell an old one what is wrong.
"""

import os
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 14)
"""The same bounds as ``requires-python`` in pyproject.toml."""
EXIT_PYTHON = 20
"""The exit code for a Python that does not fit; the others stand in ``failures.py``."""


def fitting_python(folders: str) -> str:
    """Return the name of a Python that fits among these folders (as in PATH), or an empty string."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        if any(os.access(str(Path(folder) / name), os.X_OK) for folder in folders.split(os.pathsep)):
            return name
    return ""


def wrong_python(version: "tuple[int, int]", folders: str) -> str:
    """Return the sentence for a Python that does not fit; an empty string for one that does."""
    if OLDEST <= version <= NEWEST:
        return ""
    state = "trop ancien" if version < OLDEST else "trop récent"
    bounds = f"de {OLDEST[0]}.{OLDEST[1]} à {NEWEST[0]}.{NEWEST[1]}"
    text = f"Python {version[0]}.{version[1]} est {state}\u00a0: enn-desktop demande une version {bounds}.\n"
    other = fitting_python(folders)
    if other:
        return text + f"Ce poste en a une\u00a0: relancez avec «\u00a0{other} installer/bootstrap.py\u00a0»."
    return text + "Installez Python 3.13 (ou demandez-le à votre prestataire), puis relancez la même commande."


def main() -> int:
    """Check Python, then hand over; return the exit code."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from installer.speech import say

    refusal = wrong_python((sys.version_info[0], sys.version_info[1]), os.environ.get("PATH", ""))
    if refusal:
        say(refusal)
        return EXIT_PYTHON
    from installer.jobs import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
