"""What a system says of the way to an address: proxies in their order, and the addresses that need none."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit

DIRECT = ""
"""The place of a way without a proxy, among :attr:`Route.places`."""
_SPOKEN = {"PROXY", "HTTP"}
_WORDS = _SPOKEN | {"DIRECT", "HTTPS", "SOCKS", "SOCKS4", "SOCKS5"}
"""What may stand before a place in a PAC file's answer (``PROXY relais:3128; DIRECT``)."""
_PORTS = {"http": 80, "https": 443}


class Source(Enum):
    """Who named the proxy; in the words of the diagnostic."""

    NONE = "aucun"
    MANUAL = "manuel"
    SCRIPT = "automatique (PAC)"
    DETECTED = "automatique (détection)"
    ENVIRONMENT = "variable d’environnement"
    COMPUTER = "réglé pour tout l’ordinateur"


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one address. ``places``: ``http://host:port`` or :data:`DIRECT`, to be tried in that order."""

    source: Source
    places: tuple[str, ...] = (DIRECT,)
    user: str = ""
    password: str = field(default="", repr=False)
    trouble: str = ""
    """Why an automatic answer is missing, in French, without any name; empty when all went well."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An address as the rules see it: no path, since a rule or a PAC file has no business with it."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """Return the address without its path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}/"


def asked_of(address: str) -> Asked:
    """Read an address ``http(s)://host[:port]…``. Raises ``ValueError``."""
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(parts.scheme)
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
    return Asked(parts.scheme, host, parts.port or _PORTS[parts.scheme])


def places_of(text: str, scheme: str) -> tuple[str, ...]:
    """Read Windows' list of proxies for addresses of one scheme; empty when it names none for them.

    Windows writes ``relais:3128``, ``http=a:80;https=b:80``, several separated by semicolons or spaces
    (WINHTTP_PROXY_INFO); a PAC file writes ``PROXY a:80; DIRECT``. SOCKS is not spoken here: such a place is left out.
    """
    found: list[str | None] = []
    for part in text.split(";"):
        words = part.split()
        if words and words[0].upper() in _WORDS:
            word = words.pop(0).upper()
            if word == "DIRECT":
                found.append(DIRECT)
            if word not in _SPOKEN:
                continue
        for entry in words:
            kind, equals, place = entry.rpartition("=")
            if not equals or kind.lower() == scheme:
                found.append(_url_of(place))
    return tuple(dict.fromkeys(place for place in found if place is not None))


def _url_of(place: str) -> str | None:
    kind, colons, rest = place.rpartition("://")
    if colons and kind.lower() not in _PORTS:
        return None
    return f"{kind.lower() or 'http'}://{rest.rstrip('/')}"


def split_identity(url: str) -> tuple[str, str, str]:
    """Return (address without identity, user, password) of ``scheme://user:password@host:port``."""
    address = url if "://" in url else f"http://{url}"
    scheme, _, rest = address.partition("://")
    identity, _, place = rest.rpartition("@")
    user, _, password = identity.partition(":")
    return f"{scheme}://{place.rstrip('/')}", unquote(user), unquote(password)


def excepted(asked: Asked, rules: str) -> bool:
    """Whether Windows' list of exceptions names this address.

    One rule per semicolon or space: ``*`` stands for anything, ``<local>`` for a name without a point, a scheme
    before or a port after it must be the address's own (WINHTTP_PROXY_INFO, lpszProxyBypass).
    """
    return any(_rule_names(asked, rule.lower()) for rule in re.split(r"[;,\s]+", rules) if rule)


def _rule_names(asked: Asked, rule: str) -> bool:
    if rule == "<local>":
        return "." not in asked.host and ":" not in asked.host
    scheme, colons, place = rule.rpartition("://")
    if colons and scheme != asked.scheme:
        return False
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::(\d+|\*))?", place)
    plain = re.fullmatch(r"(.*?)(?::(\d+|\*))?", place)
    match = bracketed or (plain if place.count(":") <= 1 else None)
    host, port = (match[1], match[2]) if match else (place, None)
    if port not in {None, "*"} and int(port) != asked.port:
        return False
    pattern = ".*".join(re.escape(piece) for piece in host.split("*"))
    return re.fullmatch(pattern, asked.host.lower()) is not None


def excepted_by_variable(asked: Asked, rules: str) -> bool:
    """Whether a ``NO_PROXY`` variable names this address.

    One rule per comma, as curl and Python read them: ``*`` for everything, ``mairie.fr`` (with or without a point, or
    ``*.``, before it) for that name and all below it, a port after it must be the address's, ``10.0.0.0/8`` a network.
    """
    for rule in (part.strip().lower().removeprefix("*.").lstrip(".") for part in rules.split(",")):
        if rule == "*" or _in_network(asked.host, rule):
            return True
        for name in (asked.host.lower(), f"{asked.host.lower()}:{asked.port}"):
            if rule and (name == rule or name.endswith(f".{rule}")):
                return True
    return False


def _in_network(host: str, rule: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(rule, strict=False)
    except ValueError:
        return False
