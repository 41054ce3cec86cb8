"""Documents that break naive clients: names, bytes and titles that really occur."""

from collections.abc import Callable
from typing import Final

from enn_desktop.demo import papers
from enn_desktop.demo.documents import Content, Document
from enn_desktop.demo.stored_files import StoredFile, held
from enn_desktop.demo.wire import text_of

LATIN_NAME: Final = text_of("arrêté.pdf".encode("latin-1"))
"""A stored name whose bytes are not UTF-8."""

NASTY_NAMES: Final = (
    "..\\..\\windows\\win.ini",
    "CON.pdf",
    "fin avec point.",
    "a" * 236 + ".pdf",
    "<script>alert(1)</script>.html",
    "fichier vide.txt",
    'Arrêté n°12/2026 "stationnement".pdf',
    "fête 🎉.pdf",
    "",
    "../../etc/passwd",
    "ligne 1\nligne 2.pdf",
    " espaces .pdf",
)


def _paper(seed: str) -> bytes:
    return papers.pdf("Pièce", [seed], seed=seed)


def _homonyms(document: Document) -> Content:
    names = ("annexe.pdf", "annexe.pdf", "ANNEXE.PDF", "annexe.pdf")
    annexes = [held(name, _paper(f"{document.id_d}-{rank}")) for rank, name in enumerate(names)]
    return {
        "libelle": "Annexes homonymes",
        "document": [held("document.pdf", _paper(document.id_d))],
        "autre_document_attache": annexes,
    }


def _nasty(document: Document) -> Content:
    annexes = []
    for rank, name in enumerate(NASTY_NAMES):
        data = (
            b""
            if name == "fichier vide.txt"
            else b"[x]"
            if name.endswith(".ini")
            else _paper(f"{document.id_d}-{rank}")
        )
        annexes.append(held(name, data))
    return {
        "libelle": "Noms hostiles",
        "document": [held("..\\x", _paper(document.id_d))],
        "autre_document_attache": annexes,
    }


def _empty_file(document: Document) -> Content:
    del document
    return {"libelle": "Fichier vide", "document": [held("vidé.pdf", b"")]}


def _lost_file(document: Document) -> Content:
    present = held("présent.pdf", _paper(document.id_d))
    return {
        "libelle": "Fichier disparu du disque",
        "document": [StoredFile("disparu.pdf", None)],
        "autre_document_attache": [present],
    }


def _text_in_file_field(document: Document) -> Content:
    del document
    return {"libelle": "Texte à la place d'un fichier", "document": "ceci n'est pas un fichier"}


def _sixty(document: Document) -> Content:
    annexes = [held(f"pièce {rank:02d}.pdf", _paper(f"{document.id_d}-{rank}")) for rank in range(60)]
    return {
        "libelle": "Soixante pièces",
        "document": [held("document.pdf", _paper(document.id_d))],
        "autre_document_attache": annexes,
    }


def _latin(document: Document) -> Content:
    return {"libelle": "Nom en Latin-1", "document": [held(LATIN_NAME, _paper(document.id_d))]}


def _kinds(document: Document) -> Content:
    files = [
        held("tableur.csv", "clé;valeur\né;1\n".encode("latin-1")),
        held("page.html", b"<html><body>x</body></html>"),
        held("donnees.json", b'{"a":1}'),
        held("archive.zip", papers.zipped({"é.txt": b"contenu"})),
        held("tableau.xlsx", papers.spreadsheet(document.id_d)),
        held("image.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60),
    ]
    return {
        "libelle": "Types divers",
        "document": [held("courrier.pdf", _paper(document.id_d))],
        "autre_document_attache": files,
    }


def _titled(title: str) -> Callable[[Document], Content]:
    def made(document: Document) -> Content:
        return {"libelle": title, "document": [held("document.pdf", _paper(document.id_d))]} if title else {}

    return made


ODD_TITLES: Final = (
    "",
    "-",
    "Convocation\nau conseil\r\ndu 12 mars",
    "<b>gras</b> &amp; <script>alert('x')</script>",
    "Été 🎉 à la plage",
    "L'acte dont le titre est long : " + "é" * 400,
    "a: b – 100 %",
    "N",
    "on",
)

ODD_CONTENTS: Final[tuple[Callable[[Document], Content], ...]] = (
    _homonyms,
    _nasty,
    _empty_file,
    _lost_file,
    _text_in_file_field,
    _sixty,
    _latin,
    _kinds,
    *(_titled(title) for title in ODD_TITLES),
)
