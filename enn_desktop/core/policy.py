"""The policy as TOML files: read, laid one over the other key by key, written back.

The base comes with the program; a file of the machine, then one of the person, may each change a single key.
Who fixed what is remembered, because it is shown.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.french import NARROW, NBSP
from enn_desktop.core.rules import (
    DEFAULT_FAMILY,
    Contact,
    FlowPolicy,
    Origin,
    Policy,
    describe_retention,
)

__all__ = [
    "DEFAULT_FAMILY",
    "Contact",
    "FlowPolicy",
    "Origin",
    "Policy",
    "PolicyLayer",
    "describe_retention",
    "layer_policies",
    "parse_policy",
    "policy_to_toml",
]

DAYS_MAX = 36_500
MINUTES_MAX = 1_440
SIZE_MAX = 2**53
ALERTS = 3
SHOWN_MAX = 60
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class PolicyLayer:
    """One file's text; ``origin`` names it for the user (« la charte ENN », « le fichier de ce poste »…)."""

    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class _Entry:
    value: object
    origin: Origin


def parse_policy(text: str, origin: str) -> Policy:
    """Return the policy that one complete file describes.

    Raises ``SettingsError``, with the key and its value, if something is missing or has the wrong shape.
    """
    return layer_policies([PolicyLayer(origin, text)])


def layer_policies(layers: Sequence[PolicyLayer], *, today: date | None = None) -> Policy:
    """Return the policy of several files, each later one overriding earlier ones key by key.

    With ``today``, a file whose ``date_effet`` is still to come is left out. A file that gives ``duree_jours``
    states that duration: ``duree_precisee`` is then true unless the same file says otherwise. A new family takes
    from « autres » what it does not give. Raises ``SettingsError`` like :func:`parse_policy`.
    """
    entries: dict[str, _Entry] = {}
    for layer in layers:
        values = dict(_leaves(_decode(layer), ""))
        since = _day(values["date_effet"]) if "date_effet" in values else None
        if today is not None and since is not None and since > today:
            continue
        for key in [key for key in values if key.startswith("flux.") and key.endswith(".duree_jours")]:
            values.setdefault(f"{key.removesuffix('.duree_jours')}.duree_precisee", True)
        origin = Origin(layer.origin, since)
        entries |= {key: _Entry(value, origin) for key, value in values.items()}
    return _build(entries)


