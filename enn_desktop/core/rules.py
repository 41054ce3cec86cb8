"""ENN's rules in force: how long each flow stays on the platform, which types belong to it, whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from types import MappingProxyType

from enn_desktop.core.french import NBSP, count, long_date

DEFAULT_FAMILY = "autres"
COMPANIONS = ("-destinataire", "-reponse")
"""Suffixes of the types that accompany another one: recipients and answers of a mail (Pastell API, mails)."""


@dataclass(frozen=True, slots=True)
class FlowPolicy:
    """What holds for one family of flows. Durations in days.

    ``retention_given`` is false where nobody stated the duration and the shortest is assumed. ``lead_days``:
    when to warn before the deadline, longest first. ``recheck_days``: files fetched again that long after the
    final state; ``recheck_before_deadline_days``: and once more that long before the deadline.
    ``type_ids`` may hold ``*``; ``label_patterns`` are pieces of the server's label.
    """

    family: str
    label: str
    retention_days: int
    retention_given: bool
    lead_days: tuple[int, ...]
    recheck_days: int
    recheck_before_deadline_days: int
    type_ids: tuple[str, ...] = ()
    label_patterns: tuple[str, ...] = ()

    def has_type(self, type_id: str) -> bool:
        """Whether a pattern of this family names that type."""
        return any(fnmatchcase(type_id, pattern) for pattern in self.type_ids)

    def has_label(self, label: str) -> bool:
        """Whether the label holds a pattern of this family, whatever the case."""
        folded = label.casefold()
        return any(pattern.casefold() in folded for pattern in self.label_patterns)


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone to call: ``role`` says what they do, ``when`` in which case; phone and mail may be empty."""

    contact_id: str
    name: str
    role: str
    when: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who fixed a key, in words for the user, and from which day (``None`` if the file does not say)."""

    name: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force. Two policies are equal when their rules are, wherever those came from.

    Days in ``safety_days``, ``short_safety_days`` (for retentions up to ``short_retention_days``); bytes in
    ``max_file_size``. ``hidden_types`` (with ``*``) are hidden from display only, never from saving.
    ``unknown_keys``: keys that this version does not know, kept for whoever wants to warn.
    """

    version: int
    effective: date
    source: str
    flows: tuple[FlowPolicy, ...]
    contacts: tuple[Contact, ...]
    safety_days: int
    short_safety_days: int
    short_retention_days: int
    stability_minutes: int
    max_file_size: int
    hidden_types: tuple[str, ...]
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)
    unknown_keys: tuple[str, ...] = field(default=(), compare=False)

    def flow(self, family: str) -> FlowPolicy:
        """Return the rules of a family, those of « autres » for an unknown one."""
        found = next((flow for flow in self.flows if flow.family == family), None)
        return found or next(flow for flow in self.flows if flow.family == DEFAULT_FAMILY)

    def flow_for(self, type_id: str, label: str = "") -> FlowPolicy:
        """Return the rules for a type: by its id, by the type it accompanies, by its label, else « autres »."""
        names = [type_id, *(type_id.removesuffix(end) for end in COMPANIONS if type_id.endswith(end))]
        exact = (flow for name in names for flow in self.flows if name in flow.type_ids)
        patterns = (flow for name in names for flow in self.flows if flow.has_type(name))
        labels = (flow for flow in self.flows if flow.has_label(label))
        for candidates in (exact, patterns, labels):
            if found := next(candidates, None):
                return found
        return self.flow(DEFAULT_FAMILY)

    def safety_for(self, flow: FlowPolicy) -> int:
        """Return the days taken off a deadline of this flow."""
        short = flow.retention_days <= self.short_retention_days
        return max(self.safety_days, self.short_safety_days) if short else self.safety_days

    def is_hidden(self, type_id: str) -> bool:
        """Whether dossiers of this type are left out of the screens (they are saved all the same)."""
        return any(fnmatchcase(type_id, pattern) for pattern in self.hidden_types)

    def contact(self, contact_id: str) -> Contact | None:
        """Return the contact of that id, or ``None``."""
        return next((one for one in self.contacts if one.contact_id == contact_id), None)

    def origin_of(self, key: str) -> str:
        """Return who fixed a key such as ``flux.actes.duree_jours``; empty if nobody did."""
        found = self.origins.get(key)
        return found.name if found else ""


def describe_retention(policy: Policy, family: str) -> str:
    """Return the sentence that says how long a flow stays on the platform, who says so and since when."""
    flow = policy.flow(family)
    days = count(flow.retention_days, "jour")
    if not flow.retention_given:
        return f"Durée{NBSP}: {days}, par prudence (durée non précisée par ENN)"
    origin = policy.origins.get(f"flux.{flow.family}.duree_jours")
    if origin is None:
        return f"Durée{NBSP}: {days}"
    since = f" depuis le {long_date(origin.since)}" if origin.since else ""
    return f"Durée{NBSP}: {days}, fixée par {origin.name}{since}"
