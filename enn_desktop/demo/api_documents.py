"""Reading documents: lists, counts, details."""

from enn_desktop.demo.answers import Answer, ApiError, Call, json_answer
from enn_desktop.demo.documents import Content, Document, Recipient
from enn_desktop.demo.flux import Flux
from enn_desktop.demo.listing import ListQuery, read_query, shifted
from enn_desktop.demo.rules import Situation, possible_actions
from enn_desktop.demo.wire import Json, number_of

_MASK = "MOT DE PASSE NON RECUPERABLE"
_SQL = (
    "SQLSTATE[42000]: Syntax error or access violation: 1064 You have an error in your SQL syntax; check the manual"
    " that corresponds to your MariaDB server version for the right syntax to use near '{near}' at line 1"
    " - SELECT *,document.type as type,document_entite.last_action as last_action,"
    "document_entite.last_action_date as last_action_date,"
    " entite.denomination as entite_base  FROM document_entite  JOIN document ON document_entite.id_d = document.id_d"
    " JOIN entite ON document_entite.id_e = entite.id_e WHERE document.type IN ({types})  AND document_entite.id_e = ? "
    " ORDER BY document_entite.last_action_date DESC LIMIT {offset},{limit} |{id_e}"
)


def readable_types(call: Call, id_e: int) -> list[str]:
    """Return everything that the caller may read on an entity, types and other things alike."""
    held = call.world.rights.held_on(call.account, id_e)
    if "*" in held:
        return sorted(call.world.fluxes)
    return sorted(right.removesuffix(":lecture") for right in held if right.endswith(":lecture"))


def document_list(call: Call, id_e: int) -> Answer:
    """`GET /entite/:id_e/document`."""
    if "id_d" in call.query:
        return _several(call, id_e)
    query = read_query(call.query, call.world)
    if query.type:
        call.require(f"{query.type}:lecture", id_e)
    types = readable_types(call, id_e)
    if query.offset < 0 or query.limit < 0:
        raise ApiError(400, _sql_error(query, types, id_e))
    lines = call.world.listing.page(id_e, types, query)
    return json_answer([call.world.listing.row_json(line) for line in lines])


def _sql_error(query: ListQuery, types: list[str], id_e: int) -> str:
    near = str(query.limit) if query.offset >= 0 else f"{query.offset},{query.limit}"
    quoted = ",".join(f"'{name}'" for name in types)
    return _SQL.format(near=near, types=quoted, offset=query.offset, limit=query.limit, id_e=id_e)


def _several(call: Call, id_e: int) -> Answer:
    wanted = call.query["id_d"]
    if not isinstance(wanted, list):
        raise ApiError(400, "Le paramètre id_d[] ne semble pas valide")
    return json_answer({id_d: detail_json(call, id_e, readable_document(call, id_e, id_d)) for id_d in wanted})


def readable_document(call: Call, id_e: int, id_d: str, right: str = "") -> Document:
    """Return a document that the caller may read through an entity.

    Raises:
        ApiError: 403 with an empty type for an unknown document (404 from 4.0 on), 403 without the right,
            404 when the document belongs to another entity.
    """
    world = call.world
    elsewhere = ApiError(404, f"Le document {id_d} n'appartient pas à l'entité {id_e}")
    document = world.documents.get(id_d)
    right = right or world.profile.reading_right
    # Up to 3.1.10 an id that ends in « php » is taken for a script of the first API (Pastell API, V1).
    if document is None:
        if world.profile.unknown_document_is_404:
            raise elsewhere
        raise ApiError(403, f"Acces interdit id_e={id_e}, droit=:{right},id_u={call.account.id_u}")
    call.require(f"{document.type}:{right}", id_e)
    if document.in_entity(id_e) is None:
        raise elsewhere
    return document


def document_detail(call: Call, id_e: int, id_d: str) -> Answer:
    """`GET /entite/:id_e/document/:id_d`."""
    return json_answer(detail_json(call, id_e, readable_document(call, id_e, id_d)))


def situation_of(call: Call, id_e: int, document: Document) -> Situation:
    """Return what the workflow's rules may look at."""
    row = document.in_entity(id_e) or document.memberships[0]
    texts = document.texts()
    flux = call.world.flux_of(document)
    content = document.content
    complete = not missing_fields(flux, content)
    held = call.world.rights.held_on(call.account, id_e)
    rights = held | {f"{document.type}:edition"} if "*" in held else held
    passed = {passage.action for passage in document.passages}
    return Situation(row.last_action, passed, texts, complete, rights, row.role)


def missing_fields(flux: Flux, content: Content) -> list[str]:
    """Return the keys of the required fields that have no value; those of a step that is not asked for do not count."""
    needed = [item.id.lower() for item in flux.fields if item.properties.get("requis")]
    return [name for name in needed if not content.get(name) and _is_asked(flux, content, name)]


_STEP_OF = {"iparapheur_sous_type": "envoi_signature", "to": "envoi_mailsec"}


