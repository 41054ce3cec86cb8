"""Fields and states that several types share, in the notation of `flux`."""

from typing import Final

DRAFT: Final = """
creation | Créé | Créer | via=
modification | En cours de rédaction | Modifier | after={editable} via=creation
supression | Supprimé | Supprimer | after={deletable}
fatal-error | Erreur fatale | Erreur fatale | via=modification
"""

# Steps that send a document to the electronic signature and bring it back.
PARAPHEUR: Final = """
{prepare} | Préparation de l'envoi au parapheur | | auto=send-iparapheur via=modification
send-iparapheur | Transmis au parapheur | Transmettre au parapheur |\
 after=creation,modification,importation,{prepare} {asked} valid auto=verif-iparapheur via={prepare}
send-signature-error | Erreur lors de l'envoi du dossier à la signature | | since=3.1 via={prepare}
verif-iparapheur | Signature vérifiée | Vérifier le statut de signature |\
 after=send-iparapheur,erreur-verif-iparapheur
erreur-verif-iparapheur | Erreur lors de la vérification du statut de signature | | via=send-iparapheur
recu-iparapheur | Signature récupérée | | via=send-iparapheur {signed}
rejet-iparapheur | Signature refusée | | via=send-iparapheur
iparapheur-sous-type | Liste des sous-types | | aside
"""

GED: Final = """
{prepare} | Préparation de l'envoi à la GED | | auto={send} via={before}
{send} | Versé à la GED | Verser à la GED | after={prepare},{before} content={flag}:1 via={prepare} {next}
{error} | Erreur irrécupérable lors du dépôt | | since=3.0 via={prepare}
"""

SAE: Final = """
{prepare} | Préparation de l'envoi au SAE | | auto={first} via={before}
send-archive | Versé au SAE | Verser au SAE | after={prepare},{before} content=envoi_sae:1 auto=verif-sae via={first}
erreur-envoie-sae | Erreur lors de l'envoi au SAE | | via={prepare}
verif-sae | Récupération de l'AR sur le SAE | Récupérer l'AR du document sur le SAE | after=send-archive,verif-sae-erreur
verif-sae-erreur | Erreur lors de la récupération de l'AR | | via=send-archive
ar-recu-sae | AR SAE reçu | | auto=validation-sae via=send-archive
ack-not-provided | En attente de la validation par le SAE | | since=4.0 via=send-archive auto=validation-sae
validation-sae | Vérification de l'acceptation par le SAE | Vérifier l'acceptation par le SAE |\
 after=ar-recu-sae,validation-sae-erreur
validation-sae-erreur | Erreur lors de la vérification de la validité du transfert | | via=ar-recu-sae
accepter-sae | {accepted} | | via=ar-recu-sae {next}
rejet-sae | {refused} | | via=ar-recu-sae
"""

SIP: Final = """
generate-sip | Paquet d'archive (SIP) généré | | since=4.0 auto=send-archive via={prepare}
generate-sip-error | Erreur lors de la génération de l'archive | | since=4.0 via={prepare}
"""

# Steps of every type made in the studio (3.0 and later).
STUDIO: Final = """
importation | Importation du document | | auto=orientation via=creation
orientation | Envoi du document | Envoyer | after=creation,modification,importation valid via=modification
reouverture | Rouvrir le dossier | Rouvrir | since=4.0 after=termine,rejet-iparapheur,fatal-error
preparation-transformation | Préparation à la transformation | | auto=transformation via=modification
transformation | Transformation du document | | auto=orientation via=preparation-transformation
transformation-error | Erreur lors de la transformation du dossier | | via=preparation-transformation
preparation-transformation-fixe | Préparation à la transformation | | since=4.1 auto=transformation-fixe via=modification
transformation-fixe | Transformation du document | | since=4.1 auto=orientation via=preparation-transformation-fixe
transformation-fixe-error | Erreur lors de la transformation | | since=4.1 via=preparation-transformation-fixe
termine | Traitement terminé | | via={last}
"""

