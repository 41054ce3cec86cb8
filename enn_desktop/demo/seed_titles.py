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
_MONTHS: Final = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def title_for(flux: str, chance: random.Random, year: int) -> str:
    """Return a title that a document of this type could bear."""
    if "acte" in flux:
        family = _ACTS
    elif "helios" in flux or "pes" in flux:
        family = _MONEY
    elif "mail" in flux or "convocation" in flux:
        family = _MAILS
    elif "commande" in flux:
        family = _ORDERS
    else:
        family = _LETTERS
    return chance.choice(family).format(
        year=year, number=chance.randrange(1, 999), month=chance.choice(_MONTHS), day=chance.randrange(1, 28)
    )