def _is_asked(flux: Flux, content: Content, name: str) -> bool:
    """Tell whether a required field belongs to a step that the document goes through."""
    box = _STEP_OF.get(name, "")
    return box not in flux.field_by_id or bool(content.get(box))


def detail_json(call: Call, id_e: int, document: Document) -> dict[str, Json]:
    """Return the detail of a document as an entity sees it."""
    world = call.world
    row = document.in_entity(id_e) or document.memberships[0]
    offered: list[str] = (
        document.offered
        if document.offered is not None
        else possible_actions(world.flux_of(document), situation_of(call, id_e, document))
    )
    found: dict[str, Json] = {
        "info": {
            "id_d": document.id_d,
            "type": document.type,
            "titre": document.titre,
            "creation": shifted(world, document.creation),
            "modification": shifted(world, document.modification),
        },
        "data": _data_json(call, document),
        "action_possible": list(offered),
        "action-possible": list(offered),
        "last_action": {
            "action": row.last_action,
            "message": world.last_message(document, row),
            "date": row.last_action_date,
        },
    }
    if world.profile.mail_details:
        found |= _mail_json(call, document)
    return found


def _data_json(call: Call, document: Document) -> Json:
    profile = call.world.profile
    passwords = call.world.flux_of(document).passwords if profile.masks_passwords else frozenset()
    found: dict[str, Json] = {}
    for name, value in document.content.items():
        if name in passwords:
            found[name] = _MASK
        else:
            found[name] = value if isinstance(value, str) else [item.name for item in value]
    if not found and profile.empty_data_is_null:
        return None
    return found


def _mail_json(call: Call, document: Document) -> dict[str, Json]:
    recipients = document.recipients
    found: dict[str, Json] = {}
    if recipients:
        found["email_info"] = [_recipient_json(call, document, person) for person in recipients]
    answered = [person for person in recipients if person.answered_by]
    if answered:
        found["email_reponse"] = {
            str(person.id_de): {
                "id_de": call.number(person.id_de),
                "id_d_reponse": person.answered_by,
                "is_lu": call.number(0),
                "date_reponse": person.answered_on,
                "has_date_reponse": call.number(1),
                "titre": document.titre,
            }
            for person in answered
        }
    return found


def _recipient_json(call: Call, document: Document, person: Recipient) -> dict[str, Json]:
    return {
        "id_de": call.number(person.id_de),
        "id_d": document.id_d,
        "email": person.email,
        "lu": call.number(int(person.has_read)),
        "date_envoie": person.sent,
        "date_lecture": person.read,
        "type_destinataire": "to",
        "date_renvoi": "0000-00-00 00:00:00",
        "nb_renvoi": call.number(0),
        "reponse": "",
        "has_error": call.number(0),
        "last_error": "",
        "non_recu": call.number(int(document.memberships[0].last_action == "non-recu")),
    }


def document_count(call: Call) -> Answer:
    """`GET /document/count`."""
    id_e, kind = number_of(call.text("id_e", "0")), call.text("type")
    if call.text("output") == "simple":
        return _simple_count(call, id_e, kind)
    entities = call.world.rights.entities_with(call.account, "entite:lecture")
    found: dict[str, Json] = {}
    for entity in sorted(entities, key=lambda item: item.id_e):
        if id_e and entity.id_e != id_e:
            continue
        fluxes = _count_of(call, entity.id_e, kind)
        if fluxes:
            found[str(entity.id_e)] = {"flux": fluxes, "info": _count_info(call, entity.id_e)}
    return json_answer(found)


def _count_of(call: Call, id_e: int, kind: str) -> dict[str, Json]:
    counts = call.world.counts(id_e)
    fluxes: dict[str, Json] = {}
    for name in readable_types(call, id_e):
        if name in call.world.fluxes and kind in {"", name}:
            states = sorted((state, count) for (flux, state), count in counts.items() if flux == name)
            fluxes[name] = {state: call.number(count) for state, count in states}
    return fluxes


def _simple_count(call: Call, id_e: int, kind: str) -> Answer:
    if not id_e or not kind:
        raise ApiError(400, "Les paramètres id_e et type sont obligatoires.")
    call.require("entite:lecture", id_e)
    call.require(f"{kind}:lecture", id_e)
    query = read_query(call.query, call.world)
    return json_answer({"count": call.world.listing.indexed_count(id_e, [kind], query)})


def _count_info(call: Call, id_e: int) -> dict[str, Json]:
    entity = call.world.entities[id_e]
    native = not call.world.profile.strings
    found: dict[str, Json] = {
        "id_e": call.number(id_e),
        "type": entity.type,
        "denomination": entity.denomination,
        "siren": entity.siren,
        "date_inscription": entity.registered,
    }
    if call.world.profile.entity_state_column:
        found["etat"] = call.number(0)
    found["entite_mere"] = str(entity.mother)
    found["centre_de_gestion"] = call.number(0)
    found["is_active"] = int(entity.active) if native else str(int(entity.active))
    return found
