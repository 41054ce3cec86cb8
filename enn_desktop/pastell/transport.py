"""One request at a time per slot, two slots, every wait bounded: the manners that an old, shared server needs.

Own code on purpose (retries included): waits must end at once on cancel, a 401 must stop every thread,
and a 429 must hold all of them; that is the heart of what this program is for.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar

import httpx

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock
from enn_desktop.core.errors import (
    AuthenticationRefused,
    EnnError,
    ServerBroken,
    ServerUnreachable,
    SettingsError,
    TooManyRequests,
)
from enn_desktop.pastell import answers
from enn_desktop.pastell.credentials import Credentials, tls_context
from enn_desktop.pastell.network_failures import PROXY_UNAUTHORIZED, network_failure, proxy_refusal
from enn_desktop.pastell.proxy import Proxy, WayOut
from enn_desktop.pastell.tunnel import Admission, carrier_to

T = TypeVar("T")
Params = Mapping[str, str | int | Sequence[str]]

TOO_MANY = 429
AT_ONCE = 2
"""Requests in flight, at most (Pastell API, rate limiting: five in flight can already lock everyone out)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each thing may last; seconds and bytes. Tests shorten it."""

    connect_s: float = 10.0
    answer_s: float = 30.0
    """Silence allowed while an answer is awaited or under way."""
    tries: int = 3
    pauses_s: tuple[float, ...] = (0.5, 2.0, 5.0)
    """Waits before the second, third… try."""
    slow_window_s: float = 20.0
    slow_bytes: int = 20_000
    """A body that brings fewer bytes than this in a whole window is given up (about 1 kB/s)."""
    longest_hold_s: float = 600.0
    """A 429 that asks for more than this is not waited for."""
    hold_tries: int = 3
    json_limit: int = 64 * 1024 * 1024
    jitter_s: float = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer that is a success, and the server's clock when it gave it."""

    payload: bytes
    server_date: datetime | None


class _RetryableError(Exception):
    """Carries a failure that another try may cure."""

    def __init__(self, cause: EnnError, cost: int = 1) -> None:
        self.cause = cause
        self.cost = cost
        super().__init__(cause.message)


