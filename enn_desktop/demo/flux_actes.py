"""Types of the flow « Actes »."""

from typing import Final

from enn_desktop.demo.flux import Flux, defined
from enn_desktop.demo.flux_blocks import (
    DRAFT,
    GED,
    PARAPHEUR,
    SAE,
    SAE_FIELDS,
    SIGN,
    SIP,
    STUDIO,
    STUDIO_SIGNATURE_FIELDS,
    TECHNICAL_FIELDS,
    sae_words,
)
from enn_desktop.demo.profiles import Profile

_NATURES: Final = (
    "1=Délibérations;2=Actes réglementaires;3=Actes individuels;4=Contrats, conventions et avenants;"
    "5=Documents budgétaires et financiers;6=Autres"
)

_ACT: Final = f"""
acte_nature | Nature de l'acte | select requis | {_NATURES}
numero_de_lacte | Numéro de l'acte | requis index
objet | Objet | textarea requis title
date_de_lacte | Date de l'acte | date requis
document_papier | Envoi de documents papiers complémentaires | checkbox
arrete | Acte | file requis from=modification
autre_document_attache | Autre document attaché | file multiple from=modification
type_piece_fichier | Typologie des pièces | file since=3.0 from=modification
classification | Classification Actes | externalData requis
type_piece | Typologie des pièces | externalData
acte_unique_id | Identifiant unique | index since=3.0
"""

_GENERIC_FIELDS: Final = (
    _ACT
    + """
envoi_signature_check | Transmission à la signature | checkbox
envoi_tdt | Transmission au contrôle de légalité | checkbox
envoi_ged | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
envoi_signature | envoi_signature | no-show
iparapheur_type | Type iParapheur | read-only
iparapheur_sous_type | Sous Type iParapheur | requis read-only externalData
fast_parapheur_circuit_configuration | Configuration du circuit à la volée (au format JSON) | file since=3.0
signature | Signature de l'acte | file from=recu-iparapheur
has_historique | has_historique | no-show
iparapheur_historique | Historique parapheur | file from=send-iparapheur
has_signature | has_signature | no-show
document_signe | Bordereau de signature | file from=recu-iparapheur
iparapheur_annexe_sortie | Annexe(s) de sortie du parapheur | file multiple from=recu-iparapheur
bordereau | Bordereau d'acquittement | file from=acquiter-tdt late
aractes | Accusé de réception technique | file from=acquiter-tdt late
acte_tamponne | Acte tamponné par le TdT | file from=acquiter-tdt late
annexes_tamponnees | Annexe(s) tamponnée(s) par le TdT | file multiple from=acquiter-tdt late
has_bordereau | has_bordereau | no-show read-only
aractes_annulation | Accusé de réception d'annulation | file since=4.0 from=annuler-tdt
echange_prefecture | Documents échangés avec la préfecture | file multiple from=termine
echange_prefecture_ar | Accusé de réception des documents échangés | file multiple from=termine
reponse_prefecture_file | Réponse préfecture | file since=3.0
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged
courrier_simple | Courrier simple (original) | file read-only until=3.0 from=verif-reponse-tdt
courrier_simple_unzip | Fichiers décompressés | file multiple read-only until=3.0 from=verif-reponse-tdt
courrier_simple_date | Date de réception du courrier simple | date until=3.0
reponse_courrier_simple | Réponse à un courrier simple | file until=3.0 from=send-reponse-prefecture
empty_courrier_simple | | file no-show until=3.0
demande_piece_complementaire | Demande de pièces complémentaires | file read-only until=3.0 from=attente-reponse-prefecture
demande_piece_complementaire_unzip | Fichiers décompressés | file multiple until=3.0 from=attente-reponse-prefecture
reponse_demande_piece_complementaire | Première pièce complémentaire | file until=3.0
reponse_pj_demande_piece_complementaire | Autres pièces complémentaire | file multiple until=3.0
lettre_observation | Lettre d'observation | file read-only until=3.0
lettre_observation_unzip | Fichiers décompressés | file multiple until=3.0
reponse_lettre_observation | Réponse à la lettre d'observation | file until=3.0
empty_lettre_observation | | file no-show until=3.0
defere_tribunal_administratif | Déféré au tribunal administratif | file read-only until=3.0
defere_tribunal_administratif_unzip | Fichiers décompressés | file multiple until=3.0
"""
    + SAE_FIELDS
)

