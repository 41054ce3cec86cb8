"""A start that is not the first: it ends, in silence when the first heard it, with a sentence when it did not."""

from __future__ import annotations

from enn_desktop.core.errors import WindowHangs
from enn_desktop.core.exits import ExitCode
from enn_desktop.qt.single_instance import Claim


def turned_away(outcome: Claim, *, watched: bool) -> ExitCode:
    """Return the exit code of a start that found another; say what is wrong, and wait, if somebody is ``watched``."""
    if outcome is Claim.TOLD:
        return ExitCode.OK
    error = WindowHangs(detail=outcome.name)
    if watched:
        from enn_desktop.qt.error_box import ErrorBox

        ErrorBox(error, None).exec()
    return error.exit_code