def _decode(layer: PolicyLayer) -> dict[str, object]:
    try:
        return tomllib.loads(layer.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"Le fichier de politique ({layer.origin}) n’est pas lisible."
        raise SettingsError(message, detail=str(error)) from error


def _leaves(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _day(value: object) -> date | None:
    """Return a date written as TOML date or as text, ``None`` if it is neither."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


class _Reader:
    """Gives typed values out of the merged files, and remembers which keys are known."""

    def __init__(self, entries: Mapping[str, _Entry]) -> None:
        self._entries = entries
        self.asked: set[str] = set()

    def _entry(self, key: str, fallback: str) -> _Entry:
        self.asked.add(key)
        found = self._entries.get(key) or self._entries.get(fallback)
        if found is None:
            message = f"La politique ne donne pas la clé «{NBSP}{key}{NBSP}»."
            raise SettingsError(message, advice="Complétez le fichier, puis relancez.")
        return found

    def integer(self, key: str, low: int, high: int, fallback: str = "") -> int:
        """Return a whole number from ``low`` to ``high``."""
        entry = self._entry(key, fallback)
        if isinstance(entry.value, bool) or not isinstance(entry.value, int) or not low <= entry.value <= high:
            raise _refusal(key, entry, f"un nombre entier de {low} à {high}")
        return entry.value

    def flag(self, key: str, fallback: str = "") -> bool:
        """Return true or false."""
        entry = self._entry(key, fallback)
        if not isinstance(entry.value, bool):
            raise _refusal(key, entry, "true ou false")
        return entry.value

    def text(self, key: str, *, empty: bool = True, fallback: str = "") -> str:
        """Return a text."""
        entry = self._entry(key, fallback)
        if not isinstance(entry.value, str) or not (empty or entry.value.strip()):
            raise _refusal(key, entry, "un texte" if empty else "un texte qui ne soit pas vide")
        return entry.value

    def texts(self, key: str, fallback: str = "") -> tuple[str, ...]:
        """Return a list of texts."""
        entry = self._entry(key, fallback)
        items = entry.value if isinstance(entry.value, list) else [None]
        found = tuple(item for item in items if isinstance(item, str) and item)
        if len(found) != len(items):
            raise _refusal(key, entry, "une liste de textes")
        return found

    def alerts(self, key: str, fallback: str) -> tuple[int, ...]:
        """Return three numbers of days, longest first."""
        entry = self._entry(key, fallback)
        items = entry.value if isinstance(entry.value, list) else []
        days = tuple(item for item in items if type(item) is int and 0 <= item <= DAYS_MAX)
        if not len(days) == len(items) == ALERTS or sorted(set(days), reverse=True) != list(days):
            raise _refusal(key, entry, "trois nombres de jours, du plus grand au plus petit")
        return days

    def day(self, key: str) -> date:
        """Return a date."""
        entry = self._entry(key, "")
        found = _day(entry.value)
        if found is None:
            raise _refusal(key, entry, "une date comme 2027-01-01")
        return found


def _refusal(key: str, entry: _Entry, expected: str) -> SettingsError:
    shown = str(entry.value)
    shown = shown if len(shown) <= SHOWN_MAX else f"{shown[:SHOWN_MAX]}…"
    return SettingsError(
        f"Dans la politique ({entry.origin.name}), la clé «{NBSP}{key}{NBSP}» vaut «{NBSP}{shown}{NBSP}»{NARROW}; "
        f"il faut {expected}."
    )


def _members(entries: Mapping[str, _Entry], table: str) -> list[str]:
    """Return the names right under a table that holds at least one key, in the order of the files."""
    found = [key.split(".")[1] for key in entries if key.startswith(f"{table}.") and key.count(".") == 2]  # noqa: PLR2004
    return [name for name in dict.fromkeys(found) if _ID.fullmatch(name)]


def _build(entries: Mapping[str, _Entry]) -> Policy:
    read = _Reader(entries)
    families = _members(entries, "flux")
    if DEFAULT_FAMILY not in families:
        families.append(DEFAULT_FAMILY)
    return Policy(
        version=read.integer("version", 1, 1_000_000),
        effective=read.day("date_effet"),
        source=read.text("source", empty=False),
        flows=tuple(_flow(read, family) for family in families),
        contacts=tuple(_contact(read, one) for one in _members(entries, "contacts")),
        safety_days=read.integer("general.jours_securite", 0, DAYS_MAX),
        short_safety_days=read.integer("general.jours_securite_duree_courte", 0, DAYS_MAX),
        short_retention_days=read.integer("general.seuil_duree_courte", 0, DAYS_MAX),
        stability_minutes=read.integer("general.minutes_stabilite", 0, MINUTES_MAX),
        max_file_size=read.integer("general.taille_max_fichier", 1, SIZE_MAX),
        hidden_types=read.texts("general.types_masques"),
        origins=MappingProxyType({key: entry.origin for key, entry in entries.items()}),
        unknown_keys=tuple(key for key in entries if key not in read.asked),
    )


def _flow(read: _Reader, family: str) -> FlowPolicy:
    here, other = f"flux.{family}", f"flux.{DEFAULT_FAMILY}"
    return FlowPolicy(
        family=family,
        label=read.text(f"{here}.libelle", empty=False, fallback=f"{other}.libelle"),
        retention_days=read.integer(f"{here}.duree_jours", 1, DAYS_MAX, f"{other}.duree_jours"),
        retention_given=read.flag(f"{here}.duree_precisee", f"{other}.duree_precisee"),
        lead_days=read.alerts(f"{here}.delais_alerte_jours", f"{other}.delais_alerte_jours"),
        recheck_days=read.integer(f"{here}.jours_avant_relecture", 0, DAYS_MAX, f"{other}.jours_avant_relecture"),
        recheck_before_deadline_days=read.integer(
            f"{here}.jours_avant_echeance", 0, DAYS_MAX, f"{other}.jours_avant_echeance"
        ),
        type_ids=read.texts(f"{here}.types", f"{other}.types"),
        label_patterns=read.texts(f"{here}.motifs_libelle", f"{other}.motifs_libelle"),
    )


_CONTACT_KEYS = {"name": "nom", "role": "role", "when": "quand", "phone": "telephone", "email": "courriel"}


def _contact(read: _Reader, contact_id: str) -> Contact:
    given = {ours: read.text(f"contacts.{contact_id}.{key}") for ours, key in _CONTACT_KEYS.items()}
    return Contact(contact_id, **given)


def policy_to_toml(policy: Policy) -> str:
    """Return the policy as one complete file; reading it back gives an equal policy."""
    tables: list[tuple[str, dict[str, object]]] = [
        (
            "",
            {"version": policy.version, "date_effet": policy.effective.isoformat(), "source": policy.source},
        ),
        (
            "general",
            {
                "jours_securite": policy.safety_days,
                "seuil_duree_courte": policy.short_retention_days,
                "jours_securite_duree_courte": policy.short_safety_days,
                "minutes_stabilite": policy.stability_minutes,
                "taille_max_fichier": policy.max_file_size,
                "types_masques": policy.hidden_types,
            },
        ),
        *((f"flux.{flow.family}", _flow_table(flow)) for flow in policy.flows),
        *(
            (f"contacts.{one.contact_id}", {key: getattr(one, ours) for ours, key in _CONTACT_KEYS.items()})
            for one in policy.contacts
        ),
    ]
    return "\n".join(_table(name, values) for name, values in tables)


def _flow_table(flow: FlowPolicy) -> dict[str, object]:
    return {
        "libelle": flow.label,
        "duree_jours": flow.retention_days,
        "duree_precisee": flow.retention_given,
        "delais_alerte_jours": flow.lead_days,
        "jours_avant_relecture": flow.recheck_days,
        "jours_avant_echeance": flow.recheck_before_deadline_days,
        "types": flow.type_ids,
        "motifs_libelle": flow.label_patterns,
    }


def _table(name: str, values: Mapping[str, object]) -> str:
    heading = f"[{name}]\n" if name else ""
    # A TOML basic string is a JSON string, except that it must also escape DEL.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return heading + "".join(lines).replace("\x7f", "\\u007f")
