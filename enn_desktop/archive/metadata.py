"""``metadonnees.json``: all that is known of a dossier, readable by people, enough to rebuild the catalogue.

Keys are French on purpose: an archivist opens this file without us.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from enn_desktop.core.typed_reading import from_json

FORMAT = 1
NAME = "metadonnees.json"
MANIFEST = "empreintes.sha256"
VERSIONS = "versions"
INDEX = "index.html"


Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A number that every reader of JSON, and a table, can hold."""


class _Base(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Missing keys take their default: an older or newer file can still be read."""


class VersionRecord(_Base):
    """What the platform, or someone here, replaced; kept under ``versions/``."""

    path: str = msgspec.field(name="chemin")
    sha256: str = msgspec.field(name="sha256")
    size: Whole = msgspec.field(name="octets", default=0)
    replaced_at: str = msgspec.field(name="remplace_le", default="")


class FileRecord(_Base):
    """One file of the dossier, as the server names it and as it lies here."""

    field: str = msgspec.field(name="champ")
    num: Whole = msgspec.field(name="rang", default=0)
    nth: Whole = msgspec.field(name="homonyme", default=0)
    original: str = msgspec.field(name="nom_d_origine", default="")
    path: str = msgspec.field(name="chemin", default="")
    sha256: str = msgspec.field(name="sha256", default="")
    size: Whole = msgspec.field(name="octets", default=0)
    fetched_at: str = msgspec.field(name="recupere_le", default="")
    checked_at: str = msgspec.field(name="relu_le", default="")
    state_key: str = msgspec.field(name="recupere_dans_l_etat", default="")
    listed: bool = msgspec.field(name="encore_annonce", default=True)
    doubt: str = msgspec.field(name="doute", default="")
    versions: list[VersionRecord] = msgspec.field(name="versions", default_factory=list)


class StateRecord(_Base):
    """One state that was seen here; ``changed`` holds the former values of the fields that changed since."""

    seen_at: str = msgspec.field(name="vu_le", default="")
    state: str = msgspec.field(name="etat", default="")
    date: str = msgspec.field(name="date", default="")
    changed: dict[str, str] = msgspec.field(name="anciennes_valeurs", default_factory=dict)


class EventRecord(_Base):
    """One event of the platform's journal about this dossier."""

    id_j: Whole = msgspec.field(name="numero")
    kind: Whole = msgspec.field(name="genre", default=0)
    date: str = msgspec.field(name="date", default="")
    action: str = msgspec.field(name="action", default="")
    message: str = msgspec.field(name="message", default="")
    person: str = msgspec.field(name="personne", default="")


class MissingRecord(_Base):
    """One file that could not be brought home, and why."""

    field: str = msgspec.field(name="champ", default="")
    original: str = msgspec.field(name="nom_d_origine", default="")
    reason: str = msgspec.field(name="raison", default="")
    since: str = msgspec.field(name="depuis", default="")


class DossierRecord(_Base):
    """A whole dossier. Dates of the platform are local and naive, ours are UTC (ISO 8601)."""

    server: str = msgspec.field(name="plateforme")
    id_d: str = msgspec.field(name="id_d")
    id_e: str = msgspec.field(name="id_e")
    format: Whole = msgspec.field(name="format", default=FORMAT)
    entity: str = msgspec.field(name="collectivite", default="")
    siren: str = msgspec.field(name="siren", default="")
    other_entities: list[str] = msgspec.field(name="autres_collectivites", default_factory=list)
    type_id: str = msgspec.field(name="type", default="")
    type_label: str = msgspec.field(name="libelle_du_type", default="")
    family: str = msgspec.field(name="flux", default="")
    title: str = msgspec.field(name="objet", default="")
    row_title: str = msgspec.field(name="titre_de_liste", default="")
    number: str = msgspec.field(name="numero", default="")
    state: str = msgspec.field(name="etat", default="")
    state_date: str = msgspec.field(name="date_etat", default="")
    state_message: str = msgspec.field(name="message_etat", default="")
    word: str = msgspec.field(name="situation", default="")
    group: str = msgspec.field(name="groupe", default="P")
    refused: bool = msgspec.field(name="refuse", default=False)
    created: str = msgspec.field(name="cree_le", default="")
    modified: str = msgspec.field(name="modifie_le", default="")
    first_seen: str = msgspec.field(name="vu_la_premiere_fois_le", default="")
    fetched_at: str = msgspec.field(name="recupere_le", default="")
    tried_at: str = msgspec.field(name="demande_le", default="")
    detail_at: str = msgspec.field(name="detail_lu_le", default="")
    gone_at: str = msgspec.field(name="absent_de_la_plateforme_depuis", default="")
    final: bool = msgspec.field(name="etat_final", default=False)
    names_stable: bool = msgspec.field(name="liste_des_fichiers_confirmee", default=False)
    complete: bool = msgspec.field(name="complet", default=False)
    sealed: bool = msgspec.field(name="ecriture_terminee", default=False)
    fields: dict[str, str] = msgspec.field(name="champs", default_factory=dict)
    mails: list[dict[str, str]] = msgspec.field(name="destinataires", default_factory=list)
    files: list[FileRecord] = msgspec.field(name="fichiers", default_factory=list)
    missing: list[MissingRecord] = msgspec.field(name="manques", default_factory=list)
    history: list[StateRecord] = msgspec.field(name="historique", default_factory=list)
    journal: list[EventRecord] = msgspec.field(name="journal", default_factory=list)


def dump(record: DossierRecord) -> bytes:
    """Return the text of ``metadonnees.json``, indented, UTF-8."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def load(content: bytes) -> DossierRecord | None:
    """Return the dossier that this file describes, or ``None`` if it cannot be read."""
    try:
        return from_json(content, DossierRecord)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
