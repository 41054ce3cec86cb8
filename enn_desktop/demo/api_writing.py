"""Writing: just enough for what other programs do to documents while a client reads them."""

from typing import Final

from enn_desktop.demo.answers import Answer, ApiError, Call, json_answer
from enn_desktop.demo.api_documents import detail_json, missing_fields, readable_document, situation_of
from enn_desktop.demo.documents import Document
from enn_desktop.demo.rules import refusal
from enn_desktop.demo.stored_files import held
from enn_desktop.demo.wire import Json, number_of

_MATTERS: Final = (
    "1 Commande Publique",
    "1.1 Marches publics",
    "1.4 Autres types de contrats",
    "2 Urbanisme",
    "2.1 Documents d urbanisme ",
    "3 Domaine et patrimoine",
    "4 Fonction publique",
    "5 Institutions et vie politique",
    "5.2 Fonctionnement des assemblees",
    "6 Libertes publiques et pourvoirs de police",
    "7 Finances locales",
    "7.1 Decisions budgetaires",
    "8 Domaines de competences par themes",
    "9 Autres domaines de competences",
)
_SUB_TYPES: Final = ("Arrêté individuel", "Arrêté réglementaire", "Contrat et convention", "Délibération")
_TOO_LATE: Final = "L'action « {action} »  n'est pas permise"


def create(call: Call, id_e: int) -> Answer:
    """`POST /entite/:id_e/document`."""
    kind = call.form_text("type")
    call.require(f"{kind}:edition", id_e)
    if kind not in call.world.fluxes:
        raise ApiError(404, f"Le flux {kind} n'existe pas sur cette plateforme")
    document = call.world.create(kind, id_e, id_u=call.account.id_u)
    return json_answer(detail_json(call, id_e, document) | {"id_d": document.id_d}, 201)


def modify(call: Call, id_e: int, id_d: str) -> Answer:
    """`PATCH /entite/:id_e/document/:id_d`: reads a form only, and says `ok` to anything else."""
    document = readable_document(call, id_e, id_d, "edition")
    _require_editable(call, id_e, document)
    content = document.own_content()
    flux = call.world.flux_of(document)
    for name, value in call.form.items():
        item = flux.field_by_id.get(name.lower())
        if item is not None and isinstance(value, str) and not (item.is_file and call.world.profile.at_least(4, 0, 5)):
            content[name.lower()] = value
    _note_change(call, id_e, document)
    return json_answer(_written(call, id_e, document))


def _note_change(call: Call, id_e: int, document: Document) -> None:
    world = call.world
    title = world.flux_of(document).title_field
    if title is not None and isinstance(value := document.content.get(title), str):
        world.set_title(document, value)
    world.pass_to(document, "modification", "Modification du document [WS]", id_e=id_e, id_u=call.account.id_u)


def _require_editable(call: Call, id_e: int, document: Document) -> None:
    action = call.world.flux_of(document).action_by_id["modification"]
    if refusal(action.definition, situation_of(call, id_e, document)) is not None:
        raise ApiError(400, _TOO_LATE.format(action="modification"))


def _written(call: Call, id_e: int, document: Document) -> dict[str, Json]:
    missing = _missing_field(call, document)
    message = f"Le formulaire est incomplet : le champ «{missing}» est obligatoire." if missing else ""
    return {
        "result": "ok",
        "formulaire_ok": 0 if missing else 1,
        "message": message,
        "content": detail_json(call, id_e, document),
    }


def _missing_field(call: Call, document: Document) -> str:
    flux = call.world.flux_of(document)
    missing = missing_fields(flux, document.content)
    return str(flux.field_by_id[missing[0]].properties.get("name", missing[0])) if missing else ""


def upload(call: Call, id_e: int, id_d: str) -> Answer:
    """`POST …/file/:field/:num` with `file_name` and `file_content`."""
    document = readable_document(call, id_e, id_d, "edition")
    _require_editable(call, id_e, document)
    field = call.segment(4)
    number = number_of(call.segment(5))
    sent = call.uploads.get("file_content")
    data = sent.data if sent is not None else call.form_text("file_content").encode()
    name = call.form_text("file_name") or (sent.filename if sent is not None else "")
    value = document.own_content().setdefault(field, [])
    files = value if isinstance(value, list) else []
    if number > len(files):
        raise ApiError(400, f'Keys are all screwy.  The first one was zero, now it\'s "{number}"')
    files[number : number + 1] = [held(name, data)]
    document.own_content()[field] = files
    _note_change(call, id_e, document)
    return json_answer(_written(call, id_e, document), 201)


def remove_file(call: Call, id_e: int, id_d: str) -> Answer:
    """`DELETE …/file/:field/:num` (3.0 and later): the files that follow are renumbered."""
    document = readable_document(call, id_e, id_d, "edition")
    number = number_of(call.segment(5))
    call.world.remove_file(document.id_d, call.segment(4), number)
    _note_change(call, id_e, document)
    return json_answer(detail_json(call, id_e, document))


def run_action(call: Call, id_e: int, id_d: str) -> Answer:
    """`POST …/action/:action`."""
    document = readable_document(call, id_e, id_d, "edition")
    name = call.segment(4)
    world = call.world
    action = world.flux_of(document).action_by_id.get(name)
    if action is None:
        raise ApiError(400, f"L'action {name} n'existe pas.")
    if name != "fatal-error":
        reason = refusal(action.definition, situation_of(call, id_e, document))
        if reason is not None:
            raise ApiError(400, f"{_TOO_LATE.format(action=name)} : {reason}")
    message = _run(call, id_e, document, name)
    return json_answer({"result": True, "message": message}, 201)


def _run(call: Call, id_e: int, document: Document, name: str) -> str:
    world = call.world
    if name == "supression":
        return world.delete(document.id_d, id_u=0)
    if name == "verif-iparapheur":
        world.sign_in_place(document.id_d, id_u=call.account.id_u)
        return "La signature a été récupérée"
    if name == "reouverture":
        world.reopen(document.id_d)
        return "Le dossier a été rouvert"
    message = f"L'action {name} a été executée sur le document"
    if name == "send-iparapheur":
        message = "Le document a été envoyé au parapheur électronique via le login ok "
    world.pass_to(document, name, message, id_e=id_e, id_u=call.account.id_u)
    return message


def delete(call: Call, id_e: int, id_d: str) -> Answer:
    """`DELETE /entite/:id_e/document/:id_d` (4.0 and later)."""
    document = readable_document(call, id_e, id_d, "edition")
    action = call.world.flux_of(document).action_by_id["supression"]
    reason = refusal(action.definition, situation_of(call, id_e, document))
    if reason is not None:
        raise ApiError(400, f"{_TOO_LATE.format(action='supression')} : {reason}")
    call.world.delete(id_d, id_u=call.account.id_u)
    return Answer(204)


def external_data(call: Call, id_e: int, id_d: str) -> Answer:
    """`GET` and `PATCH …/externalData/:field`."""
    document = readable_document(call, id_e, id_d, "edition")
    name = call.segment(4)
    item = call.world.flux_of(document).field_by_id.get(name)
    if item is None or item.properties.get("type") != "externalData":
        raise ApiError(400, f"Type {name} introuvable")
    if call.method == "GET":
        usual: Json = dict.fromkeys(_MATTERS, True) if name == "classification" else list(_SUB_TYPES)
        return json_answer(call.world.choices.get(name, usual))
    content = document.own_content()
    if name == "iparapheur_sous_type":
        content["iparapheur_type"] = "Document"
    content[name] = call.form_text(name)
    return json_answer(detail_json(call, id_e, document) | {"result": "ok"})