# Steps of a secured mail inside a studio type.
MAILSEC: Final = """
preparation-send-mailsec | Préparation de l'envoi par mail sécurisé | | auto=send-mailsec via={before}
send-mailsec | Envoi d'un mail sécurisé | | auto=mailsec-relance via=preparation-send-mailsec
send-mailsec-error | Erreur d'envoi d'un mail sécurisé | | since=4.0 via=preparation-send-mailsec
mailsec-relance | Relancé | | auto=mailsec-relance via=send-mailsec
prepare-renvoi | Préparation de la relance du mail | | auto=renvoi via=send-mailsec
renvoi | Renvoyé | Envoyer à nouveau | after=send-mailsec,mailsec-relance,reception-partielle auto=mailsec-relance\
 via=send-mailsec
reception-partielle | Reçu partiellement | | via=send-mailsec
reception | Reçu | | auto=orientation via=send-mailsec
preparation-non-recu | Préparation au passage comme non reçu | | since=3.1 auto=non-recu via=send-mailsec
non-recu | Non reçu | Définir comme non reçu | after=send-mailsec,reception-partielle auto=orientation via=send-mailsec
compute_read_mail | Calcul des mails lus | | since=3.1 aside
compute_answered_mail | Calcul des mails répondus | | since=3.1 aside
"""

SIGNATURE_FIELDS: Final = """
iparapheur_type | Type iParapheur | read-only
iparapheur_sous_type | Sous Type iParapheur | requis read-only externalData
fast_parapheur_circuit_configuration | Configuration du circuit à la volée (au format JSON) | file since=3.0
has_historique | has_historique | no-show
iparapheur_historique | Historique iparapheur | file from=send-iparapheur
has_signature | has_signature | no-show
"""

STUDIO_SIGNATURE_FIELDS: Final = (
    SIGNATURE_FIELDS
    + """
signature | Signature détachée | file
bordereau_signature | Bordereau de signature | file from=recu-iparapheur
document_original | Document original | file from=recu-iparapheur
multi_document_original | Multi-document(s) original | file multiple
iparapheur_annexe_sortie | Annexe(s) de sortie du parapheur | file multiple from=recu-iparapheur
iparapheur_metadata_sortie | Métadonnées de sortie du parapheur | file since=4.1.3 from=recu-iparapheur
"""
)

TECHNICAL_FIELDS: Final = """
metadonnees | Fichier contenant les métadonnées | file
transformation_file | Transformations | file from=transformation
json_metadata | Métadonnées parapheur (JSON) | file
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged
"""

SAE_FIELDS: Final = """
sae_transfert_id | Identifiant du transfert | index
sae_bordereau | Bordereau SEDA | file from=send-archive
sae_archive | Archive | file from=send-archive
ar_sae | Accusé de réception SAE | file from=ar-recu-sae
reply_sae | Réponse du SAE | file from=accepter-sae
url_archive | URL sur le système d'archive | url
"""

SIGN: Final = "content=envoi_signature:1"
"""What asks for the signature step, in the types that have a box for it."""

EVIDENCE_FIELD: Final = """
journal | Faisceau de preuves | file from=send-archive
"""

MAIL_FIELDS: Final = """
to | Destinataire(s) | mail-list requis
cc | Copie à | mail-list
bcc | Copie cachée à | mail-list
password | Mot de passe | password
password2 | Mot de passe (confirmation) | password
"""

STUDIO_MAIL_FIELDS: Final = """
to | Destinataire(s) | mail-list
cc | Copie à | mail-list
bcc | Copie cachée à | mail-list
password | Mot de passe | password
sent_mail_number | Nombre de mails envoyés |
sent_mail_read | Nombre de mails lus |
sent_mail_answered | Nombre de réponses |
accuse_notification | Accusé de notification | file since=4.1 from=reception late
"""


def sae_words(*, modern: bool) -> dict[str, str]:
    """Return the labels of the two ends of the archiving, as 4.x or earlier versions word them."""
    if modern:
        return {"accepted": "Transfert accepté par le SAE", "refused": "Transfert rejeté par le SAE"}
    return {"accepted": "Archive acceptée par le SAE", "refused": "Archive rejetée par le SAE"}
