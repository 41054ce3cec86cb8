"""What the user chose, typed: accounts (never a secret), folder, patience. Read from and written to TOML text."""

from __future__ import annotations

import json

import msgspec

from enn_desktop.core.errors import SettingsError

SHORTEST_DELAY_S, LONGEST_DELAY_S = 1.0, 600.0
"""Bounds of a network delay, seconds: less never answers, more is no end."""
METHODS = ("mot-de-passe", "jeton", "certificat")


class AccountSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """One account on one platform; ``folder`` empty means the common one."""

    name: str = msgspec.field(name="nom")
    address: str = msgspec.field(name="adresse")
    user: str = msgspec.field(name="identifiant", default="")
    method: str = msgspec.field(name="methode", default=METHODS[0])
    certificate: str = msgspec.field(name="certificat", default="")
    folder: str = msgspec.field(name="dossier", default="")


class NetworkSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How patient to be with the network; seconds."""

    connect_s: float = msgspec.field(name="delai_connexion_s", default=10.0)
    answer_s: float = msgspec.field(name="delai_reponse_s", default=30.0)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the user chose; unknown keys of a newer program are ignored when read."""

    version: int = 1
    folder: str = msgspec.field(name="dossier", default="")
    accounts: tuple[AccountSettings, ...] = msgspec.field(name="compte", default=())
    network: NetworkSettings = msgspec.field(name="reseau", default_factory=NetworkSettings)

    def account(self, name: str) -> AccountSettings | None:
        """Return the account of that name, or ``None``."""
        return next((account for account in self.accounts if account.name == name), None)


def parse_settings(text: str) -> Settings:
    """Read settings. Raises ``SettingsError`` with the place of the fault, never a value."""
    try:
        found = msgspec.toml.decode(text, type=Settings)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        message = "Le fichier des réglages ne peut pas être lu."
        raise SettingsError(message, detail=str(error)) from error
    for account in found.accounts:
        if account.method not in METHODS:
            message = f"Le compte « {account.name} » a une méthode de connexion inconnue."
            raise SettingsError(message, advice=f"Choisissez : {', '.join(METHODS)}.")
    delays = (found.network.connect_s, found.network.answer_s)
    if not all(SHORTEST_DELAY_S <= delay <= LONGEST_DELAY_S for delay in delays):
        message = "Un délai du réseau est hors limites."
        raise SettingsError(
            message, advice=f"Choisissez entre {SHORTEST_DELAY_S:.0f} et {LONGEST_DELAY_S:.0f} secondes."
        )
    return found


def dump_settings(settings: Settings) -> str:
    """Return settings as TOML; :func:`parse_settings` of it gives the same settings."""
    lines = [f"version = {settings.version}", f"dossier = {_text(settings.folder)}", "", "[reseau]"]
    lines += [f"{key} = {value}" for key, value in msgspec.to_builtins(settings.network).items()]
    for account in settings.accounts:
        lines += ["", "[[compte]]"]
        lines += [f"{key} = {_text(value)}" for key, value in msgspec.to_builtins(account).items()]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """Return a TOML basic string: JSON's, plus the one control character that JSON lets through."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
