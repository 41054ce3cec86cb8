"""What the platform knows: entities, accounts, types, documents, journal, under one lock."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import RLock
from typing import Final, Literal

from enn_desktop.demo.accounts import Account, Entity, Rights, Role, Token, token_digest, token_of
from enn_desktop.demo.clock import Clock
from enn_desktop.demo.documents import Document, Membership, Passage
from enn_desktop.demo.flux import Flux
from enn_desktop.demo.journal import ACTION, Journal, JournalRow
from enn_desktop.demo.profiles import Profile
from enn_desktop.demo.wire import Json

_LAST_OF_THREE_BYTES: Final = 0xFFFF
TITLE_LIMIT: Final = 256
"""Characters that the column of titles holds (Pastell API, list)."""


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector of an entity, as far as the API shows it."""

    id_ce: int
    id_e: int
    label: str
    kind: str
    family: str
    values: tuple[tuple[str, str], ...] = ()


class Store:
    """The data of one platform. Whoever changes or reads several things holds `lock`."""

    def __init__(self, profile: Profile, clock: Clock, fluxes: dict[str, Flux]) -> None:
        self.profile = profile
        self.clock = clock
        self.fluxes = fluxes
        self.lock = RLock()
        self.entities: dict[int, Entity] = {}
        self.accounts: dict[str, Account] = {}
        self.roles: dict[str, Role] = {}
        self.tokens: list[Token] = []
        self.connectors: list[Connector] = []
        self.documents: dict[str, Document] = {}
        self.journal = Journal()
        self.rights = Rights(self.entities, self.roles)
        self.tie_order: Literal["random", "insertion"] = "random"
        self.journal_is_cut = True
        """Whether old rows of the journal disappear, as they do every night."""
        self.database_shift = timedelta()
        """Added to `creation` and `modification`: a database that lives in another zone (-1 h, -2 h)."""
        self.choices: dict[str, Json] = {}
        """What the fields of type externalData offer, by field; a short list stands in for those left out."""
        self.uuid_ids = False
        """Whether new documents get a UUID for an id, as 4.0.5 and later can be told to."""
        self.public_url = ""
        """What the platform believes its address to be; empty stands for the host that was asked for."""
        self.version = 0
        self._rows: dict[int, dict[Membership, None]] = {}
        self._counts: tuple[int, dict[int, Counter[tuple[str, str]]]] = (-1, {})
        self._passages = 10_000_000

    def touch(self) -> None:
        """Tell that some row changed, so that cached orders are forgotten."""
        self.version += 1

    def rows_of(self, id_e: int) -> Collection[Membership]:
        """Return the rows of an entity, oldest inserted first."""
        return self._rows.get(id_e, {}).keys()

    def put(self, document: Document) -> None:
        """Take a document in, with its rows."""
        with self.lock:
            self.documents[document.id_d] = document
            for row in document.memberships:
                self._rows.setdefault(row.id_e, {})[row] = None
            self.touch()

    def put_all(self, documents: Iterable[Document]) -> None:
        """Take in documents whose past is already written in the journal."""
        with self.lock:
            found = list(documents)
            for document in found:
                self.put(document)
            self.journal.seed(found)

    def add_row(self, document: Document, row: Membership) -> None:
        """Show a document in one more entity."""
        with self.lock:
            document.memberships.append(row)
            self._rows.setdefault(row.id_e, {})[row] = None
            self.touch()

    def drop(self, document: Document) -> None:
        """Take a document out, files and rows; its past stays in the journal."""
        with self.lock:
            self.journal.keep_past_of(document)
            del self.documents[document.id_d]
            for row in document.memberships:
                del self._rows[row.id_e][row]
            self.touch()

    def document(self, id_d: str) -> Document:
        """Return a document.

        Raises:
            KeyError: the platform does not hold it.
        """
        return self.documents[id_d]

    def flux_of(self, document: Document) -> Flux:
        """Return the type of a document."""
        return self.fluxes[document.type]

    def counts(self, id_e: int) -> Counter[tuple[str, str]]:
        """Return how many rows of an entity there are for each (type, last state)."""
        version, found = self._counts
        if version != self.version:
            found = {}
            self._counts = (self.version, found)
        if id_e not in found:
            found[id_e] = Counter((row.document.type, row.last_action) for row in self.rows_of(id_e))
        return found[id_e]

    def log(  # noqa: PLR0913 - a row has that many columns
        self, document: Document, action: str, message: str, *, id_e: int, id_u: int = 0, kind: int = ACTION
    ) -> JournalRow:
        """Write a row in the journal, dated now."""
        with self.lock:
            now = self.clock.stamp()
            row = JournalRow(
                self.journal.next_id, kind, id_e, id_u, document.id_d, action, message, now, document.type, now
            )
            self.journal.add(row)
            return row

    def pass_to(self, document: Document, action: str, message: str, *, id_e: int | None = None, id_u: int = 0) -> None:
        """Move a document to a state: row, date, passage and journal."""
        with self.lock:
            now = self.clock.stamp()
            where = id_e if id_e is not None else document.memberships[0].id_e
            for row in document.memberships:
                if row.id_e == where:
                    row.last_action = action
                    row.last_action_date = now
            self._passages += 1
            document.later.append(Passage(action, now, id_u, message, where, self._passages))
            self.log(document, action, message, id_e=where, id_u=id_u)
            self.touch()

    def set_title(self, document: Document, title: str) -> None:
        """Write the title column from the title field, with the real platform's oddities.

        It is cut at 256 characters; `-` and `N` become nothing and `on` becomes `1` (Pastell API, second run).
        """
        with self.lock:
            document.titre = shown_title(title)
            document.modification = self.clock.stamp()
            self.touch()

    def account_with_token(self, secret: str) -> Account | None:
        """Return the account that a token opens, or `None`."""
        digest = token_digest(secret)
        now = self.clock.stamp()
        for token in self.tokens:
            if token.digest == digest and (token.expires is None or token.expires > now):
                return next((account for account in self.accounts.values() if account.id_u == token.id_u), None)
        return None

    def add_account(self, account: Account) -> None:
        """Take in a user, with a ready-made token where the version has tokens."""
        with self.lock:
            self.accounts[account.login] = account
            if self.profile.tokens:
                created = self.clock.stamp()
                digest = token_digest(token_of(account.login))
                self.tokens.append(Token(len(self.tokens) + 1, account.id_u, "PC mairie", digest, created))


def shown_title(title: str) -> str:
    """Return what the title column makes of the title field (Pastell API, second run)."""
    if title in {"-", "N"}:
        return ""
    if title == "on":
        return "1"
    flat = "".join("????" if ord(character) > _LAST_OF_THREE_BYTES else character for character in title)
    return flat[:TITLE_LIMIT]
