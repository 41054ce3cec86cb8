"""Is there a newer version? One GET of a small signed document, on request only; nothing is downloaded or installed.

The document is a DSSE envelope (the signing format of TUF and in-toto), verified by securesystemslib with keys pinned
in the program: who holds the address, the network or the proxy can keep the news from us, but can announce nothing.
``installer/publish_notice.py`` makes it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeAlias

import httpx
import msgspec

from enn_desktop import __version__
from enn_desktop.core.typed_reading import from_json
from enn_desktop.pastell.credentials import Credentials, tls_context
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.pastell.tunnel import carrier_to
from enn_desktop.services.publication_keys import PublicationKeys

PAYLOAD_TYPE = "application/vnd.enn-desktop.nouveaute+json"
DOCUMENT_TYPE = "enn-desktop/nouveaute/1"
LARGEST = 65_536
"""Bytes of the whole answer; the document is some hundreds."""
CONNECT_S, ANSWER_S, WHOLE_S = 5.0, 10.0, 20.0


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer version exists. ``fits`` is false when it asks for a newer Windows than this one."""

    version: str
    issued: datetime
    notes: str = ""
    fits: bool = True


@dataclass(frozen=True, slots=True)
class UpToDate:
    """This is the newest version, said by a document of that instant."""

    issued: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows, and why: a sentence, then a code for the diagnostic."""

    reason: str
    code: str


Notice: TypeAlias = Newer | UpToDate | Unknown


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What was signed. Instants are aware; ``windows_build`` is the oldest Windows that will do, 0 for any."""

    kind: str = msgspec.field(name="type")
    version: str
    issued: datetime = msgspec.field(name="date")
    expires: datetime = msgspec.field(name="expire")
    notes: str = ""
    windows_build: int = msgspec.field(name="windows", default=0)


class _Signature(msgspec.Struct, frozen=True):
    keyid: str
    sig: str


class _Envelope(msgspec.Struct, frozen=True):
    payload: str
    kind: str = msgspec.field(name="payloadType")
    signatures: tuple[_Signature, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a document is judged by. ``seen`` is when the newest document known so far was issued."""

    now: datetime
    seen: datetime | None = None
    current: str = __version__
    windows_build: int | None = None


def ask(address: str, keys: PublicationKeys, facts: Circumstances, proxy: Callable[[str], Proxy]) -> Notice:
    """Ask an address; what the network or a stranger does comes out as :class:`Unknown`, never as an error.

    ``proxy`` gives the way out of the network for an address; it may take seconds.
    """
    if not keys.usable:
        return Unknown("Ce programme ne porte pas encore de clé de publication.", "sans-cle")
    if not address.startswith("https://"):
        return Unknown("L’adresse où demander doit commencer par https.", "adresse")
    try:
        body = _fetch(address, proxy)
    except _RefusedError as refused:
        return Unknown(refused.reason, refused.code)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
        # The address of a proxy may hold a password: nothing is quoted.
        return Unknown("L’adresse où demander ne répond pas.", type(error).__name__)
    return judge(body, keys, facts)


def judge(body: bytes, keys: PublicationKeys, facts: Circumstances) -> Notice:
    """Return what an envelope says, :class:`Unknown` when it cannot be believed."""
    payload = _verified(body, keys)
    if payload is None:
        return Unknown("L’annonce reçue n’est pas signée par l’éditeur\u00a0: elle est ignorée.", "signature")
    try:
        said = from_json(payload, Announcement)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unknown("L’annonce reçue n’est pas comprise par cette version du programme.", "forme")
    wrong = _wrong(said, facts)
    if wrong is not None:
        return wrong
    if not is_newer(said.version, facts.current):
        return UpToDate(said.issued)
    notes = said.notes if said.notes.startswith("https://") else ""
    fits = facts.windows_build is None or facts.windows_build >= said.windows_build
    return Newer(said.version, said.issued, notes, fits)


def _wrong(said: Announcement, facts: Circumstances) -> Unknown | None:
    if said.kind != DOCUMENT_TYPE or said.issued.tzinfo is None or said.expires.tzinfo is None:
        return Unknown("L’annonce reçue n’est pas comprise par cette version du programme.", "type")
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4}){1,3}", said.version):
        return Unknown("L’annonce reçue n’est pas comprise par cette version du programme.", "version")
    if said.expires <= facts.now:
        return Unknown("L’annonce reçue est périmée\u00a0: personne ne l’a renouvelée.", "perimee")
    if facts.seen is not None and said.issued < facts.seen:
        return Unknown("L’annonce reçue est plus ancienne que la dernière vue\u00a0: elle est ignorée.", "ancienne")
    return None


def _verified(body: bytes, keys: PublicationKeys) -> bytes | None:
    """Return the payload that enough keys have signed, ``None`` when they have not."""
    try:
        found = from_json(body, _Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if found.kind != PAYLOAD_TYPE:
        return None
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import Error

    try:
        envelope = Envelope.from_dict(
            {
                "payload": found.payload,
                "payloadType": found.kind,
                "signatures": [{"keyid": one.keyid, "sig": one.sig} for one in found.signatures],
            }
        )
        envelope.verify(keys.of_library(), keys.threshold)
    except (Error, ValueError, KeyError, TypeError):
        return None
    payload: bytes = envelope.payload
    return payload


def is_newer(version: str, other: str) -> bool:
    """Whether a version comes after another one."""
    return _parts(version) > _parts(other)


def _parts(version: str) -> tuple[int, ...]:
    """Return « 1.2.0 » as numbers, its last zeros left out; what stands after the numbers does not count."""
    found = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


class _RefusedError(Exception):
    """An answer that is not looked at."""

    def __init__(self, reason: str, code: str) -> None:
        self.reason, self.code = reason, code
        super().__init__(code)


def _fetch(address: str, proxy: Callable[[str], Proxy]) -> bytes:
    """Return the body of an address, within :data:`LARGEST` bytes and about :data:`WHOLE_S` seconds."""
    ends = time.monotonic() + WHOLE_S
    with httpx.Client(
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "enn-desktop"},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        trust_env=False,
        transport=carrier_to(address, tls_context(Credentials()), proxy(address)),
        timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        follow_redirects=False,
    ) as client:
        body = b""
        with client.stream("GET", address) as response:
            if response.is_redirect:
                raise _RefusedError(
                    "L’adresse où demander renvoie ailleurs\u00a0: elle n’est pas suivie.", "redirection"
                )
            if response.status_code != httpx.codes.OK:
                raise _RefusedError("L’adresse où demander ne donne rien.", f"HTTP {response.status_code}")
            for piece in response.iter_raw():
                body += piece
                if len(body) > LARGEST:
                    raise _RefusedError("L’annonce reçue est trop longue\u00a0: elle est ignorée.", "trop-longue")
                if time.monotonic() > ends:
                    raise _RefusedError("L’adresse où demander répond trop lentement.", "trop-lente")
    return body
