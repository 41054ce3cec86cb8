"""The whole folder as one page: true to every title, harmless whatever it holds, complete without a network."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.archive import index_page
from enn_desktop.archive.index_page import IndexLine, write_index

LINE = IndexLine(
    entity="Commune de Valbrume",
    family="Actes",
    day="12 mars 2026",
    number="DEL_2026_012",
    title="Budget primitif",
    word="terminé",
    copy="complet",
    folder="Commune de Valbrume/Actes/2026/2026-03-12 DEL_2026_012 Budget primitif",
    files=3,
)
LOADING = {"src", "srcset", "data", "action", "formaction", "poster", "background", "cite", "manifest", "ping", "xmlns"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</td></tr></tbody></table><script>x()</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x()",
    "javascript:alert(1)",
    "&lt;déjà&gt; &amp;",
    "]]> <!-- --> <![CDATA[",
    "\x00\x01",
]


class Page(HTMLParser):
    """Reads a page as a browser would: its tags, its links, the texts of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.cells: list[str] = []
        self.captions: list[str] = []
        self.loose: list[str] = []
        self._into: list[str] = self.loose
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in {"td", "caption"}:
            self._into = self.cells if tag == "td" else self.captions
            self._into.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "caption"}:
            self._into = self.loose

    def handle_data(self, data: str) -> None:
        if self._into:
            self._into[-1] += data
        else:
            self._into.append(data)

    @property
    def links(self) -> list[str]:
        """The targets of the links, in order."""
        return [value for _, name, value in self.attributes if name == "href"]


def page(root: Path, *lines: IndexLine, summary: str = "Mis à jour le 14 mars 2026.") -> Page:
    """Write a page and read it."""
    write_index(root, lines, summary)
    return Page((root / "index.html").read_text(encoding="utf-8"))


def test_every_dossier_has_its_row_and_every_town_hall_its_table(tmp_path: Path) -> None:
    read = page(tmp_path, LINE, replace(LINE, number="DEL_2026_013"), replace(LINE, entity="CCAS"))
    assert read.captions == ["Commune de Valbrume", "CCAS"]
    assert read.tags.count("table") == 2
    assert read.cells[:7] == [
        "12 mars 2026",
        "Actes",
        "DEL_2026_012",
        "Budget primitif",
        "terminé",
        "complet",
        "3",
    ]
    assert len(read.cells) == 21


def test_a_link_leads_to_the_folder_from_where_the_page_lies(tmp_path: Path) -> None:
    folder = "Commune d’Été/Actes & co/2026/100 % #1 ? «x»"
    read = page(tmp_path, replace(LINE, folder=folder))
    [link] = read.links
    assert unquote(link) == f"{folder}/"
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", link)


@pytest.mark.parametrize("folder", ["javascript:alert(1)", "data:text/html,x", "https:/example.org/x", "\\\\server\\x"])
def test_no_folder_name_can_be_taken_for_an_address(tmp_path: Path, folder: str) -> None:
    [link] = page(tmp_path, replace(LINE, folder=folder)).links
    assert ":" not in link
    assert "\\" not in link
    assert not link.startswith("//")


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["entity", "family", "day", "number", "title", "word", "copy", "folder"])
def test_a_hostile_text_is_shown_and_never_obeyed(tmp_path: Path, hostile: str, where: str) -> None:
    plain = page(tmp_path, LINE)
    change: dict[str, Any] = {where: hostile}
    read = page(tmp_path, replace(LINE, **change))
    assert read.tags == plain.tags
    assert [(tag, name) for tag, name, _ in read.attributes] == [(tag, name) for tag, name, _ in plain.attributes]
    if where != "folder":
        shown = hostile.replace("\x00", "\ufffd")
        assert any(text.replace("\x00", "\ufffd") == shown for text in (*read.cells, *read.captions))


@given(st.text(), st.text(), st.text())
def test_any_text_leaves_the_page_as_it_is_built(title: str, number: str, folder: str) -> None:
    written: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_page, "write_own_file", lambda _path, content, _name: written.append(content))
        for line in (LINE, replace(LINE, title=title, number=number, folder=folder)):
            write_index(Path("nowhere at all"), [line], "")
    plain, read = (Page(content.decode()) for content in written)
    assert read.tags == plain.tags
    assert len(read.attributes) == len(plain.attributes)


def test_nothing_is_loaded_from_anywhere(tmp_path: Path) -> None:
    read = page(tmp_path, LINE)
    assert not [name for _, name, _ in read.attributes if name in LOADING or name.startswith("on")]
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"} & set(read.tags)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|XMLHttpRequest|import\s*\(", text)


def test_a_dossier_without_a_title_can_still_be_opened(tmp_path: Path) -> None:
    read = page(tmp_path, replace(LINE, title=""))
    assert read.cells[3] == "sans objet"
    assert len(read.links) == 1


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    read = page(tmp_path)
    assert "table" not in read.tags
    assert "Aucun dossier." in "".join(read.loose)
    assert "Mis à jour le 14 mars 2026." in "".join(read.loose)


def test_our_page_replaces_our_page(tmp_path: Path) -> None:
    page(tmp_path, LINE)
    page(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize("content", [b"", b"<html>the site of the town hall</html>", b"\xff" * 5000])
def test_a_page_that_was_there_before_us_is_kept(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "index.html").write_bytes(content)
    (tmp_path / "Index (2).HTML").write_bytes(b"another")
    page(tmp_path, LINE)
    page(tmp_path, LINE)
    kept = {item.name: item.read_bytes() for item in tmp_path.iterdir() if item.name != "index.html"}
    assert kept == {"Index (2).HTML": b"another", "index (3).html": content}
