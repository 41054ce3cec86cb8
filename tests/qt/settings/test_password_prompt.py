"""A secret asked for once: given, kept if she wants, or not given now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from enn_desktop.core.settings import AccountSettings
from enn_desktop.qt.settings.password_prompt import PasswordPrompt
from tests.qt import samples_settings as sample
from tests.qt.settings.conftest import Told


def prompt_for(qtbot: QtBot, account: AccountSettings = sample.VALBRUME, *, may_keep: bool = True) -> PasswordPrompt:
    prompt = PasswordPrompt(account, may_keep=may_keep)
    qtbot.addWidget(prompt)
    with qtbot.waitExposed(prompt):
        prompt.show()
    return prompt


def test_the_secret_is_given_with_the_return_key_for_this_session(qtbot: QtBot, told: Told) -> None:
    prompt, refused = prompt_for(qtbot), Told()
    prompt.given.connect(told.note)
    prompt.refused.connect(refused.note)
    QTest.keyClicks(prompt.secret.edit, "le-mot")
    QTest.keyClick(prompt.secret.edit, Qt.Key.Key_Return)
    assert told.values == ["le-mot", False]
    assert refused.values == []
    assert not prompt.isVisible()
    assert prompt.secret.text() == ""


def test_it_is_kept_in_the_vault_only_when_asked(qtbot: QtBot, told: Told) -> None:
    prompt = prompt_for(qtbot)
    prompt.given.connect(told.note)
    prompt.keep.click()
    QTest.keyClicks(prompt.secret.edit, "le-mot")
    prompt.go_button.click()
    assert told.values == ["le-mot", True]


def test_without_a_safe_vault_it_cannot_be_kept(qtbot: QtBot) -> None:
    prompt = prompt_for(qtbot, may_keep=False)
    assert not prompt.keep.isEnabled()
    assert "Pas de trousseau sûr" in prompt.keep.accessibleDescription()


@pytest.mark.parametrize("way", ["later", "escape", "close"])
def test_leaving_without_a_secret_is_a_refusal_told_once(qtbot: QtBot, told: Told, way: str) -> None:
    prompt = prompt_for(qtbot)
    prompt.refused.connect(told.note)
    QTest.keyClicks(prompt.secret.edit, "presque")
    if way == "later":
        prompt.later_button.click()
    elif way == "escape":
        QTest.keyClick(prompt, Qt.Key.Key_Escape)
    else:
        prompt.close()
    assert told.values == [None]
    assert prompt.secret.text() == ""


def test_an_empty_secret_is_asked_for_again(qtbot: QtBot, told: Told) -> None:
    prompt = prompt_for(qtbot)
    prompt.given.connect(told.note)
    prompt.go_button.click()
    assert prompt.isVisible()
    assert prompt.remark.text() == "Tapez le mot de passe."
    assert prompt.secret.edit.hasFocus()
    assert told.values == []


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (sample.VALBRUME, "Le mot de passe de «\u00a0Valbrume\u00a0» n’est pas dans le trousseau"),
        (sample.CCAS, "Le jeton de «\u00a0CCAS de Valbrume\u00a0» n’est pas dans le trousseau"),
        (sample.SYNDICAT, "Le mot de passe du certificat de"),
    ],
)
def test_it_says_whose_secret_and_of_what_kind(qtbot: QtBot, account: AccountSettings, words: str) -> None:
    prompt = prompt_for(qtbot, account)
    said = " ".join(label.text() for label in prompt.findChildren(QLabel))
    assert words in said
    assert "jusqu’à la fermeture" in said


def test_the_secret_is_hidden_until_asked(qtbot: QtBot) -> None:
    prompt = prompt_for(qtbot)
    assert prompt.secret.edit.echoMode() == QLineEdit.EchoMode.Password
    prompt.secret.shown.click()
    assert prompt.secret.edit.echoMode() == QLineEdit.EchoMode.Normal
