"""Values of text fields for made-up documents."""

from collections.abc import Sequence
from typing import Final, Protocol

from enn_desktop.demo.documents import Document
from enn_desktop.demo.flux import Field


class Plan(Protocol):
    """What the value of a field may depend on."""

    @property
    def number(self) -> int:
        """The number that the document is made from."""

    @property
    def title(self) -> str:
        """Its title, in full."""

    @property
    def siren(self) -> str:
        """The SIREN of its entity."""

    @property
    def refused(self) -> bool:
        """Whether the accountant refused it."""

    @property
    def state(self) -> str:
        """Its last state."""


_WANTED_BY: Final = {
    "envoi_signature": ("send-iparapheur",),
    "envoi_signature_check": ("send-iparapheur",),
    "envoi_tdt": ("send-tdt",),
    "envoi_tdt_actes": ("send-tdt",),
    "envoi_tdt_helios": ("send-tdt",),
    "envoi_ged": ("send-ged",),
    "envoi_depot": ("send-ged",),
    "envoi_ged_1": ("send-ged-1",),
    "envoi_ged_2": ("send-ged-2",),
    "envoi_sae": ("send-archive",),
    "envoi_mailsec": ("send-mailsec", "envoi-mail"),
    "envoi_auto": ("termine",),
    "has_historique": ("send-iparapheur",),
    "has_signature": ("recu-iparapheur",),
    "has_bordereau": ("acquiter-tdt",),
    "iparapheur_type": ("send-iparapheur",),
    "iparapheur_sous_type": ("send-iparapheur",),
    "sae_transfert_id": ("send-archive",),
    "etat_ack": ("info-tdt", "acquiter-tdt", "refus-tdt"),
    "pes_etat_ack": ("info-tdt",),
    "acte_publication_date": ("termine",),
    "url_archive": ("accepter-sae",),
}

_FIXED: Final = {
    "classification": "1.1 Marches publics",
    "iparapheur_type": "Documents",
    "iparapheur_sous_type": "Courrier",
    "to": '"Mme la première adjointe" <elu1@exemple.invalid>, elu2@exemple.invalid',
    "message": "Bonjour,\nVeuillez trouver ci-joint…\n« Cordialement »",
    "password": "s3cret-du-mail",
    "password2": "s3cret-du-mail",
    "cod_bud": "00",
    "id_nature": "60628",
    "id_fonction": "020",
    "nom_fournisseur": "SARL L'Épicerie & Fils",
    "mail_fournisseur": "fournisseur@exemple.invalid",
    "prix_total_ht": "1 234,56",
    "total_ttc": "1 481,47",
    "url_archive": "https://archives.exemple.invalid/",
    "voie": "Rue de l'Église",
    "sent_mail_number": "2",
}


def act_number(plan: Plan, document: Document) -> str:
    """Return the number of an act, such as `DEL_2026_012`."""
    kind = ("DEL", "ARR", "DEC")[plan.number % 3]
    return f"{kind}_{document.creation[:4]}_{plan.number % 1000:03d}"


def field_value(item: Field, plan: Plan, document: Document, path: Sequence[str]) -> str | None:
    """Return the value of a text field in a document that has passed these states; `None` leaves it out."""
    key = item.id.lower()
    wanted_by = _WANTED_BY.get(key)
    if wanted_by is not None and not any(state in path for state in wanted_by):
        return None
    if item.properties.get("title"):
        return plan.title if key != "numero_de_lacte" else act_number(plan, document)
    if key in {"password", "password2"} and plan.number % 4:
        return None
    if key in _FIXED:
        return _FIXED[key]
    computed = _computed(key, plan, document)
    if computed is not None:
        return computed
    return "1" if wanted_by is not None else None


def _computed(key: str, plan: Plan, document: Document) -> str | None:
    day = document.creation[:10]
    if key in {"etat_ack", "pes_etat_ack"}:
        return "2" if plan.refused or plan.state == "refus-tdt" else "1"
    values = {
        "acte_nature": str(1 + plan.number % 6),
        "numero_de_lacte": act_number(plan, document),
        "objet": plan.title,
        "date_de_lacte": day,
        "date_emission": day,
        "dte_str": day,
        "exercice": day[:4],
        "id_coll": f"{plan.siren}00011",
        "id_bordereau": str(100 + plan.number % 900),
        "id_pce": str(300 + plan.number % 900),
        "sae_transfert_id": f"TRF-{document.id_d}",
        "acte_publication_date": day,
        "num_bon_commande": f"BC-{plan.number:05d}",
        "sent_mail_read": "2" if plan.state in {"reception", "termine"} else "1",
    }
    return values.get(key)
