"""What is said of the place of a documents folder: what may happen to the documents there, and what to do."""

from __future__ import annotations

from enn_desktop.agenda.cloud_folders import ONEDRIVE
from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.core.french import NBSP
from enn_desktop.system.documents_place import PlaceKind
from enn_desktop.system.paths import on_windows

PUT_OFF = f"la récupération est remise à plus tard, et «{NBSP}À faire{NBSP}» le dit"
NETWORK = f"Ce dossier est sur le réseau (serveur, NAS). Quand il n’est pas joignable, {PUT_OFF}."
REMOVABLE = (
    f"Ce dossier est sur une clé ou un disque amovible. Quand il n’est pas branché, {PUT_OFF}. Une clé s’égare{NBSP}: "
    "gardez une copie ailleurs."
)
ONLY_THERE = f"et pourraient n’être plus que là-bas («{NBSP}Fichiers à la demande{NBSP}»)"
STAY_HERE = (
    f"Pour que les fichiers restent aussi sur ce poste{NBSP}: dans l’Explorateur, clic droit sur le dossier, "
    f"«{NBSP}Toujours conserver sur cet appareil{NBSP}». Une vérification les relit tous{NBSP}: ceux qui ne sont plus "
    "ici sont d’abord rapportés, ce qui peut être long."
)
KEPT_HERE = f"Vous avez demandé que les fichiers restent aussi sur ce poste{NBSP}: gardez ce choix."
RESERVE = f"Réserver ce dossier à mon compte{' Windows' if on_windows() else ''}"
RESERVE_MEANS = (
    "Les autres comptes de ce poste ne pourront plus l’ouvrir, sauf celui de l’administrateur. "
    "À laisser décoché si plusieurs personnes s’en servent."
)
RESERVED_ELSEWHERE = f"Les droits d’un dossier du réseau se règlent sur le serveur{NBSP}: voyez avec votre prestataire."


def cloud_sentence(facts: FolderFacts, *, there_already: bool) -> str:
    """Say that a cloud copies the folder, empty when none does; ``there_already``: documents are in it."""
    if not facts.cloud:
        return ""
    copied = "y sont aussi copiés" if there_already else "y seraient aussi copiés"
    more = f", {ONLY_THERE}" if may_leave(facts) else ""
    return f"Ce dossier est dans {facts.cloud}{NBSP}: les documents de la mairie {copied}{more}."


def place_sentence(facts: FolderFacts) -> str:
    """Say what the kind of disk means, empty when it means nothing special."""
    return {
        PlaceKind.NETWORK: NETWORK,
        PlaceKind.REMOVABLE: REMOVABLE,
        PlaceKind.KEPT_HERE: KEPT_HERE,
    }.get(facts.kind, STAY_HERE if may_leave(facts) else "")


def may_leave(facts: FolderFacts) -> bool:
    """Whether the cloud may take files away from this computer to make room."""
    return facts.kind is PlaceKind.ON_DEMAND or (facts.cloud == ONEDRIVE and facts.kind is not PlaceKind.KEPT_HERE)


def reserve_words(facts: FolderFacts) -> str:
    """Say what reserving the folder means, or why it cannot be done from here."""
    return RESERVED_ELSEWHERE if facts.kind is PlaceKind.NETWORK else RESERVE_MEANS


UNKNOWN_YET = FolderFacts()
"""Of a folder that nobody has looked at."""
