"""What a file looks like: a page of a PDF as pixels, the start of a text; read in the thread of the documents' disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

WIDEST = 4000
"""Pixels: more than that on a side is a plan or a trap, and is shown smaller."""
TEXT_SIGNS = 20_000
TEXTS = frozenset({".xml", ".txt", ".csv", ".json", ".sha256", ".html", ".htm", ".log", ".eml"})


@dataclass(frozen=True, slots=True)
class Look:
    """What can be shown of a file: an image and its place among the pages, or a text, or a sentence that says why not.

    ``page`` counts from 0.
    """

    image: QImage | None = None
    page: int = 0
    pages: int = 0
    text: str = ""
    sentence: str = ""


def look_at(file: Path, page: int, width: int) -> Look:
    """Return what to show of a file: page ``page`` drawn ``width`` pixels wide. Raises nothing."""
    ending = file.suffix.lower()
    try:
        if ending == ".pdf":
            return _page(file, page, width)
        if ending in TEXTS:
            with file.open(encoding="utf-8", errors="replace") as opened:
                return Look(text=opened.read(TEXT_SIGNS))
    except OSError:
        return Look(sentence="Ce fichier n’est plus à sa place, ou ne peut pas être lu.")
    return Look(sentence="Pas d’aperçu pour ce type de fichier.")


def _page(file: Path, page: int, width: int) -> Look:
    import pypdfium2

    content = file.read_bytes()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        why = "Ce PDF demande un mot de passe." if locked else "Ce PDF ne peut pas être affiché\u00a0: il paraît abîmé."
        return Look(sentence=why)
    try:
        pages = len(document)
        if not pages:
            return Look(sentence="Ce PDF n’a aucune page.")
        wanted = min(max(0, page), pages - 1)
        shown = document[wanted]
        across, down = shown.get_size()
        scale = min(width / max(across, 1.0), WIDEST / max(across, down, 1.0))
        bitmap = shown.render(scale=max(scale, 0.01), rev_byteorder=True, force_bitmap_format=_RGBA)
        raw = bytes(bitmap.buffer)
        image = QImage(raw, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888).copy()
    except pypdfium2.PdfiumError:
        return Look(sentence="Cette page ne peut pas être affichée\u00a0: elle paraît abîmée.", page=page)
    finally:
        document.close()
    return Look(image=image, page=wanted, pages=pages)


_RGBA = 4
"""FPDFBitmap_BGRA of PDFium; with the bytes reversed it is RGBA."""
