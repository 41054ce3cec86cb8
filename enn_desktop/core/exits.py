"""Exit codes of the command line: an interface for scripts, kept for ever once published."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the program says to the script that called it; the table stands in README."""

    OK = 0
    """Everything asked for was done; nothing is missing."""
    BUG = 1
    """A fault of the program itself; the log holds the detail."""
    USAGE = 2
    """The command or its options are wrong."""
    PARTIAL = 3
    """The run ended, but some dossiers or files are not complete; the report names them."""
    AUTHENTICATION = 4
    """The server refused the account, or a portal stands before it."""
    NETWORK = 5
    """The server cannot be reached or does not answer properly."""
    STORAGE = 6
    """The folder cannot be used: full, read-only, unreachable."""
    BUSY = 7
    """Another run works in the same folder."""
    DAMAGED = 8
    """Verification found files that changed or are missing."""
    CATALOGUE = 9
    """The catalogue is from a newer version, or unreadable and not rebuilt."""
    VAULT = 10
    """No safe vault for the secret on this computer, or the secret is not in it."""
    SETTINGS = 11
    """The settings, the policy or the named account cannot be used."""
    KEY = 12
    """The signing key does not answer as it should, or is not there; the sentence says which one thing lacks."""
    CANCELLED = 130
    """Stopped at the user's request; what was stored is kept."""
