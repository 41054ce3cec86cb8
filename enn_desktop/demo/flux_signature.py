"""Types of the flow « Documents à signer »."""

from typing import Final

from enn_desktop.demo.flux import Flux, defined
from enn_desktop.demo.flux_blocks import (
    DRAFT,
    EVIDENCE_FIELD,
    GED,
    MAILSEC,
    PARAPHEUR,
    SAE,
    SAE_FIELDS,
    SIGN,
    SIGNATURE_FIELDS,
    SIP,
    STUDIO,
    STUDIO_MAIL_FIELDS,
    STUDIO_SIGNATURE_FIELDS,
    TECHNICAL_FIELDS,
    sae_words,
)
from enn_desktop.demo.profiles import Profile

_ONWARD: Final = "auto=orientation"
_CATEGORY: Final = "Documents divers"

_TO_SIGN_FIELDS: Final = (
    """
libelle | Libellé | requis title
document | Document | file requis from=modification
autre_document_attache | Autre document attaché | file multiple from=modification
envoi_ged | Transmission à la GED | checkbox
envoi_auto | Traitement automatique | no-show
has_date_limite | Utiliser une date limite | checkbox
date_limite | Date limite | date
"""
    + SIGNATURE_FIELDS
    + """
signature | Signature zip | file from=recu-iparapheur
document_orignal | Document original (avant signature) | file from=recu-iparapheur
multi_document_original | Multi-document(s) original | file multiple since=3.1
bordereau | Bordereau de signature | file from=recu-iparapheur
iparapheur_annexe_sortie | Annexe(s) de sortie du parapheur | file multiple from=recu-iparapheur
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged
"""
)

_STATE_COPIES: Final = """
recu-iparapheur-etat | État signature récupérée | | via=recu-iparapheur
send-ged-etat | État versé à la GED | | via=send-ged
termine | Traitement terminé | | via=recu-iparapheur
orientation | Orientation | | via=modification
"""


def _to_sign(profile: Profile) -> Flux:
    deletable = "creation,modification,importation,recu-iparapheur,recu-iparapheur-etat,rejet-iparapheur,send-ged,send-ged-etat,termine,fatal-error"
    if profile.at_least(4):
        deletable += ",send-signature-error,erreur-verif-iparapheur"
    text = DRAFT.format(editable="creation,modification,importation,recu-iparapheur,termine", deletable=deletable)
    text += "importation | Importation du document | | via=creation\n"
    text += PARAPHEUR.format(prepare="prepare-iparapheur", asked="", signed=_ONWARD) + _STATE_COPIES
    text += GED.format(
        prepare="prepare-ged",
        send="send-ged",
        before="recu-iparapheur",
        flag="envoi_ged",
        error="error-ged",
        next=_ONWARD,
    )
    return defined(profile, ("document-a-signer", "Document à faire signer", _CATEGORY), _TO_SIGN_FIELDS, text)


_PDF_FIELDS: Final = (
    """
libelle | Libellé | requis title
document | Document PDF | file requis content-type=application/pdf from=modification
annexe | Annexe(s) du document | file multiple from=modification
envoi_signature | Transmission à la signature | checkbox
envoi_ged_1 | Transmission à la GED avant mail | checkbox
envoi_mailsec | Envoi par mail sécurisé | checkbox
envoi_ged_2 | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
json_metadata | Métadonnées parapheur (JSON) | file
mail_metadata | Métadonnées mail sécurisé (JSON) | file
sae_config | Configuration du versement SAE | file
to | Destinataire(s) | mail-list
"""
    + SIGNATURE_FIELDS
    + """
bordereau | Bordereau de signature | file from=recu-iparapheur
document_original | Document original | file from=recu-iparapheur
multi_document_original | Multi-document(s) original | file multiple since=3.1
iparapheur_annexe_sortie | Annexe(s) de sortie du parapheur | file multiple
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged-1
"""
    + EVIDENCE_FIELD
    + SAE_FIELDS
)

_PDF_STATES: Final = """
pre-orientation | | | auto=orientation via=modification
orientation | | Envoyer | after=creation,modification,importation,recu-iparapheur,send-ged-1,non-recu via=modification
erreur | Erreur | | via=modification
preparation-suppression-automatique | Préparation de la suppression | | until=3.0 auto=suppression_automatique via=send-ged-2
suppression_automatique | Suppression automatique | | until=3.0 auto=suppression_ok via=preparation-suppression-automatique
suppression_ok | | | until=3.0 via=suppression_automatique
termine | Traitement terminé | | since=3.0 via=reception
importation | Importation du document | | via=creation
"""


# This type knows nothing of a mail that only some have opened.
_WHOLE_MAIL: Final = "".join(
    f"{line}\n"
    for line in MAILSEC.format(before="recu-iparapheur").splitlines()
    if not line.startswith("reception-partielle")
)


