"""Ways of going wrong: PHP's, a portal's, a proxy's, the network's."""

import asyncio
import inspect
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Final, Literal

from enn_desktop.demo.answers import HTML_TYPE, NOT_ENCODABLE, Answer, error_answer, page_answer
from enn_desktop.demo.clock import stamp
from enn_desktop.demo.exchange import LENGTH_UP_TO, Exchange
from enn_desktop.demo.faults import Effect
from enn_desktop.demo.web_pages import PORTAL, proxy_page

_SCRIPT: Final = "/var/www/pastell/api/DocumentAPIController.class.php"
_TOO_LATE: Final = (
    "<br />\n<b>Warning</b>:  Cannot modify header information - headers already sent by (output started at"
    f" {_SCRIPT}:205) in <b>/var/www/pastell/lib/util.php</b> on line <b>94</b><br />\n"
)
_WARNING: Final = (
    "<br />\n<b>Warning</b>:  Trying to access array offset on value of type bool in"
    f" <b>{_SCRIPT}</b> on line <b>205</b><br />\n{_TOO_LATE}{_TOO_LATE}"
)
_HEADER_WARNING: Final = (
    "<br />\n<b>Warning</b>:  Header may not contain more than a single header, new line detected in"
    " <b>/var/www/pastell/lib/Recuperateur.class.php</b> on line <b>31</b><br />\n"
)
_TRACE: Final = (
    "<br />\n<b>Fatal error</b>:  Uncaught Exception: SQLSTATE[HY000] [2002] No such file or directory"
    " - SELECT * FROM extension ORDER BY nom in /var/www/pastell/lib/SQLQuery.class.php:64\nStack trace:\n#0 {main}\n"
    "  thrown in <b>/var/www/pastell/lib/SQLQuery.class.php</b> on line <b>64</b><br />\n"
)


def php_warning_before_json() -> Effect:
    """Print PHP warnings before the JSON: headers are gone, so status 200 and `text/html`, even for an error."""

    async def strike(exchange: Exchange) -> None:
        answer = await exchange.answer()
        body = _WARNING.encode() + exchange.body(answer)
        await exchange.send(Answer(200, body, HTML_TYPE))

    return strike


def stack_trace() -> Effect:
    """Answer 200 with a stack trace and no JSON: the database is down and errors are displayed."""
    return _sends(lambda: page_answer(200, _TRACE))


def html_before_pdf() -> Effect:
    """Print a PHP warning before the bytes of a file whose type stays what it was."""

    async def strike(exchange: Exchange) -> None:
        answer = await exchange.answer()
        body = _HEADER_WARNING.encode() + exchange.body(answer)
        kept = tuple(header for header in answer.headers if header[0] != "Content-disposition")
        await exchange.send(Answer(200, body, answer.content_type, kept))

    return strike


def json_encode_failure() -> Effect:
    """Answer 200 (201 to a POST) with the error that PHP gives when bytes are not UTF-8."""

    async def strike(exchange: Exchange) -> None:
        status = 201 if exchange.request.method == "POST" else 200
        await exchange.send(error_answer(status, NOT_ENCODABLE))

    return strike


def portal_redirect(location: str = "https://portail.exemple.invalid/login") -> Effect:
    """Redirect to another host, as a portal in front of the platform does."""
    headers = (("Location", location.encode()),)
    return _sends(lambda: Answer(302, b"", HTML_TYPE, headers, by_apache=True))


def portal_html() -> Effect:
    """Answer 200 with the login page of a portal."""
    return _sends(lambda: replace(page_answer(200, PORTAL), by_apache=True))


def status(
    code: int,
    body: Literal["html", "json", "empty"] = "html",
    *,
    message: str = "Erreur simulée",
    retry_after: int | None = None,
) -> Effect:
    """Answer with any status; 401 names its realm, 429 waits for `retry_after` seconds (60 by default)."""
    if code == HTTPStatus.TOO_MANY_REQUESTS and retry_after is None:
        retry_after = 60
    headers: tuple[tuple[str, bytes], ...] = (("Retry-after", b"%d" % retry_after),) if retry_after is not None else ()
    if code == HTTPStatus.UNAUTHORIZED:
        headers += (("WWW-Authenticate", b'Basic realm="API Pastell"'),)

    def made() -> Answer:
        if body == "json":
            return error_answer(code, message, headers)
        html = proxy_page(code, HTTPStatus(code).phrase) if body == "html" else ""
        return replace(page_answer(code, html, headers), by_apache=True)

    return _sends(made)


def empty_500() -> Effect:
    """Answer 500 without a body over HTTP/1.0 and close, as when the database is down."""
    return _sends(lambda: Answer(500, b"", HTML_TYPE, version=b"1.0"))


def _sends(make: Callable[[], Answer]) -> Effect:
    async def strike(exchange: Exchange) -> None:
        await exchange.send(make())

    return strike


