"""Entities, users, roles and rights."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PASSWORD: Final = "demo-2026"
"""The password of every account but `accent`."""
ACCENTED_PASSWORD: Final = "Été:2026-é"
"""The password of `accent`: outside ASCII, with a colon."""
EVERYTHING: Final = "*"


@dataclass(slots=True)
class Entity:
    """A town hall, its service, or the syndicate above them."""

    id_e: int
    denomination: str
    siren: str
    mother: int = 0
    type: str = "collectivite"
    registered: str = "2019-01-07 09:30:00"
    active: bool = True


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of rights; the right `*` stands for all."""

    id: str
    label: str
    rights: frozenset[str]


@dataclass(slots=True)
class Token:
    """A token of the API, its secret kept as a digest only."""

    id: int
    id_u: int
    name: str
    digest: str
    created: str
    expires: str | None = None


@dataclass(slots=True)
class Account:
    """A user: roles held on entities, a password, perhaps a certificate or tokens."""

    id_u: int
    login: str
    first_name: str
    name: str
    id_e: int
    grants: list[tuple[str, int]] = field(default_factory=list)
    password: str = PASSWORD
    email: str = ""
    certificate: str = ""
    """The common name of the certificate that this user owns."""
    active: bool = True

    @property
    def full_name(self) -> str:
        """First name, then name, as the journal writes it."""
        return f"{self.first_name} {self.name}"


def token_of(login: str) -> str:
    """Return the ready-made token of an account: 43 characters that a URL can hold."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"demo:{login}".encode()).digest()).decode().rstrip("=")


def token_digest(secret: str) -> str:
    """Return what the platform keeps of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Rights:
    """Who may do what where: a role held on an entity holds for all that is below it."""

    def __init__(self, entities: Mapping[int, Entity], roles: Mapping[str, Role]) -> None:
        self._entities = entities
        self._roles = roles

    def lineage(self, id_e: int) -> list[int]:
        """Return the entity, its mother, and so on up to 0, the platform itself."""
        found = [id_e]
        while found[-1] in self._entities and len(found) <= len(self._entities):
            found.append(self._entities[found[-1]].mother)
        return found if found[-1] == 0 else [*found, 0]

    def held_on(self, account: Account, id_e: int) -> frozenset[str]:
        """Return the rights that an account holds on an entity."""
        above = set(self.lineage(id_e))
        found: set[str] = set()
        for role, where in account.grants:
            if where in above:
                found |= self._roles[role].rights
        return frozenset(found)

    def may(self, account: Account, right: str, id_e: int) -> bool:
        """Tell whether an account holds a right on an entity; nobody holds the right on an empty type."""
        held = self.held_on(account, id_e)
        return right in held or (EVERYTHING in held and not right.startswith(":"))

    def may_somewhere(self, account: Account, right: str) -> bool:
        """Tell whether an account holds a right on some entity."""
        return any(
            right in self._roles[role].rights or EVERYTHING in self._roles[role].rights for role, _ in account.grants
        )

    def entities_with(self, account: Account, right: str) -> list[Entity]:
        """Return the entities where an account holds a right, by mother then name, as the API lists them."""
        found = [entity for entity in self._entities.values() if self.may(account, right, entity.id_e)]
        return sorted(found, key=lambda entity: (entity.mother, entity.denomination.casefold()))
