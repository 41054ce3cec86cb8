"""What the user chose, typed: accounts (never a secret), folder, patience. Read from and written to TOML text."""

from __future__ import annotations

import json

import msgspec

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.typed_reading import from_toml

SHORTEST_DELAY_S, LONGEST_DELAY_S = 1.0, 600.0
"""Bounds of a network delay, seconds: less never answers, more is no end."""
DAY_HOURS, WEEK_HOURS, YEAR_DAYS = 24, 168, 366
PROXY_MODES = ("systeme", "aucun", "manuel")
PROXY_SECRET = "serveur mandataire"  # noqa: S105 - the name under which the vault keeps it
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


class ScheduleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When the window brings dossiers home by itself; hours and days."""

    automatic: bool = msgspec.field(name="automatique", default=True)
    at_start: bool = msgspec.field(name="au_demarrage", default=True)
    every_hours: int = msgspec.field(name="toutes_les_heures", default=4)
    on_metered: bool = msgspec.field(name="connexion_limitee", default=False)
    """Whether to go on where the connection is paid by volume."""
    on_battery_saver: bool = msgspec.field(name="economiseur_de_batterie", default=False)
    """Whether to go on while the computer spares its battery."""
    overdue_days: int = msgspec.field(name="jours_de_retard", default=7)
    """Days without a finished run after which the program says so loudly."""


class NotificationSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whether and when to speak; hours of the local day, working days only."""

    enabled: bool = msgspec.field(name="actives", default=True)
    from_hour: int = msgspec.field(name="de_heure", default=8)
    to_hour: int = msgspec.field(name="a_heure", default=18)


class ProxySettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to leave the town hall's network; the password is in the vault, under :data:`PROXY_SECRET`."""

    mode: str = "systeme"
    address: str = msgspec.field(name="adresse", default="")
    """``host:port``, for the manual mode."""
    user: str = msgspec.field(name="identifiant", default="")


class KeySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which signing certificate to speak of, and who is expected to sign; both may be empty."""

    certificate: str = msgspec.field(name="certificat", default="")
    """SHA-256 of the chosen certificate, in hex: remembered like a favourite."""
    signer: str = msgspec.field(name="signataire", default="")


class UpdateNoticeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Whether to ask, once a day at most, if a newer version exists; off unless she or her contractor asks for it."""

    enabled: bool = msgspec.field(name="actives", default=False)
    address: str = msgspec.field(name="adresse", default="")
    """Where the signed notice is, in https; empty means that there is nobody to ask."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the user chose; unknown keys of a newer program are ignored when read."""

    version: int = 1
    platform: str = msgspec.field(name="plateforme", default="")
    """The address proposed for a new account; empty leaves it to what the contractor prepared."""
    folder: str = msgspec.field(name="dossier", default="")
    accounts: tuple[AccountSettings, ...] = msgspec.field(name="compte", default=())
    network: NetworkSettings = msgspec.field(name="reseau", default_factory=NetworkSettings)
    schedule: ScheduleSettings = msgspec.field(name="planning", default_factory=ScheduleSettings)
    notifications: NotificationSettings = msgspec.field(name="notifications", default_factory=NotificationSettings)
    proxy: ProxySettings = msgspec.field(name="mandataire", default_factory=ProxySettings)
    key: KeySettings = msgspec.field(name="cle", default_factory=KeySettings)
    notice: UpdateNoticeSettings = msgspec.field(name="mise_a_jour", default_factory=UpdateNoticeSettings)
    with_session: bool = msgspec.field(name="avec_la_session", default=False)
    """Whether the program starts, in the tray, with the user's session."""

    def account(self, name: str) -> AccountSettings | None:
        """Return the account of that name, or ``None``."""
        return next((account for account in self.accounts if account.name == name), None)


def parse_settings(text: str) -> Settings:
    """Read settings. Raises ``SettingsError`` with the place of the fault, never a value."""
    try:
        found = from_toml(text, Settings)
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
    _demand_sensible(found)
    return found


def _demand_sensible(found: Settings) -> None:
    """Raise ``SettingsError`` for a schedule, hours or a proxy that make no sense."""
    notifications = found.notifications
    if not (1 <= found.schedule.every_hours <= WEEK_HOURS and 1 <= found.schedule.overdue_days <= YEAR_DAYS):
        message = "Le planning des récupérations est hors limites."
        raise SettingsError(message, advice="Choisissez de 1 à 168 heures, et de 1 à 366 jours.")
    if not 0 <= notifications.from_hour < notifications.to_hour <= DAY_HOURS:
        message = "Les heures des notifications sont hors limites."
        raise SettingsError(message, advice="Choisissez une heure de début avant l’heure de fin.")
    if found.proxy.mode not in PROXY_MODES:
        message = "Le réglage du serveur mandataire (proxy) est inconnu."
        raise SettingsError(message, advice=f"Choisissez\u00a0: {', '.join(PROXY_MODES)}.")


def dump_settings(settings: Settings) -> str:
    """Return settings as TOML; :func:`parse_settings` of it gives the same settings."""
    tree: dict[str, object] = msgspec.to_builtins(settings)
    plain = {key: value for key, value in tree.items() if not isinstance(value, dict | list | tuple)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for name, table in tree.items():
        if isinstance(table, dict):
            lines += ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    for account in settings.accounts:
        lines += ["", "[[compte]]"]
        lines += [f"{key} = {_value(value)}" for key, value in msgspec.to_builtins(account).items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    """Return a TOML basic string: JSON's, plus the one control character that JSON lets through."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
