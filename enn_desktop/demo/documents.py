"""Documents as rows: who holds them, in which state, since when, with which content."""

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from enn_desktop.demo.stored_files import StoredFile

Content: TypeAlias = dict[str, str | list[StoredFile]]
"""The values of a document: a text, or the list of the files of a field."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One state passed, with its date as the platform writes it."""

    action: str
    date: str
    id_u: int
    message: str
    id_e: int
    id_a: int = 0
    """Its number; 0 for seeded passages, which the journal numbers."""


@dataclass(slots=True)
class Recipient:
    """One addressee of a secured mail."""

    id_de: int
    email: str
    sent: str
    read: str = "1970-01-01 00:00:00"
    answered_by: str = ""
    answered_on: str = ""

    @property
    def has_read(self) -> bool:
        """Tell whether the mail was opened."""
        return not self.read.startswith("1970")


class Recipe(Protocol):
    """Makes the content and the past of a document from its seed, the same at each call."""

    @property
    def step_count(self) -> int:
        """How many states were passed."""

    def content(self, document: "Document") -> Content:
        """Return the values and files of the document."""

    def passages(self, document: "Document") -> list[Passage]:
        """Return the states passed, oldest first."""

    def recipients(self, document: "Document") -> list[Recipient]:
        """Return the addressees, for mails."""


@dataclass(slots=True, eq=False)
class Membership:
    """A document as one entity sees it: one row of the lists."""

    document: "Document"
    id_e: int
    last_action: str
    last_action_date: str
    role: str = "editeur"


@dataclass(slots=True, eq=False)
class Document:
    """One document. Its content is made on demand and kept once something changed it."""

    id_d: str
    type: str
    titre: str
    creation: str
    modification: str
    recipe: Recipe | None = None
    memberships: list[Membership] = field(default_factory=list)
    later: list[Passage] = field(default_factory=list)
    kept: Content | None = None
    kept_recipients: list[Recipient] | None = None
    offered: list[str] | None = None
    """The actions to offer; `None` lets the rules of the workflow decide."""

    @property
    def content(self) -> Content:
        """The values and files; do not change them in place, see `own_content`."""
        if self.kept is not None:
            return self.kept
        return self.recipe.content(self) if self.recipe is not None else {}

    def own_content(self) -> Content:
        """Return the values and files, to be changed in place: they are kept from now on."""
        if self.kept is None:
            self.kept = self.content
        return self.kept

    @property
    def recipients(self) -> list[Recipient]:
        """The addressees, for mails."""
        if self.kept_recipients is None:
            self.kept_recipients = self.recipe.recipients(self) if self.recipe is not None else []
        return self.kept_recipients

    @property
    def passages(self) -> list[Passage]:
        """The states passed, oldest first."""
        made = self.recipe.passages(self) if self.recipe is not None else []
        return made + self.later

    def files(self, field_name: str) -> list[StoredFile]:
        """Return the files of a field, none when it holds a text or nothing."""
        value = self.content.get(field_name)
        return value if isinstance(value, list) else []

    def in_entity(self, id_e: int) -> Membership | None:
        """Return the row of an entity, the editor's when there are two."""
        return next((row for row in self.memberships if row.id_e == id_e), None)

    def texts(self) -> dict[str, str]:
        """Return the values that are texts."""
        return {name: value for name, value in self.content.items() if isinstance(value, str)}
