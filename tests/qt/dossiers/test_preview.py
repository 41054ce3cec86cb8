"""What a file looks like, or a sentence that says why it cannot be shown; never a crash."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.pdf_pages import look_at
from enn_desktop.qt.dossiers.preview import Preview


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    document = pypdfium2.PdfDocument.new()
    for size in ((595, 842), (842, 595)):
        document.new_page(*size)
    path = tmp_path / "délibération.pdf"
    document.save(path)
    document.close()
    return path


def test_a_page_is_drawn_at_the_width_asked_for(pdf: Path) -> None:
    look = look_at(pdf, 0, 400)
    assert look.image is not None
    assert abs(look.image.width() - 400) <= 1
    assert (look.page, look.pages) == (0, 2)


@pytest.mark.parametrize(("asked", "shown"), [(-3, 0), (1, 1), (99, 1)])
def test_a_page_that_is_not_there_is_the_nearest_one(pdf: Path, asked: int, shown: int) -> None:
    assert look_at(pdf, asked, 100).page == shown


def test_a_plan_of_ten_metres_is_bounded(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(30, 28_000)
    path = tmp_path / "plan.pdf"
    document.save(path)
    document.close()
    look = look_at(path, 0, 2_000)
    assert look.image is not None
    assert max(look.image.width(), look.image.height()) <= 4_001


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj\n<<", b"\x00" * 5_000])
def test_a_damaged_pdf_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "abîmé.pdf"
    path.write_bytes(content)
    assert "abîmé" in look_at(path, 0, 300).sentence


def test_a_text_is_shown_as_it_is_up_to_a_bound(tmp_path: Path) -> None:
    path = tmp_path / "acquittement.XML"
    path.write_bytes("<PES>é</PES>".encode() + b"\xff" + b"x" * 50_000)
    assert look_at(path, 0, 300).text.startswith("<PES>é</PES>")
    assert len(look_at(path, 0, 300).text) == 20_000


@pytest.mark.parametrize(("name", "words"), [("absent.pdf", "plus à sa place"), ("note.docx", "Pas d’aperçu")])
def test_what_cannot_be_shown_is_said(tmp_path: Path, name: str, words: str) -> None:
    assert words in look_at(tmp_path / name, 0, 300).sentence


@pytest.fixture
def preview(qtbot: QtBot, bridge: Bridge) -> Preview:
    made = Preview(bridge)
    made.resize(320, 420)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_pages_are_turned_one_by_one(qtbot: QtBot, preview: Preview, pdf: Path) -> None:
    preview.show_file(pdf)
    qtbot.waitUntil(lambda: preview.pages == 2)
    assert not preview._before.isEnabled()
    preview._after.click()
    qtbot.waitUntil(lambda: preview._image.accessibleName() == "Page 2 sur 2")
    assert not preview._after.isEnabled()


def test_a_file_chosen_since_takes_the_place_of_the_one_being_drawn(
    qtbot: QtBot, preview: Preview, pdf: Path, tmp_path: Path
) -> None:
    preview.show_file(pdf)
    preview.show_file(tmp_path / "autre.docx")
    qtbot.waitUntil(lambda: "Pas d’aperçu" in preview.sentence)
    preview.show_file(None)
    assert "Choisissez" in preview.sentence
