"""Make the Windows product on Debian or on Windows: ``python3 installer/build.py`` (``--help`` says more, in French).

Like bootstrap.py, this file keeps to a syntax that Python 3.6 reads, to tell an old one what is wrong.
"""

import os
import sys
from pathlib import Path


def main() -> int:
    """Check Python, then hand over; return the exit code."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from installer.bootstrap import EXIT_PYTHON, wrong_python
    from installer.speech import say

    refusal = wrong_python((sys.version_info[0], sys.version_info[1]), os.environ.get("PATH", ""))
    if refusal:
        say(refusal.replace("bootstrap.py", "build.py"))
        return EXIT_PYTHON
    from installer.windows.job import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
