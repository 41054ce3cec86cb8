"""Types of the flow « Flux financiers » (Helios)."""

from typing import Final

from enn_desktop.demo.flux import Flux, defined
from enn_desktop.demo.flux_actes import backlog_actions
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

_PES: Final = """
objet | Objet | requis title
id_coll | Identifiant de la collectivité | index
dte_str | Date de génération | index
cod_bud | Code budget | index
exercice | Exercice | index
id_bordereau | Identifiant du bordereau | index
id_pj | Identifiant de la PJ | index
id_pce | Identifiant de la pièce | index
id_nature | Nature | index
id_fonction | Fonction | index
"""

_ACK: Final = "0=Non acquitté;1=Acquittement OK;2=Acquittement KO"

_GENERIC_FIELDS: Final = (
    """
fichier_pes | Fichier PES | file requis from=modification
visuel_pdf | Visuel PDF | file from=send-iparapheur
envoi_signature | Transmission à la signature | checkbox
envoi_tdt | Transmission au TdT | checkbox
envoi_ged | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
"""
    + _PES
    + f"""
etat_ack | État acquittement | select no-show index | {_ACK}
iparapheur_type | Type iParapheur | read-only
iparapheur_sous_type | Sous Type iParapheur | read-only externalData
iparapheur_historique | Historique iparapheur | file from=send-iparapheur
has_historique | has_historique | no-show
has_signature | has_signature | no-show
fichier_pes_signe | Fichier PES signé | file from=recu-iparapheur
document_signe | Bordereau de signature | file from=recu-iparapheur
iparapheur_annexe_sortie | Annexe(s) de sortie du parapheur | file multiple
fichier_reponse | PES Acquit | file from=info-tdt
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged
"""
    + SAE_FIELDS
)

_TDT: Final = """
send-tdt | Transmis au TdT | Transmettre au TdT | after=creation,modification,importation,recu-iparapheur,{prepare}\
 content=envoi_tdt:1 valid auto=verif-tdt via={before}
verif-tdt | Statut vérifié par le TdT | Vérifier le statut de la transaction | after=send-tdt,tdt-error
info-tdt | Un fichier de réponse PES est disponible | | via=send-tdt {next}
tdt-error | Erreur sur le TdT | | via=send-tdt
"""

_OLD_TDT: Final = """
acquiter-tdt | Le fichier PES a été acquitté | | via=send-tdt {next}
refus-tdt | Le fichier PES a été refusé | | via=send-tdt
send-signature-local | Document à faire signer | Signer | after=creation,modification content=has_signature_locale:1\
 via=modification
"""

_DELETABLE: Final = (
    "creation,modification,send-signature-local,recu-iparapheur,rejet-iparapheur,info-tdt,tdt-error,refus-tdt,"
    "erreur-verif-iparapheur,erreur-envoie-sae,send-ged,fatal-error,rejet-sae,accepter-sae"
)


def _generic(profile: Profile, *, chained: bool) -> Flux:
    flux, label = (
        ("helios-automatique", "Helios automatique") if chained else ("helios-generique", "Helios (générique)")
    )
    onward = "auto=orientation" if chained else ""
    deletable = (
        _DELETABLE
        + (",importation,termine" if chained else "")
        + (",send-signature-error" if profile.at_least(4) else "")
    )
    text = DRAFT.format(
        editable="creation,modification,importation,recu-iparapheur,info-tdt,send-ged", deletable=deletable
    )
    words = sae_words(modern=profile.at_least(4))
    if chained:
        text += "importation | Importation du document | | auto=orientation via=creation\norientation | Orientation | | via=modification\n"
        text += PARAPHEUR.format(prepare="prepare-iparapheur", asked=SIGN, signed=onward)
        text += "prepare-tdt | Préparation de l'envoi au TdT | | auto=send-tdt via=recu-iparapheur\n"
        text += _TDT.format(prepare="prepare-tdt", before="prepare-tdt", next=onward)
        text += GED.format(
            prepare="prepare-ged", send="send-ged", before="info-tdt", flag="envoi_ged", error="error-ged", next=onward
        )
        text += SAE.format(prepare="prepare-sae", first="prepare-sae", before="info-tdt", next="", **words)
        text += "termine | Traitement terminé | | via=info-tdt\n"
    else:
        by_hand = PARAPHEUR.format(prepare="modification", asked=SIGN, signed="")
        text += "\n".join(line for line in by_hand.splitlines() if not line.startswith("modification |")) + "\n"
        text += _TDT.format(prepare="recu-iparapheur", before="recu-iparapheur", next="")
        text += _after_answer(
            GED.format(
                prepare="info-tdt", send="send-ged", before="info-tdt", flag="envoi_ged", error="error-ged", next=""
            )
        )
        text += _after_answer(SAE.format(prepare="info-tdt", first="info-tdt", before="info-tdt", next="", **words))
    text += _OLD_TDT.format(next=onward)
    return defined(profile, (flux, label, "Finances"), _GENERIC_FIELDS, text)


