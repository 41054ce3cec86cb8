"""Accounts: what is written in the settings, what goes to the vault, what is asked each time."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.backup.accounts import credentials_of
from enn_desktop.core.errors import SettingsError, VaultError
from enn_desktop.core.settings import AccountSettings
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.system.secret_vault import SecretVault


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """What the command line says of an account; names of environment variables, never secrets."""

    url: str = ""
    user: str = ""
    password_env: str = ""
    token_env: str = ""
    cert: Path | None = None
    cert_password_env: str = ""

    def credentials(self, *, may_ask: bool = True) -> Credentials:
        """Return the credentials, secrets read from the environment or asked for, unless nobody may be disturbed.

        Raises ``SettingsError`` when something is missing and nobody can be asked.
        """
        token = secret_from(self.token_env) if self.token_env else ""
        password = secret_from(self.password_env) if self.password_env else ""
        if may_ask and self.user and not (token or password or self.cert):
            password = ask_secret(f"Mot de passe de {self.user} : ")
        found = Credentials(
            user=self.user,
            password=password,
            token=token,
            certificate=self.cert,
            certificate_password=secret_from(self.cert_password_env) if self.cert_password_env else "",
        )
        if found.empty or (self.user and not (token or password or self.cert)):
            message = "Il manque de quoi s’identifier."
            raise SettingsError(message, advice="Donnez --user et --password-env, --token-env ou --cert.")
        return found


def secret_from(variable: str) -> str:
    """Return the secret in an environment variable. Raises ``SettingsError`` when it is not set."""
    value = os.environ.get(variable)
    if not value:
        message = f"La variable d’environnement {variable} est vide ou absente."
        raise SettingsError(message, advice="Mettez-y le mot de passe ou le jeton avant de lancer la commande.")
    return value


def ask_secret(question: str) -> str:
    """Ask a person for a secret. Raises ``SettingsError`` when nobody is there to answer."""
    if not somebody_is_there():
        message = "Il faut un mot de passe, et personne n’est là pour le taper."
        raise SettingsError(message, advice="Donnez --password-env VARIABLE ou --token-env VARIABLE.")
    return getpass.getpass(question)


def somebody_is_there() -> bool:
    """Whether a person can answer; a program without a console has no standard input at all."""
    return sys.stdin is not None and sys.stdin.isatty()


def stored_credentials(account: AccountSettings, vault: SecretVault, *, may_ask: bool = True) -> Credentials:
    """Return the credentials of a stored account: its secret from the vault, or asked for.

    Raises ``VaultError`` when the vault does not have it and nobody is there, or may be disturbed (``may_ask``).
    """
    try:
        secret = vault.recall(account.name)
    except VaultError:
        secret = None
    if secret is None and account.method == "certificat" and not account.user:
        secret = ""
    if secret is None:
        if not may_ask or not somebody_is_there():
            raise VaultError(
                f"Le mot de passe du compte «\u00a0{account.name}\u00a0» n’est pas dans le trousseau de l’ordinateur.",
                advice="Ouvrez le programme, ou lancez «\u00a0enn-desktop account add\u00a0», et donnez-le une fois.",
            )
        secret = ask_secret(f"{'Jeton' if account.method == 'jeton' else 'Mot de passe'} du compte {account.name} : ")
    return credentials_of(account, secret)