_TDT: Final = """
send-tdt | Transmis au TdT | Transmettre au TdT | after=creation,modification,importation,recu-iparapheur,{prepare}\
 content=envoi_tdt:1 valid auto=verif-tdt via={before}
send-tdt-erreur | Erreur lors de l'envoi des données au TdT | | via={before}
document-transmis-tdt | En attente du certificat RGS** | | via=send-tdt
teletransmission-tdt | Tentative de télétransmission sur le TDT | Ordonner la télétransmission au TdT |\
 after=teletransmission-tdt,document-transmis-tdt via=document-transmis-tdt
return-teletransmission-tdt | Ordre de télétransmission envoyé sur le TDT | | since=3.0 auto=verif-tdt\
 via=teletransmission-tdt
verif-tdt | Statut vérifié par le TdT | Vérifier le statut de la transaction |\
 after=send-tdt,tdt-error,erreur-verif-tdt,document-transmis-tdt,teletransmission-tdt
erreur-verif-tdt | Erreur lors de la vérification du statut de l'acte | | via=send-tdt
tdt-error | Erreur sur le TdT | | via=send-tdt
acquiter-tdt | Acquitté par la préfecture | | via=send-tdt {next}
annulation-tdt | Demande d'annulation envoyée | Annuler la transaction | passed=acquiter-tdt never=annulation-tdt\
 auto=verif-annulation-tdt via=acquiter-tdt
verif-annulation-tdt | Statut vérifié par le TdT | Vérifier le statut de l'annulation | after=annulation-tdt
annuler-tdt | Transaction annulée | | via=annulation-tdt
tamponner-tdt | Retamponner l'acte et les annexes | Retamponner | since=4.0 passed=acquiter-tdt
classification | Classification ACTES | | aside
type-piece | Typologie des pièces | | aside
"""

_PREFECTURE: Final = """
verif-reponse-tdt | Message de la préfecture récupéré | Vérifier s'il y a des réponses de la préfecture |\
 until=3.0 passed=acquiter-tdt via=acquiter-tdt
attente-reponse-prefecture | Réponse à la préfecture attendue | | until=3.0 via=acquiter-tdt
send-reponse-prefecture | Envoi de la réponse à la préfecture | Envoyer la réponse à la préfecture |\
 until=3.0 passed=attente-reponse-prefecture via=attente-reponse-prefecture
"""

_DELETABLE: Final = (
    "creation,modification,importation,send-signature-local,recu-iparapheur,rejet-iparapheur,fatal-error,"
    "accepter-sae,rejet-sae,send-ged,acquiter-tdt,erreur-verif-tdt,termine,send-tdt-erreur"
)
_EDITABLE: Final = "creation,modification,importation,recu-iparapheur,acquiter-tdt,send-tdt-erreur,send-ged"


def _generic_actions(profile: Profile, *, chained: bool) -> str:
    onward = "auto=orientation" if chained else ""
    # Before 3.0 the chained type named the step differently; the shared blocks need one name.
    prepare = "prepare-iparapheur"
    modern = profile.at_least(4)
    deletable = _DELETABLE + (",annuler-tdt" if profile.at_least(3) else "")
    if modern:
        deletable += ",send-signature-error,erreur-verif-iparapheur,error-ged"
    text = DRAFT.format(editable=_EDITABLE, deletable=deletable)
    if chained:
        text += """
importation | Importation du document | | auto=orientation via=creation
orientation | Orientation | | via=modification
"""
    text += """
send-signature-local | Document à faire signer | Signer | after=creation,modification content=has_signature_locale:1\
 via=modification
"""
    parapheur = PARAPHEUR.format(prepare=prepare, asked=SIGN, signed=onward)
    ged = GED.format(
        prepare="prepare-ged", send="send-ged", before="acquiter-tdt", flag="envoi_ged", error="error-ged", next=onward
    )
    sae = SAE.format(
        prepare="prepare-sae", first="prepare-sae", before="acquiter-tdt", next="", **sae_words(modern=modern)
    )
    tdt = _TDT.format(prepare="prepare-tdt", before="recu-iparapheur", next=onward)
    if chained:
        tdt = "\nprepare-tdt | Préparation de l'envoi au TdT | | auto=send-tdt via=recu-iparapheur\n" + tdt
        end = "\ntermine | Traitement terminé | | via=acquiter-tdt editable=envoi_sae\n"
    else:
        parapheur, ged, sae = (_unprepared(block) for block in (parapheur, ged, sae))
        before = "acquiter-tdt" if profile.at_least(3) else "send-reponse-prefecture"
        end = f"\ntermine | Traitement terminé | | via={before}\n"
    return text + parapheur + tdt + _PREFECTURE + ged + sae + end


