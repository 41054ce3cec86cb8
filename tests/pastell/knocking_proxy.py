"""A proxy that holds the dialogue of CONNECT as real ones do, well or badly: schemes, NTLM, silences, floods."""

from __future__ import annotations

import base64
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import spnego
from spnego.exceptions import SpnegoError

from tests.pastell.loopback_proxy import carry

LONGEST_S = 60.0
PAGE = b"<html><body>Acces refuse par le filtre</body></html>"


@dataclass
class Porter:
    """What the proxy demands, how it behaves, and what it was shown."""

    schemes: tuple[str, ...] = ()
    """What a 407 offers: Basic, NTLM, Negotiate, Digest; none: everyone passes."""
    user: str = "mairie"
    password: str = ""
    manners: str = ""
    """A way to behave badly, see :meth:`_Knock.misbehaves`."""
    tunnel_to: int = 0
    url: str = ""
    asked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """The schemes of the identities that were shown, in order."""
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)


class _Knock(socketserver.StreamRequestHandler):
    """One connection, question after question, until a tunnel opens."""

    porter: Porter
    timeout = LONGEST_S

    def handle(self) -> None:
        self.porter.connections += 1
        self._dialogue: spnego.ContextProxy | None = None
        with suppress(OSError):
            while self._one_question():
                pass

    def _one_question(self) -> bool:
        """Answer one question; whether another may come."""
        porter = self.porter
        line = self.rfile.readline(65_536).decode("latin-1").split()
        if len(line) < 3:
            return False
        headers: dict[str, str] = {}
        while text := self.rfile.readline(65_536).decode("latin-1").strip():
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        porter.asked.append(f"{line[0]} {line[1]}")
        shown = headers.get("proxy-authorization", "")
        if shown:
            porter.shown.append(shown.partition(" ")[0])
        if porter.manners and self.misbehaves(porter.manners, bool(shown)):
            return False
        challenge = self._judged(shown) if porter.schemes else ""
        if challenge == "":
            self._tunnel()
            return False
        return self._refuse([challenge] if challenge else list(porter.schemes))

    def misbehaves(self, manners: str, shown: bool) -> bool:  # noqa: FBT001 - what was seen
        """Behave badly; whether the connection is over."""
        if manners == "drops":
            return True
        if manners == "drips":
            with suppress(OSError):
                while not self.porter.released.wait(0.05):
                    self.wfile.write(b"H")
            return True
        if manners == "huge headers":
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Filtre: " + b"x" * 200_000 + b"\r\n\r\n")
            return True
        if manners == "speaks for the platform":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}")
            return True
        if manners.isdigit():
            head = f"HTTP/1.1 {manners} No\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n"
            self.wfile.write(head.encode() + PAGE)
            return True
        return manners == "closes without a word" and not shown and self._refuse(["NTLM"]) is not None

    def _judged(self, shown: str) -> str | None:
        """Return what to answer to an identity: nothing when it passes, a challenge, ``None`` to refuse."""
        scheme, _, token = shown.partition(" ")
        if scheme == "Basic" and "Basic" in self.porter.schemes:
            wanted = base64.b64encode(f"{self.porter.user}:{self.porter.password}".encode()).decode()
            return "" if token == wanted else None
        if scheme not in {"NTLM", "Negotiate"} or scheme not in self.porter.schemes:
            return None
        if self._dialogue is None:
            self._dialogue = spnego.server(hostname="127.0.0.1", service="HTTP", protocol=scheme.lower())
        try:
            answer = self._dialogue.step(base64.b64decode(token))
        except SpnegoError:
            self._dialogue = None
            return None
        if self._dialogue.complete:
            return ""
        return f"{scheme} {base64.b64encode(answer or b'').decode()}"

    def _refuse(self, challenges: list[str]) -> bool:
        manners = self.porter.manners
        version = "1.0" if manners == "HTTP/1.0" else "1.1"
        written = [f'{one} realm="Mairie, filtre"' if one in {"Basic", "Digest"} else one for one in challenges]
        lines = [f"HTTP/{version} 407 Proxy Authentication Required", f"Content-Length: {len(PAGE)}"]
        lines += [f"Proxy-Authenticate: {', '.join(written)}"] if manners == "one header" else [
            f"Proxy-Authenticate: {one}" for one in written
        ]  # fmt: skip
        if manners == "HTTP/1.0":
            lines.append("Proxy-Connection: keep-alive")
        closes = manners == "announces the end" and self._dialogue is None
        if closes:
            lines.append("Proxy-Connection: close")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + PAGE)
        return not closes

    def _tunnel(self) -> None:
        with socket.create_connection(("127.0.0.1", self.porter.tunnel_to)) as platform:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            carry(self.connection, platform)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def knocking(porter: Porter) -> Iterator[Porter]:
    """Run the proxy on this computer."""
    handler = type("Knock", (_Knock,), {"porter": porter})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    porter.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield porter
    finally:
        porter.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
