"""Types of the flows « Convocations », « Documents à signer » and « Bons de commande »."""

from typing import Final

from enn_desktop.demo.flux import Flux, parse_actions, parse_fields
from enn_desktop.demo.flux_blocks import (
    DRAFT,
    EVIDENCE_FIELD,
    GED,
    MAIL_FIELDS,
    MAILSEC,
    PARAPHEUR,
    SAE,
    SAE_FIELDS,
    SIGNATURE_FIELDS,
    SIGN,
    SIP,
    STUDIO,
    STUDIO_MAIL_FIELDS,
    STUDIO_SIGNATURE_FIELDS,
    TECHNICAL_FIELDS,
    sae_words,
)
from enn_desktop.demo.profiles import Profile

_ONWARD: Final = "auto=orientation"

_MAIL: Final = (
    MAIL_FIELDS
    + """
objet | Objet | requis title
message | Message | textarea
document_attache | Documents attachés | file multiple from=modification
key | key | no-show
sent_mail_number | Nombre de mails envoyés | since=3.1
sent_mail_read | Nombre de mails lus | since=3.1
sent_mail_answered | Nombre de réponses | since=3.1
"""
)

_MAIL_STATES: Final = """
{sent} | {label} | Envoyer | after=creation,modification valid via=modification
send-mailsec-error | Erreur d'envoi d'un mail sécurisé | | since=4.0 via=modification
renvoi | Renvoyé | Envoyer à nouveau | after={sent},reception-partielle,reception via={sent}
reception-partielle | Reçu partiellement | | via={sent}
reception | Reçu | | via={sent}
non-recu | Non reçu | Définir comme non reçu | since=3.1 after={sent},reception-partielle via={sent}
"""

_STUDIO_MAIL: Final = (
    STUDIO_MAIL_FIELDS
    + """
objet | Objet | requis title
message | Message | textarea
document_attache | Document(s) | file multiple from=modification
"""
    + TECHNICAL_FIELDS
)

_ANSWER_FIELDS: Final = """
reponse | Réponse | title
document_attache | Document(s) | file multiple from=modification
"""


def mail_fluxes(profile: Profile) -> list[Flux]:
    """Return the types that send secured mails."""
    fields = parse_fields(_MAIL, profile)
    deletable = "creation,modification,fatal-error" + (",reception,non-recu" if profile.at_least(3, 1) else "")
    draft = DRAFT.format(editable="creation,modification", deletable=deletable)
    simple = draft + _MAIL_STATES.format(sent="envoi", label="Envoyé")
    found = [Flux("mailsec", "Mail sécurisé", "Mails sécurisés", fields, parse_actions(simple, "mailsec", profile))]
    if profile.at_least(3):
        both = draft + _MAIL_STATES.format(sent="envoi-mail", label="Mail envoyé")
        found.append(
            Flux(
                "mailsec-bidir",
                "Mail sécurisé avec réponse",
                "Mails sécurisés",
                fields,
                parse_actions(both, "mailsec-bidir", profile),
            )
        )
    if not profile.at_least(4):
        found.append(
            Flux(
                "convocation", "Convocation", "Flux d'extension", fields, parse_actions(simple, "convocation", profile)
            )
        )
    if profile.at_least(4, 1):
        text = DRAFT.format(
            editable="creation,modification,importation",
            deletable="creation,modification,importation,termine,fatal-error,transformation-error,send-mailsec-error",
        )
        text += STUDIO.format(last="reception") + MAILSEC.format(before="modification")
        answered = text + "reponse | Une réponse a été enregistrée | | via=send-mailsec\n"
        fields = parse_fields(_STUDIO_MAIL, profile)
        found.append(
            Flux(
                "ls-mailsec",
                "Mail sécurisé",
                "Mails sécurisés",
                fields,
                parse_actions(text, "ls-mailsec", profile),
                studio=True,
            )
        )
        found.append(
            Flux(
                "ls-mailsec-bidir",
                "Mail sécurisé avec réponse",
                "Mails sécurisés",
                fields,
                parse_actions(answered, "ls-mailsec-bidir", profile),
                studio=True,
            )
        )
    return found + _companions(found, profile)