def _unprepared(block: str) -> str:
    """Take the preparing states out of a block: types run by hand have none."""
    replaced = {
        "prepare-iparapheur": "modification",
        "prepare-ged": "acquiter-tdt",
        "prepare-sae": "acquiter-tdt",
    }
    kept = [line for line in block.splitlines() if not line.startswith(tuple(f"{name} |" for name in replaced))]
    text = "\n".join(kept)
    for name, before in replaced.items():
        text = text.replace(f"via={name}", f"via={before}").replace(f",{name}", "")
        text = text.replace(f"after={name},", "after=")
    return text


_LS_FIELDS: Final = (
    _ACT.replace("Autre document attaché", "Annexe(s)").replace("| Acte |", "| Fichier Acte |")
    + """
acte_publication_date | Date de publication | date
primo_signature_detachee | Primo-signature détachée | file multiple
envoi_signature | Transmission à la signature | checkbox
envoi_tdt_actes | Transmission au contrôle de légalité | checkbox
envoi_depot | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
bordereau | Bordereau d'acquittement | file from=acquiter-tdt late
aractes | Accusé de réception technique | file from=acquiter-tdt late
acte_tamponne | Acte tamponné par le TdT | file from=acquiter-tdt late
annexes_tamponnees | Annexe(s) tamponnée(s) par le TdT | file multiple from=acquiter-tdt late
aractes_annulation | Accusé de réception d'annulation | file from=annuler-tdt
reponse_prefecture_file | Réponse préfecture | file
transformation_fixe_file | Transformations | file
"""
    + STUDIO_SIGNATURE_FIELDS
    + TECHNICAL_FIELDS
    + SAE_FIELDS
)

_LS_DELETABLE: Final = (
    "creation,modification,importation,termine,fatal-error,transformation-error,rejet-iparapheur,"
    "send-signature-error,erreur-verif-iparapheur,transformation-fixe-error,send-tdt-erreur,annuler-tdt,error-ged,rejet-sae"
)


def _ls_actes(profile: Profile) -> Flux:
    onward = "auto=orientation"
    text = DRAFT.format(editable="creation,modification,importation", deletable=_LS_DELETABLE)
    text += STUDIO.format(last="acquiter-tdt").replace(
        "via=acquiter-tdt", "via=acquiter-tdt quiet editable=acte_publication_date"
    )
    text += PARAPHEUR.format(prepare="preparation-send-iparapheur", asked=SIGN, signed=onward)
    text += "\npre-send-tdt | Préparation de l'envoi au Tdt | | auto=send-tdt via=recu-iparapheur\n"
    text += _TDT.format(prepare="pre-send-tdt", before="pre-send-tdt", next=onward).replace(
        "content=envoi_tdt:1", "content=envoi_tdt_actes:1"
    )
    text += GED.format(
        prepare="preparation-send-ged",
        send="send-ged",
        before="acquiter-tdt",
        flag="envoi_depot",
        error="error-ged",
        next=onward,
    )
    text += SIP.format(prepare="preparation-send-sae")
    text += SAE.format(
        prepare="preparation-send-sae",
        first="generate-sip",
        before="acquiter-tdt",
        next=onward,
        **sae_words(modern=True),
    )
    return defined(profile, ("ls-actes", "Actes", "Actes administratifs"), _LS_FIELDS, text, studio=True)


_PUBLICATION_FIELDS: Final = """
numero_de_lacte | Numéro de l'acte | requis index title
objet | Objet | textarea
document_acte | Acte | file content-type=application/pdf from=modification
document_json | data JSON | file from=modification
document_csv | data CSV | file from=modification
document_annexes | Annexes | file multiple since=4.0.13 from=modification
transformation_file | Transformations | file from=transformation
envoi_depot | Transmission à la GED | checkbox
ged_document_id_file | Identifiants des documents sur la GED | file from=send-ged
type_acte | Type d'acte | since=5.0
date_de_publication | Date de publication | date since=5.0
"""

_LETTER_FIELDS: Final = """
numero_de_lacte | Numéro de l'acte | index title
acte_nature | Nature de l'acte |
type_reponse | Type de réponse |
reponse_prefecture | Réponse de la préfecture (original) | file from=creation
reponse_prefecture_unzip | Fichiers décompressés | file multiple from=creation
reponse | Réponse à un courrier simple | file from=send-reponse-prefecture
type_piece_fichier | Typologie des pièces | file
empty | | file no-show
reponse_pj_demande_piece_complementaire | Autres pièces complémentaire | file multiple from=send-reponse-prefecture
acquittement_file | Accusé de réception | file from=verif-reponse-tdt
"""

