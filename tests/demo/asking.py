"""Asking a simulated platform with exact requests, and reading exact answers."""

import base64
import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from enn_desktop.demo import PASSWORD, DemoServer

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer, its headers in the order received."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    version: int

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.json["error-message"])

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.headers]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def basic(login: str, password: str = PASSWORD) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()}


def ask(  # noqa: PLR0913 - a request has that many parts, each named
    server: DemoServer,
    path: str,
    *,
    user: str | None = "secretaire",
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    password: str = PASSWORD,
) -> Asked:
    """Send one request on a connection of its own; `path` is taken under /api/v2 unless it begins with a tilde."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    try:
        target = path[1:] if path.startswith("~") else f"/api/v2{path}"
        connection.putrequest(method, target, skip_accept_encoding=True)
        sent = (basic(user, password) if user is not None else {}) | dict(headers or {})
        if body:
            sent.setdefault("Content-Length", str(len(body)))
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return Asked(answer.status, tuple(answer.getheaders()), answer.read(), answer.version)
    finally:
        connection.close()


def form(values: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a plain form."""
    from urllib.parse import urlencode

    return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(values).encode()


def multipart(values: Mapping[str, str], data: bytes | None = None) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a form that may carry one file, `file_content`."""
    edge = b"--edge-of-part\r\n"
    parts = [
        edge + f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    if data is not None:
        head = b'Content-Disposition: form-data; name="file_content"; filename="x.pdf"\r\n\r\n'
        parts.append(edge + head + data + b"\r\n")
    return {"Content-Type": "multipart/form-data; boundary=edge-of-part"}, b"".join(parts) + b"--edge-of-part--\r\n"
