"""Where documents go, and what support gets: a text that is read before it is copied."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from enn_desktop.agenda.folder_facts import FolderFacts
from enn_desktop.qt.settings.diagnostic import COPIED, MAKING
from enn_desktop.system.documents_place import PlaceKind
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Opened, Told

ELSEWHERE = Path("D:/Documents de la mairie")


def test_the_folder_and_its_free_space_are_shown(opened: Opened) -> None:
    dialog = opened("folder")
    assert dialog.folder.path.text() == str(sample.FOLDER)
    assert "48,2\u00a0Go" in dialog.folder.free.text()


def test_a_free_space_that_is_unknown_is_not_invented(opened: Opened) -> None:
    assert not opened("folder", facts=sample.WITHOUT_AUTOSTART).folder.free.isVisible()


def test_the_folder_is_opened_on_demand(opened: Opened, told: Told) -> None:
    dialog = opened("folder")
    dialog.folder_open_wanted.connect(told.note)
    dialog.folder.open_button.click()
    assert told.values == [sample.FOLDER]


def test_another_folder_is_told_and_its_free_space_is_not_that_of_the_first(opened: Opened, told: Told) -> None:
    dialog = opened("folder")
    dialog.folder_change_wanted.connect(told.note)
    dialog.folder.change_button.click()
    dialog.folder.findChildren(QFileDialog)[0].fileSelected.emit(str(ELSEWHERE))
    assert told.values == [ELSEWHERE]
    assert dialog.folder.path.text() == str(ELSEWHERE)
    assert not dialog.folder.free.isVisible()


def test_the_same_folder_chosen_again_changes_nothing(opened: Opened, told: Told) -> None:
    dialog = opened("folder")
    dialog.folder_change_wanted.connect(told.note)
    dialog.folder.change_button.click()
    dialog.folder.findChildren(QFileDialog)[0].fileSelected.emit(str(sample.FOLDER))
    assert told.values == []
    assert dialog.folder.free.isVisible()


def test_a_folder_changed_elsewhere_is_shown(opened: Opened) -> None:
    dialog = opened("folder")
    dialog.show_settings(msgspec.structs.replace(sample.SETTINGS, folder=str(ELSEWHERE)))
    assert dialog.folder.path.text() == str(ELSEWHERE)
    dialog.show_folder_facts(FolderFacts(1_500_000_000, "OneDrive"), ELSEWHERE)
    assert "1,5\u00a0Go" in dialog.folder.free.text()
    assert "OneDrive" in dialog.folder.cloud.text()
    assert "Toujours conserver sur cet appareil" in dialog.folder.place.text()


def test_what_is_known_of_a_folder_that_is_no_longer_chosen_is_not_shown(opened: Opened) -> None:
    dialog = opened("folder")
    dialog.show_folder_facts(FolderFacts(1_500_000_000, "OneDrive"), ELSEWHERE)
    assert not dialog.folder.cloud.isVisible()
    assert "48,2" in dialog.folder.free.text()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (PlaceKind.NETWORK, "Quand il n’est pas joignable, la récupération est remise à plus tard"),
        (PlaceKind.REMOVABLE, "Quand il n’est pas branché, la récupération est remise à plus tard"),
        (PlaceKind.KEPT_HERE, "gardez ce choix"),
        (PlaceKind.ON_DEMAND, "ceux qui ne sont plus ici sont d’abord rapportés"),
    ],
)
def test_what_its_disk_means_is_said(opened: Opened, kind: PlaceKind, said: str) -> None:
    dialog = opened("folder")
    dialog.show_folder_facts(FolderFacts(kind=kind), sample.FOLDER)
    assert dialog.folder.place.isVisible()
    assert said in dialog.folder.place.text()


def test_a_disk_of_this_computer_needs_no_word(opened: Opened) -> None:
    dialog = opened("folder")
    dialog.show_folder_facts(FolderFacts(kind=PlaceKind.HERE), sample.FOLDER)
    assert not dialog.folder.place.isVisible()


def test_the_folder_is_reserved_to_her_account_and_given_back_on_demand(opened: Opened, told: Told) -> None:
    dialog = opened("folder")
    dialog.folder_reserve_wanted.connect(lambda *asked: told.note(asked))
    dialog.show_folder_facts(FolderFacts(reserved=True), sample.FOLDER)
    assert dialog.folder.reserve.isChecked()
    assert told.values == []
    dialog.folder.reserve.click()
    dialog.folder.reserve.click()
    assert told.values == [(sample.FOLDER, False), (sample.FOLDER, True)]


def test_a_share_has_rights_of_its_own(opened: Opened) -> None:
    dialog = opened("folder")
    dialog.show_folder_facts(FolderFacts(kind=PlaceKind.NETWORK), sample.FOLDER)
    assert not dialog.folder.reserve.isEnabled()
    assert "serveur" in dialog.folder.reserve_means.text()


def test_an_account_whose_documents_go_elsewhere_is_named(opened: Opened) -> None:
    assert f"CCAS de Valbrume\u00a0»\u00a0: {sample.CCAS.folder}" in opened("folder").folder.others.text()


def test_a_diagnostic_is_read_before_it_is_copied(opened: Opened, told: Told) -> None:
    dialog = opened("diagnostic")
    dialog.diagnostic_wanted.connect(told.note)
    QApplication.clipboard().setText("avant")
    dialog.diagnostic.make_button.click()
    assert (told.values, dialog.diagnostic.state.text()) == ([None], MAKING)
    dialog.show_diagnostic(sample.DIAGNOSTIC)
    assert dialog.diagnostic.text.isVisible()
    assert QApplication.clipboard().text() == "avant"
    dialog.diagnostic.copy_button.click()
    assert QApplication.clipboard().text() == sample.DIAGNOSTIC
    assert dialog.diagnostic.state.text() == COPIED


def test_the_log_is_shown_on_demand(opened: Opened, told: Told) -> None:
    dialog = opened("diagnostic")
    dialog.log_wanted.connect(told.note)
    dialog.diagnostic.log_button.click()
    assert told.values == [None]
