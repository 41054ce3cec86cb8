"""The simulated platform on loopback: uvicorn in a thread, or until told to stop."""

import asyncio
import logging
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from enn_desktop.demo.connection import SCOPE_KEY, Connection, PlatformProtocol
from enn_desktop.demo.exchange import Exchange, Receive, Send, header_map
from enn_desktop.demo.faults import Faults
from enn_desktop.demo.gate import Gate, login_of
from enn_desktop.demo.requests_seen import RequestLog, RequestSeen
from enn_desktop.demo.routing import Request
from enn_desktop.demo.routing import Router as ApiRouter
from enn_desktop.demo.world import World

_SHOWN_HEADERS: Final = ("cookie", "accept-encoding", "host", "range", "user-agent", "connection")
_START_SECONDS: Final = 10.0


class Platform:
    """The ASGI application: one world, its faults, the requests it has seen."""

    def __init__(self, world: World, faults: Faults, log: RequestLog, latency: float) -> None:
        self.world = world
        self.faults = faults
        self.log = log
        self.latency = latency
        self.gate = Gate(world)
        self.router = ApiRouter(self.gate)
        self.stopping = asyncio.Event()
        self._sessions: dict[str, asyncio.Lock] = {}
        self._under_way = 0
        self.failures: list[Exception] = []

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, through a fault when one waits for it."""
        connection: Connection = scope[SCOPE_KEY]
        headers = header_map(scope["headers"])
        body = await _body(receive) if scope["method"] in {"POST", "PATCH", "PUT"} else b""
        request = Request(
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            headers,
            body,
            connection.certificate_name(),
            (scope["client"] or ("",))[0],
        )
        seen = self._seen(request)
        exchange = Exchange(
            request,
            seen,
            self.world,
            self.gate,
            self.router,
            connection,
            receive,
            send,
            self.stopping,
            self._sessions,
            self.latency,
        )
        effect = self.faults.take(seen)
        self._under_way += 1
        try:
            if effect is not None:
                await effect(exchange)
            else:
                await exchange.send(await exchange.answer())
        except Exception as error:
            self.failures.append(error)
            raise
        finally:
            self._under_way -= 1

    def _seen(self, request: Request) -> RequestSeen:
        shown = {name: request.headers[name] for name in _SHOWN_HEADERS if name in request.headers}
        if "authorization" in request.headers:
            shown["authorization"] = request.headers["authorization"].partition(" ")[0]
        user = login_of(request.headers) or request.certificate or None
        query = request.query.decode("latin-1")
        seen = RequestSeen(request.method, request.path, query, shown, user, under_way=self._under_way)
        self.log.add(seen)
        return seen


async def _body(receive: Receive) -> bytes:
    pieces = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(pieces)


class _Server(uvicorn.Server):
    """A uvicorn server that says when it is ready, stops at once, and returns instead of dying of a signal."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], platform: Platform) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._platform = platform
        self._told_to_stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._on_ready()

    async def main_loop(self) -> None:
        """Wait to be told to stop, then free what hangs."""
        await self._told_to_stop.wait()
        self._platform.stopping.set()

    def end(self) -> None:
        """Stop, from any thread or from a signal."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told_to_stop.set)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at Ctrl-C and SIGTERM while the block lasts, in the main thread only."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, lambda *_: self.end()) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class DemoServer:
    """Serves a world on loopback while the `with` block lasts, or between `start` and `stop`.

    `latency` is the seconds that each answer of the API waits. With `certfile` and `keyfile` it speaks https;
    with `client_ca` it also accepts client certificates, whose common name is that of `Account.certificate`.
    """

    def __init__(  # noqa: PLR0913 - each option has its name
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        latency: float = 0.0,
        certfile: str | Path | None = None,
        keyfile: str | Path | None = None,
        client_ca: str | Path | None = None,
    ) -> None:
        self.world = world
        self.faults = Faults()
        self._log = RequestLog()
        self._platform = Platform(world, self.faults, self._log, latency)
        self._host, self._port = host, port
        self._tls = (certfile, keyfile, client_ca)
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address, without a last slash; the API is under `/api/v2`."""
        return f"{'https' if self._tls[0] else 'http'}://{self._host}:{self._port}"

    @property
    def requests(self) -> list[RequestSeen]:
        """The requests seen so far, in order."""
        return self._log.all()

    @property
    def failures(self) -> list[Exception]:
        """Faults of the simulator itself, which a client sees as a plain 500: a test should find none."""
        return list(self._platform.failures)

    def clear_requests(self) -> None:
        """Forget the requests seen so far."""
        self._log.clear()

    @property
    def latency(self) -> float:
        """Seconds that each answer of the API waits; may be changed at any time."""
        return self._platform.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        """Wait that long from the next answer on."""
        self._platform.latency = seconds

    @property
    def gate(self) -> Gate:
        """Who is let in: its limiter and its switch for client certificates."""
        return self._platform.gate

    def start(self) -> Self:
        """Listen and serve in a thread; the address is known when this returns.

        Raises:
            OSError: the port is taken.
            RuntimeError: the server does not start.
        """
        ready = threading.Event()
        server = self._prepared(ready.set)
        run = partial(asyncio.run, server.serve(sockets=[self._bound()]))
        self._thread = threading.Thread(target=run, name="pastell-demo", daemon=True)
        self._thread.start()
        if not ready.wait(_START_SECONDS):
            message = "the demonstration server did not start"
            raise RuntimeError(message)
        return self

    def _bound(self) -> socket.socket:
        """Take the port; it is known from now on."""
        self._socket = socket.create_server((self._host, self._port), backlog=256)
        self._port = self._socket.getsockname()[1]
        self._platform.router.address = f"{self._host}:{self._port}"
        return self._socket

    def _prepared(self, on_ready: Callable[[], None]) -> _Server:
        self._platform.stopping = asyncio.Event()
        certfile, keyfile, client_ca = self._tls
        config = uvicorn.Config(
            self._platform,
            http=PlatformProtocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            ssl_certfile=certfile,
            ssl_keyfile=str(keyfile) if keyfile else None,
            ssl_ca_certs=str(client_ca) if client_ca else None,
            ssl_cert_reqs=ssl.CERT_OPTIONAL if client_ca else ssl.CERT_NONE,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._server = _Server(config, on_ready, self._platform)
        return self._server

    def stop(self) -> None:
        """Stop serving; what hangs is cut. Calling it twice does no harm."""
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        server.end()
        thread.join(_START_SECONDS)
        if self._socket is not None:
            self._socket.close()
        self._server = self._thread = self._socket = None

    def run_until_stopped(self, on_ready: Callable[[str], None]) -> None:
        """Serve in this thread until Ctrl-C or SIGTERM."""
        server = self._prepared(lambda: on_ready(self.url))
        listening = self._bound()
        try:
            asyncio.run(server.serve(sockets=[listening]))
        finally:
            listening.close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def serve(world: World, port: int = 0, on_ready: Callable[[str], None] = print) -> None:
    """Serve a world on loopback until Ctrl-C or SIGTERM; `on_ready` gets the address."""
    DemoServer(world, port=port).run_until_stopped(on_ready)
