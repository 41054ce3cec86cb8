"""Wire shapes of every Pastell line, decoded leniently, turned at once into our own values.

Numbers arrive as strings (2.0 – 3.x) or as integers (4.0+), empty objects as ``[]`` or ``null``.
Sources: Pastell API, list, detail, flux, count, journal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import UnionType
from typing import Any, TypeVar

import msgspec

from enn_desktop.core.errors import ServerBroken
from enn_desktop.core.typed_reading import from_builtins, from_json
from enn_desktop.core.values import (
    ActionInfo,
    DossierDetail,
    DossierRow,
    Entity,
    FieldInfo,
    FileRef,
    FlowInfo,
    JournalRow,
    MailInfo,
)

Scalar = str | int | float | bool | None
T = TypeVar("T")

_PASSWORD = re.compile(r"passw|mot_de_passe|mdp", re.IGNORECASE)
_NO_YEAR = ("0000", "1970", "-0001")


class EntityWire(msgspec.Struct):
    """One item of ``/entite``."""

    id_e: Scalar = None
    denomination: Scalar = None
    siren: Scalar = None
    entite_mere: Scalar = None
    is_active: Scalar = None


class RowWire(msgspec.Struct):
    """One item of a document list; unknown columns are ignored."""

    id_d: Scalar
    id_e: Scalar
    type: Scalar = None
    titre: Scalar = None
    last_action: Scalar = None
    last_action_date: Scalar = None
    creation: Scalar = None
    modification: Scalar = None
    role: Scalar = None
    etat: Scalar = None
    is_active: Scalar = None
    entite: list[EntityWire] | dict[str, EntityWire] | None = None


class VersionWire(msgspec.Struct):
    """``/version``."""

    version: Scalar = None
    version_complete: Scalar = None


class JournalWire(msgspec.Struct):
    """One event of ``/journal``."""

    id_j: Scalar
    type: Scalar = None
    id_e: Scalar = None
    id_d: Scalar = None
    action: Scalar = None
    message: Scalar = None
    date: Scalar = None
    nom: Scalar = None
    prenom: Scalar = None
    document_type: Scalar = None


class LastActionWire(msgspec.Struct):
    """``last_action`` of a detail."""

    action: Scalar = None
    message: Scalar = None
    date: Scalar = None


class InfoWire(msgspec.Struct):
    """``info`` of a detail."""

    id_d: Scalar
    type: Scalar = None
    titre: Scalar = None
    creation: Scalar = None
    modification: Scalar = None


class MailWire(msgspec.Struct):
    """One recipient of ``email_info`` (3.1+)."""

    email: Scalar = None
    lu: Scalar = None
    date_envoie: Scalar = None
    date_lecture: Scalar = None


class DetailWire(msgspec.Struct):
    """A dossier's detail; ``data`` is ``null``, ``[]`` or an object of anything."""

    info: InfoWire
    data: Any = None
    last_action: LastActionWire | list[Any] | None = None
    action_possible: Any = None
    email_info: Any = None


