"""What the first start gathers, as values, and the few rules about it. No widget here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from enn_desktop.core.errors import (
    AuthenticationRefused,
    EnnError,
    PortalInTheWay,
    RequestRefused,
    ServerUnreachable,
    SettingsError,
)
from enn_desktop.core.settings import METHODS

PASSWORD, TOKEN, CERTIFICATE = METHODS
HERE = ("127.0.0.1", "localhost", "::1")
NOT_FOUND = 404


class Concern(Enum):
    """Which field a refusal is about."""

    ADDRESS = "adresse"
    SECRET = "secret"  # noqa: S105 - the name of a field
    CERTIFICATE = "certificat"
    NOTHING = "rien"


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """One account as it was typed; ``method`` is one of ``METHODS``.

    ``secret`` is the password, the token, or the certificate's password; ``certificate`` is a file. ``name``
    and ``folder`` are empty while the connection is being tried.
    """

    name: str = ""
    address: str = ""
    user: str = ""
    method: str = PASSWORD
    secret: str = field(default="", repr=False)
    certificate: Path | None = None
    folder: Path | None = None
    reserved: bool = False
    """Whether the folder is to be opened to the user's account alone."""


def with_scheme(typed: str) -> str:
    """Return an address as typed, with ``https://`` where no scheme was given; empty stays empty."""
    text = typed.strip()
    return text if not text or "://" in text else f"https://{text}"


def travels_in_clear(address: str) -> bool:
    """Whether a password sent there could be read on the way: http, to another computer."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.casefold() == "http" and bool(parts.hostname) and parts.hostname not in HERE


def may_be_offline(error: EnnError) -> bool:
    """Whether the network alone may be to blame, so that going on without a test makes sense."""
    return isinstance(error, ServerUnreachable) and "certificate" not in error.detail.casefold()


def concern_of(error: EnnError) -> Concern:
    """Return what must be corrected after a refused test."""
    if isinstance(error, PortalInTheWay) or (isinstance(error, RequestRefused) and error.status == NOT_FOUND):
        return Concern.ADDRESS
    if isinstance(error, AuthenticationRefused):
        return Concern.SECRET
    if isinstance(error, SettingsError):
        said = error.message.casefold()
        if "adresse" in said:
            return Concern.ADDRESS
        if "certificat" in said and "mot de passe" not in said:
            return Concern.CERTIFICATE
        return Concern.SECRET if "certificat" in said or "jeton" in said else Concern.NOTHING
    return Concern.NOTHING


def proposed_name(entities: Iterable[str], address: str, taken: Iterable[str] = ()) -> str:
    """Return a name for the account: the first entity seen, else the host; never one that is taken."""
    first = next((name.strip() for name in entities if name.strip()), "") or _host(address)
    used = {name.casefold() for name in taken}
    name, rank = first, 2
    while name.casefold() in used:
        name, rank = f"{first} ({rank})", rank + 1
    return name


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address
