"""What a copy is worth is said in words, and « vérifiée » only after proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.sheet import DossierSheet, SheetEvent, SheetFile
from enn_desktop.agenda.values import DossierRef, KeyBadge, Tone
from enn_desktop.catalogue.records import Failure
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.dossiers.panel import NOTHING, DossierPanel, copy_sentence, event_words, file_words

WHEN = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
GONE = datetime(2026, 5, 2, tzinfo=UTC)
FOLDER = Path("/mairie/documents/Valbrume/a")
ACT = SheetFile("délibération.pdf", FOLDER / "délibération.pdf", 1500, WHEN, listed=True, doubt="")
NOTE = SheetFile("note.docx", FOLDER / "note.docx", 20, None, listed=True, doubt="")
OLD = SheetFile("délibération.pdf", FOLDER / "versions/délibération.pdf", 1400, None, listed=False, doubt="")
SHEET = DossierSheet(
    ref=DossierRef(Path("/mairie/documents"), "https://p.fr", "a"), entity="Commune de Valbrume", family="Actes",
    number="DEL_12", title="Budget\nprimitif", word="Transmis", copy="complète", complete=True, gone_at=None,
    state_date=datetime(2026, 3, 1, 10, 5),  # noqa: DTZ001 - the platform's own time
    verified_on=date(2026, 3, 1), limit_sentence="Peut disparaître le 28 novembre 2026.", folder=FOLDER,
    web_address="https://p.fr/Document/detail?id_d=a&id_e=2",
    events=(SheetEvent(None, "Créé", "", ""), SheetEvent(WHEN, "Transmis", "Envoyé", "Anne Martin")),
    files=(ACT, NOTE), versions=(OLD,), failures=(),
)  # fmt: skip


def sheet(**facts: object) -> DossierSheet:
    return replace(SHEET, **facts)  # type: ignore[arg-type] # the names are the dataclass's own


@pytest.fixture
def panel(qtbot: QtBot, bridge: Bridge) -> DossierPanel:
    made = DossierPanel(bridge)
    made.resize(420, 500)
    qtbot.addWidget(made)
    made.show()
    return made


def named(panel: DossierPanel, text: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.text() == text)


def lines(panel: DossierPanel) -> list[str]:
    return [panel.files.item(rank).text() for rank in range(panel.files.count())]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "Copie sur ce poste, complète, vérifiée le 1er mars 2026."),
        ({"verified_on": None}, "Copie sur ce poste, complète."),
        ({"complete": False, "copy": "à compléter"}, "Copie sur ce poste\u00a0: à compléter."),
        ({"gone_at": GONE}, "Absent de la plateforme\u202f; votre copie est complète."),
        ({"gone_at": GONE, "complete": False}, "Absent de la plateforme\u202f; votre copie est incomplète."),
    ],
)
def test_what_the_copy_is_worth(facts: dict[str, object], expected: str) -> None:
    assert copy_sentence(sheet(**facts)) == expected


@pytest.mark.parametrize(("complete", "verified"), [(False, date(2026, 3, 1)), (True, None), (False, None)])
def test_nothing_is_called_verified_that_is_not_complete_and_read_again(
    *, complete: bool, verified: date | None
) -> None:
    assert "vérifiée" not in copy_sentence(sheet(complete=complete, verified_on=verified))


def test_a_file_says_its_size_and_what_is_known_of_it() -> None:
    assert file_words(ACT) == "délibération.pdf\n1,5\u00a0ko, vérifié le 01/03/2026"
    assert file_words(NOTE) == "note.docx\n20\u00a0octets"
    assert file_words(replace(NOTE, listed=False)).endswith("n’est plus annoncé par la plateforme")
    assert file_words(replace(NOTE, doubt="taille différente")).endswith(", douteux")
    assert file_words(OLD, old=True).endswith("version remplacée sur la plateforme, gardée")


def test_a_step_says_when_what_and_who_without_repeating_itself() -> None:
    assert event_words(SHEET.events[0]) == "sans date · Créé"
    assert event_words(SHEET.events[1]) == "01/03/2026 09:05 · Transmis · Envoyé · Anne Martin"
    assert event_words(SheetEvent(WHEN, "Transmis", "Transmis", "")) == "01/03/2026 09:05 · Transmis"


def test_before_any_choice_it_says_what_to_do_and_offers_nothing(panel: DossierPanel) -> None:
    assert panel._title.text() == NOTHING
    for text in ("Ouvrir le dossier", "Ouvrir dans Pastell", "Ouvrir le fichier"):
        assert not named(panel, text).isEnabled()


def test_everything_known_of_a_dossier_is_there(panel: DossierPanel) -> None:
    panel.show_sheet(SHEET)
    assert panel._title.text() == "DEL_12 Budget primitif"
    assert panel._about.text() == "Actes · Commune de Valbrume · Transmis · depuis le 1er mars 2026"
    assert panel._limit.text() == SHEET.limit_sentence
    assert lines(panel) == [file_words(ACT), file_words(NOTE), file_words(OLD, old=True)]
    assert [panel.events.item(rank).text() for rank in range(2)] == [event_words(one) for one in SHEET.events[::-1]]
    assert panel.tabs.tabText(1) == "Fichiers (2)"
    assert panel._troubles.isHidden()


def test_a_number_that_is_in_the_title_is_not_said_twice(panel: DossierPanel) -> None:
    panel.show_sheet(sheet(title="DEL_12 Budget primitif"))
    assert panel._title.text() == "DEL_12 Budget primitif"


def test_what_is_missing_is_said_with_what_to_do(panel: DossierPanel) -> None:
    trouble = Failure("https://p.fr", "a", "x", "annexe.pdf", "Le fichier n’existe plus.", "Prévenez.", WHEN, WHEN)
    panel.show_sheet(sheet(complete=False, failures=(trouble,)))
    assert panel._troubles.isVisibleTo(panel)
    assert trouble.message in panel._troubles.text()


def test_words_of_the_platform_are_never_taken_for_html(panel: DossierPanel) -> None:
    panel.show_sheet(sheet(title="<b>gras</b>", entity="<i>Valbrume</i>"))
    for part in (panel._title, panel._about, panel._copy, panel._limit, panel._troubles):
        assert part.textFormat() is Qt.TextFormat.PlainText
    assert "<b>gras</b>" in panel._title.text()


def test_the_folder_and_the_page_of_the_platform_are_asked_for(qtbot: QtBot, panel: DossierPanel) -> None:
    panel.show_sheet(SHEET)
    with qtbot.waitSignal(panel.folder_wanted) as folder:
        named(panel, "Ouvrir le dossier").click()
    with qtbot.waitSignal(panel.web_wanted) as web:
        named(panel, "Ouvrir dans Pastell").click()
    assert (folder.args, web.args) == ([FOLDER], [SHEET.web_address])


def test_what_left_the_platform_cannot_be_opened_there(panel: DossierPanel) -> None:
    panel.show_sheet(sheet(gone_at=GONE))
    assert not named(panel, "Ouvrir dans Pastell").isEnabled()
    assert named(panel, "Ouvrir le dossier").isEnabled()


def test_what_has_no_folder_yet_opens_none(panel: DossierPanel) -> None:
    panel.show_sheet(sheet(folder=None, files=(), versions=()))
    assert not named(panel, "Ouvrir le dossier").isEnabled()
    panel.open_folder()


def test_enter_on_a_file_asks_for_it(qtbot: QtBot, panel: DossierPanel) -> None:
    panel.show_sheet(SHEET)
    panel.tabs.setCurrentIndex(1)
    panel.files.setCurrentRow(1)
    panel.files.setFocus()
    with qtbot.waitSignal(panel.file_wanted) as wanted:
        QTest.keyClick(panel.files, Qt.Key.Key_Return)
    assert wanted.args == [NOTE.path]


def test_a_refresh_of_the_same_dossier_keeps_the_file_and_the_tab(panel: DossierPanel) -> None:
    panel.show_sheet(SHEET)
    panel.tabs.setCurrentIndex(1)
    panel.files.setCurrentRow(1)
    panel.show_sheet(sheet(files=(NOTE, ACT)))
    assert panel.chosen_file() == NOTE.path
    assert panel.tabs.currentIndex() == 1
    panel.show_sheet(sheet(ref=replace(SHEET.ref, id_d="b")))
    assert panel.chosen_file() is None


def test_a_dossier_left_leaves_nothing_behind(panel: DossierPanel) -> None:
    panel.show_sheet(SHEET)
    panel.show_sheet(None)
    assert (panel.files.count(), panel.events.count()) == (0, 0)
    assert panel._title.text() == NOTHING
    assert panel.tabs.tabText(1) == "Fichiers"
    assert not named(panel, "Ouvrir le dossier").isEnabled()


def test_a_dossier_that_needs_the_key_says_how_the_key_is(panel: DossierPanel) -> None:
    panel.show_key(KeyBadge("clé absente", Tone.PLAIN))
    panel.show_sheet(sheet(needs_key=True))
    assert panel._key.isVisible()
    assert panel._key.text() == "Clé absente."
    panel.show_key(KeyBadge("clé prête", Tone.GOOD))
    assert (panel._key.text(), panel._key.property("role")) == ("Clé prête.", "good")
    for other in (sheet(), None):
        panel.show_sheet(other)
        assert not panel._key.isVisible()
