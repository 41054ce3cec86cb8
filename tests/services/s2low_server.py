"""A small S²LOW on this computer: TLS with a compulsory client certificate, and the two questions of the check."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

LONGEST_S = 20.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers to one path."""

    body: bytes = b"OK"
    status: int = 200
    kind: str = "text/plain"
    location: str = ""


@dataclass
class Server:
    """A running S²LOW: what it answers, what it was asked."""

    authority: trustme.CA
    url: str = ""
    connection: Reply = field(default_factory=Reply)
    rgs: Reply = field(default_factory=Reply)
    good_logins: tuple[str, ...] = ()
    """When not empty: the only ``Authorization`` headers that are let in."""
    holds: bool = False
    """Whether it reads a question and then says nothing until :attr:`released`."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def reply(self, path: str, login: str) -> Reply:
        """Return the answer to a question."""
        if self.good_logins and login not in self.good_logins:
            return Reply(b"KO\nIdentification", 401)
        return self.rgs if path.endswith("test-rgs.php") else self.connection


class _Listening(ThreadingHTTPServer):
    """Takes each connection's TLS in its own thread, and lets the other side read why it was refused."""

    daemon_threads = True
    context: ssl.SSLContext

    def finish_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        request.settimeout(LONGEST_S)
        try:
            secured = self.context.wrap_socket(request, server_side=True)
        except (ssl.SSLError, OSError):
            _hear_out(request)
            return
        with suppress(OSError), secured:
            super().finish_request(secured, client_address)

    def shutdown_request(self, request: object) -> None:
        with suppress(OSError):
            super().shutdown_request(request)  # type: ignore[arg-type] # idem


def _hear_out(request: socket.socket) -> None:
    # Closing with words unread would cut the line before the alert is heard.
    with suppress(OSError):
        request.shutdown(socket.SHUT_WR)
        while request.recv(65_536):
            pass


@contextmanager
def running(context: ssl.SSLContext, server: Server) -> Iterator[Server]:
    """Run it for the time of a ``with``; its address is then in ``url``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, dict(self.headers.items())))
            server.reached.set()
            if server.holds:
                server.released.wait(LONGEST_S)
            reply = server.reply(self.path, self.headers.get("Authorization", ""))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.location:
                self.send_header("Location", reply.location)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = _Listening(("127.0.0.1", 0), Handler)
    listening.context = context
    server.url = f"https://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
