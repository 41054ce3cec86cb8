"""One request and its answer on the wire, healthy or broken on purpose."""

import asyncio
import gzip
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from enn_desktop.demo.answers import Answer
from enn_desktop.demo.connection import KEPT_REQUESTS, Connection
from enn_desktop.demo.gate import Gate
from enn_desktop.demo.requests_seen import RequestSeen
from enn_desktop.demo.routing import Request, Router
from enn_desktop.demo.stored_files import Huge
from enn_desktop.demo.world import World

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LENGTH_UP_TO: Final = 8000
"""Bodies shorter than this carry their length, others are chunked (Pastell API, second run: about 8 kB)."""
_SMALLEST_COMPRESSED: Final = 60
_SERVER: Final = b"Apache/2.4.71 (Debian) PHP/8.2.36"
_PHP: Final = b"PHP/8.2.36"
_NO_CACHE: Final = (
    (b"Expires", b"Thu, 19 Nov 1981 08:52:00 GMT"),
    (b"Cache-Control", b"no-store, no-cache, must-revalidate"),
    (b"Pragma", b"no-cache"),
)
_FILE_CACHE: Final = (
    (b"Expires", b"0"),
    (b"Cache-Control", b"must-revalidate, post-check=0,pre-check=0"),
    (b"Pragma", b"public"),
)
_REASONS: Final = {status.value: status.phrase.encode() for status in HTTPStatus}


@dataclass(slots=True)
class Exchange:
    """Everything that a fault may look at or play with."""

    request: Request
    seen: RequestSeen
    world: World
    gate: Gate
    router: Router
    connection: Connection
    receive: Receive
    asgi_send: Send
    stopping: asyncio.Event
    sessions: MutableMapping[str, asyncio.Lock]
    latency: float = 0.0

    async def answer(self) -> Answer:
        """Compute the healthy answer, after the platform's usual delay.

        Requests that send the same session cookie back wait for one another, as PHP locks its sessions.
        """
        session = self.request.headers.get("cookie", "").partition("PHPSESSID=")[2].partition(";")[0]
        if not session:
            return await self._answer()
        async with self.sessions.setdefault(session, asyncio.Lock()):
            return await self._answer()

    async def _answer(self) -> Answer:
        api = self.request.is_api
        key = self.gate.attempt_key(self.request.headers, self.request.address) if api else ""
        refused = self.gate.begin(key)
        if self.latency and api:
            await asyncio.sleep(self.latency)
        if refused is not None:
            return refused
        with self.world.lock:
            self.world.deliver_due_files()
            found = self.router.answer(self.request)
        self.gate.settle(key, let_in=found.status != HTTPStatus.UNAUTHORIZED)
        return found

    def body(self, answer: Answer) -> bytes:
        """Return the whole body of an answer."""
        return answer.file.read() if answer.file is not None else answer.body

    def head(self, answer: Answer, *, length: int | None, encoding: bytes = b"") -> bytes:
        """Return status line and headers in the real platform's order; without a length the body is chunked."""
        lines = [b"HTTP/%s %d %s" % (answer.version, answer.status, _REASONS.get(answer.status, b""))]
        lines.append(b"Date: " + self.world.clock.http_date().encode())
        lines.append(b"Server: " + _SERVER)
        if not answer.by_apache:
            lines.append(b"X-Powered-By: " + _PHP)
            lines.append(b"Set-Cookie: PHPSESSID=%s; path=/; HttpOnly" % secrets.token_hex(16).encode())
            cache = _FILE_CACHE if answer.file is not None else _NO_CACHE
            lines.extend(name + b": " + value for name, value in cache)
        lines.extend(name.encode() + b": " + value for name, value in answer.headers)
        if encoding or self._is_compressible(answer, length):
            lines.append(b"Vary: Accept-Encoding")
        if encoding:
            lines.append(b"Content-Encoding: " + encoding)
        if self.request.method != "HEAD" and answer.status != HTTPStatus.NO_CONTENT:
            lines.append(b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length)
        lines.extend(self._keeping(answer))
        lines.append(b"Content-Type: " + answer.content_type.encode())
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def closes(self, answer: Answer) -> bool:
        """Tell whether the connection is closed after this answer, as after every 400 and 500."""
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR}:
            return True
        return self.connection.served >= KEPT_REQUESTS or self._asked("close")

    def _asked(self, word: str) -> bool:
        return word in self.request.headers.get("connection", "").lower()

    def _keeping(self, answer: Answer) -> list[bytes]:
        if self.closes(answer):
            return [b"Connection: close"]
        if not self._asked("keep-alive"):
            return []
        return [b"Keep-Alive: timeout=5, max=%d" % (KEPT_REQUESTS - self.connection.served), b"Connection: Keep-Alive"]

    def _is_compressible(self, answer: Answer, length: int | None) -> bool:
        if answer.status != HTTPStatus.OK or not answer.content_type.startswith(("text/xml", "text/html")):
            return False
        return length is None or length >= _SMALLEST_COMPRESSED

    async def send(self, answer: Answer) -> None:
        """Put an answer on the wire as the real platform does."""
        self.seen.status = answer.status
        source = answer.file.source if answer.file is not None else None
        if isinstance(source, Huge):
            await self._stream(answer, source)
            return
        body, encoding = self.body(answer), b""
        if self._is_compressible(answer, len(body)) and "gzip" in self.request.headers.get("accept-encoding", ""):
            body, encoding = gzip.compress(body, 6, mtime=0), b"gzip"
        length = len(body) if len(body) < LENGTH_UP_TO else None
        await self._start(answer, length, encoding)
        await self._piece(b"" if self.request.method == "HEAD" else body, more=False)

    async def _stream(self, answer: Answer, source: Huge) -> None:
        await self._start(answer, None, b"")
        for chunk in source.chunks():
            await self._piece(chunk, more=True)
        await self._piece(b"", more=False)

    async def _start(self, answer: Answer, length: int | None, encoding: bytes) -> None:
        # h11 needs to know how the body ends; the bytes that leave are ours.
        framing = [(b"content-length", b"%d" % length)] if length is not None else []
        closing = [(b"connection", b"close")] if self.closes(answer) else []
        self.connection.replace_head(self.head(answer, length=length, encoding=encoding))
        await self.asgi_send({"type": "http.response.start", "status": answer.status, "headers": framing + closing})

    async def _piece(self, data: bytes, *, more: bool) -> None:
        await self.asgi_send({"type": "http.response.body", "body": data, "more_body": more})

    async def gone(self) -> None:
        """Wait until the client has left or the server stops."""
        stopping = asyncio.ensure_future(self.stopping.wait())
        leaving = asyncio.ensure_future(self._left())
        await asyncio.wait({stopping, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (stopping, leaving):
            waiting.cancel()
        if not leaving.done() or leaving.cancelled():
            self.connection.abort()
            await self._left()

    async def _left(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


def header_map(raw: list[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Return headers by lower-case name."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}
