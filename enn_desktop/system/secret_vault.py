"""Secrets live in the operating system's vault, or nowhere: a vault that writes in clear is refused.

A secret has one place, named after the profile and the account: Windows tells names apart neither by their case nor
beyond some length, and all the entries of one service would be moved about to make room for each other. One that is
too long for Windows is kept in numbered parts; the entry that names them is written last, so that a cut at any moment
leaves either the secret of before or the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from enn_desktop.core.errors import VaultError
from enn_desktop.core.french import count
from enn_desktop.system.paths import ProfilePaths, profile_paths

SERVICE = "enn-desktop"
LONGEST_PART = 1_200
"""UTF-16 units: Windows keeps 2,560 bytes in one entry (wincred.h, CRED_MAX_CREDENTIAL_BLOB_SIZE), two by unit."""
MOST_PARTS = 20
"""More is no password but something pasted by mistake."""
LONGEST_NAME = 80
"""Characters of an account's name that the vault shows."""
_IN_PARTS = "enn-desktop:parties:"
_SAFE = (
    "keyring.backends.Windows",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
)
"""The backends of keyring that keep secrets encrypted under the user's session."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one entry is: a service that is this entry's alone, and the name that a person reads in the vault."""

    service: str
    shown: str

    def part(self, series: str, number: int) -> Place:
        """Return the place of one part of a long secret."""
        return Place(f"{self.service} {series}{number}", self.shown)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the entry of a long secret says: which of the two series is in force, how many parts, what they make."""

    series: str
    total: int
    digest: str

    @property
    def text(self) -> str:
        """Return the entry."""
        return f"{_IN_PARTS}{self.series}:{self.total}:{self.digest}"

    @classmethod
    def read(cls, entry: str | None) -> Self | None:
        """Return what an entry names, ``None`` when it is a secret itself."""
        if entry is None or not entry.startswith(_IN_PARTS):
            return None
        series, _, rest = entry.removeprefix(_IN_PARTS).partition(":")
        total, _, digest = rest.partition(":")
        return cls(series, int(total) if total.isdecimal() else 0, digest)


class SecretVault:
    """Keeps, gives back and forgets one secret per account. ``realm`` tells profiles apart, see :meth:`of`."""

    def __init__(self, backend: KeyringBackend | None = None, *, trusted: bool = False, realm: str = "") -> None:
        self._given = backend
        self._trusted = trusted
        self._realm = realm

    @classmethod
    def of(cls, paths: ProfilePaths) -> Self:
        """Return the vault of a profile: the same account name in two of them is two secrets."""
        return cls(realm="" if paths == profile_paths(None) else str(paths.settings.absolute()))

    def describe(self) -> str:
        """Return the vault's name for a diagnostic."""
        backend = self._backend()
        return f"{type(backend).__module__}.{type(backend).__name__}"

    def usable(self) -> bool:
        """Whether secrets can be kept safely here."""
        return self._trusted or _is_safe(self._backend())

    def keep(self, account: str, secret: str) -> None:
        """Keep a secret in place of the one of before, which stays until the new one is in force.

        Raises ``VaultError`` when the vault is not safe or refuses, or when the secret is far too long.
        """
        backend, place = self._demand(), self._place(account)
        with _refusals_said():
            before = Parts.read(backend.get_password(place.service, place.shown))
            parts = _split(secret)
            if len(parts) == 1 and not secret.startswith(_IN_PARTS):
                backend.set_password(place.service, place.shown, secret)
                after = None
            else:
                after = self._write_parts(backend, place, parts, "b" if before and before.series == "a" else "a")
        with suppress(Exception):
            # The new one is in force: what is left of the old one is worth trying to remove, and no failure.
            if before is not None:
                _remove_parts(backend, place, before.series, 1)
            if after is not None:
                _remove_parts(backend, place, after.series, after.total + 1)

    def recall(self, account: str) -> str | None:
        """Return a secret, ``None`` if there is none.

        Raises ``VaultError`` when the vault is not safe or refuses, or when parts of the secret are missing.
        """
        backend, place = self._demand(), self._place(account)
        with _refusals_said():
            entry = backend.get_password(place.service, place.shown)
            parts = Parts.read(entry)
            return entry if parts is None else _joined(backend, place, parts)

    def forget(self, account: str) -> None:
        """Forget a secret; one that is not there is no error. Raises ``VaultError`` when the vault refuses."""
        if not self.usable():
            return
        backend, place = self._backend(), self._place(account)
        with _refusals_said():
            _remove(backend, place)
            for series in "ab":
                _remove_parts(backend, place, series, 1)

    def _write_parts(self, backend: KeyringBackend, place: Place, parts: list[str], series: str) -> Parts:
        for number, part in enumerate(parts, 1):
            one = place.part(series, number)
            backend.set_password(one.service, one.shown, part)
        found = Parts(series, len(parts), _digest("".join(parts)))
        backend.set_password(place.service, place.shown, found.text)
        return found

    def _place(self, account: str) -> Place:
        whose = f"{self._realm}\n{account}".encode("utf-8", "surrogatepass")
        shown = account.encode("utf-8", "replace").decode("utf-8")[:LONGEST_NAME]
        return Place(f"{SERVICE} {hashlib.sha256(whose).hexdigest()[:12]}", shown or SERVICE)

    def _backend(self) -> KeyringBackend:
        return self._given if self._given is not None else keyring.get_keyring()

    def _demand(self) -> KeyringBackend:
        backend = self._backend()
        if not self._trusted and not _is_safe(backend):
            raise VaultError(detail=self.describe())
        return backend


