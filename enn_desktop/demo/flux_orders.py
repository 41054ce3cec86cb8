"""Types of the flow « Bons de commande »."""

from typing import Final

from enn_desktop.demo.flux import Flux, defined
from enn_desktop.demo.flux_blocks import (
    DRAFT,
    EVIDENCE_FIELD,
    GED,
    PARAPHEUR,
    SAE,
    SAE_FIELDS,
    SIGN,
    SIGNATURE_FIELDS,
    SIP,
    sae_words,
)
from enn_desktop.demo.flux_signature import ls_document
from enn_desktop.demo.profiles import Profile

_ONWARD: Final = "auto=orientation"

_ORDER_FIELDS: Final = (
    """
libelle | Libellé | requis title
nom_fournisseur | Nom du fournisseur |
mail_fournisseur | Mail du fournisseur |
date_emission | Date d'émission | date
prix_total_ht | Prix total HT |
commande | Bon de commande | file requis content-type=application/pdf from=modification
autre_document_attache | Autre document attaché | file multiple from=modification
envoi_signature | Transmission à la signature | checkbox
envoi_mailsec | Envoi au fournisseur | checkbox
envoi_ged | Transmission à la GED | checkbox
"""
    + SIGNATURE_FIELDS
    + """
signature | Signature zip | file from=recu-iparapheur
bordereau | Bordereau de signature | file from=recu-iparapheur
document_orignal | Bon de commande original (avant signature) | file from=recu-iparapheur
iparapheur_annexe_sortie | Annexe(s) de sortie du parapheur | file multiple
to | Destinataire(s) | mail-list
objet | Objet du mail |
message | Message | textarea
document_attache | Documents attachés | file multiple from=envoi-mail
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged
"""
)

_ORDER_STATES: Final = """
recu-iparapheur-etat | État signature récupérée | | via=recu-iparapheur
erreur | Erreur | | via=modification
orientation | Orientation | | via=modification
prepare-envoi-mail | Préparation de l'envoi du mail au fournisseur | | auto=envoi-mail via=recu-iparapheur
envoi-mail | Mail envoyé au fournisseur | Envoyer au fournisseur | after=recu-iparapheur,recu-iparapheur-etat,modification\
 content=envoi_mailsec:1 valid auto=mailsec-attente via=prepare-envoi-mail
mailsec-attente | Vérification de réception | Vérifier la réception | after=envoi-mail via=envoi-mail
prepare-renvoi | Préparation de la relance du mail | | auto=renvoi via=envoi-mail
renvoi | Renvoyé | Envoyer à nouveau | after=envoi-mail,mailsec-attente via=envoi-mail
reception | Mail reçu par le fournisseur | | auto=orientation via=envoi-mail
non-recu | Non reçu | Définir comme non reçu | after=envoi-mail,mailsec-attente auto=orientation via=envoi-mail
reception-etat | État Mail traité | | via=reception
send-ged-etat | État Versé à la GED | | since=4.0 via=send-ged
termine | Traitement terminé | | via=reception
"""


def _order(profile: Profile) -> Flux:
    deletable = "creation,modification,recu-iparapheur,recu-iparapheur-etat,rejet-iparapheur,envoi-mail,reception-etat,send-ged,termine,fatal-error"
    fields = _ORDER_FIELDS
    text = PARAPHEUR.format(prepare="prepare-iparapheur", asked=SIGN, signed=_ONWARD) + _ORDER_STATES
    text += GED.format(
        prepare="prepare-ged",
        send="send-ged",
        before="reception",
        flag="envoi_ged",
        error="error-ged",
        next=_ONWARD if profile.at_least(4) else "",
    )
    if profile.at_least(4):
        deletable += ",send-signature-error,erreur-verif-iparapheur,send-ged-etat,accepter-sae,rejet-sae"
    if profile.at_least(4, 0, 8):
        fields += "envoi_sae | Transmission au SAE | checkbox\n" + EVIDENCE_FIELD + SAE_FIELDS
        text += SIP.format(prepare="preparation-send-sae")
        text += SAE.format(
            prepare="preparation-send-sae",
            first="generate-sip",
            before="reception",
            next=_ONWARD,
            **sae_words(modern=True),
        )
    draft = DRAFT.format(editable="creation,modification,recu-iparapheur,envoi-mail,send-ged", deletable=deletable)
    return defined(profile, ("commande-generique", "Commande (générique)", "Commande publique"), fields, draft + text)


def order_fluxes(profile: Profile) -> list[Flux]:
    """Return the types of « Bons de commande »."""
    found = [_order(profile)]
    if profile.at_least(4, 1):
        found.append(ls_document(("ls-commande", "Commande", "Commande publique"), "Bon de commande", profile))
    return found
