"""Titles as secretaries write them."""

import random
from typing import Final

_ACTS: Final = (
    "Délibération n°{year}-{number:03d} : vote du budget primitif",
    "Arrêté portant réglementation du stationnement rue de l'Église",
    "Délibération n°{year}-{number:03d} : approbation du compte administratif",
    "Tarifs de la cantine scolaire {year}",
    "Convention avec l'association des parents d'élèves",
    "Décision modificative n°{number}",
    "Arrêté de voirie – travaux « chemin des Prés »",
    "Subventions aux associations {year}",
    "Adhésion au groupement de commandes d'électricité",
)
_MONEY: Final = (
    "PES bordereau n°{number} – mandats",
    "PES bordereau n°{number} – titres",
    "Bordereau de paie de {month} {year}",
    "PES dépenses {month} {year}",
)
_MAILS: Final = (
    "Convocation au conseil municipal du {day} {month} {year}",
    "Convocation de la commission des finances",
    "Envoi du procès-verbal du {day} {month} {year}",
)
_LETTERS: Final = (
    "Courrier à la préfecture – demande de DETR",
    "Contrat de maintenance de la chaudière",
    "Attestation d'accueil n°{number}",
    "Certificat administratif n°{number}",
    "Procès-verbal du conseil du {day} {month} {year}",
)
_ORDERS: Final = (
    "Bon de commande n°{number} – fournitures scolaires",
    "Commande de sel de déneigement",
    "Bon de commande n°{number} – illuminations {year}",
)
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_FAMILIES: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("acte",), _ACTS),
    (("helios", "pes"), _MONEY),
    (("mail", "convocation"), _MAILS),
    (("commande",), _ORDERS),
)


def title_for(flux: str, chance: random.Random, year: int) -> str:
    """Return a title that a document of this type could bear."""
    family = next((titles for words, titles in _FAMILIES if any(word in flux for word in words)), _LETTERS)
    return chance.choice(family).format(
        year=year, number=chance.randrange(1, 999), month=chance.choice(_MONTHS), day=chance.randrange(1, 28)
    )
