"""Secrets live in the operating system's vault, or nowhere: a vault that writes in clear is refused."""

from __future__ import annotations

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, PasswordDeleteError

from enn_desktop.core.errors import VaultError

SERVICE = "enn-desktop"
_SAFE = (
    "keyring.backends.Windows",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
)
"""The backends of keyring that keep secrets encrypted under the user's session."""


class SecretVault:
    """Keeps, gives back and forgets one secret per account."""

    def __init__(self, backend: KeyringBackend | None = None, *, trusted: bool = False) -> None:
        self._given = backend
        self._trusted = trusted

    def describe(self) -> str:
        """Return the vault's name for a diagnostic."""
        backend = self._backend()
        return f"{type(backend).__module__}.{type(backend).__name__}"

    def usable(self) -> bool:
        """Whether secrets can be kept safely here."""
        return self._trusted or _is_safe(self._backend())

    def keep(self, account: str, secret: str) -> None:
        """Keep a secret. Raises ``VaultError`` when the vault is not safe or refuses."""
        try:
            self._demand().set_password(SERVICE, account, secret)
        except KeyringError as error:
            raise VaultError(detail=type(error).__name__) from error

    def recall(self, account: str) -> str | None:
        """Return a secret, ``None`` if there is none. Raises ``VaultError`` when the vault is not safe."""
        try:
            return self._demand().get_password(SERVICE, account)
        except KeyringError as error:
            raise VaultError(detail=type(error).__name__) from error

    def forget(self, account: str) -> None:
        """Forget a secret; one that is not there is no error."""
        if not self.usable():
            return
        try:
            self._backend().delete_password(SERVICE, account)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise VaultError(detail=type(error).__name__) from error

    def _backend(self) -> KeyringBackend:
        return self._given if self._given is not None else keyring.get_keyring()

    def _demand(self) -> KeyringBackend:
        backend = self._backend()
        if not self._trusted and not _is_safe(backend):
            raise VaultError(detail=self.describe())
        return backend


def _is_safe(backend: KeyringBackend) -> bool:
    chained = getattr(backend, "backends", None)
    if type(backend).__module__ == "keyring.backends.chainer" and chained:
        return all(_is_safe(part) for part in chained)
    return type(backend).__module__ in _SAFE
