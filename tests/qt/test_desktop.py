"""A document is opened, a program that came from the platform never is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from enn_desktop.qt import desktop
from enn_desktop.qt.desktop import Opened


class Opener(QObject):
    """Stands for the desktop: keeps what it is asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile() or url.toString())


@pytest.fixture
def opener() -> Opener:
    made = Opener()
    for scheme in ("file", "https", "http", "ftp"):
        # The stub says bytes, the binding takes text.
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize("name", ["a.exe", "A.PDF.EXE", "facture.pdf.js", "x.lnk", "y.bat. .", "z.msi", "w.hta"])
def test_what_could_run_is_shown_in_its_folder(opener: Opener, tmp_path: Path, name: str) -> None:
    assert desktop.open_file(tmp_path / name) is Opened.FOLDER_INSTEAD
    assert opener.opened == [str(tmp_path)]


@pytest.mark.parametrize("name", ["délibération n° 12.pdf", "PES.xml", "annexe.docx", "sans extension"])
def test_a_document_is_opened(opener: Opener, tmp_path: Path, name: str) -> None:
    assert desktop.open_file(tmp_path / name) is Opened.DONE
    assert opener.opened == [str(tmp_path / name)]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://x.fr", "", "https://"])
def test_only_pages_of_the_web_are_opened_in_the_browser(opener: Opener, address: str) -> None:
    assert desktop.open_web(address) is Opened.REFUSED
    assert opener.opened == []


def test_the_page_of_a_dossier_is_opened_as_it_is(opener: Opener) -> None:
    page = "https://pastell.exemple.fr/Document/detail?id_d=a%26b&id_e=2"
    assert desktop.open_web(page) is Opened.DONE
    assert opener.opened == [page]
