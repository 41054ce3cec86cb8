"""The few rules about what is typed in the settings, and their sentences. No widget here."""

from __future__ import annotations

import re

HIGHEST_PORT = 65_535
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST_PORT = re.compile(
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?):(?P<port>[0-9]{1,5})", re.IGNORECASE
)

NO_PROXY_ADDRESS = (
    "Indiquez l’adresse et le port, par exemple proxy.mairie.fr:3128. Le réglage d’avant reste en place d’ici là."
)
BAD_PROXY_ADDRESS = (
    "Cette adresse n’est pas comprise. Écrivez-la comme proxy.mairie.fr:3128, sans espace. "
    "Le réglage d’avant reste en place d’ici là."
)
BAD_HOURS = "L’heure de fin doit venir après l’heure de début. Les heures d’avant restent en place d’ici là."


def tidy_proxy_address(typed: str) -> str:
    """Return a proxy's address as ``host:port``: without scheme, final slash or spaces around."""
    return _SCHEME.sub("", typed.strip()).rstrip("/")


def proxy_problem(address: str) -> str:
    """Return what is wrong with a tidied proxy address, in a sentence; empty when it can be used."""
    if not address:
        return NO_PROXY_ADDRESS
    found = _HOST_PORT.fullmatch(address)
    if found is None or not 1 <= int(found["port"]) <= HIGHEST_PORT:
        return BAD_PROXY_ADDRESS
    return ""


def hours_problem(from_hour: int, to_hour: int) -> str:
    """Return what is wrong with hours of the day between which to speak; empty when they can be used."""
    return "" if from_hour < to_hour else BAD_HOURS