class Transport:
    """Sends GET requests to one server under one account. Thread-safe; close it when done.

    Never keeps a cookie (a session cookie makes the server queue our requests), never follows a redirect
    (credentials would follow), never writes a secret anywhere.
    """

    def __init__(  # noqa: PLR0913 - one place assembles everything that a request depends on
        self,
        base: str,
        credentials: Credentials,
        *,
        cancel: CancelToken,
        clock: Clock,
        patience: Patience | None = None,
        wire: httpx.BaseTransport | None = None,
        proxy: Proxy | WayOut | None = None,
        user_agent: str = "enn-desktop",
    ) -> None:
        self.base = base
        self.patience = patience or Patience()
        self.cancel = cancel
        self.clock = clock
        self.requests_sent = 0
        self.server_offset_s: float | None = None
        """Server clock minus ours, in seconds, at the last answer; ``None`` before the first."""
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._refused: EnnError | None = None
        """A wrong password, ours or the proxy's: said once, for more tries may lock the account."""
        self._hold_until = 0.0
        self._wire = wire
        self._way = proxy if proxy is not None else WayOut()
        self._admission = Admission()
        self._auth = _authentication(credentials)
        self._headers = _headers(credentials, user_agent)
        self._tls = tls_context(credentials)
        self._own = threading.local()
        self._clients: list[httpx.Client] = []

    def _client(self) -> httpx.Client:
        """Return this thread's client: one shared by two threads makes them wait for each other's connections."""
        client: httpx.Client | None = getattr(self._own, "client", None)
        if client is None:
            client = self._new_client()
            self._own.client = client
            with self._lock:
                self._clients.append(client)
        return client

    def _new_client(self) -> httpx.Client:
        try:
            proxy = self._way(self.base) if isinstance(self._way, WayOut) else self._way
            return httpx.Client(
                auth=self._auth,
                headers=self._headers,
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
                # The way out is known: the network library must not look for another, deaf to exceptions and PAC files.
                trust_env=False,
                transport=self._wire or carrier_to(self.base, self._tls, proxy, self._admission),
                timeout=httpx.Timeout(self.patience.answer_s, connect=self.patience.connect_s, pool=None),
                follow_redirects=False,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            # Everything else was looked at before: what is left is the proxy, ours or the environment's. Its address
            # may hold a password, which the error would quote.
            raise SettingsError(
                "L’adresse du serveur mandataire (proxy) n’est pas utilisable.",
                advice="Dans les réglages, écrivez-la comme proxy.mairie.fr:3128, ou demandez-la à votre prestataire.",
                detail=type(error).__name__,
            ) from None

    def _look_for_another_way(self) -> None:
        """Let this thread's connection go, and ask again for the way out: the computer may be elsewhere now."""
        if isinstance(self._way, WayOut):
            self._way.forget(self.base)
            client, self._own.client = self._own.client, None
            with self._lock:
                self._clients.remove(client)
            client.close()

    def close(self) -> None:
        """Let the connections go."""
        for client in self._clients:
            client.close()

    def get_json(self, path: str, params: Params | None = None) -> Answer:
        """Return the JSON of ``GET base/path``, after retries; raises the error that the answer is."""
        return self.with_retries(lambda: self._json_once(path, params))

    def with_retries(self, attempt: Callable[[], T]) -> T:
        """Run one attempt, again after a pause where another try may help, never after a cancel."""
        tries = 0
        held = 0
        while True:
            try:
                return attempt()
            except _HoldError as hold:
                held += 1
                self._hold(hold, held)
            except _RetryableError as failure:
                tries += failure.cost
                if tries >= self.patience.tries:
                    raise failure.cause from failure
                pauses = self.patience.pauses_s
                self.cancel.wait(pauses[min(tries, len(pauses)) - 1])

    @contextmanager
    def request(self, path: str, params: Params | None = None) -> Iterator[httpx.Response]:
        """Open one streamed answer inside a slot; network failures come out as retryable errors."""
        client = self._client()
        prepared = client.build_request("GET", f"{self.base}/api/v2/{path}", params=_query(params))
        with self._slots:
            # A pause lets the answers under way come to their end, and begins nothing.
            self.cancel.wait_while_paused()
            self._wait_for_hold()
            self.cancel.check()
            if self._refused is not None:
                raise self._refused
            self.requests_sent += 1
            try:
                response = client.send(prepared, stream=True)
                try:
                    self._note_date(response)
                    self._look_at_status(response)
                    yield response
                finally:
                    response.close()
            except httpx.HTTPError as error:
                # Silence is dear: half a minute each time. It is asked for once more, not twice.
                silent = isinstance(error, httpx.ReadTimeout)
                failure = network_failure(error)
                if isinstance(error, httpx.ProxyError) and str(error).startswith(str(PROXY_UNAUTHORIZED)):
                    self._refused = failure
                    raise failure from error
                if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
                    self._look_for_another_way()
                raise _RetryableError(failure, cost=2 if silent else 1) from error
            except AuthenticationRefused as error:
                self._refused = error
                raise

    def _json_once(self, path: str, params: Params | None) -> Answer:
        with self.request(path, params) as response:
            body = self.read_bounded(response, self.patience.json_limit)
            try:
                payload = answers.read_json(response.status_code, body, response.headers.get("location", ""))
            except ServerBroken as broken:
                raise _RetryableError(broken) from broken
            return Answer(payload, server_date(response))

    def read_bounded(self, response: httpx.Response, limit: int) -> bytes:
        """Return a whole body, given up beyond ``limit`` bytes, when it drips, or on cancel."""
        parts: list[bytes] = []
        total = 0
        for chunk in self.chunks(response):
            total += len(chunk)
            if total > limit:
                raise ServerBroken("La plateforme envoie une réponse sans fin.", detail=f"plus de {limit} octets")
            parts.append(chunk)
        return b"".join(parts)

    def chunks(self, response: httpx.Response) -> Iterator[bytes]:
        """Yield a body's pieces; raises on cancel, and a retryable error when the body merely drips."""
        window_start = self.clock.monotonic()
        window_bytes = 0
        # Identity was asked for; should a proxy compress all the same, the file's own bytes are wanted.
        encoded = response.headers.get("content-encoding", "identity") != "identity"
        for chunk in response.iter_bytes() if encoded else response.iter_raw():
            self.cancel.check()
            window_bytes += len(chunk)
            now = self.clock.monotonic()
            if now - window_start >= self.patience.slow_window_s:
                if window_bytes < self.patience.slow_bytes:
                    slow = ServerUnreachable("La plateforme répond trop lentement.", detail=f"{window_bytes} octets")
                    raise _RetryableError(slow, cost=2)
                window_start, window_bytes = now, 0
            yield chunk

    def _look_at_status(self, response: httpx.Response) -> None:
        if response.status_code == TOO_MANY:
            raise _HoldError(_retry_after(response))
        if response.status_code == answers.UNAUTHORIZED:
            raise AuthenticationRefused(detail="HTTP 401")
        if response.status_code == PROXY_UNAUTHORIZED:
            self._refused = proxy_refusal("HTTP 407")
            raise self._refused

    def _hold(self, hold: _HoldError, held: int) -> None:
        if held > self.patience.hold_tries or hold.seconds > self.patience.longest_hold_s:
            raise TooManyRequests(detail=f"HTTP 429, Retry-After {hold.seconds:.0f} s") from hold
        # The politeness of chance: not every town hall comes back in the same second.
        until = self.clock.monotonic() + hold.seconds + random.uniform(0, self.patience.jitter_s)  # noqa: S311 - not a secret
        with self._lock:
            self._hold_until = max(self._hold_until, until)

    def _wait_for_hold(self) -> None:
        while (left := self._hold_until - self.clock.monotonic()) > 0:
            self.cancel.wait(min(left, 1.0))

    def _note_date(self, response: httpx.Response) -> None:
        given = server_date(response)
        if given is not None:
            self.server_offset_s = (given - self.clock.now()).total_seconds()


class _HoldError(Exception):
    """The server asks everyone to wait that many seconds (429)."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"429, {seconds} s")


def retryable(cause: EnnError) -> Exception:
    """Wrap an error so that :meth:`Transport.with_retries` tries again before raising it."""
    return _RetryableError(cause)


def server_date(response: httpx.Response) -> datetime | None:
    """Return the answer's ``Date`` header, aware UTC, or ``None`` if absent or absurd."""
    try:
        given = parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        return None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def _retry_after(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,6}", text.strip()):
        return float(text)
    try:
        left = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 60.0
    return max(0.0, left)


def _authentication(credentials: Credentials) -> httpx.Auth | None:
    if credentials.user and not credentials.token:
        return httpx.BasicAuth(credentials.user, credentials.password)
    return None


def _headers(credentials: Credentials, user_agent: str) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity", "Accept": "*/*", "User-Agent": user_agent}
    token = credentials.token.strip()
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        message = "Le jeton contient des caractères impossibles."
        raise SettingsError(message, advice="Recopiez-le en entier depuis Pastell.")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _query(params: Params | None) -> list[tuple[str, str | int | float | bool | None]] | None:
    if not params:
        return None
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for key, value in params.items():
        if isinstance(value, str | int):
            pairs.append((key, value))
        else:
            pairs.extend((key, item) for item in value)
    return pairs
