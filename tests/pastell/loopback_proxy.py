"""A proxy of a town hall on this computer: it wants a password, forwards plain requests and tunnels the rest."""

from __future__ import annotations

import base64
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

VERSION = b'{"version": "4.1.0"}'
LONGEST_S = 5.0
UNAUTHORIZED = 407


class Quiet(BaseHTTPRequestHandler):
    """Answers with a version; says nothing on the terminal."""

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == UNAUTHORIZED:
            self.send_header("Proxy-Authenticate", 'Basic realm="mairie"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@dataclass
class Relay:
    """What the proxy is asked, and where its tunnels end: the platform's real port, whatever name was asked."""

    user: str
    password: str
    tunnel_to: int = 0
    url: str = ""
    asked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """The identities that were shown, wrong ones included."""

    def lets_through(self, authorization: str | None) -> bool:
        self.shown += [authorization] if authorization else []
        wanted = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return authorization == f"Basic {wanted}"


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[int]:
    """Serve in a thread; give the port."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def proxy(relay: Relay) -> Iterator[Relay]:
    """Run the proxy; requests in clear are answered in the platform's place."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            relay.asked.append(self.path)
            allowed = relay.lets_through(self.headers.get("Proxy-Authorization"))
            self.answer(200 if allowed else 407, VERSION if allowed else b"no")

        def do_CONNECT(self) -> None:
            relay.asked.append(f"CONNECT {self.path}")
            if not relay.lets_through(self.headers.get("Proxy-Authorization")):
                self.answer(407, b"no")
                return
            with socket.create_connection(("127.0.0.1", relay.tunnel_to)) as platform:
                self.send_response(200)
                self.end_headers()
                carry(self.connection, platform)
            self.close_connection = True

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        relay.url = f"http://127.0.0.1:{port}"
        yield relay


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Return the TLS of a server of that name."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def platform(context: ssl.SSLContext, seen: list[dict[str, str]]) -> Iterator[int]:
    """Run a platform over HTTPS that notes the headers it is sent; give its port."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            seen.append(dict(self.headers.items()))
            self.answer(200, VERSION)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server) as port:
        yield port


@contextmanager
def tls_before(context: ssl.SSLContext, port: int) -> Iterator[int]:
    """Put TLS before a server that speaks in clear; give the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outside,
                socket.create_connection(("127.0.0.1", port)) as inside,
            ):
                carry(outside, inside)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def carry(one: socket.socket, other: socket.socket) -> None:
    """Carry what each side says to the other until one has finished."""
    towards = {one: other, other: one}
    while ready := select.select(list(towards), [], [], LONGEST_S)[0]:
        for source in ready:
            piece = source.recv(65_536)
            while isinstance(source, ssl.SSLSocket) and source.pending():
                piece += source.recv(65_536)
            if not piece:
                return
            towards[source].sendall(piece)