@contextmanager
def _refusals_said() -> Iterator[None]:
    """Turn what a vault raises into ``VaultError``, without what it says, which may quote the secret."""
    try:
        yield
    except VaultError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the vault raises, it is a refusal
        # keyring lets Windows' own errors out as they are, and they are no kind of its own.
        code = getattr(error, "winerror", None)
        raise VaultError(
            "Le trousseau de cet ordinateur a refusé la demande.",
            advice="Le mot de passe vous sera demandé quand il le faudra\u202f; il n’est écrit nulle part.",
            detail=type(error).__name__ + (f" {code}" if isinstance(code, int) else ""),
        ) from None


def _split(secret: str) -> list[str]:
    """Cut a secret into what one entry holds, never inside a character. Raises ``VaultError`` when it is far too long.

    A secret that fits makes one part.
    """
    parts, units = [""], 0
    for sign in secret:
        wide = 2 if ord(sign) > 0xFFFF else 1  # noqa: PLR2004 - beyond it, UTF-16 needs two units
        if units + wide > LONGEST_PART:
            parts.append("")
            units = 0
        parts[-1] += sign
        units += wide
    if len(parts) > MOST_PARTS:
        raise VaultError(
            f"Ce mot de passe ou ce jeton est trop long pour le trousseau\u00a0: {count(len(secret), 'caractère')}.",
            advice="Vérifiez ce qui a été collé. Il sera demandé à chaque ouverture tant qu’il est aussi long.",
        )
    return parts


def _joined(backend: KeyringBackend, place: Place, parts: Parts) -> str:
    found = [
        backend.get_password(one.service, one.shown) or ""
        for one in (place.part(parts.series, number) for number in range(1, parts.total + 1))
    ]
    secret = "".join(found)
    if _digest(secret) != parts.digest:
        raise VaultError(
            "Le mot de passe gardé dans le trousseau de cet ordinateur n’est plus entier.",
            advice="Tapez-le de nouveau\u00a0: il sera gardé à la place de l’ancien.",
            detail=f"{parts.total}",
        )
    return secret


def _remove_parts(backend: KeyringBackend, place: Place, series: str, first: int) -> None:
    """Remove the parts of a series from ``first`` on, the last one first: a cut leaves no part that is not found."""
    last = first
    while backend.get_password((one := place.part(series, last)).service, one.shown) is not None:
        last += 1
    for number in range(last - 1, first - 1, -1):
        _remove(backend, place.part(series, number))


def _remove(backend: KeyringBackend, place: Place) -> None:
    with suppress(PasswordDeleteError):
        backend.delete_password(place.service, place.shown)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _is_safe(backend: KeyringBackend) -> bool:
    chained = getattr(backend, "backends", None)
    if type(backend).__module__ == "keyring.backends.chainer" and chained:
        return all(_is_safe(part) for part in chained)
    return type(backend).__module__ in _SAFE