_LETTER_ACTIONS: Final = """
attente-reponse-prefecture | Réponse à la préfecture attendue | | via=creation
repondre | Répondre | Répondre | after=creation,attente-reponse-prefecture
send-reponse-prefecture | Envoi de la réponse à la préfecture | Envoyer | after=modification,attente-reponse-prefecture\
 auto=verif-reponse-tdt via=attente-reponse-prefecture
verif-reponse-tdt | Acquittement de la réponse reçu | | via=send-reponse-prefecture
erreur-verif-tdt | Erreur lors de la vérification du statut | | via=send-reponse-prefecture
tdt-error | Erreur sur le TdT | | via=send-reponse-prefecture
termine | Traitement terminé | | via=creation
"""

_BACKLOG_STATES: Final = """
preparation-change-status-transaction_1 | Préparation du changement de statut #1 | |\
 auto=change-status-transaction_1 via=importation
change-status-transaction_1 | Statut de la transaction changé #1 | | auto=orientation via=preparation-change-status-transaction_1
change-status-error_1 | Erreur lors du changement de statut #1 | | via=preparation-change-status-transaction_1
"""


def backlog_actions(profile_text: str) -> str:
    """Return the states of the types that fetch or archive a backlog from the transmitter."""
    draft = DRAFT.format(
        editable="creation,modification,importation", deletable="creation,modification,termine,fatal-error"
    )
    sae = SIP.format(prepare="preparation-send-sae") + SAE.format(
        prepare="preparation-send-sae",
        first="generate-sip",
        before="importation",
        next="auto=orientation",
        **sae_words(modern=True),
    )
    return draft + STUDIO.format(last="importation") + profile_text + sae


def actes_fluxes(profile: Profile) -> list[Flux]:
    """Return the types of the flow that this version of Pastell has."""
    fields = _GENERIC_FIELDS
    found = [
        defined(
            profile, ("actes-generique", "Actes (générique)", "Actes"), fields, _generic_actions(profile, chained=False)
        ),
        defined(
            profile,
            ("actes-automatique", "Actes automatique", "Actes"),
            fields,
            _generic_actions(profile, chained=True),
        ),
        defined(
            profile,
            ("actes-preversement-seda", "Actes préversement SEDA", "Actes"),
            _ACT,
            DRAFT.format(editable="creation", deletable="creation"),
            technical=True,
        ),
    ]
    if profile.at_least(3):
        letters = (
            DRAFT.format(editable="creation,modification", deletable="creation,modification,termine") + _LETTER_ACTIONS
        )
        found.append(
            defined(profile, ("actes-reponse-prefecture", "Actes réponse préfecture", "Actes"), _LETTER_FIELDS, letters)
        )
    if profile.at_least(3, 1, 16):
        found.append(_publication(profile))
    if profile.at_least(4, 1):
        found.append(_ls_actes(profile))
        found.append(_backlog("ls-recup-actes-s2low", "Récupération arriéré actes s2low", _BACKLOG_STATES, profile))
    if profile.at_least(5):
        found.append(_backlog("ls-actes-tdt-versant-sae", "Actes TdT versant (archivage)", "", profile))
    return found


def _publication(profile: Profile) -> Flux:
    text = DRAFT.format(
        editable="creation,modification,importation", deletable="creation,modification,termine,fatal-error"
    )
    text += STUDIO.format(last="send-ged")
    text += GED.format(
        prepare="preparation-send-ged",
        send="send-ged",
        before="modification",
        flag="envoi_depot",
        error="error-ged",
        next="auto=orientation",
    )
    return defined(
        profile,
        ("ls-actes-publication", "Actes publication", "Actes (publication)"),
        _PUBLICATION_FIELDS,
        text,
        studio=True,
    )


def _backlog(flux: str, label: str, states: str, profile: Profile) -> Flux:
    fields = """
objet | Objet | textarea requis title
numero_de_lacte | Numéro de l'acte | index
date_de_lacte | Date de l'acte | date
arrete | Acte | file from=importation
autre_document_attache | Annexe(s) | file multiple from=importation
aractes | Accusé de réception technique | file from=importation
"""
    return defined(
        profile,
        (flux, label, "Actes administratifs"),
        fields + TECHNICAL_FIELDS + SAE_FIELDS,
        backlog_actions(states),
        studio=True,
        pack="archivage",
    )
