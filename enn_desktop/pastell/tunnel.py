"""How a connection leaves the network: straight, or through a tunnel that a proxy opens after it knows who asks.

httpx knows one way to prove an identity to a proxy (Basic). So the connection itself is made here: it is httpx's own,
opened to the proxy, where the dialogue of CONNECT is held (RFC 9110 §9.3.6) before TLS begins with the platform.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

import h11
import httpcore
import httpx

from enn_desktop.pastell.address import on_this_computer
from enn_desktop.pastell.credentials import Credentials, tls_context
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.pastell.proxy_identity import Identity, challenges_of
from enn_desktop.system.proxy_route import DIRECT

PROXY_UNAUTHORIZED = 407
LEGS = 4
"""Questions to a proxy, at most: one without identity, one that fails to begin, and the two of NTLM."""
LONGEST_HEAD, LONGEST_BODY, PIECE = 65_536, 1_048_576, 16_384
DEFAULT_LEG_S = 30.0
_LIMITS = httpx.Limits(max_connections=1, max_keepalive_connections=1)
_Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


@dataclass(slots=True)
class Admission:
    """What one account's connections know together: until a proxy has let one in, they knock one at a time."""

    let_in: bool = False
    refused: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn to knock. Raises ``httpcore.ProxyError`` at once where another was refused."""
        with nullcontext() if self.let_in else self._lock:
            if self.refused:
                raise httpcore.ProxyError(self.refused)
            yield


class _GoneError(httpcore.ProxyError):
    """The connection to the proxy ended without an answer."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a proxy said to a question; ``closes``: this connection takes no other."""

    status: int
    challenges: dict[str, str]
    closes: bool


def carrier_to(base: str, tls: ssl.SSLContext, proxy: Proxy, admission: Admission | None = None) -> httpx.BaseTransport:
    """Return what carries httpx's requests to ``base``, through a proxy or straight; the environment is not read.

    Raises ``ValueError`` or ``httpx.InvalidURL`` for a proxy that cannot be one. ``admission`` is shared by the
    connections of one account, so that a wrong password is shown once.
    """
    places = (DIRECT,) if on_this_computer(base) else proxy.places
    urls = [_demand_proxy(place, proxy) for place in places if place != DIRECT]
    if urls and places[0] != DIRECT and not base.startswith("https:"):
        # In clear there is no tunnel: most proxies open them to port 443 alone.
        return httpx.HTTPTransport(verify=tls, trust_env=False, limits=_LIMITS, proxy=urls[0])
    if not urls or places[0] == DIRECT:
        return httpx.HTTPTransport(verify=tls, trust_env=False, limits=_LIMITS)
    return _TunnelTransport(tls, _Tunnels(proxy, admission or Admission()))


def _demand_proxy(place: str, proxy: Proxy) -> httpx.Proxy:
    encrypted = place.lower().startswith("https:")
    found = httpx.Proxy(place, auth=proxy.credentials, ssl_context=tls_context(Credentials()) if encrypted else None)
    if found.url.scheme not in {"http", "https"} or not found.url.host:
        raise ValueError(found.url.scheme)
    return found


class _TunnelTransport(httpx.HTTPTransport):
    """httpx's own transport, over connections that begin with a proxy's dialogue."""

    def __init__(self, tls: ssl.SSLContext, tunnels: _Tunnels) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            keepalive_expiry=_LIMITS.keepalive_expiry,
            network_backend=tunnels,
        )


