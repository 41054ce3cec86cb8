"""Errors come one at a time over the window, and whom to call is said with what to tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Act, DossierRef, TodoRow, Tone
from enn_desktop.core.errors import (
    AuthenticationRefused,
    Cancelled,
    FolderBusy,
    ServerBroken,
    ServerUnreachable,
    StorageError,
)
from enn_desktop.qt.error_box import ContactBox, ErrorBox, ErrorShower, copied_detail
from tests.agenda.made import policy

ROW = TodoRow(
    DossierRef(Path("documents"), "https://p.fr", "aBc1"), "Commune de Valbrume", "Actes", "", "<i>Budget</i>",
    "En erreur", "complet", here=True, removable_from=date(2027, 3, 1), days_left=30, tone=Tone.BAD,
    cause="Refusé par la préfecture.", act=Act.WHOM_TO_CALL,
)  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def shower(window: QWidget) -> ErrorShower:
    return ErrorShower(window, policy)


def boxes(window: QWidget) -> list[ErrorBox]:
    return [box for box in window.findChildren(ErrorBox) if box.isVisible()]


def said(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_key_closes_it_and_the_same_error_may_come_again(window: QWidget, shower: ErrorShower, key: Qt.Key) -> None:
    window.show()
    shower.show_error(ServerUnreachable())
    QTest.keyClick(boxes(window)[0], key)
    assert boxes(window) == []
    shower.show_error(ServerUnreachable())
    assert len(boxes(window)) == 1


def test_of_many_errors_met_while_hidden_only_the_last_three_come(window: QWidget, shower: ErrorShower) -> None:
    for error in (AuthenticationRefused(), FolderBusy(), StorageError("Plein."), ServerBroken(), StorageError("Sec.")):
        shower.show_error(error)
    window.show()
    shower.window_came_back()
    assert [said(box).count("Plein.") + said(box).count("Sec.") for box in boxes(window)] == [1, 0, 1]
    shower.window_came_back()
    assert len(boxes(window)) == 3


@pytest.mark.parametrize(
    ("error", "called"),
    [(ServerUnreachable(), "Support ENN"), (FolderBusy(), ""), (Cancelled(), "")],
)
def test_whom_to_call_is_said_only_where_someone_has_to_be(
    window: QWidget, shower: ErrorShower, error: ServerUnreachable | FolderBusy | Cancelled, called: str
) -> None:
    window.show()
    shower.show_error(error)
    assert ("Qui appeler" in said(boxes(window)[0])) is bool(called)
    assert called in said(boxes(window)[0])


def test_a_screen_reader_gets_the_error_and_what_to_do(qtbot: QtBot) -> None:
    error = ServerUnreachable()
    box = ErrorBox(error, None)
    qtbot.addWidget(box)
    assert box.accessibleName() == error.title
    assert box.accessibleDescription() == f"{error.message} {error.advice}"


def test_copying_says_that_it_is_done_and_leaves_the_box_open(qtbot: QtBot) -> None:
    box = ErrorBox(ServerUnreachable(detail="x"), None)
    qtbot.addWidget(box)
    box.show()
    button = next(one for one in box.findChildren(QPushButton) if one.text() == "Copier le détail")
    button.click()
    assert button.text() == "Détail copié"
    assert box.isVisible()


def test_a_detail_that_is_empty_leaves_no_empty_line() -> None:
    assert not copied_detail(ServerUnreachable()).endswith("\n")


def contact_box(window: QWidget, shower: ErrorShower, row: TodoRow) -> ContactBox:
    window.show()
    shower.show_contact(row)
    return next(box for box in window.findChildren(ContactBox) if box.isVisible())


def test_whom_to_call_about_a_dossier_comes_with_what_to_tell_them(window: QWidget, shower: ErrorShower) -> None:
    words = said(contact_box(window, shower, ROW))
    assert words.startswith("Support ENN")
    assert "Actes\u00a0: <i>Budget</i> (En erreur). Dossier aBc1. Refusé par la préfecture." in words


def test_the_contact_of_the_row_itself_comes_first(window: QWidget, shower: ErrorShower) -> None:
    contractor = policy().contact("prestataire")
    assert contractor is not None
    assert said(contact_box(window, shower, replace(ROW, contact_id="prestataire"))).startswith(contractor.name)


def test_someone_whom_the_rules_do_not_know_is_replaced_by_the_support(window: QWidget, shower: ErrorShower) -> None:
    box = contact_box(window, shower, replace(ROW, contact_id="inconnu", title=""))
    assert said(box).startswith("Support ENN")
    assert "sans objet" in said(box)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert not box.isVisible()
