"""One card for each account; what is asked about it; a question before it goes."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from enn_desktop.agenda.values import Tone
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.qt.settings.accounts import NO_ACCOUNT, TRYING, account_line
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Opened, Told


@pytest.mark.parametrize(
    ("account", "line"),
    [
        (sample.VALBRUME, "Par identifiant et mot de passe\u00a0: secretariat.valbrume"),
        (sample.CCAS, "Par jeton"),
        (sample.SYNDICAT, "Par fichier de certificat"),
    ],
)
def test_how_an_account_is_opened_is_said_in_words(account: AccountSettings, line: str) -> None:
    assert account_line(account) == line


def test_each_account_has_a_card_with_its_name_and_address(opened: Opened) -> None:
    dialog = opened("accounts")
    said = [label.text() for label in dialog.accounts.cards["CCAS de Valbrume"].findChildren(QLabel)]
    assert list(dialog.accounts.cards) == ["Valbrume", "CCAS de Valbrume"]
    assert said[:3] == ["CCAS de Valbrume", "https://pastell.exemple.fr", "Par jeton"]


def test_without_account_it_says_what_to_do(opened: Opened) -> None:
    dialog = opened("accounts", settings=Settings())
    assert NO_ACCOUNT in [label.text() for label in dialog.accounts.findChildren(QLabel) if label.isVisible()]


def test_where_passwords_are_kept_is_said(opened: Opened) -> None:
    said = [label.text() for label in opened("accounts").accounts.findChildren(QLabel)]
    assert sample.FACTS.vault_words in said


@pytest.mark.parametrize(
    ("press", "signal"), [("edit_button", "account_edit_wanted"), ("try_button", "account_test_wanted")]
)
def test_what_is_asked_about_an_account_is_told_with_the_account(
    opened: Opened, told: Told, press: str, signal: str
) -> None:
    dialog = opened("accounts")
    getattr(dialog, signal).connect(told.note)
    getattr(dialog.accounts.cards["CCAS de Valbrume"], press).click()
    assert told.values == [sample.CCAS]


def test_an_account_is_added_on_demand(opened: Opened, told: Told) -> None:
    dialog = opened("accounts")
    dialog.account_add_wanted.connect(told.note)
    dialog.accounts.add_button.click()
    assert told.values == [None]


def test_an_account_goes_only_after_a_question_that_says_the_documents_stay(opened: Opened, told: Told) -> None:
    dialog = opened("accounts")
    dialog.account_removed.connect(told.note)
    card = dialog.accounts.cards["Valbrume"]
    card.remove_button.click()
    assert told.values == []
    assert "restent sur ce poste" in card.question.text()
    assert card.keep_button.hasFocus()
    card.confirm_button.click()
    assert told.values == [sample.VALBRUME]


def test_escape_keeps_the_account_and_the_window(opened: Opened, told: Told) -> None:
    dialog = opened("accounts")
    dialog.account_removed.connect(told.note)
    card = dialog.accounts.cards["Valbrume"]
    card.remove_button.click()
    QTest.keyClick(card.keep_button, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not card.question.isVisible()
    assert card.remove_button.hasFocus()
    assert told.values == []


def test_an_account_that_is_gone_has_no_card_and_the_others_keep_theirs(opened: Opened) -> None:
    dialog = opened("accounts")
    kept = dialog.accounts.cards["CCAS de Valbrume"]
    dialog.show_settings(msgspec.structs.replace(sample.SETTINGS, accounts=(sample.CCAS, sample.SYNDICAT)))
    assert list(dialog.accounts.cards) == ["CCAS de Valbrume", sample.SYNDICAT.name]
    assert dialog.accounts.cards["CCAS de Valbrume"] is kept


def test_a_try_is_said_to_go_on_then_how_it_ended(opened: Opened) -> None:
    dialog = opened("accounts")
    card = dialog.accounts.cards["Valbrume"]
    card.try_button.click()
    assert card.result.text() == TRYING
    dialog.show_account_test("Valbrume", "Connexion réussie.", Tone.GOOD)
    assert (card.result.text(), card.result.property("role")) == ("Connexion réussie.", "good")


def test_a_newer_try_makes_an_older_one_useless(opened: Opened) -> None:
    dialog = opened("accounts")
    first, second = dialog.accounts.cards.values()
    first.try_button.click()
    second.try_button.click()
    assert not first.result.isVisible()
    assert second.result.text() == TRYING


def test_the_result_of_an_account_that_was_changed_meanwhile_is_not_kept(opened: Opened) -> None:
    dialog = opened("accounts")
    dialog.show_account_test("Valbrume", "Identification refusée.", Tone.BAD)
    other = msgspec.structs.replace(sample.VALBRUME, user="autre")
    dialog.show_settings(msgspec.structs.replace(sample.SETTINGS, accounts=(other, sample.CCAS)))
    assert dialog.accounts.cards["Valbrume"].result.text() == ""


def test_a_result_for_an_account_that_is_gone_is_ignored(opened: Opened) -> None:
    opened("accounts").show_account_test("Ailleurs", "Connexion réussie.", Tone.GOOD)


def test_what_a_server_says_is_never_read_as_html(opened: Opened) -> None:
    dialog = opened("accounts")
    dialog.show_account_test("Valbrume", "<b>gras</b>", Tone.BAD)
    assert dialog.accounts.cards["Valbrume"].result.textFormat() == Qt.TextFormat.PlainText
