"""The journal by API: JSON newest first, CSV oldest first, one event with its proof."""

from collections.abc import Sequence

from enn_desktop.demo.answers import Answer, ApiError, Call, json_answer
from enn_desktop.demo.journal import JournalRow
from enn_desktop.demo.wire import Json, bytes_of, number_of, truthy

_COLUMNS = (
    *("id_j", "type", "id_e", "id_u", "id_d", "action", "message", "date", "date_horodatage", "message_horodate"),
    *("document_type", "titre", "denomination", "nom", "prenom", "siren", "document_type_libelle", "action_libelle"),
)


def journal(call: Call) -> Answer:
    """`GET /journal`, `/journal/:id_j`, `/journal/:id_j/jeton`."""
    if call.segments:
        return _event(call)
    id_e = number_of(call.text("id_e", "0"))
    call.require("journal:lecture", id_e)
    rows = _selected(call, id_e)
    offset = number_of(call.text("offset", "0"))
    limit = number_of(call.text("limit", "100"))
    csv = call.text("format") == "csv"
    if not csv:
        rows = rows[::-1]
    if limit >= 0:
        rows = rows[offset : offset + limit]
    if csv:
        return _csv(call, id_e, rows)
    return json_answer([_row_json(call, row) for row in rows])


def _selected(call: Call, id_e: int) -> list[JournalRow]:
    world, id_d, kind = call.world, call.text("id_d"), call.text("type")
    cut = world.journal_cut()
    user, words = call.text("id_user"), call.text("recherche")
    begin, end = call.text("date_debut"), call.text("date_fin")
    found = []
    for row in world.journal_rows(id_d, id_e=id_e, since=cut):
        if (id_e and row.id_e != id_e) or (id_d and row.id_d != id_d) or (kind and row.document_type != kind):
            continue
        if row.date < cut or (begin and row.date < begin) or (end and row.date[:10] > end):
            continue
        if (user and str(row.id_u) != user) or (words and words.casefold() not in row.message.casefold()):
            continue
        found.append(row)
    return found


def _row_json(call: Call, row: JournalRow) -> dict[str, Json]:
    world = call.world
    document = world.documents.get(row.id_d)
    author = next((account for account in world.accounts.values() if account.id_u == row.id_u), None)
    entity = world.entities.get(row.id_e)
    flux = world.fluxes.get(row.document_type)
    action = flux.action_by_id.get(row.action) if flux is not None else None
    said = (row.kind, row.id_e, row.id_u, row.id_d, row.action, row.message, row.signed or row.date, row.document_type)
    signed = " - ".join(str(piece) for piece in said)
    return {
        "id_j": call.number(row.id_j),
        "type": call.number(row.kind),
        "id_e": call.number(row.id_e),
        "id_u": call.number(row.id_u),
        "id_d": row.id_d,
        "action": row.action,
        "message": row.message,
        "date": row.date,
        "date_horodatage": row.stamped,
        "message_horodate": signed,
        "document_type": row.document_type,
        "titre": document.titre if document is not None else None,
        "denomination": entity.denomination if entity is not None else None,
        "nom": author.name if author is not None else None,
        "prenom": author.first_name if author is not None else None,
        "siren": entity.siren if entity is not None else None,
        "document_type_libelle": flux.label if flux is not None else "",
        "action_libelle": (action.label if action is not None else None) or row.action,
    }


def _csv(call: Call, id_e: int, rows: Sequence[JournalRow]) -> Answer:
    lines = [",".join(_COLUMNS)] if truthy(call.text("csv_entete_colonne")) else []
    for row in rows:
        values = _row_json(call, row)
        lines.append(",".join(_cell(values[name]) for name in _COLUMNS))
    name = f"pastell-export-journal-{id_e}-{call.text('type')}-{call.text('id_d')}.csv"
    body = bytes_of("".join(f"{line}\n" for line in lines))
    return Answer(
        200, body, "text/csv; charset=utf-8", (("Content-disposition", f"attachment; filename={name}".encode()),)
    )


def _cell(value: Json) -> str:
    """Quote as PHP's `fputcsv` does: whenever there is a space, a comma, a quote or a line break."""
    text = "" if value is None else str(value)
    if any(character in ' ,"\\\n\r\t' for character in text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _event(call: Call) -> Answer:
    world = call.world
    text = call.segments[0]
    row = world.journal.by_id(number_of(text), world.documents.values())
    if row is None:
        raise ApiError(404, f"L'événement {text} n'a pas été trouvé")
    call.require("journal:lecture", row.id_e)
    if len(call.segments) > 1:
        if call.segments[1] != "jeton":
            raise ApiError(404, f"Ressource {call.segments[1].capitalize()} non trouvée")
        name = f"pastell-journal-preuve-{row.id_j}.tsr"
        disposition = ("Content-disposition", f"attachment; filename={name}".encode())
        return Answer(200, row.proof.encode(), "application/timestamp-reply", (disposition,))
    values = _row_json(call, row)
    values.pop("siren")
    ordered: dict[str, Json] = {}
    for name, value in values.items():
        if name == "date_horodatage":
            ordered["preuve"] = row.proof
        ordered[name] = value
    return json_answer(ordered)
