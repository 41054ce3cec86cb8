"""An account and its secret, put together according to its method."""

from __future__ import annotations

from pathlib import Path

from enn_desktop.core.settings import AccountSettings
from enn_desktop.pastell.credentials import Credentials


def credentials_of(account: AccountSettings, secret: str) -> Credentials:
    """Return what the server may accept; ``secret`` is the password, the token, or the certificate's password."""
    certificate = Path(account.certificate) if account.certificate else None
    if account.method == "jeton":
        return Credentials(token=secret, certificate=certificate)
    if account.method == "certificat":
        return Credentials(user=account.user, certificate=certificate, certificate_password=secret)
    return Credentials(user=account.user, password=secret, certificate=certificate)