class _Tunnels(httpcore.NetworkBackend):
    """Opens connections through a proxy; the stream that comes out leads to the platform."""

    def __init__(self, proxy: Proxy, admission: Admission) -> None:
        self._proxy = proxy
        self._admission = admission
        self._wire = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to ``host:port``; ``timeout`` is for each step, in seconds."""
        options = list(socket_options or [])
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        unreached: Exception | None = None
        for place in self._proxy.places:
            if place == DIRECT:
                return self._wire.connect_tcp(host, port, timeout, local_address, options)
            door = _Door(httpx.URL(place), self._wire, timeout, options)
            with self._admission.turn():
                try:
                    stream = door.reach()
                except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                    unreached = error
                    continue
                return self._admitted(door, stream, target)
        raise httpcore.ProxyError(f"no connection: {unreached}") from unreached

    def _admitted(self, door: _Door, stream: httpcore.NetworkStream, target: str) -> httpcore.NetworkStream:
        try:
            opened = _Dialogue(door, target, Identity(self._proxy, door.url.host), stream).open()
        except httpcore.ProxyError as error:
            if str(error).startswith(str(PROXY_UNAUTHORIZED)):
                self._admission.refused = str(error)
            raise
        self._admission.let_in = True
        return opened


@dataclass(frozen=True, slots=True)
class _Door:
    """One proxy, and how it is reached."""

    url: httpx.URL
    wire: httpcore.NetworkBackend
    timeout: float | None
    options: list[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]

    def reach(self) -> httpcore.NetworkStream:
        """Open a connection to the proxy itself."""
        port = self.url.port or (443 if self.url.scheme == "https" else 80)
        stream = self.wire.connect_tcp(self.url.host, port, self.timeout, None, self.options)
        if self.url.scheme == "https":
            # A context of its own: our certificate is for the platform alone.
            return stream.start_tls(tls_context(Credentials()), self.url.host, self.timeout)
        return stream

    @property
    def leg_s(self) -> float:
        """How long one question may last, in seconds, however slowly the answer drips."""
        return DEFAULT_LEG_S if self.timeout is None else self.timeout


@dataclass(slots=True)
class _Dialogue:
    """The questions to one proxy until the tunnel is open."""

    door: _Door
    target: str
    identity: Identity
    stream: httpcore.NetworkStream
    _fresh: bool = True
    """Whether nothing was asked yet on this connection."""

    def open(self) -> httpcore.NetworkStream:
        """Ask for the tunnel, and say who asks when told to. Raises ``httpcore.ProxyError``, all closed."""
        opened = False
        try:
            opened = self._lets_in()
        finally:
            if not opened:
                self.stream.close()
        if not opened:
            raise httpcore.ProxyError(f"{PROXY_UNAUTHORIZED} Proxy Authentication Required")
        return self.stream

    def _lets_in(self) -> bool:
        shown: str | None = None
        for _ in range(LEGS):
            try:
                answer = _asked(self.stream, self.target, shown, self.door.leg_s)
            except _GoneError:
                # Some close after their refusal without announcing it.
                if self._fresh or self.identity.under_way:
                    raise
                self._knock_again()
                continue
            self._fresh = False
            if answer.status != PROXY_UNAUTHORIZED:
                return True
            shown = self.identity.reply(answer.challenges)
            if shown is None or (answer.closes and self.identity.under_way):
                return False
            if answer.closes:
                self._knock_again()
        return False

    def _knock_again(self) -> None:
        self.stream.close()
        self.stream, self._fresh = self.door.reach(), True


def _asked(stream: httpcore.NetworkStream, target: str, shown: str | None, leg_s: float) -> _Answer:
    """Send one CONNECT and read its whole answer: a success or a 407, bounded in time and in bytes.

    Raises ``httpcore.ProxyError`` for any other, its status first.
    """
    until = time.monotonic() + leg_s
    talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
    headers = [("Host", target), ("User-Agent", "enn-desktop"), ("Proxy-Connection", "keep-alive")]
    if shown is not None:
        headers.append(("Proxy-Authorization", shown))
    question = h11.Request(method="CONNECT", target=target, headers=headers)
    try:
        stream.write(talk.send(question) or b"", leg_s)
        stream.write(talk.send(h11.EndOfMessage()) or b"", leg_s)
        head = _head(talk, stream, until)
        closes = _closes(head)
        if 200 <= head.status_code < 300:  # noqa: PLR2004 - every success opens it
            if talk.trailing_data[0]:
                raise httpcore.ProxyError("the platform cannot have spoken before us")
        elif head.status_code == PROXY_UNAUTHORIZED:
            closes = closes or not _drained(talk, stream, until)
        else:
            raise httpcore.ProxyError(f"{head.status_code} {head.reason.decode('latin-1')[:80]}")
    except httpcore.NetworkError as error:
        raise _GoneError(f"{type(error).__name__}: {error}") from error
    except (h11.RemoteProtocolError, httpcore.TimeoutException) as error:
        raise httpcore.ProxyError(f"{type(error).__name__}: {error}") from error
    asked = [value.decode("latin-1") for name, value in head.headers if name == b"proxy-authenticate"]
    return _Answer(head.status_code, challenges_of(asked), closes)


def _head(talk: h11.Connection, stream: httpcore.NetworkStream, until: float) -> h11.Response:
    while True:
        event = _next(talk, stream, until)
        if isinstance(event, h11.Response):
            return event


def _drained(talk: h11.Connection, stream: httpcore.NetworkStream, until: float) -> bool:
    """Read the page that comes with a refusal; whether the connection is clean after it."""
    total = 0
    while total <= LONGEST_BODY:
        try:
            event = _next(talk, stream, until)
        except _GoneError:
            return False
        if isinstance(event, h11.EndOfMessage):
            return not talk.trailing_data[0]
        total += len(event.data) if isinstance(event, h11.Data) else 0
    return False


def _next(talk: h11.Connection, stream: httpcore.NetworkStream, until: float) -> object:
    while (event := talk.next_event()) is h11.NEED_DATA:
        left = until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the proxy drips its answer")
        piece = stream.read(PIECE, left)
        if not piece:
            raise _GoneError("connection closed without a whole answer")
        talk.receive_data(piece)
    return event


def _closes(head: h11.Response) -> bool:
    """Whether the connection ends with this answer; the older ``Proxy-Connection`` counts as well."""
    words: set[str] = set()
    framed = False
    for name, value in head.headers:
        if name in {b"connection", b"proxy-connection"}:
            words |= {word.strip() for word in value.decode("latin-1").lower().split(",")}
        framed = framed or name in {b"content-length", b"transfer-encoding"}
    if "close" in words or not framed:
        return True
    return head.http_version < b"1.1" and "keep-alive" not in words
