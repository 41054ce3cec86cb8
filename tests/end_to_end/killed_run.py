"""The real command line, killed without warning at the nth passage of a named point. Run as a process of its own."""

from __future__ import annotations

import sys

from enn_desktop.archive import points
from enn_desktop.cli.main import main
from tests.sudden_death import die


def observe_and_die(name: str, nth: int) -> None:
    """Have this process killed when ``name`` is passed for the nth time."""
    passed = 0

    def observer(point: str) -> None:
        nonlocal passed
        if point == name:
            passed += 1
            if passed == nth:
                die()

    points.observe(observer)


if __name__ == "__main__":
    observe_and_die(sys.argv[1], int(sys.argv[2]))
    sys.exit(main(sys.argv[3:]))
