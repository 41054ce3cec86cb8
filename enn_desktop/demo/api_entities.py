"""Resources about entities and their connectors."""

from enn_desktop.demo.accounts import Entity
from enn_desktop.demo.answers import Answer, ApiError, Call, json_answer
from enn_desktop.demo.store import Connector
from enn_desktop.demo.wire import Json, number_of


def entity_list(call: Call) -> Answer:
    """`GET /entite`."""
    listed = call.world.rights.entities_with(call.account, "entite:lecture")
    wanted = call.query.get("is_active")
    if call.world.profile.at_least(4) and isinstance(wanted, str):
        listed = [entity for entity in listed if entity.active == (wanted in {"1", "true"})]
    return json_answer([_row(call, entity) for entity in listed])


def _row(call: Call, entity: Entity) -> dict[str, Json]:
    found: dict[str, Json] = {
        "id_e": call.number(entity.id_e),
        "denomination": entity.denomination,
        "siren": entity.siren,
        "type": entity.type,
        "centre_de_gestion": call.number(0),
        "entite_mere": str(entity.mother),
    }
    if call.world.profile.at_least(4):
        found["is_active"] = entity.active
    return found


def entity_detail(call: Call) -> Answer:
    """`GET /entite/:id_e`; the database reads `2abc` as 2."""
    text = call.segments[0]
    number = number_of(text)
    if text == "0":
        return entity_list(call)
    entity = call.world.entities.get(number)
    if entity is None:
        raise ApiError(404, f"L'entité {text} n'a pas été trouvée")
    call.require("entite:lecture", number)
    daughters = [other for other in call.world.entities.values() if str(other.mother) == text]
    found: dict[str, Json] = {
        "id_e": call.number(entity.id_e),
        "denomination": entity.denomination,
        "siren": entity.siren,
        "type": entity.type,
        "entite_mere": str(entity.mother),
        "entite_fille": [{"id_e": call.number(other.id_e)} for other in daughters],
        "centre_de_gestion": call.number(0),
    }
    if call.world.profile.at_least(4):
        found["is_active"] = entity.active
    return json_answer(found)


def known_entity(call: Call, text: str) -> int:
    """Return the id of an entity named in a path of documents.

    Raises:
        ApiError: 400 for entity 0, 404 for an unknown one, 403 without `entite:lecture`.
    """
    number = number_of(text)
    if number == 0 and text in {"0", ""}:
        raise ApiError(400, "id_e est obligatoire")
    if number not in call.world.entities:
        raise ApiError(404, f"L'entité {text} n'existe pas")
    call.require("entite:lecture", number)
    return number


def connectors(call: Call, id_e: int) -> Answer:
    """`GET /entite/:id_e/connecteur` and `/connecteur/:id_ce`."""
    listed = sorted(
        (item for item in call.world.connectors if item.id_e == id_e), key=lambda item: item.label.casefold()
    )
    if call.segment(2):
        wanted = next((item for item in listed if str(item.id_ce) == call.segment(2)), None)
        if wanted is None:
            raise ApiError(404, "Ce connecteur n'existe pas.")
        return json_answer(_connector(call, wanted) | {"data": dict(wanted.values), "action-possible": []})
    return json_answer([_connector(call, item) for item in listed])


def _connector(call: Call, item: Connector) -> dict[str, Json]:
    return {
        "id_ce": call.number(item.id_ce),
        "id_e": call.number(item.id_e),
        "libelle": item.label,
        "id_connecteur": item.kind,
        "type": item.family,
        "frequence_en_minute": call.number(1),
        "id_verrou": "",
    }


def associations(call: Call, id_e: int) -> Answer:
    """`GET /entite/:id_e/flux`: which connector serves which type."""
    found: list[Json] = []
    for number, item in enumerate(call.world.connectors, 1):
        if item.id_e == id_e:
            found.append(
                {
                    "id_fe": call.number(number),
                    "id_e": call.number(id_e),
                    "flux": next(iter(call.world.fluxes)),
                    "id_ce": call.number(item.id_ce),
                    "type": item.family,
                }
            )
    return json_answer(found)
