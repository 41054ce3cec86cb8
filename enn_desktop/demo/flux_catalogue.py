"""Every type that a platform of a given version offers."""

from dataclasses import replace
from typing import Final

from enn_desktop.demo.flux import Flux, defined
from enn_desktop.demo.flux_actes import actes_fluxes
from enn_desktop.demo.flux_blocks import DRAFT, STUDIO
from enn_desktop.demo.flux_helios import helios_fluxes
from enn_desktop.demo.flux_mail import mail_fluxes
from enn_desktop.demo.flux_orders import order_fluxes
from enn_desktop.demo.flux_signature import signature_fluxes
from enn_desktop.demo.profiles import Profile

UNKNOWN_TYPE: Final = "sdec-permission-voirie"
"""The id of a type that no client can know: made by the operator, its files have names of their own."""

_DEPRECATED: Final = {
    "actes-generique",
    "actes-automatique",
    "helios-generique",
    "helios-automatique",
    "mailsec",
    "mailsec-bidir",
    "document-a-signer",
    "pdf-generique",
    "commande-generique",
}

_UNKNOWN_FIELDS: Final = """
intitule | Intitulé de la demande | requis title
voie | Voie concernée | index
plan_masse | Plan de masse | file requis from=modification
photos_avant | Photographies avant travaux | file multiple from=modification
avis_departement | Avis du département | file from=avis-departement-recu
arrete_signe | Arrêté signé | file from=termine
"""

_UNKNOWN_STATES: Final = """
avis-departement-demande | Avis du département demandé | | via=modification
avis-departement-recu | Avis du département reçu | | auto=orientation via=avis-departement-demande
avis-departement-error | Erreur lors de la demande d'avis | | via=avis-departement-demande
"""


def fluxes_of(profile: Profile) -> dict[str, Flux]:
    """Return the types of the platform by id, in the order in which it lists them."""
    found = [
        *actes_fluxes(profile),
        *order_fluxes(profile),
        *signature_fluxes(profile),
        *helios_fluxes(profile),
        *mail_fluxes(profile),
        _unknown(profile),
        *_administration(profile),
    ]
    if profile.at_least(4, 1):
        found = sorted((_deprecated(flux) for flux in found), key=lambda flux: flux.label.casefold())
    return {flux.id: _categorised(flux, profile) for flux in found}


def _deprecated(flux: Flux) -> Flux:
    return replace(flux, label=f"{flux.label} - déprécié") if flux.id in _DEPRECATED else flux


def _categorised(flux: Flux, profile: Profile) -> Flux:
    if profile.at_least(4, 1):
        return flux
    if not profile.at_least(3):
        label = "Flux d'administration" if flux.id == "changement-email" else "Flux Généraux"
        return replace(flux, category=label)
    studio = "Types de dossier personnalisés" if flux.id == UNKNOWN_TYPE else "Types de dossier génériques"
    return replace(flux, category=studio)


def _unknown(profile: Profile) -> Flux:
    text = DRAFT.format(
        editable="creation,modification,importation", deletable="creation,modification,termine,fatal-error"
    )
    text += STUDIO.format(last="avis-departement-recu") + _UNKNOWN_STATES
    fields = _UNKNOWN_FIELDS
    return defined(profile, (UNKNOWN_TYPE, "Permission de voirie", "Urbanisme"), fields, text, studio=True)


def _administration(profile: Profile) -> list[Flux]:
    draft = DRAFT.format(editable="creation", deletable="creation")
    names = {
        "openid-authentification": "Authentification OpenID",
        "test": "Test",
        "changement-email": "Changement d'email",
    }
    fields = "nom | Nom | title"
    return [defined(profile, (key, label, "Technique"), fields, draft, technical=True) for key, label in names.items()]
