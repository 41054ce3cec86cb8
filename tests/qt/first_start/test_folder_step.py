"""The third step: what the account sees, where documents go, what a cloud would do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.qt.first_start.assistant import FirstStart
from enn_desktop.qt.first_start.folder_step import seen_sentence
from enn_desktop.system.documents_place import PlaceKind
from tests.qt.first_start import samples
from tests.qt.first_start.samples import Told


@pytest.fixture
def assistant(qtbot: QtBot) -> FirstStart:
    return samples.shown(qtbot, FirstStart(samples.FOLDER))


@pytest.mark.parametrize(
    ("entities", "flows", "said"),
    [
        (("Valbrume", "CCAS"), ("Actes", "Mails"), "Ce compte voit : Valbrume et CCAS ; flux : Actes et Mails."),
        ((), (), "Ce compte ne voit aucune collectivité : appelez ENN pour faire ouvrir ses droits."),
        (
            ("Valbrume",),
            (),
            "Ce compte voit : Valbrume. Ce compte ne voit aucun flux : appelez ENN pour faire ouvrir ses droits.",
        ),
        (tuple("abcdefghij"), ("Actes",), "Ce compte voit : a, b, c, d, e, f, g, h et 2 autres ; flux : Actes."),
    ],
)
def test_what_the_account_sees_is_said(entities: tuple[str, ...], flows: tuple[str, ...], said: str) -> None:
    assert seen_sentence(entities, flows).replace("\u00a0", " ").replace("\u202f", " ") == said


def test_the_facts_of_the_folder_are_asked_for_when_it_is_shown(assistant: FirstStart) -> None:
    told = Told(assistant)
    samples.at_folder(assistant)
    assert told.folders == [samples.FOLDER]
    assistant.show_folder_facts(FolderFacts(48_200_000_000, ""))
    assert assistant.folder_step.path_words() == "Dossier (place libre\u00a0: 48,2\u00a0Go)"
    assert assistant.folder_step.cloud_words() == ""


def test_a_folder_in_a_cloud_is_warned_about_and_why_is_one_click_away(assistant: FirstStart) -> None:
    step = samples.at_folder(assistant).folder_step
    assistant.show_folder_facts(FolderFacts(None, "OneDrive"))
    assert step.cloud_words() == (
        "Ce dossier est dans OneDrive\u00a0: les documents de la mairie y seraient aussi copiés, et pourraient n’être "
        "plus que là-bas («\u00a0Fichiers à la demande\u00a0»)."
    )
    assert not step.why.isVisible()
    step.why_button.click()
    assert step.why.isVisible()
    assert "Toujours conserver sur cet appareil" in step.why.text()


def test_a_cloud_that_keeps_its_files_here_is_not_said_to_take_them_away(assistant: FirstStart) -> None:
    step = samples.at_folder(assistant).folder_step
    assistant.show_folder_facts(FolderFacts(None, "OneDrive", PlaceKind.KEPT_HERE))
    assert step.cloud_words().endswith("y seraient aussi copiés.")
    assert "demande" not in step.why.text()


@pytest.mark.parametrize(
    ("kind", "said"),
    [(PlaceKind.NETWORK, "sur le réseau"), (PlaceKind.REMOVABLE, "Une clé s’égare"), (PlaceKind.HERE, "")],
)
def test_what_its_disk_means_is_said(assistant: FirstStart, kind: PlaceKind, said: str) -> None:
    step = samples.at_folder(assistant).folder_step
    assistant.show_folder_facts(FolderFacts(kind=kind))
    assert said in step.place_words()
    assert bool(step.place_words()) is bool(said)


def test_the_folder_is_reserved_only_when_she_asks_for_it(assistant: FirstStart) -> None:
    told = Told(assistant)
    step = samples.at_folder(assistant).folder_step
    assert not step.reserve.isChecked()
    step.reserve.click()
    assistant.show_folder_facts(FolderFacts(48_200_000_000))
    assistant.quiet_button.click()
    assert told.finished[0][0].reserved


def test_a_share_has_rights_of_its_own_and_what_is_reserved_is_not_reserved_again(assistant: FirstStart) -> None:
    step = samples.at_folder(assistant).folder_step
    step.reserve.click()
    for facts in (FolderFacts(kind=PlaceKind.NETWORK), FolderFacts(reserved=True)):
        assistant.show_folder_facts(facts)
        assert (step.reserve.isEnabled(), step.reserved) == (False, False)
        assert step.reserve.isChecked() is facts.reserved


def test_facts_of_a_folder_that_is_no_longer_chosen_are_ignored(assistant: FirstStart) -> None:
    step = samples.at_folder(assistant).folder_step
    assistant.show_folder_facts(FolderFacts(None, "Dropbox"), Path("/autre"))
    assert step.cloud_words() == ""
    assistant.show_folder_facts(FolderFacts(None, "Dropbox"), samples.FOLDER)
    assert step.cloud_words() != ""


def test_another_folder_is_chosen_without_blocking(assistant: FirstStart, tmp_path: Path) -> None:
    told = Told(assistant)
    step = samples.at_folder(assistant).folder_step
    assistant.show_folder_facts(FolderFacts(None, "OneDrive"))
    step.choose.click()
    dialog = step.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    assert step.folder == tmp_path
    assert step.cloud_words() == ""
    assert told.folders[-1] == tmp_path


def test_an_account_that_sees_nothing_is_no_good_news(assistant: FirstStart) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_discovered(samples.discovered(flows=()))
    assert "appelez ENN" in assistant.folder_step.seen_words()
    assert assistant.folder_step.seen_title.property("role") == "warn"


def test_an_address_in_clear_is_said_once_more_before_the_end(assistant: FirstStart) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_discovered(samples.discovered("Valbrume", in_clear=True))
    assert assistant.folder_step.seen_words().endswith("cette adresse n’est pas chiffrée (http).")


def test_a_name_must_be_given(assistant: FirstStart) -> None:
    told = Told(assistant)
    samples.at_folder(assistant).folder_step.name.setText("  ")
    assistant.quiet_button.click()
    assert assistant.problem.said() == "Donnez un nom à ce compte."
    assert told.finished == []


def test_a_name_that_was_proposed_follows_the_account(assistant: FirstStart) -> None:
    samples.at_folder(assistant).go_back()
    QTest.keyClicks(assistant.account_step.user, "2")
    assistant.go_on()
    assistant.show_discovered(samples.discovered("Commune de Hautebise"))
    assert assistant.folder_step.name.text() == "Commune de Hautebise"
