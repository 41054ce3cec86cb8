"""The same steps in a window of their own."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from enn_desktop.qt.first_start.dialog import AccountDialog
from enn_desktop.qt.first_start.draft import AccountDraft
from tests.qt.first_start import samples


def opened(qtbot: QtBot, draft: AccountDraft | None = None) -> AccountDialog:
    dialog = AccountDialog(samples.FOLDER, draft=draft)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_an_account_given_closes_the_dialog(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    given: list[tuple[object, bool]] = []
    dialog.account_given.connect(lambda draft, fetch: given.append((draft, fetch)))
    samples.at_folder(dialog.assistant).next_button.click()
    assert [fetch for _, fetch in given] == [True]
    assert not dialog.isVisible()


def test_closing_gives_a_test_up(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    samples.at_account(dialog.assistant).go_on()
    with qtbot.waitSignal(dialog.assistant.test_cancelled):
        dialog.reject()
    assert not dialog.isVisible()


def test_leaving_closes_it_without_an_account(qtbot: QtBot) -> None:
    dialog = opened(qtbot)
    with qtbot.assertNotEmitted(dialog.account_given):
        dialog.assistant.leave_button.click()
    assert not dialog.isVisible()


def test_an_account_to_correct_is_named_in_the_title(qtbot: QtBot) -> None:
    dialog = opened(qtbot, AccountDraft(name="Valbrume", address="https://pastell.exemple.fr", user="anne"))
    assert dialog.windowTitle() == "Compte «\u00a0Valbrume\u00a0»"
    assert dialog.assistant.account_step.user.text() == "anne"
