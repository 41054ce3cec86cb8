"""From a request to its answer: the paths of the API, in the order in which the platform checks things."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from enn_desktop.demo import api_documents, api_entities, api_files, api_journal, api_platform, api_writing, first_api
from enn_desktop.demo.answers import Answer, ApiError, Call, Upload, error_answer, json_answer, page_answer
from enn_desktop.demo.gate import Gate
from enn_desktop.demo.web_pages import APACHE_NOT_FOUND, login_page, unknown_page
from enn_desktop.demo.wire import Parameters, add_parameter, parameters, text_of

_METHODS: Final = {"GET", "POST", "PATCH", "DELETE"}
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; header names are in lower case."""

    method: str
    raw_path: bytes
    query: bytes
    headers: Mapping[str, str]
    body: bytes = b""
    certificate: str = ""
    address: str = ""

    @property
    def path(self) -> str:
        """The decoded path."""
        return unquote(self.raw_path.decode("ascii", "replace"))

    @property
    def is_api(self) -> bool:
        """Tell whether the request is for the API."""
        return self.raw_path == b"/api" or self.raw_path.startswith(b"/api/")


@dataclass(slots=True)
class Router:
    """Answers requests on one world."""

    gate: Gate
    address: str = ""

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request; refusals become answers, and 401 names the realm."""
        if b"%2f" in request.raw_path.lower():
            return Answer(404, APACHE_NOT_FOUND.encode(), "text/html; charset=iso-8859-1", by_apache=True)
        if not request.is_api:
            return self._page(request)
        try:
            return self._api(request)
        except ApiError as refusal:
            headers = (
                (("WWW-Authenticate", b'Basic realm="API Pastell"'),)
                if refusal.status == HTTPStatus.UNAUTHORIZED
                else ()
            )
            return error_answer(refusal.status, refusal.message, headers)

    def _page(self, request: Request) -> Answer:
        url = self.gate.world.public_url or f"http://{request.headers.get('host', self.address)}"
        shown = self.gate.world.profile.shown_version
        if request.path == "/":
            return Answer(
                302,
                b"",
                "text/html; charset=UTF-8",
                (("Location", f"{url}/Connexion/connexion?request_uri=%2F".encode()),),
            )
        if request.path.rstrip("/") == "/Connexion/connexion":
            return page_answer(200, login_page(url, shown, "RGVtbyB0b2tlbg=="), content_type="text/html; charset=utf-8")
        first = request.path.strip("/").split("/")[0]
        return page_answer(404, unknown_page(url, shown, first), content_type="text/html; charset=utf-8")

    def _api(self, request: Request) -> Answer:
        if request.method not in _METHODS:
            raise ApiError(405, "Cette méthode n'est pas utilisable sur l'API Pastell")
        pieces = [piece for piece in request.path.split("/")[2:] if piece]
        if not pieces:
            raise ApiError(400, "Il faut spécifier une fonction de l'api")
        script = pieces[-1] if pieces[-1].endswith("php") else ""
        if script and (len(pieces) == 1 or not self.gate.world.profile.at_least(3, 1, 11)):
            return first_api.answer(self._call, request, script)
        if pieces == ["rest", "allo"]:
            call = self._call(request, [])
            return json_answer({"produit": "Pastell", "version": call.world.profile.shown_version})
        if pieces[0].lower() != "v2":
            raise ApiError(400, "Version de l'API incorrecte ou version absente")
        call = self._call(request, pieces[2:])
        if not pieces[1:]:
            raise ApiError(400, "Ressource absente")
        return dispatch(call, pieces[1])

    def _call(self, request: Request, segments: list[str]) -> Call:
        account = self.gate.account(request.headers, request.certificate)
        form, uploads = _form(request)
        return Call(self.gate.world, account, request.method, segments, parameters(request.query), form, uploads)


def dispatch(call: Call, resource: str) -> Answer:
    """Send a call to its resource, whose first letter may be of either case."""
    name = resource[:1].lower() + resource[1:]
    if name == "document" and call.segments[:1] == ["count"]:
        return _only(call, "GET", api_documents.document_count)
    if name == "entite":
        return _entity(call)
    simple: dict[str, tuple[str, Callable[[Call], Answer]]] = {
        "version": ("GET", api_platform.version),
        "flux": ("GET", api_platform.flux),
        "journal": ("GET", api_journal.journal),
        "role": ("GET", api_platform.role),
        "utilisateur": ("GET POST DELETE", api_platform.user),
        "extension": ("GET", _extensions),
    }
    if name not in simple:
        raise ApiError(404, f"La ressource {resource[:1].upper() + resource[1:]} n'a pas été trouvée")
    methods, handler = simple[name]
    return _only(call, methods, handler)


def _extensions(call: Call) -> Answer:
    call.require("system:lecture", 0)
    return json_answer({"result": []})


def _only(call: Call, methods: str, handler: Callable[[Call], Answer]) -> Answer:
    if call.method not in methods.split():
        raise ApiError(405, f"La méthode {call.method.lower()} n'existe pas pour cette ressource")
    return handler(call)


def _entity(call: Call) -> Answer:
    if not call.segments:
        return _only(call, "GET", api_entities.entity_list)
    if len(call.segments) == 1:
        return _only(call, "GET", api_entities.entity_detail)
    kind = call.segments[1]
    id_e = api_entities.known_entity(call, call.segments[0])
    if kind == "document":
        return _documents(call, id_e)
    if kind == "connecteur":
        return _only(call, "GET", lambda asked: api_entities.connectors(asked, id_e))
    if kind == "flux":
        return _only(call, "GET", lambda asked: api_entities.associations(asked, id_e))
    raise ApiError(404, f"La ressource {kind.capitalize()} n'a pas été trouvée")


def _documents(call: Call, id_e: int) -> Answer:
    profile = call.world.profile
    if not call.segments[2:]:
        if call.method == "POST":
            return api_writing.create(call, id_e)
        return _only(call, "GET", lambda asked: api_documents.document_list(asked, id_e))
    id_d, rest = call.segments[2], call.segments[3:]
    what = rest[0] if rest else ""
    by_method: dict[tuple[str, str], Callable[[Call, int, str], Answer]] = {
        ("GET", "file"): api_files.download,
        ("POST", "file"): api_writing.upload,
        ("GET", "externalData"): api_writing.external_data,
        ("PATCH", "externalData"): api_writing.external_data,
        ("POST", "action"): api_writing.run_action,
        ("PATCH", ""): api_writing.modify,
    }
    if profile.at_least(3):
        by_method["DELETE", "file"] = api_writing.remove_file
    if profile.deletes_documents:
        by_method["DELETE", ""] = api_writing.delete
    handler = by_method.get((call.method, what))
    if handler is not None:
        return handler(call, id_e, id_d)
    # A sub-resource that the platform does not know is ignored.
    return _only(call, "GET", lambda asked: api_documents.document_detail(asked, id_e, id_d))


def _form(request: Request) -> tuple[Parameters, dict[str, Upload]]:
    """Read a form: any kind for POST, the plain kind only for PATCH."""
    kind = request.headers.get("content-type", "")
    if request.method in {"POST", "PATCH"} and kind.startswith(_FORM):
        return parameters(request.body), {}
    if request.method == "POST" and kind.startswith("multipart/form-data"):
        return _multipart(kind, request.body)
    return {}, {}


def _multipart(kind: str, body: bytes) -> tuple[Parameters, dict[str, Upload]]:
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    form: Parameters = {}
    uploads: dict[str, Upload] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        filename = part.get_filename()
        if filename is None:
            add_parameter(form, name, text_of(data))
        else:
            uploads[name] = Upload(filename, data)
    return form, uploads
