"""The French word for each state, as the secretary would say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from enn_desktop.core.french import count, long_date

STUCK = "Bloqué"
_NUMBER = re.compile(r"[0-9]{1,6}")

WORDS = {
    "creation": "Brouillon",
    "modification": "Brouillon",
    "importation": "Brouillon",
    "orientation": "Traitement en cours",
    "pre-orientation": "Traitement en cours",
    "send-signature-local": "À signer",
    "send-iparapheur": "En attente de signature",
    "verif-iparapheur": "En attente de signature",
    "recu-iparapheur": "Signé",
    "recu-iparapheur-etat": "Signé",
    "rejet-iparapheur": "Signature refusée",
    "send-signature-error": "Problème avec le parapheur",
    "erreur-verif-iparapheur": "Problème avec le parapheur",
    "send-tdt": "Envoyé, réponse attendue",
    "verif-tdt": "Envoyé, réponse attendue",
    "teletransmission-tdt": "Envoyé, réponse attendue",
    "return-teletransmission-tdt": "Envoyé, réponse attendue",
    "document-transmis-tdt": "À télétransmettre avec votre clé",
    "send-tdt-erreur": "Envoi impossible",
    # Both may come after a reception: « envoi impossible » would make her send twice.
    "tdt-error": "Problème de télétransmission",
    "erreur-verif-tdt": "Problème de télétransmission",
    "refus-tdt": "Rejeté par Hélios",
    "annulation-tdt": "Annulation demandée",
    "annuler-tdt": "Transaction annulée",
    "attente-reponse-prefecture": "La préfecture attend votre réponse",
    "send-reponse-prefecture": "Réponse envoyée à la préfecture",
    "verif-reponse-tdt": "La préfecture vous a écrit",
    "envoi": "Envoyé par mail",
    "envoi-mail": "Envoyé par mail",
    "send-mailsec": "Envoyé par mail",
    "mailsec-attente": "Envoyé par mail",
    "mailsec-relance": "Relancé par mail",
    "renvoi": "Relancé par mail",
    "reception": "Mail ouvert par tous",
    "reception-etat": "Mail ouvert par tous",
    "reponse": "Réponse reçue",
    "non-recu": "Mail non reçu",
    "generate-sip": "Versement en cours",
    "send-archive": "Versement en cours",
    "ar-recu-sae": "Versement en cours",
    "ack-not-provided": "Versement en cours",
    "accepter-sae": "Versé aux Archives départementales",
    "rejet-sae": "Versement refusé",
    "preparation-suppression-automatique": "Suppression en préparation sur la plateforme",
    "suppression_automatique": "Suppression en cours sur la plateforme",
    "suppression_ok": "Suppression en cours sur la plateforme",
    "termine": "Terminé",
    "fatal-error": STUCK,
}

CONVOCATION_WORDS = {
    "envoi": "Envoyée",
    "envoi-mail": "Envoyée",
    "send-mailsec": "Envoyée",
    "mailsec-relance": "Relancée",
    "renvoi": "Relancée",
    "reception": "Ouverte par tous",
    "non-recu": "Non reçue",
}

ACTE_WORDS = {"annuler-tdt": "Acte annulé"}
LETTER_WORDS = {"verif-reponse-tdt": "Réponse reçue par la préfecture"}
PES_RETOUR_WORDS = {"creation": "Reçu de la trésorerie", "get-pes": "Reçu de la trésorerie"}

BY_TYPE = {"helios-pes-retour": PES_RETOUR_WORDS, "actes-reponse-prefecture": LETTER_WORDS}
BY_FAMILY = {"convocations": CONVOCATION_WORDS, "actes": ACTE_WORDS}

ACK_FIELDS = ("etat_ack", "pes_etat_ack")
ACK_ACCEPTED = "1"
ACK_REFUSED = "2"
"""The acknowledgement's summary: 0 none, 1 all accepted, 2 refused, at least in part (Pastell API, PES)."""
BEFORE_ANSWER = frozenset(
    {
        "creation",
        "modification",
        "importation",
        "orientation",
        "send-signature-local",
        "prepare-tdt",
        "pre-send-tdt",
        "send-tdt",
        "send-tdt-erreur",
    }
)


def after_answer(state: str) -> bool:
    """Whether an acknowledgement found in the fields belongs to this sending, not to a former one."""
    return not (state in BEFORE_ANSWER or "iparapheur" in state or state.startswith("helios-"))


def acknowledgement(state: str, fields: Mapping[str, str]) -> str:
    """Return the answer of Hélios to this sending (« 0 », « 1 », « 2 »), empty if there is none."""
    given = (fields.get(name, "").strip() for name in ACK_FIELDS)
    return next((value for value in given if value), "") if after_answer(state) else ""


def state_word(*, state: str, type_id: str, family: str, fields: Mapping[str, str], label: str) -> str:
    """Return our word for a state, else the server's own ``label``, else the state's id."""
    answer = acknowledgement(state, fields)
    if answer == ACK_REFUSED and state != "refus-tdt":
        return "Rejeté par Hélios, au moins en partie"
    if answer == ACK_ACCEPTED and state in {"acquiter-tdt", "info-tdt", "termine"}:
        return "Accepté par Hélios"
    if state in {"acquiter-tdt", "info-tdt"} and (family == "flux-financiers" or state == "info-tdt"):
        return "Réponse d’Hélios arrivée"
    if state == "acquiter-tdt" and family == "actes":
        return _received(fields.get("date_ar", ""))
    if state == "reception-partielle":
        return _opened(fields, family)
    own = BY_TYPE.get(type_id, {}).get(state) or BY_FAMILY.get(family, {}).get(state) or WORDS.get(state)
    return own or label.strip() or state


def _received(day: str) -> str:
    """Return « Reçu en préfecture le 13 mars 2026 », without the date if it cannot be read."""
    try:
        return f"Reçu en préfecture le {long_date(date.fromisoformat(day.strip()[:10]))}"
    except ValueError:
        return "Reçu en préfecture"


def _opened(fields: Mapping[str, str], family: str) -> str:
    start = "Ouverte" if family == "convocations" else "Mail ouvert"
    sent, read = (fields.get(name, "").strip() for name in ("sent_mail_number", "sent_mail_read"))
    if _NUMBER.fullmatch(sent) and _NUMBER.fullmatch(read) and int(read) <= int(sent):
        return f"{start} par {count(int(read), 'destinataire')} sur {int(sent)}"
    return f"{start} par une partie des destinataires"
