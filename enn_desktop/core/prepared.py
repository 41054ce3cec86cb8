"""What may not stand in a file prepared for many computers: a secret in clear, an address that is none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from urllib.parse import urlsplit

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.french import NBSP

_SECRET_KEYS = re.compile(r"mot_?de_?passe|mdp|passw|secret|jeton|token|api_?key|cle_?privee|^pin$|code_?pin")
_IDENTITY = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?[^/@\s:]*:[^/@\s]+@", re.IGNORECASE)
"""``user:password@`` at the head of an address, with or without a scheme."""


def demand_no_secret(text: str) -> None:
    """Raise ``SettingsError`` naming the key, never the value, when a TOML text holds a secret in clear.

    A text that is no TOML is left to whoever reads it.
    """
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for key, value in _leaves(tree):
        plain = key.casefold().replace("-", "_")
        if (value and _SECRET_KEYS.search(plain)) or (isinstance(value, str) and _IDENTITY.match(value.strip())):
            raise SettingsError(
                f"Il contient un mot de passe en clair (clé «{NBSP}{key}{NBSP}»). Un secret n’a pas sa place dans un "
                "fichier que d’autres peuvent lire.",
                advice="Retirez-le, et changez ce mot de passe.",
            )


def _leaves(tree: dict[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _leaves(item)
            else:
                yield key, item


def web_address(text: str) -> bool:
    """Whether a text can be the address of a platform: http or https, a host, no name or password in it."""
    address = text.strip() if "://" in text else f"https://{text.strip()}"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except (ValueError, UnicodeError):
        return False
    readable = bool(host) and not re.search(r"[\s<>\"']", address)
    return parts.scheme in {"http", "https"} and readable and parts.username is None
