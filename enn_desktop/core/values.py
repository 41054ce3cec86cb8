"""What the program speaks of: entities, flows, dossiers, files. Ids are opaque, case-sensitive text.

Server times are kept as the server gives them: naive local time of the platform (Pastell API, « dates »).
Our own instants are aware and UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Group(Enum):
    """What a state means for the secretary (derivation in :mod:`enn_desktop.core.states`)."""

    WAITS_HERE = "U"
    """Someone in the town hall must act: draft, choice, certificate."""
    IN_PROGRESS = "P"
    """The server or a third party works."""
    TRANSIENT = "X"
    """The server moves on within minutes by itself; stuck after a day."""
    ERROR = "E"
    """Error or refusal: someone must act."""
    DONE = "D"
    """Nothing more is planned."""
    NOT_A_STATE = "-"
    """An action that never remains as last state."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A town hall, a CCAS, a service; ``parent`` is ``""`` at the top of what the account sees."""

    id_e: str
    name: str
    siren: str = ""
    parent: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class FlowInfo:
    """One line of ``/flux``: a type of dossier that the account can read."""

    type_id: str
    label: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a flow (``/flux/:id``); ``kind`` is ``"text"`` when the server says nothing."""

    name: str
    label: str = ""
    kind: str = "text"
    multiple: bool = False
    is_title: bool = False
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """One action of a flow's workflow (``/flux/:id/action``); ``label`` is the state's name once done."""

    action_id: str
    label: str = ""
    automatic: str = ""
    last_action: tuple[str, ...] = ()
    no_workflow: bool = False


@dataclass(frozen=True, slots=True)
class FlowDefinition:
    """What the server says of one flow; empty tuples where it would not say."""

    type_id: str
    label: str = ""
    fields: tuple[FieldInfo, ...] = ()
    actions: tuple[ActionInfo, ...] = ()

    def file_fields(self) -> tuple[FieldInfo, ...]:
        """Return the fields that hold files."""
        return tuple(f for f in self.fields if f.kind == "file")

    def action(self, action_id: str) -> ActionInfo | None:
        """Return the action of that id, or ``None``."""
        return next((a for a in self.actions if a.action_id == action_id), None)


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One row of a document list (Pastell API, list): what is known before asking for the detail."""

    id_d: str
    id_e: str
    type_id: str
    title: str
    state: str
    state_date: datetime | None
    """Date of the last action: the clock that the purge uses. Naive, platform time."""
    created: datetime | None
    modified: datetime | None
    role: str = "editeur"
    other_entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file as the server names it: field, index in the field, original name (any text, even empty)."""

    field: str
    num: int
    name: str


@dataclass(frozen=True, slots=True)
class MailInfo:
    """One recipient of a secured mail (Pastell 3.1+ ``email_info``); ``read_at`` is ``None`` if never opened."""

    email: str
    read: bool
    sent_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class DossierDetail:
    """The detail of a dossier. ``fields`` holds the text fields (passwords filtered out), ``files`` every file."""

    id_d: str
    type_id: str
    title: str
    created: datetime | None
    modified: datetime | None
    state: str
    state_date: datetime | None
    state_message: str | None
    fields: dict[str, str] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    actions_possible: tuple[str, ...] = ()
    mails: tuple[MailInfo, ...] = ()
    read_at_server: datetime | None = None
    """The server's clock when it gave this detail (HTTP ``Date``), aware UTC; ``None`` if it said nothing."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One event of the journal; ``kind`` is the journal's own type number (7 = consultation)."""

    id_j: int
    kind: int
    id_e: str
    id_d: str
    action: str
    message: str
    date: datetime | None
    person: str = ""
    dossier_type: str = ""