def _after_answer(block: str) -> str:
    return "\n".join(line for line in block.splitlines() if not line.startswith("info-tdt |")) + "\n"


_RETURN_FIELDS: Final = """
fichier_pes | Fichier PES Retour | file from=creation
objet | Objet | requis title
id_coll | Identifiant de la collectivité | index
envoi_ged | Transmission à la GED | checkbox
ged_document_id_file | Identifiants des documents sur la GED | file since=3.0 from=send-ged
"""

_RETURN_ACTIONS: Final = """
get-pes | Importé à nouveau | Importer à nouveau | after=creation,modification via=creation
tdt-error | Erreur sur le TdT | | via=creation
send-ged | Versé à la GED | Verser à la GED | after=creation,modification,get-pes content=envoi_ged:1 via=creation
error-ged | Erreur irrécupérable lors du dépôt | | since=3.0 via=creation
"""

_LS_FIELDS: Final = (
    """
fichier_pes | Fichier PES | file requis content-type=application/xml from=modification
envoi_signature | Transmission à la signature | checkbox
envoi_tdt_helios | Transmission au TdT | checkbox
envoi_depot | Transmission à la GED | checkbox
envoi_sae | Transmission au SAE | checkbox
"""
    + _PES
    + f"""
montant_bordereau_ht | Montant du bordereau HT | index
pes_etat_ack | État acquittement | select index | {_ACK}
pes_acquit | PES Acquit | file from=info-tdt
"""
    + STUDIO_SIGNATURE_FIELDS
    + TECHNICAL_FIELDS
    + SAE_FIELDS
)

_EXTRACTION: Final = """
helios-pre-extraction | Préparation de l'extraction des informations | | auto=helios-extraction via=modification
helios-extraction | Extraction des informations du PES ALLER | | auto=orientation via=helios-pre-extraction
pre-send-tdt | Préparation de l'envoi au TdT | | auto=send-tdt via=recu-iparapheur
"""

_LS_DELETABLE: Final = (
    "creation,modification,importation,termine,fatal-error,transformation-error,rejet-iparapheur,"
    "send-signature-error,erreur-verif-iparapheur,error-ged,rejet-sae"
)


def _ls_helios(flux: str, label: str, profile: Profile) -> Flux:
    onward = "auto=orientation"
    text = DRAFT.format(editable="creation,modification,importation", deletable=_LS_DELETABLE)
    text += STUDIO.format(last="info-tdt") + PARAPHEUR.format(
        prepare="preparation-send-iparapheur", asked=SIGN, signed=onward
    )
    text += _EXTRACTION + _TDT.format(prepare="pre-send-tdt", before="pre-send-tdt", next=onward).replace(
        "envoi_tdt", "envoi_tdt_helios"
    )
    text += GED.format(
        prepare="preparation-send-ged",
        send="send-ged",
        before="info-tdt",
        flag="envoi_depot",
        error="error-ged",
        next=onward,
    )
    text += SIP.format(prepare="preparation-send-sae")
    text += SAE.format(
        prepare="preparation-send-sae", first="generate-sip", before="info-tdt", next=onward, **sae_words(modern=True)
    )
    return defined(profile, (flux, label, "Finances"), _LS_FIELDS, text, studio=True)


def helios_fluxes(profile: Profile) -> list[Flux]:
    """Return the types of the flow that this version of Pastell has."""
    returned = (
        DRAFT.format(editable="creation,modification", deletable="creation,modification,get-pes,send-ged")
        + _RETURN_ACTIONS
    )
    found = [
        _generic(profile, chained=False),
        defined(profile, ("helios-pes-retour", "Helios PES Retour", "Finances"), _RETURN_FIELDS, returned),
        _generic(profile, chained=True),
    ]
    if profile.at_least(4, 1):
        found.append(_ls_helios("ls-helios", "Helios", profile))
        found.append(_ls_helios("ls-helios-pj", "Helios PES PJ", profile))
        backlog = """
objet | Objet | requis title
fichier_pes | Fichier PES | file from=importation
pes_acquit | PES Acquit | file from=importation
"""
        states = """
preparation-change-status-transaction_1 | Préparation du changement de statut #1 | |\
 auto=change-status-transaction_1 via=importation
change-status-transaction_1 | Statut de la transaction changé #1 | | auto=orientation via=preparation-change-status-transaction_1
"""
        found.append(
            defined(
                profile,
                ("ls-recup-pes-s2low", "Récupération arriéré PES s2low", "Finances"),
                backlog + SAE_FIELDS,
                backlog_actions(states),
                studio=True,
                pack="archivage",
            )
        )
    return found
