"""A web server on this computer that gives one document, well or badly."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

LONGEST_S = 20.0


@dataclass
class NoticeServer:
    """What it gives, and the paths that it was asked for."""

    body: bytes = b""
    status: int = 200
    location: str = ""
    drips: bool = False
    """Whether the body comes byte by byte, as long as someone listens."""
    silent: bool = False
    """Whether nothing at all is answered."""
    url: str = ""
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def running(server: NoticeServer, authority: trustme.CA) -> Iterator[NoticeServer]:
    """Run it over TLS for the time of a ``with``."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    listening.daemon_threads = True
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    server.url = f"https://127.0.0.1:{listening.server_address[1]}/annonce.json"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        listening.shutdown()
        listening.server_close()
        thread.join()


def _handler(server: NoticeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            if server.silent:
                server.released.wait(LONGEST_S)
                return
            self.send_response(server.status)
            if server.location:
                self.send_header("Location", server.location)
            if not server.drips:
                self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            with suppress(OSError):
                self._give()

        def _give(self) -> None:
            if not server.drips:
                self.wfile.write(server.body)
            while server.drips and not server.released.wait(0.02):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
