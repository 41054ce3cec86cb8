"""Names and bytes of the files of made-up documents, field by field."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from enn_desktop.demo import papers
from enn_desktop.demo.documents import Document
from enn_desktop.demo.made_values import act_number

if TYPE_CHECKING:
    from enn_desktop.demo.recipes import ScenePlan

_MAIN: Final = {
    "arrete": "Délibération.pdf",
    "document": "document.pdf",
    "commande": "Bon de commande.pdf",
    "document_acte": "acte.pdf",
    "plan_masse": "plan de masse.pdf",
    "document_signe": "document signé.pdf",
}
_ANNEXES: Final = ("Annexe n°1 – plan d'accès.pdf", 'Tableau "récapitulatif" 2026.xlsx', "annexe.pdf", "annexe.pdf")
_ORIGINALS: Final = {"document_orignal", "document_original"}


@dataclass(frozen=True, slots=True)
class FileOrder:
    """Which file is wanted: the field, its rank in the field, the plan it belongs to."""

    field: str
    rank: int
    plan: "ScenePlan"
    document: Document

    @property
    def seed(self) -> str:
        """What the bytes depend on."""
        return f"{self.plan.flux.id}-{self.plan.number}-{self.field}-{self.rank}"

    @property
    def padded(self) -> bool:
        """Tell whether the signature is inside the PDF (or else beside it, in a ZIP)."""
        return self.plan.number % 2 == 0


def file_name(order: FileOrder, path: Sequence[str]) -> str | None:
    """Return the name of a file, or `None` when this document has none there."""
    key, plan = order.field, order.plan
    if key in _ORIGINALS or key == "signature":
        return _signature_name(order)
    if key in _MAIN and not (key == "document_signe" and "recu-iparapheur" in plan.flux.action_by_id):
        return _main_name(order, path)
    if key in {"autre_document_attache", "annexe", "document_annexes", "document_attache", "photos_avant"}:
        return _ANNEXES[order.rank % len(_ANNEXES)]
    if key in {"fichier_pes", "fichier_pes_signe", "fichier_reponse", "pes_acquit"}:
        return _pes_name(order)
    return _NAMES.get(key, f"{key}.pdf").format(
        title=" ".join(plan.title.split())[:60].replace("/", "-"),
        number=act_number(plan, order.document),
        rank=order.rank,
        stem=_stem(plan),
    )


def _stem(plan: "ScenePlan") -> str:
    """Return how the stamped papers are named: by title in 2.0, by file name later."""
    return "Délibération" if plan.keeps_name else " ".join(plan.title.split())[:60].replace("/", "-")


_NAMES: Final = {
    "iparapheur_historique": "iparapheur_historique.xml",
    "iparapheur_annexe_sortie": "annexe de sortie {rank}.pdf",
    "iparapheur_metadata_sortie": "iparapheur_metadata_sortie.json",
    "bordereau": "{stem}-bordereau.pdf",
    "bordereau_signature": "bordereau-signature.pdf",
    "document_signe": "bordereau-signature.pdf",
    "aractes": "ARActes.xml",
    "acte_tamponne": "{stem}-tamponne.pdf",
    "annexes_tamponnees": "{stem}-annexe-tamponne-{rank}.pdf",
    "aractes_annulation": "{number}-ar-annulation.xml",
    "type_piece_fichier": "type_piece.json",
    "courrier_simple": "courrier_simple.tar.gz",
    "courrier_simple_unzip": "courrier de la préfecture.pdf",
    "demande_piece_complementaire": "demande_piece_complementaire.tar.gz",
    "demande_piece_complementaire_unzip": "demande de pièces.pdf",
    "reponse_prefecture": "reponse_prefecture.tar.gz",
    "reponse_prefecture_unzip": "courrier de la préfecture.pdf",
    "echange_prefecture": "échange préfecture {rank}.pdf",
    "echange_prefecture_ar": "ar échange {rank}.xml",
    "acquittement_file": "{number}-ar-2-2.xml",
    "visuel_pdf": "visuel_pdf.pdf",
    "ged_document_id_file": "ged_documents_id.json",
    "transformation_file": "transformation_file.json",
    "sae_bordereau": "bordereau.xml",
    "sae_archive": "archive.zip",
    "ar_sae": "ar.xml",
    "reply_sae": "reply.xml",
    "journal": "journal.json",
    "accuse_notification": "accuse_notification.pdf",
    "premis": "premis.xml",
    "document_json": "data.json",
    "document_csv": "data.csv",
}


def _main_name(order: FileOrder, path: Sequence[str]) -> str:
    name = _MAIN[order.field]
    signed = "recu-iparapheur" in path and order.padded and order.field in {"document", "commande"}
    if signed and not order.plan.keeps_name:
        return name.replace(".pdf", "_signe.pdf")
    return name


def _signature_name(order: FileOrder) -> str | None:
    """Return the name of the detached signature or of the original: a document has one or the other."""
    if order.field == "signature":
        return None if order.padded else "signature.zip"
    if not order.padded:
        return None
    name = next(
        (_MAIN[key] for key in ("document", "commande", "arrete") if key in order.plan.flux.field_by_id), "original.xml"
    )
    return name.replace(".", "_orig.") if order.plan.keeps_name else name


def _pes_name(order: FileOrder) -> str:
    stem = f"PESALR2_{order.plan.siren}00011_{order.plan.number:06d}"
    if order.plan.flux.id == "helios-pes-retour":
        return f"PES_Retour_{order.plan.number:06d}.xml"
    if order.field in {"fichier_reponse", "pes_acquit"}:
        return f"{stem}_ACK.xml" if order.plan.keeps_name else "retour.xml"
    return f"{stem}.xml"


def file_bytes(order: FileOrder) -> bytes:
    """Return the bytes of a file, the same at each call."""
    maker = _MAKERS.get(order.field)
    if maker is not None:
        return maker(order)
    if order.field in _ANNEX_FIELDS and order.rank % len(_ANNEXES) == 1:
        return papers.spreadsheet(order.seed)
    return _paper(order)


_ANNEX_FIELDS: Final = {"autre_document_attache", "annexe", "document_annexes", "document_attache"}


def _paper(order: FileOrder) -> bytes:
    plan = order.plan
    size = plan.size or 2000 + (plan.number * 7919 + order.rank * 104729) % 60000
    lines = [f"Document de démonstration {order.document.id_d}", f"Champ {order.field}, pièce {order.rank}"]
    return papers.pdf(plan.title, lines, size=size, seed=order.seed)


def _receipt(order: FileOrder) -> bytes:
    day = order.document.creation[:10]
    received = order.document.memberships[0].last_action_date[:10]
    return papers.act_receipt(
        order.plan.siren, act_number(order.plan, order.document), day, order.plan.title, received=received
    )


def _cancellation(order: FileOrder) -> bytes:
    return papers.cancellation_receipt(
        order.plan.siren, act_number(order.plan, order.document), order.document.creation[:10]
    )


def _pes(order: FileOrder) -> bytes:
    plan, day = order.plan, order.document.creation[:10]
    if plan.flux.id == "helios-pes-retour":
        return papers.pes_return(f"{plan.siren}00011", day, plan.number)
    made = papers.pes_outgoing(f"PES{plan.number:09d}", f"{plan.siren}00011", day, plan.number)
    return (
        made.replace(b"</n:PES_Aller>", b"<!-- signature XAdES -->\n</n:PES_Aller>")
        if order.field == "fichier_pes_signe"
        else made
    )


def _pes_answer(order: FileOrder) -> bytes:
    plan = order.plan
    refused = plan.refused or plan.state == "refus-tdt"
    return papers.pes_answer(
        f"PES{plan.number:09d}", f"{plan.siren}00011", order.document.creation[:10], plan.number, accepted=not refused
    )


def _history(order: FileOrder) -> bytes:
    steps = [
        (passage.date.replace(" ", "T"), passage.action, passage.message)
        for passage in order.plan.passages(order.document)
    ]
    return papers.parapheur_history(steps)


def _premis(order: FileOrder) -> bytes:
    signed = _paper(FileOrder("document_signe", 0, order.plan, order.document))
    return papers.premis(
        "document signé.pdf", sha256(signed).hexdigest(), len(signed), order.document.memberships[0].last_action_date
    )


def _evidence(order: FileOrder) -> bytes:
    rows = [
        {"action": passage.action, "date": passage.date, "preuve": ""}
        for passage in order.plan.passages(order.document)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2).encode()


def _letter(order: FileOrder) -> bytes:
    letter = papers.pdf("Courrier de la préfecture", [order.plan.title], seed=order.seed)
    return papers.tarball({"courrier de la préfecture.pdf": letter, "ARCourrier.xml": _receipt(order)})


_MAKERS: Final[dict[str, Callable[[FileOrder], bytes]]] = {
    "aractes": _receipt,
    "acquittement_file": _receipt,
    "echange_prefecture_ar": _receipt,
    "aractes_annulation": _cancellation,
    "fichier_pes": _pes,
    "fichier_pes_signe": _pes,
    "fichier_reponse": _pes_answer,
    "pes_acquit": _pes_answer,
    "iparapheur_historique": _history,
    "premis": _premis,
    "journal": _evidence,
    "courrier_simple": _letter,
    "demande_piece_complementaire": _letter,
    "reponse_prefecture": _letter,
    "signature": lambda order: papers.zipped(
        {"signature-0.xml": order.seed.encode(), "signature-0.p7s": order.seed.encode() * 9}
    ),
    "sae_bordereau": lambda order: papers.archive_slip(f"TRF-{order.document.id_d}", order.plan.title),
    "sae_archive": lambda order: papers.zipped({"bordereau.xml": order.seed.encode(), "document.pdf": _paper(order)}),
    "ar_sae": lambda order: papers.archive_answer(f"TRF-{order.document.id_d}", final=False),
    "reply_sae": lambda order: papers.archive_answer(
        f"TRF-{order.document.id_d}", final=True, accepted=order.plan.state != "rejet-sae"
    ),
    "type_piece_fichier": lambda order: papers.json_paper({"arrete": "99_DE", "piece": order.seed}),
    "iparapheur_metadata_sortie": lambda order: papers.json_paper({"dossier": order.seed}),
    "ged_document_id_file": lambda order: papers.json_paper({"document": order.seed}),
    "transformation_file": lambda order: papers.json_paper({"transformation": order.seed}),
    "document_json": lambda order: papers.json_paper({"titre": order.plan.title}),
    "document_csv": lambda order: f"titre;numero\n{order.plan.title};{order.plan.number}\n".encode(),
}
