"""Run by the Python that is shipped: compiles the files that are named on its input, one a line.

``python.exe compile_script.py FOLDER < LIST``. The result says nothing of the folder where it was made, and holds good
whatever the date of its source: nothing is ever written beside the installed program.
"""

import os
import py_compile
import sys
from pathlib import Path


def main() -> None:
    """Compile, or end with an error that names the file."""
    os.chdir(sys.argv[1])
    for line in sys.stdin.buffer.read().decode("utf-8").splitlines():
        shown = str(Path(line))
        py_compile.compile(
            line,
            dfile=shown,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


if __name__ == "__main__":
    main()
