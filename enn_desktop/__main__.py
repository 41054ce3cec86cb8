"""Arguments in, exit code out; nothing else."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program; return its exit code."""
    from enn_desktop.cli.main import main as command_line

    return command_line()


if __name__ == "__main__":
    sys.exit(main())