def decode(payload: bytes, shape: type[T] | UnionType) -> T:
    """Decode one JSON text into a wire shape; ``ServerBroken`` when the shape is not the announced one."""
    try:
        decoded: T = from_json(payload, shape, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = "La plateforme a donné une réponse inattendue."
        raise ServerBroken(message, detail=f"{error}") from error
    return decoded


def items(payload: bytes, shape: type[T]) -> list[T]:
    """Decode a list, or an object whose values are the list (PHP prints either)."""
    # A type made at run time: the checker cannot follow, the decoder checks every value.
    either: Any = list[shape] | dict[str, shape]  # type: ignore[valid-type]
    found: list[T] | dict[str, T] = decode(payload, either)
    return list(found.values()) if isinstance(found, dict) else found


def text(value: Scalar) -> str:
    """Return a scalar as text: booleans as PHP compares them, ``None`` as empty."""
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def truthy(value: object) -> bool:
    """Whether PHP's loose comparison holds this for true."""
    return value not in (None, False, 0, "", "0", [])


def moment(value: Scalar) -> datetime | None:
    """Return a naive platform date, ``None`` for the null dates (0000…, 1970…) and for what is not one."""
    given = text(value)
    if given.startswith(_NO_YEAR):
        return None
    try:
        parsed = datetime.fromisoformat(given)
    except ValueError:
        return None
    return parsed.replace(tzinfo=None)


def entity(wire: EntityWire) -> Entity:
    """Return one town hall."""
    parent = text(wire.entite_mere)
    return Entity(
        id_e=text(wire.id_e),
        name=text(wire.denomination),
        siren=text(wire.siren),
        parent="" if parent == "0" else parent,
        active=wire.is_active is None or truthy(wire.is_active),
    )


def row(wire: RowWire) -> DossierRow:
    """Return one row of a list."""
    others = wire.entite.values() if isinstance(wire.entite, dict) else wire.entite or ()
    return DossierRow(
        id_d=text(wire.id_d),
        id_e=text(wire.id_e),
        type_id=text(wire.type),
        title=text(wire.titre),
        state=text(wire.last_action),
        state_date=moment(wire.last_action_date),
        created=moment(wire.creation),
        modified=moment(wire.modification),
        role=text(wire.role) or "editeur",
        other_entities=tuple(text(other.id_e) for other in others),
    )


def journal_row(wire: JournalWire) -> JournalRow:
    """Return one event."""
    return JournalRow(
        id_j=_integer(wire.id_j),
        kind=_integer(wire.type),
        id_e=text(wire.id_e),
        id_d=text(wire.id_d),
        action=text(wire.action),
        message=text(wire.message),
        date=moment(wire.date),
        person=f"{text(wire.prenom)} {text(wire.nom)}".strip(),
        dossier_type=text(wire.document_type),
    )


def flows(payload: bytes) -> list[FlowInfo]:
    """Return the types that the account can read; ``[]`` stands for none."""
    found: dict[str, dict[str, Scalar]] | list[Any] = decode(payload, dict[str, dict[str, Scalar]] | list[Any])
    if isinstance(found, list):
        return []
    return [FlowInfo(key, text(value.get("nom")), text(value.get("type"))) for key, value in found.items()]


def fields(payload: bytes) -> tuple[FieldInfo, ...]:
    """Return the fields of a flow; names in lower case as ``data`` has them."""
    return tuple(
        FieldInfo(
            name=key.lower(),
            label=text(value.get("name")),
            kind=text(value.get("type")) or "text",
            multiple=truthy(value.get("multiple")),
            is_title=truthy(value.get("title")),
            indexed=truthy(value.get("index")),
        )
        for key, value in _objects(payload).items()
    )


def actions(payload: bytes) -> tuple[ActionInfo, ...]:
    """Return the workflow of a flow."""
    return tuple(_action(key, value) for key, value in _objects(payload).items())


def _action(key: str, value: Mapping[str, Any]) -> ActionInfo:
    return ActionInfo(
        action_id=key,
        label=text(value.get("name")),
        automatic=text(value.get("action-automatique")),
        last_action=tuple(_last_actions(value.get("rule"))),
        no_workflow=truthy(value.get("no-workflow")),
    )


def _last_actions(rule: object) -> list[str]:
    """Gather ``last-action`` wherever it stands in the nested ``or_…`` and ``and_…`` of a rule."""
    if not isinstance(rule, dict):
        return []
    found: list[str] = []
    for key, value in rule.items():
        if key == "last-action":
            found += [str(item) for item in (value if isinstance(value, list) else [value])]
        else:
            found += _last_actions(value)
    return found


def _objects(payload: bytes) -> dict[str, dict[str, Any]]:
    found: dict[str, Any] | list[Any] = decode(payload, dict[str, Any] | list[Any])
    if isinstance(found, list):
        return {}
    return {key: value if isinstance(value, dict) else {} for key, value in found.items()}


def counts(payload: bytes) -> dict[str, dict[str, dict[str, int]]]:
    """Return dossiers per entity, type and state; ``[]`` stands for nothing at each level."""
    return {
        id_e: {
            type_id: {state: _integer(number) for state, number in states.items()}
            for type_id, states in _mapping(value.get("flux")).items()
            if isinstance(states, dict)
        }
        for id_e, value in _objects(payload).items()
    }


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: Scalar) -> int:
    try:
        return int(text(value) or 0)
    except ValueError:
        return 0


def detail(wire: DetailWire, kinds: Mapping[str, str], server_date: datetime | None) -> DossierDetail:
    """Return a dossier's detail; ``kinds`` maps field names to their kind where the flow is known.

    A list of names under a field that the flow calls a file, or does not list, is a list of files. A plain
    text in a file field has no file behind it (up to 4.0.4). Passwords never come out of here.
    """
    files: list[FileRef] = []
    texts: dict[str, str] = {}
    for key, value in _mapping(wire.data).items():
        kind = kinds.get(key)
        if isinstance(value, list) and kind in (None, "file"):
            files += [FileRef(key, num, text(name)) for num, name in enumerate(value)]
        elif isinstance(value, dict) and kind == "file":
            files += [FileRef(key, _integer(num), text(name)) for num, name in value.items()]
        elif not (_PASSWORD.search(key) or kind == "password"):
            texts[key] = _as_text(value)
    last = wire.last_action if isinstance(wire.last_action, LastActionWire) else LastActionWire()
    return DossierDetail(
        id_d=text(wire.info.id_d),
        type_id=text(wire.info.type),
        title=text(wire.info.titre),
        created=moment(wire.info.creation),
        modified=moment(wire.info.modification),
        state=text(last.action),
        state_date=moment(last.date),
        state_message=None if last.message is None else text(last.message),
        fields=texts,
        files=tuple(files),
        actions_possible=tuple(str(item) for item in _listed(wire.action_possible)),
        mails=tuple(_mail(item) for item in _listed(wire.email_info) if isinstance(item, dict)),
        read_at_server=server_date,
    )


def _as_text(value: object) -> str:
    if isinstance(value, str | int | float | bool) or value is None:
        return text(value)
    return msgspec.json.encode(value).decode()


def _listed(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _mail(item: dict[str, Any]) -> MailInfo:
    wire = from_builtins(item, MailWire, strict=False)
    return MailInfo(
        email=text(wire.email),
        read=truthy(wire.lu),
        sent_at=moment(wire.date_envoie),
        read_at=moment(wire.date_lecture),
    )
