"""What a run did, as values: nothing is called complete here that was not proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from enn_desktop.catalogue.records import Failure
from enn_desktop.core.errors import EnnError
from enn_desktop.core.exits import ExitCode


class Outcome(Enum):
    """How a run ended; the value is the French word shown."""

    COMPLETE = "terminée"
    PARTIAL = "terminée avec des manques"
    CANCELLED = "arrêtée à votre demande"
    STOPPED = "interrompue"


@dataclass(slots=True)
class Tally:
    """What was done so far; sizes are bytes."""

    listed: int = 0
    fetched_dossiers: int = 0
    fetched_files: int = 0
    fetched_bytes: int = 0
    kept_versions: int = 0
    newly_gone: int = 0
    gone_before_fetch: int = 0
    unproven: bool = False
    """Whether something the account should see could not be listed for sure."""
    warnings: list[str] = field(default_factory=list)

    def warn(self, sentence: str) -> None:
        """Add a sentence to the report, once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)


@dataclass(frozen=True, slots=True)
class FolderState:
    """What lies in the folder at the end of a run, in dossiers (of the platform run against)."""

    complete: int = 0
    in_progress: int = 0
    to_confirm: int = 0
    incomplete: int = 0
    gone_complete: int = 0
    gone_incomplete: int = 0

    @property
    def total(self) -> int:
        """All dossiers ever seen."""
        return sum(
            (
                self.complete,
                self.in_progress,
                self.to_confirm,
                self.incomplete,
                self.gone_complete,
                self.gone_incomplete,
            )
        )


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run, from start to end."""

    outcome: Outcome
    server: str
    version: str
    folder: str
    started_at: datetime
    ended_at: datetime
    tally: Tally
    state: FolderState
    failures: tuple[Failure, ...]
    requests: int
    stopped_by: EnnError | None = None

    @property
    def exit_code(self) -> ExitCode:
        """Return what a script is told."""
        if self.stopped_by is not None:
            return self.stopped_by.exit_code
        return ExitCode.OK if self.outcome is Outcome.COMPLETE else ExitCode.PARTIAL
