"""ENN's rules in words: how long, fixed by whom, warned when, and what a file of this computer changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enn_desktop.core.french import NBSP, count, join_words, long_date, number
from enn_desktop.core.rules import Contact, FlowPolicy, Policy

NOT_GIVEN = "Prudence (non précisée)"
NOT_RULES = ("version", "date_effet", "duree_precisee")
"""Keys that go with others: saying that they changed tells nothing more."""
KEY_WORDS = {
    "source": "source",
    "libelle": "nom",
    "duree_jours": "durée",
    "delais_alerte_jours": "alertes",
    "jours_avant_relecture": "relecture",
    "jours_avant_echeance": "relecture avant l’échéance",
    "types": "types de dossiers",
    "motifs_libelle": "libellés reconnus",
    "jours_securite": "marge de sécurité",
    "seuil_duree_courte": "seuil des durées courtes",
    "jours_securite_duree_courte": "marge des durées courtes",
    "minutes_stabilite": "stabilité",
    "taille_max_fichier": "taille maximale d’un fichier",
    "types_masques": "types masqués",
    "nom": "nom",
    "role": "rôle",
    "quand": "quand appeler",
    "telephone": "téléphone",
    "courriel": "courriel",
}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One flow, as it is shown."""

    label: str
    duration: str
    alerts: str
    fixed_by: str


@dataclass(frozen=True, slots=True)
class Override:
    """One file of this computer, and what it changes."""

    origin: str
    keys: tuple[str, ...]


def headline(policy: Policy) -> str:
    """Say which rules are in force, and since when."""
    since = long_date(policy.effective)
    return f"{_with_capital(policy.source)}. Version{NBSP}{policy.version}, en vigueur depuis le {since}."


def rule_rows(policy: Policy) -> tuple[RuleRow, ...]:
    """Return one row for each flow."""
    return tuple(
        RuleRow(flow.label, count(flow.retention_days, "jour"), _alerts(flow.lead_days), _fixed_by(policy, flow))
        for flow in policy.flows
    )


def _alerts(days: Sequence[int]) -> str:
    return join_words([number(day) for day in days])


def _fixed_by(policy: Policy, flow: FlowPolicy) -> str:
    if not flow.retention_given:
        return NOT_GIVEN
    found = policy.origins.get(f"flux.{flow.family}.duree_jours")
    if found is None:
        return ""
    if found.name == policy.origin_of("source"):
        # The file that states its own source speaks for that source, whose date is said above the table.
        return _with_capital(policy.source)
    return _with_capital(found.name) + (f", depuis le {long_date(found.since)}" if found.since else "")


def _with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def overrides(policy: Policy, files: Sequence[str]) -> tuple[Override, ...]:
    """Return what each of these files changes; nothing for a file that changes nothing."""
    found: dict[str, list[str]] = {}
    for key, origin in policy.origins.items():
        silent = key.rpartition(".")[2] in NOT_RULES or key in policy.unknown_keys
        if not silent and any(file and file in origin.name for file in files):
            found.setdefault(origin.name, []).append(key_words(policy, key))
    return tuple(Override(name, tuple(keys)) for name, keys in found.items())


def key_words(policy: Policy, key: str) -> str:
    """Return a key such as ``flux.actes.duree_jours`` as « Actes : durée »."""
    head, _, last = key.rpartition(".")
    word = KEY_WORDS.get(last, last)
    table, _, name = head.partition(".")
    if table == "flux":
        label = next((flow.label for flow in policy.flows if flow.family == name), name)
        return f"{label}{NBSP}: {word}"
    if table == "contacts":
        contact = policy.contact(name)
        return f"{contact.name if contact else name}{NBSP}: {word}"
    return word


def reach(contact: Contact) -> str:
    """Return how to reach someone; empty when nobody wrote it down."""
    return " · ".join(part for part in (contact.phone, contact.email) if part)