def cut_body(at: int, *, reset: bool = False) -> Effect:
    """Send the healthy head and `at` bytes of the body, then cut the connection (with a TCP reset if asked)."""

    async def strike(exchange: Exchange) -> None:
        answer = await exchange.answer()
        exchange.seen.status = answer.status
        body = exchange.body(answer)
        length = len(body) if len(body) < LENGTH_UP_TO else None
        exchange.connection.write_raw(exchange.head(answer, length=length))
        opening = b"%x\r\n" % len(body) if length is None else b""
        exchange.connection.write_raw(opening + body[:at])
        await _flushed(exchange)
        if reset:
            exchange.connection.reset()
        else:
            exchange.connection.close()
        await exchange.gone()

    return strike


async def _flushed(exchange: Exchange) -> None:
    """Wait until what was written has left, so that a cut comes after it."""
    while exchange.connection.get_write_buffer_size() and not exchange.stopping.is_set():  # noqa: ASYNC110 - asyncio tells nobody
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.02)


def wrong_length(difference: int) -> Effect:
    """Announce a `Content-Length` larger (positive) or smaller (negative) than the body, send it all and close."""

    async def strike(exchange: Exchange) -> None:
        answer = await exchange.answer()
        exchange.seen.status = answer.status
        body = exchange.body(answer)
        exchange.connection.write_raw(exchange.head(answer, length=max(0, len(body) + difference)) + body)
        await _flushed(exchange)
        exchange.connection.close()
        await exchange.gone()

    return strike


def endless_body(block: int = 65536) -> Effect:
    """Send the healthy body, then go on for ever, until the client leaves or the server stops."""

    async def strike(exchange: Exchange) -> None:
        answer = await exchange.answer()
        exchange.seen.status = answer.status
        exchange.connection.write_raw(exchange.head(answer, length=None) + _chunk(exchange.body(answer)))
        leaving = asyncio.ensure_future(exchange.gone())
        while not leaving.done():
            if exchange.connection.get_write_buffer_size() < 4 * block:
                exchange.connection.write_raw(_chunk(b"0" * block))
            await asyncio.sleep(0)
        await leaving

    return strike


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def slow_drip(bytes_per_second: float, piece: int = 256) -> Effect:
    """Send the healthy answer a few bytes at a time."""

    async def strike(exchange: Exchange) -> None:
        answer = await exchange.answer()
        exchange.seen.status = answer.status
        body = exchange.body(answer)
        exchange.connection.write_raw(exchange.head(answer, length=len(body)))
        leaving = asyncio.ensure_future(exchange.gone())
        for start in range(0, len(body), piece):
            await asyncio.wait({leaving}, timeout=piece / bytes_per_second)
            if leaving.done():
                return
            exchange.connection.write_raw(body[start : start + piece])
        exchange.connection.close()
        await leaving

    return strike


def hang() -> Effect:
    """Never answer: wait until the client leaves or the server stops."""

    async def strike(exchange: Exchange) -> None:
        await exchange.gone()

    return strike


def connection_reset() -> Effect:
    """Reset the connection instead of answering."""

    async def strike(exchange: Exchange) -> None:
        exchange.connection.reset()
        await exchange.gone()

    return strike


def move_rows_during_paging(then: Callable[[Exchange], None] | None = None, *, seed: int = 1) -> Effect:
    """Answer one page, then move rows: some documents get a fresh last action (or `then` decides)."""

    async def strike(exchange: Exchange) -> None:
        await exchange.send(await exchange.answer())
        if then is not None:
            then(exchange)
        else:
            _restart_some(exchange, seed)

    return strike


def _restart_some(exchange: Exchange, seed: int) -> None:
    world = exchange.world
    with world.lock:
        rows = [row for document in world.documents.values() for row in document.memberships]
        chosen = random.Random(f"{seed}-{world.version}").sample(rows, max(1, len(rows) // 10))  # noqa: S311 - a shuffle
        now = world.clock.now()
        for rank, row in enumerate(chosen):
            row.last_action_date = max(row.last_action_date, stamp(now - timedelta(seconds=rank)))
        world.touch()


def delete_between_list_and_download(id_d: str | None = None) -> Effect:
    """Delete the document asked for (or `id_d`), then answer: what a client meets after its list grew old."""

    async def strike(exchange: Exchange) -> None:
        pieces = exchange.request.path.split("/")
        wanted = id_d if id_d is not None else pieces[6]
        if wanted in exchange.world.documents:
            exchange.world.delete(wanted)
        await exchange.send(await exchange.answer())

    return strike


def callback(act: Callable[[Exchange], Awaitable[None] | None], *, answer_first: bool = False) -> Effect:
    """Run any function on the exchange, before the healthy answer is computed or after it is sent."""

    async def run(exchange: Exchange) -> None:
        outcome = act(exchange)
        if inspect.isawaitable(outcome):
            await outcome

    async def strike(exchange: Exchange) -> None:
        if not answer_first:
            await run(exchange)
        await exchange.send(await exchange.answer())
        if answer_first:
            await run(exchange)

    return strike
