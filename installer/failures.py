"""Every way the set-up can stop, each with its exit code and a sentence that says what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """Exit codes of the set-up; after it, ``demo`` returns the program's own (0 to 11, 130)."""

    DONE = 0
    """Everything asked for was done."""
    CHECKS_FAILED = 1
    """``test``: at least one check failed."""
    USAGE = 2
    """The command was not understood."""
    PYTHON = 20
    """Python is too old or too recent."""
    VENV_MODULE = 21
    """Python lacks the part that makes environments (Debian: python3-venv)."""
    NETWORK = 22
    """The components cannot be downloaded."""
    DISK_FULL = 23
    """No room left."""
    NO_RIGHT = 24
    """The folder cannot be written."""
    COMPONENTS = 25
    """The components could not be installed for another reason; the log holds it."""
    FOLDER_TAKEN = 26
    """The folder meant for the environment holds something else."""
    TOO_LONG = 27
    """A step did not end in its time."""
    TEST_SCREEN = 28
    """``test``: what the window's tests need of the system is not there and cannot be installed."""
    TEST_CARDS = 29
    """``test``: what the tests of the signing key need of the system is not there and cannot be installed."""
    WINDOWS_TOOLS = 30
    """``build``: what makes the Windows product is not there and cannot be installed."""
    REFUSED_FILE = 31
    """``build``: a file is not the one that is expected, or not signed by its publisher."""
    BUILD = 32
    """``build``: a step failed; its sentence names it."""
    CANCELLED = 130
    """Stopped with Ctrl-C."""


class SetupError(Exception):
    """The set-up stops: an exit code, and a French sentence that says what to do."""

    def __init__(self, outcome: Outcome, sentence: str) -> None:
        self.outcome = outcome
        self.sentence = sentence
        super().__init__(sentence)


DISK_FULL_SIGN = "No space left on device"
"""What any tool prints when the disk is full."""
_NETWORK = (
    "Le téléchargement des composants n’aboutit pas\u00a0: pas de réseau, ou le catalogue de paquets ne répond pas.\n"
    "Vérifiez la connexion (et le mandataire, si la mairie en a un), puis relancez la même commande."
)


@dataclass(frozen=True, slots=True)
class _Sign:
    pattern: str
    outcome: Outcome
    sentence: str


_SIGNS = (
    _Sign(
        rf"{DISK_FULL_SIGN}|\[Errno 28\]|\[WinError 112\]|Disk quota exceeded",
        Outcome.DISK_FULL,
        "Le disque est plein.\nLibérez 800 Mo, puis relancez la même commande\u00a0: rien n’est perdu.",
    ),
    _Sign(
        r"DO NOT MATCH THE HASHES|Expected sha256|Hash mismatch for",
        Outcome.COMPONENTS,
        "Un composant téléchargé n’est pas celui qui était attendu\u00a0: il a été refusé.\n"
        "Relancez\u202f; si cela persiste, le réseau modifie les fichiers\u00a0: appelez votre prestataire.",
    ),
    _Sign(
        r"407 Proxy Authentication|Tunnel connection failed: 407",
        Outcome.NETWORK,
        "Le mandataire (proxy) de la mairie demande un identifiant.\n"
        "Demandez à votre prestataire la valeur de HTTPS_PROXY, puis relancez la même commande.",
    ),
    _Sign(
        r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|SSLError",
        Outcome.NETWORK,
        "La connexion au catalogue de paquets n’est pas sûre\u00a0: son certificat est refusé.\n"
        "Un équipement du réseau l’inspecte peut-être\u00a0: appelez votre prestataire (variable PIP_CERT).",
    ),
    _Sign(
        r"NewConnectionError|NameResolutionError|Failed to establish a new connection|Max retries exceeded"
        r"|ConnectTimeout|ReadTimeout|ConnectionResetError|RemoteDisconnected|ProxyError|ProtocolError"
        r"|getaddrinfo failed|Temporary failure in name resolution|Network is unreachable"
        r"|error sending request|tcp connect error|dns error"
        r"|50[234] Server Error|HTTP error 50[234]|IncompleteRead",
        Outcome.NETWORK,
        _NETWORK,
    ),
    _Sign(
        r"Permission denied|\[Errno 13\]|\[Errno 30\]|Read-only file system|\[WinError 5\]|\[WinError 32\]",
        Outcome.NO_RIGHT,
        "L’écriture est refusée dans le dossier du projet.\n"
        "Fermez enn-desktop s’il est ouvert, ou copiez le projet dans un dossier à vous, puis relancez.",
    ),
    _Sign(
        r"No matching distribution found|Could not find a version that satisfies",
        Outcome.COMPONENTS,
        "Un composant est introuvable\u00a0: le catalogue de paquets n’a pas répondu, ou n’a rien pour ce système.\n"
        "Vérifiez la connexion\u202f; sinon, essayez avec Python 3.11, 3.12 ou 3.13 en 64 bits.",
    ),
    _Sign(
        r"ensurepip is not available|No module named ensurepip|No module named venv",
        Outcome.VENV_MODULE,
        "Ce Python n’a pas de quoi créer un environnement (module venv).\n"
        "Installez-le (Debian, Ubuntu\u00a0: sudo apt-get install python3-venv), puis relancez.",
    ),
)
_OTHER = "L’installation des composants a échoué pour une raison inattendue."
_LINES_SHOWN = 6


def explain(output: str, log_name: str) -> SetupError:
    """Turn what a tool printed into a sentence; unknown troubles show the last lines of the output."""
    for sign in _SIGNS:
        if re.search(sign.pattern, output):
            return SetupError(sign.outcome, f"{sign.sentence}\nDétail\u00a0: {log_name}")
    lines = [line for line in output.splitlines() if line.strip()][-_LINES_SHOWN:]
    shown = "\n".join(f"    {line}" for line in lines)
    return SetupError(
        Outcome.COMPONENTS,
        f"{_OTHER} Les dernières lignes, à montrer à votre prestataire\u00a0:\n{shown}\nDétail\u00a0: {log_name}",
    )


def explain_disk(error: OSError, where: str) -> SetupError:
    """Turn an error of the disk into the same sentences as a tool's output."""
    found = explain(str(error), where)
    if found.outcome is not Outcome.COMPONENTS:
        return found
    return SetupError(
        Outcome.NO_RIGHT,
        f"Le dossier {where} ne peut pas être utilisé\u00a0: le chemin est faux, ou un fichier porte ce nom.",
    )
