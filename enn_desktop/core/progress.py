"""What a long work tells while it goes on: values, never words read back from a screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Stage(Enum):
    """Where a run stands."""

    CONNECTING = "connexion"
    LISTING = "liste"
    JOURNAL = "journal"
    FETCHING = "récupération"
    SEALING = "contrôle"
    VERIFYING = "vérification"
    DONE = "terminé"


@dataclass(frozen=True, slots=True)
class ProgressState:
    """How far a run is; totals are estimates until the listing is over.

    ``seconds_left`` is ``None`` as long as nothing sensible can be said. Sizes are bytes.
    """

    stage: Stage
    dossiers_done: int = 0
    dossiers_total: int = 0
    files_done: int = 0
    bytes_done: int = 0
    current: str = ""
    seconds_left: float | None = None


class Progress(Protocol):
    """Whoever wants to follow a run; called from the engine's threads, must return at once."""

    def update(self, state: ProgressState) -> None:
        """Take note of the present state."""
        ...


class SilentProgress:
    """Follows nothing."""

    def update(self, state: ProgressState) -> None:
        """Take no note."""
