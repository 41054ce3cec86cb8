"""What stops the making of what is handed out: exceptions that the build shows and turns into its exit codes."""

from __future__ import annotations

from installer.failures import Outcome, SetupError


class ProductError(SetupError):
    """A product could not be made or released; its French sentence says what and why."""

    outcome_of_kind = Outcome.BUILD

    def __init__(self, sentence: str) -> None:
        super().__init__(self.outcome_of_kind, sentence)
