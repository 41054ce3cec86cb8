"""S²LOW: does it answer from here, does it accept this certificate, is it RGS for it. Two GET, on a click only.

Only with a certificate that is a file: a key on a USB stick does not let itself be copied, and Python's TLS cannot use
it where it is. Then :func:`cannot_from_here` says so, and which page to open in the browser.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock
from enn_desktop.core.errors import SettingsError
from enn_desktop.core.french import NBSP
from enn_desktop.pastell.address import base_address
from enn_desktop.pastell.credentials import Credentials, tls_context
from enn_desktop.pastell.proxy import Proxy, WayOut
from enn_desktop.pastell.tunnel import carrier_to
from enn_desktop.services.client_certificate import end_of
from enn_desktop.services.s2low_answers import (
    TOO_SLOW,
    Page,
    S2lowAnswer,
    Said,
    of_failure,
    of_pages,
    of_unusable_file,
)

DEFAULT_ADDRESS = "https://www.s2low.org"
CONNECTION, RGS = "/api/test-connexion.php", "/api/test-rgs.php"
CONNECT_S, ANSWER_S, WHOLE_S, LOOK_S = 5.0, 20.0, 45.0, 0.1
LONGEST_BODY = 65_536
A_WORD = 200
"""A text longer than this is no answer for a program."""


def cannot_from_here(address: str = DEFAULT_ADDRESS) -> S2lowAnswer:
    """Return the answer of a computer whose only certificate is on a key."""
    return S2lowAnswer(
        reached=False,
        sentence=(f"Ce poste ne peut pas faire cet essai lui-même{NBSP}: le certificat d’une clé USB ne se copie pas."),
        advice=f"Ouvrez dans votre navigateur {base_address(address)}{RGS}{NBSP}: la page doit afficher OK.",
    )


def check_certificate(
    address: str, credentials: Credentials, *, cancel: CancelToken, clock: Clock, proxy: Proxy | None = None
) -> S2lowAnswer:
    """Ask S²LOW about a certificate file; what the network does comes out as an answer, never as an error.

    Raises ``Cancelled`` at once when asked to stop, ``SettingsError`` when the address is none, or is not encrypted.
    """
    base = base_address(address)
    if not base.startswith("https://"):
        message = "L’adresse de S²LOW doit commencer par https."
        raise SettingsError(message, advice=f"Écrivez par exemple {DEFAULT_ADDRESS}")
    if credentials.certificate is None:
        return cannot_from_here(base)
    return _in_time(lambda: _check(base, credentials, cancel, proxy), cancel, clock)


def _in_time(work: Callable[[], S2lowAnswer], cancel: CancelToken, clock: Clock) -> S2lowAnswer:
    """Return what some work answers, left alone on cancel or when it lasts too long: its own limits end it then."""
    cancel.check()
    answered: queue.SimpleQueue[S2lowAnswer | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answered.put(work())
        except Exception as error:  # noqa: BLE001 - carried to the caller, whole
            answered.put(error)

    threading.Thread(target=run, name="S2LOW", daemon=True).start()
    until = clock.monotonic() + WHOLE_S
    while clock.monotonic() < until:
        cancel.check()
        try:
            answer = answered.get(timeout=LOOK_S)
        except queue.Empty:
            continue
        if isinstance(answer, Exception):
            raise answer
        return answer
    return TOO_SLOW


def _check(base: str, credentials: Credentials, cancel: CancelToken, proxy: Proxy | None) -> S2lowAnswer:
    try:
        client = _client(base, credentials, proxy)
    except SettingsError as error:
        return of_unusable_file(error)
    with client:
        try:
            connected = _asked(client, f"{base}{CONNECTION}", credentials)
            cancel.check()
            rgs = _asked(client, f"{base}{RGS}", credentials)
        except httpx.HTTPError as error:
            return of_failure(error, _end(credentials))
    return of_pages(connected, rgs)


def _end(credentials: Credentials) -> datetime | None:
    path = credentials.certificate
    return None if path is None else end_of(path, credentials.certificate_password)


def _client(base: str, credentials: Credentials, proxy: Proxy | None) -> httpx.Client:
    try:
        return httpx.Client(
            headers={"Accept-Encoding": "identity", "Accept": "text/plain, */*", "User-Agent": "enn-desktop"},
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,
            transport=carrier_to(base, tls_context(credentials), proxy or WayOut()(base)),
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            follow_redirects=False,
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        # The address of a proxy may hold a password: it is not quoted.
        message = "L’adresse du serveur mandataire (proxy) n’est pas utilisable."
        raise SettingsError(message, advice="Demandez-la à votre prestataire.") from None


def _asked(client: httpx.Client, url: str, credentials: Credentials) -> Page:
    """Return the answer to one question; a name with accents is written once the other way if it is refused."""
    encodings = ["utf-8"]
    if not (credentials.user + credentials.password).isascii():
        encodings.append("iso-8859-1")
    page = Page(0, "")
    for encoding in encodings:
        page = _read(client, url, _login(credentials, encoding))
        if not page.refused and page.said is not Said.NO:
            break
    return page


def _login(credentials: Credentials, encoding: str) -> httpx.BasicAuth | None:
    if not credentials.user:
        return None
    name, password = (text.encode(encoding, "replace") for text in (credentials.user, credentials.password))
    return httpx.BasicAuth(name, password)


def _read(client: httpx.Client, url: str, login: httpx.BasicAuth | None) -> Page:
    body = b""
    with client.stream("GET", url, auth=login) as response:
        for piece in response.iter_bytes():
            body += piece
            if len(body) > LONGEST_BODY:
                break
        kind = response.headers.get("content-type", "").lower()
        status = response.status_code
    text = _decoded(body)
    # Some servers call every text HTML: a bare word is no page.
    page = text.lstrip().startswith("<") or ("html" in kind and len(text) > A_WORD)
    return Page(status, text, html=page or 300 <= status < 400)  # noqa: PLR2004 - a redirect leads to a page


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("iso-8859-1")