def _companions(mails: list[Flux], profile: Profile) -> list[Flux]:
    draft = (
        DRAFT.format(editable="creation,modification", deletable="creation,modification")
        + "termine | Traitement terminé | | via=modification\n"
    )
    found = []
    for mail in mails:
        name = f"{mail.id}-destinataire"
        found.append(
            Flux(
                name,
                f"{mail.label} (destinataire)",
                mail.category,
                parse_fields(_ANSWER_FIELDS, profile),
                parse_actions(draft, name, profile),
                technical=True,
            )
        )
        if mail.id.endswith("bidir"):
            name = f"{mail.id}-reponse"
            found.append(
                Flux(
                    name,
                    f"{mail.label} (réponse)",
                    mail.category,
                    parse_fields(_ANSWER_FIELDS, profile),
                    parse_actions(draft, name, profile),
                    technical=True,
                )
            )
    return found


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
    return Flux(
        "document-a-signer",
        "Document à faire signer",
        "Documents divers",
        parse_fields(_TO_SIGN_FIELDS, profile),
        parse_actions(text, "document-a-signer", profile),
    )


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
    text += MAILSEC.format(before="recu-iparapheur")
    text += SAE.format(
        prepare="preparation-send-sae",
        first="preparation-send-sae",
        before="reception",
        next=_ONWARD,
        **sae_words(modern=profile.at_least(4)),
    )
    return Flux(
        "pdf-generique",
        "Document PDF (Générique)",
        "Documents divers",
        parse_fields(_PDF_FIELDS, profile),
        parse_actions(text, "pdf-generique", profile),
    )


def _ls_document(flux: str, label: str, main: str, profile: Profile, *, category: str = "Documents divers") -> Flux:
    fields = f"""
libelle | Libellé | requis title
document | {main} | file requis content-type=application/pdf from=modification
annexe | Annexe(s) | file multiple since=4.0 from=modification
envoi_signature | Transmission à la signature | checkbox
envoi_mailsec | Envoi par mail sécurisé | checkbox
envoi_depot | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
"""
    if flux == "ls-document":
        fields = (
            fields.replace(" content-type=application/pdf", "")
            + "primo_signature_detachee | Primo-signature détachée | file multiple\n"
        )
    if flux == "ls-commande":
        fields += (
            "nom_fournisseur | Fournisseur |\nnum_bon_commande | Numéro du bon de commande |\ntotal_ttc | Total TTC |\n"
        )
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
    return Flux(flux, label, category, parse_fields(fields, profile), parse_actions(text, flux, profile), studio=True)


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
    all_fields = parse_fields(fields + TECHNICAL_FIELDS + EVIDENCE_FIELD + SAE_FIELDS, profile)
    return Flux(
        flux, "Récupération parapheur", "Documents divers", all_fields, parse_actions(text, flux, profile), studio=True
    )


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
    return Flux(
        "commande-generique",
        "Commande (générique)",
        "Commande publique",
        parse_fields(fields, profile),
        parse_actions(draft + text, "commande-generique", profile),
    )


def signature_fluxes(profile: Profile) -> list[Flux]:
    """Return the types of « Documents à signer »."""
    found = [_pdf(profile), _to_sign(profile)]
    if profile.at_least(3, 1, 16):
        found.append(_ls_document("ls-document-pdf", "Document PDF", "Document pdf", profile))
    if profile.at_least(4):
        found.append(_fetched(profile))
    if profile.at_least(4, 1):
        found.append(_ls_document("ls-document", "Document", "Document", profile))
    return found


def order_fluxes(profile: Profile) -> list[Flux]:
    """Return the types of « Bons de commande »."""
    found = [_order(profile)]
    if profile.at_least(4, 1):
        found.append(_ls_document("ls-commande", "Commande", "Bon de commande", profile, category="Commande publique"))
    return found
