"""Arguments in, exit code out; nothing else."""

from __future__ import annotations

import sys

from enn_desktop.system.launching import lend_streams


def main() -> int:
    """Open the window, or run one command; return the exit code."""
    lend_streams()
    arguments = sys.argv[1:]
    if arguments[:1] == ["--sonde"]:
        # A probe of the signing key, started by ourselves: it must be quick, and loads next to nothing.
        from enn_desktop.signing_key.probe_child import main as probe

        probe(arguments[1:])
    from enn_desktop.core.launch import as_command, parse_launch
    from enn_desktop.system.screen import has_screen

    launch = parse_launch(arguments)
    if launch is not None and has_screen():
        from enn_desktop.app import run

        return run(launch)
    from enn_desktop.cli.main import main as command_line

    return command_line(arguments if launch is None else as_command(launch))


if __name__ == "__main__":
    sys.exit(main())
