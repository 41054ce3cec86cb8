"""The old API, scripts that end in `.php`: same data, not pretty, refusals inside 200."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from enn_desktop.demo import api_documents, api_entities, api_platform
from enn_desktop.demo.answers import Answer, ApiError, Call, error_answer, json_answer
from enn_desktop.demo.wire import Json

if TYPE_CHECKING:
    from enn_desktop.demo.routing import Request

_KEEPS_STATUS: Final = {401, 403, 404, 405}


def answer(open_call: "Callable[[Request, list[str]], Call]", request: "Request", script: str) -> Answer:
    """Answer a script of the old API; a generic refusal is sent with status 200."""
    name = script.removesuffix(".php")
    handler = _SCRIPTS.get(name)
    if handler is None or not script.endswith(".php"):
        raise ApiError(404, f"Impossible de trouver le script {script}")
    call = open_call(request, [])
    try:
        found = handler(call)
    except ApiError as refusal:
        if refusal.status in _KEEPS_STATUS:
            raise
        return error_answer(200, refusal.message)
    return _compact(found)


def _compact(found: Answer) -> Answer:
    import json

    value: Json = json.loads(found.body)
    return json_answer(value, pretty=False)


def _version(call: Call) -> Answer:
    shown = api_platform.version_json(call.world.profile)
    return json_answer(shown | {"revision": str(shown["revision"])})


def _documents(call: Call) -> Answer:
    return api_documents.document_list(call, api_entities.known_entity(call, call.text("id_e", "0")))


def _detail(call: Call) -> Answer:
    return api_documents.document_detail(
        call, api_entities.known_entity(call, call.text("id_e", "0")), call.text("id_d")
    )


_SCRIPTS: Final[dict[str, Callable[[Call], Answer]]] = {
    "version": _version,
    "list-entite": api_entities.entity_list,
    "list-document": _documents,
    "detail-document": _detail,
    "document-type": api_platform.flux,
}
