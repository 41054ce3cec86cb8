"""A connection tried for real: what the account sees, or the typed error that says why not."""

from __future__ import annotations

from dataclasses import dataclass

from enn_desktop.backup.assembly import Workshop
from enn_desktop.core.french import count
from enn_desktop.pastell.address import base_address, in_clear
from enn_desktop.pastell.credentials import Credentials


@dataclass(frozen=True, slots=True)
class Discovered:
    """What one account sees: names of entities, labels of flows (technical ones left out)."""

    version: str
    entities: tuple[str, ...]
    flows: tuple[str, ...]
    in_clear: bool
    """The address is not encrypted: a password could be read on the way."""

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        seen = f"{count(len(self.entities), 'collectivité')}, {count(len(self.flows), 'flux', 'flux')}"
        return f"Connexion réussie\u00a0: Pastell {self.version}, {seen}."

    @property
    def lacking(self) -> bool:
        """Whether the account sees too little to bring anything home."""
        return not (self.entities and self.flows)


def try_connection(workshop: Workshop, address: str, credentials: Credentials) -> Discovered:
    """Connect and look. Raises ``RunError`` (refused, portal, unreachable…), ``SettingsError``, ``Cancelled``."""
    base = base_address(address)
    with workshop.client(base, credentials) as client:
        profile = client.profile()
        entities = client.entities()
        flows = [flow for flow in client.flows() if not workshop.policy.is_hidden(flow.type_id)]
    return Discovered(
        version=profile.version,
        entities=tuple(entity.name for entity in entities),
        flows=tuple(flow.label or flow.type_id for flow in flows),
        in_clear=in_clear(base),
    )
