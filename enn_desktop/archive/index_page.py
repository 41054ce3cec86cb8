"""``index.html``: the whole folder as one page that opens anywhere, offline, without a script from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from enn_desktop.archive.incoming import write_own_file
from enn_desktop.archive.metadata import INDEX
from enn_desktop.core.names import distinct, name_key
from enn_desktop.system.disk import rename, storage_failure

_HEAD = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="generator" content="enn-desktop">
<title>Dossiers de la mairie</title>
<style>
body{font-family:"Segoe UI",system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1b1b1b}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ccc}
th{background:#f0f2f5}caption{text-align:left;font-size:1.25rem;font-weight:600;margin:1.5rem 0 .5rem}
input{font-size:1rem;padding:.4rem;width:100%;max-width:30rem}a{color:#0b4a8f}
@media (prefers-color-scheme:dark){body{background:#16181c;color:#eaeaea}th{background:#262a30}a{color:#9cc4f5}}
</style></head><body><h1>Dossiers de la mairie</h1>
<p><label for="q">Chercher dans cette page : </label><input id="q" type="search"></p>
"""
_MARK = b'<meta name="generator" content="enn-desktop">'
_TAIL = """<script>
document.getElementById("q").addEventListener("input",function(e){
 var q=e.target.value.toLowerCase();
 document.querySelectorAll("tbody tr").forEach(function(r){r.hidden=r.textContent.toLowerCase().indexOf(q)<0});
});
</script></body></html>
"""


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One dossier on the page; ``folder`` is its path from the root, with ``/``. Dates are already in French."""

    entity: str
    family: str
    day: str
    number: str
    title: str
    word: str
    copy: str
    folder: str
    files: int


def write_index(root: Path, lines: Iterable[IndexLine], summary: str) -> None:
    """Write the page of a whole folder; ``lines`` come grouped by entity. Raises ``StorageError``."""
    parts = [_HEAD, f"<p>{escape(summary)}</p>\n"]
    entity: str | None = None
    for line in lines:
        if line.entity != entity:
            parts.append("</tbody></table>\n" if entity is not None else "")
            parts.append(_table_head(line.entity))
            entity = line.entity
        parts.append(_row(line))
    parts.append("</tbody></table>\n" if entity is not None else "<p>Aucun dossier.</p>\n")
    parts.append(_TAIL)
    _set_foreign_aside(root / INDEX)
    write_own_file(root / INDEX, "".join(parts).encode("utf-8", "replace"), "index")


def _set_foreign_aside(page: Path) -> None:
    """Keep under another name a page that was here before us: nothing of hers is overwritten."""
    try:
        with page.open("rb") as file:
            ours = _MARK in file.read(len(_HEAD))
        taken = {name_key(item.name) for item in page.parent.iterdir()}
    except FileNotFoundError:
        return
    except OSError as error:
        raise storage_failure(error) from error
    if not ours:
        rename(page, page.with_name(distinct(page.name, taken)))


def _table_head(entity: str) -> str:
    titles = ("Date", "Flux", "Numéro", "Objet", "Situation", "Copie sur ce poste", "Fichiers")
    cells = "".join(f'<th scope="col">{title}</th>' for title in titles)
    return f"<table><caption>{escape(entity)}</caption><thead><tr>{cells}</tr></thead><tbody>\n"


def _row(line: IndexLine) -> str:
    link = f'<a href="{escape(quote(line.folder))}/">{escape(line.title or "sans objet")}</a>'
    cells = (
        escape(line.day),
        escape(line.family),
        escape(line.number),
        link,
        escape(line.word),
        escape(line.copy),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + f"<td>{line.files}</td></tr>\n"
