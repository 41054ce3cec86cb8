"""Answers before they are put on the wire, and the refusals that become answers."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from enn_desktop.demo.stored_files import StoredFile
from enn_desktop.demo.wire import Json, NotUtf8Error, json_text

if TYPE_CHECKING:
    from enn_desktop.demo.accounts import Account
    from enn_desktop.demo.world import World

from enn_desktop.demo.wire import Parameters

JSON_TYPE: Final = "application/json; charset=utf-8"
HTML_TYPE: Final = "text/html; charset=UTF-8"
NOT_ENCODABLE: Final = (
    "Impossible d'encoder le résultat en JSON [code 5]: Malformed UTF-8 characters, possibly incorrectly encoded"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a status, and a body or a file. `headers` go where PHP's own headers go."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, bytes], ...] = ()
    file: StoredFile | None = None
    by_apache: bool = False
    """Whether Apache answers by itself, before PHP: no cookie, no cache headers."""
    version: bytes = b"1.1"


class ApiError(Exception):
    """A refusal, with its status and the message that the server sends."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(slots=True)
class Upload:
    """One file sent in a form."""

    filename: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One authenticated request, taken apart."""

    world: "World"
    account: "Account"
    method: str
    segments: list[str]
    query: Parameters
    form: Parameters = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    form_was_read: bool = True

    def text(self, name: str, default: str = "") -> str:
        """Return a text parameter of the query."""
        value = self.query.get(name, default)
        return value if isinstance(value, str) else default

    def segment(self, rank: int, default: str = "") -> str:
        """Return a piece of the path after the resource, or the default when the path is shorter."""
        return self.segments[rank] if len(self.segments) > rank else default

    def form_text(self, name: str, default: str = "") -> str:
        """Return a text parameter of the body."""
        value = self.form.get(name, default)
        return value if isinstance(value, str) else default

    def require(self, right: str, id_e: int) -> None:
        """Check a right of the caller.

        Raises:
            ApiError: 403, naming the entity, the right and the caller.
        """
        if not self.world.rights.may(self.account, right, id_e):
            raise ApiError(403, f"Acces interdit id_e={id_e}, droit={right},id_u={self.account.id_u}")

    def number(self, value: int) -> Json:
        """Return an integer column as this version sends it."""
        return str(value) if self.world.profile.strings else value


def json_answer(value: Json, status: int = 200, *, pretty: bool = True) -> Answer:
    """Return the value as JSON; bytes that are not UTF-8 give the real platform's error inside the same status."""
    try:
        text = json_text(value, pretty=pretty)
    except NotUtf8Error:
        text = json_text({"status": "error", "error-message": NOT_ENCODABLE})
    return Answer(status, text.encode("ascii"))


def error_answer(status: int, message: str, headers: tuple[tuple[str, bytes], ...] = ()) -> Answer:
    """Return a refusal."""
    body = json_answer({"status": "error", "error-message": message})
    return Answer(status, body.body, headers=headers)


def page_answer(
    status: int, html: str, headers: tuple[tuple[str, bytes], ...] = (), content_type: str = HTML_TYPE
) -> Answer:
    """Return a web page."""
    return Answer(status, html.encode(), content_type, headers)
