"""The key's place promises nothing that it cannot do, and says whom to call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from enn_desktop.core.rules import Contact
from enn_desktop.qt.error_box import contact_words
from enn_desktop.qt.key_page import MEANWHILE, TITLE, KeyPage
from tests.agenda.made import policy

ENN = Contact("enn", "Support ENN", "plateforme", "En semaine.", "02 00 00 00 00", "support@exemple.fr")
CONTRACTOR = Contact("prestataire", "<b>Informatique</b>", "poste", "Pour ce poste.")
OTHER = Contact("sous-prefecture", "Sous-préfecture", "contrôle", "Jamais pour la clé.")


@pytest.fixture
def page(qtbot: QtBot) -> KeyPage:
    made = KeyPage()
    qtbot.addWidget(made)
    made.show()
    return made


def lines(page: KeyPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_it_says_at_once_that_it_is_not_there_yet_and_what_to_do_meanwhile(page: KeyPage) -> None:
    assert lines(page)[0] == TITLE
    assert all(any(sentence in line for line in lines(page)) for sentence in MEANWHILE)
    assert not any("Qui appeler" in line for line in lines(page))


def test_whom_to_call_is_shown_once_even_when_told_twice(page: KeyPage) -> None:
    for _ in range(2):
        page.set_policy(replace(policy(), contacts=(ENN, OTHER, CONTRACTOR)))
    called = [line for line in lines(page) if "Qui appeler" in line]
    assert called == [contact_words(ENN), contact_words(CONTRACTOR)]


def test_where_the_rules_name_nobody_there_is_no_empty_frame(page: KeyPage) -> None:
    page.set_policy(replace(policy(), contacts=()))
    assert page._contacts.isHidden()


def test_a_name_is_never_taken_for_html_and_can_be_copied(page: KeyPage) -> None:
    page.set_policy(replace(policy(), contacts=(CONTRACTOR,)))
    label = next(one for one in page.findChildren(QLabel) if "Informatique" in one.text())
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (ENN, "Qui appeler\u00a0: Support ENN (02 00 00 00 00 · support@exemple.fr). En semaine."),
        (replace(ENN, phone=""), "Qui appeler\u00a0: Support ENN (support@exemple.fr). En semaine."),
        (replace(ENN, phone="", email=""), "Qui appeler\u00a0: Support ENN. En semaine."),
    ],
)
def test_whom_to_call_is_said_with_what_is_known_of_how(contact: Contact, expected: str) -> None:
    assert contact_words(contact) == expected