def _pdf(profile: Profile) -> Flux:
    deletable = "creation,modification,importation,recu-iparapheur,rejet-iparapheur,send-ged-1,send-ged-2,send-mailsec,fatal-error"
    if profile.at_least(3):
        deletable += ",error-ged-1,error-ged-2,termine"
    text = DRAFT.format(editable="creation,modification,importation,recu-iparapheur", deletable=deletable) + _PDF_STATES
    text += PARAPHEUR.format(prepare="preparation-send-iparapheur", asked=SIGN, signed=_ONWARD)
    for number, before in (("1", "recu-iparapheur"), ("2", "reception")):
        text += GED.format(
            prepare=f"preparation-send-ged-{number}",
            send=f"send-ged-{number}",
            before=before,
            flag=f"envoi_ged_{number}",
            error=f"error-ged-{number}",
            next=_ONWARD,
        )
    text += _WHOLE_MAIL
    text += SAE.format(
        prepare="preparation-send-sae",
        first="preparation-send-sae",
        before="reception",
        next=_ONWARD,
        **sae_words(modern=profile.at_least(4)),
    )
    return defined(profile, ("pdf-generique", "Document PDF (Générique)", _CATEGORY), _PDF_FIELDS, text)


_LS_FIELDS: Final = """
libelle | Libellé | requis title
document | {main} | file requis {kind} from=modification
annexe | Annexe(s) | file multiple since=4.0 from=modification
envoi_signature | Transmission à la signature | checkbox
envoi_mailsec | Envoi par mail sécurisé | checkbox
envoi_depot | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
"""
_OWN_FIELDS: Final = {
    "ls-document": "primo_signature_detachee | Primo-signature détachée | file multiple\n",
    "ls-commande": """
nom_fournisseur | Fournisseur |
num_bon_commande | Numéro du bon de commande |
total_ttc | Total TTC |
""",
}


def ls_document(names: tuple[str, str, str], main: str, profile: Profile) -> Flux:
    """Return a studio type that signs, mails, stores and archives one main document, labelled `main`."""
    kind = "" if names[0] == "ls-document" else "content-type=application/pdf"
    fields = _LS_FIELDS.format(main=main, kind=kind) + _OWN_FIELDS.get(names[0], "")
    fields += STUDIO_SIGNATURE_FIELDS + STUDIO_MAIL_FIELDS + TECHNICAL_FIELDS + EVIDENCE_FIELD + SAE_FIELDS
    deletable = "creation,modification,importation,termine,fatal-error,transformation-error,rejet-iparapheur"
    if profile.at_least(4):
        deletable += ",send-signature-error,erreur-verif-iparapheur,send-mailsec-error,error-ged,rejet-sae"
    text = DRAFT.format(editable="creation,modification,importation", deletable=deletable)
    text += STUDIO.format(last="recu-iparapheur") + PARAPHEUR.format(
        prepare="preparation-send-iparapheur", asked=SIGN, signed=_ONWARD
    )
    text += MAILSEC.format(before="recu-iparapheur")
    text += GED.format(
        prepare="preparation-send-ged",
        send="send-ged",
        before="recu-iparapheur",
        flag="envoi_depot",
        error="error-ged",
        next=_ONWARD,
    )
    text += SIP.format(prepare="preparation-send-sae")
    first = "generate-sip" if profile.at_least(4) else "preparation-send-sae"
    text += SAE.format(
        prepare="preparation-send-sae",
        first=first,
        before="recu-iparapheur",
        next=_ONWARD,
        **sae_words(modern=profile.at_least(4)),
    )
    return defined(profile, names, fields, text, studio=True)


def _fetched(profile: Profile) -> Flux:
    fields = """
dossier_name | Nom du dossier | requis title
document_signe | Document signé | file multiple from=importation
annexe | Annexe | file multiple from=importation
bordereau | Bordereau | file from=importation
premis | Fichier PREMIS | file from=importation
envoi_depot | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
"""
    text = DRAFT.format(
        editable="creation,modification,importation", deletable="creation,modification,importation,termine,fatal-error"
    )
    text += STUDIO.format(last="importation").replace("Envoi du document", "Orientation")
    text += GED.format(
        prepare="preparation-send-ged",
        send="send-ged",
        before="importation",
        flag="envoi_depot",
        error="error-ged",
        next=_ONWARD,
    )
    text += SIP.format(prepare="preparation-send-sae")
    text += SAE.format(
        prepare="preparation-send-sae",
        first="generate-sip",
        before="importation",
        next=_ONWARD,
        **sae_words(modern=True),
    )
    flux = "ls-recup-parapheur"
    all_fields = fields + TECHNICAL_FIELDS + EVIDENCE_FIELD + SAE_FIELDS
    return defined(profile, (flux, "Récupération parapheur", _CATEGORY), all_fields, text, studio=True)


def signature_fluxes(profile: Profile) -> list[Flux]:
    """Return the types of « Documents à signer »."""
    found = [_pdf(profile), _to_sign(profile)]
    if profile.at_least(3, 1, 16):
        found.append(ls_document(("ls-document-pdf", "Document PDF", _CATEGORY), "Document pdf", profile))
    if profile.at_least(4):
        found.append(_fetched(profile))
    if profile.at_least(4, 1):
        found.append(ls_document(("ls-document", "Document", _CATEGORY), "Document", profile))
    return found
