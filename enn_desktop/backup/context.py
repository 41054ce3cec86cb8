"""What every part of one run shares: the doors to server, disk and catalogue, the rules and the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.backup.report import Tally
from enn_desktop.backup.siblings import Siblings
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock
from enn_desktop.core.policy import FlowPolicy, Policy
from enn_desktop.core.progress import Progress
from enn_desktop.core.values import Entity, FlowDefinition
from enn_desktop.pastell.client import PastellClient

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class RunContext:
    """One run's tools; ``entities`` and ``definitions`` fill up as the server speaks."""

    client: PastellClient
    folder: DocumentsFolder
    catalogue: Catalogue
    policy: Policy
    clock: Clock
    cancel: CancelToken
    progress: Progress
    tally: Tally = field(default_factory=Tally)
    started_at: datetime = LONG_AGO
    entities: dict[str, Entity] = field(default_factory=dict)
    definitions: dict[str, FlowDefinition] = field(default_factory=dict)

    identity: str = ""
    _siblings: Siblings | None = None

    @property
    def siblings(self) -> Siblings:
        """The names taken beside each dossier."""
        if self._siblings is None:
            self._siblings = Siblings(self.catalogue)
        return self._siblings

    @property
    def server(self) -> str:
        """The address under which the platform is known: half of every dossier's identity."""
        return self.identity or self.client.transport.base

    def definition(self, type_id: str) -> FlowDefinition | None:
        """Return what the server says of a type, if it said something."""
        return self.definitions.get(type_id)

    def flow(self, type_id: str) -> FlowPolicy:
        """Return the rules that hold for a type."""
        known = self.definitions.get(type_id)
        return self.policy.flow_for(type_id, known.label if known else "")


def stamp(moment: datetime | None) -> str:
    """Return an instant of ours as the text kept in ``metadonnees.json``; empty for none."""
    return "" if moment is None else moment.isoformat(timespec="seconds")


def naive(moment: datetime | None) -> str:
    """Return a platform date as the text kept in ``metadonnees.json``; empty for none."""
    return "" if moment is None else moment.isoformat(" ")


def parsed(text: str) -> datetime | None:
    """Return the date behind such a text, ``None`` when empty or unreadable."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
