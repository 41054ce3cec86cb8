"""The address of a Pastell, as people paste it, made into the one that the API needs."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from enn_desktop.core.errors import SettingsError

_TAIL = re.compile(r"/(?:api(?:/v\d+)?(?:/version)?|Connexion(?:/.*)?|index\.php)?/*$", re.IGNORECASE)


def base_address(given: str) -> str:
    """Return ``https://host[:port][/sub/path]`` without a final slash, from any usual way of writing it.

    Pastell may live under a sub-path: it is kept. What people paste after it (``/api/v2/``, the sign-in
    page) is dropped. Raises ``SettingsError`` when no host can be read.
    """
    text = given.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        # The network's own reading of it: what it refuses, no request could reach.
        httpx.URL(f"{parts.scheme}://{parts.netloc}")
        (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError, httpx.InvalidURL):
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in parts.netloc or parts.username:
        message = "L’adresse de la plateforme n’est pas une adresse web."
        raise SettingsError(message, advice="Écrivez par exemple https://pastell.exemple.fr")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = parts.path
    while (shorter := _TAIL.sub("", path)) != path:
        path = shorter
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}"


def in_clear(address: str) -> bool:
    """Whether a password would travel unencrypted outside this computer."""
    return address.startswith("http:") and not on_this_computer(address)


def on_this_computer(address: str) -> bool:
    """Whether an address leads to this very computer."""
    return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")
