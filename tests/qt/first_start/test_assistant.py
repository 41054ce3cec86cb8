"""The first start, step by step: what is asked, what is refused, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from enn_desktop.core.errors import AuthenticationRefused, EnnError, PortalInTheWay, ServerUnreachable, SettingsError
from enn_desktop.qt.first_start.assistant import ACCOUNT, ADDRESS, FOLDER, FirstStart
from enn_desktop.qt.first_start.draft import CERTIFICATE, TOKEN, AccountDraft
from tests.qt.first_start import samples
from tests.qt.first_start.samples import Told

WHOLE = AccountDraft(
    name="Commune de Valbrume",
    address="https://pastell.exemple.fr",
    user="secretariat",
    secret=" mot de passe ",
    folder=samples.FOLDER,
)


@pytest.fixture
def assistant(qtbot: QtBot) -> FirstStart:
    return samples.shown(qtbot, FirstStart(samples.FOLDER))


@pytest.fixture
def told(assistant: FirstStart) -> Told:
    return Told(assistant)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClick(focused(), key)


def test_from_nothing_to_an_account_with_the_keyboard_alone(assistant: FirstStart, told: Told) -> None:
    QTest.keyClicks(focused(), "pastell.exemple.fr")
    press()
    QTest.keyClicks(focused(), "secretariat")
    press(Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), " mot de passe ")
    press()
    assistant.show_discovered(samples.discovered("Commune de Valbrume"))
    press()
    assert told.tests == [
        AccountDraft(address="https://pastell.exemple.fr", user="secretariat", secret=" mot de passe ")
    ]
    assert told.finished == [(WHOLE, True)]


def test_a_step_that_is_not_filled_in_says_what_is_missing(assistant: FirstStart, told: Told) -> None:
    press()
    assert assistant.problem.said() == "Tapez l’adresse de Pastell."
    assert focused() is assistant.address_step.field
    assistant.address_step.field.setText("pastell.exemple.fr")
    assistant.go_on()
    assistant.account_step.user.setText("secretariat")
    assistant.go_on()
    assert assistant.problem.said() == "Tapez votre mot de passe."
    assert focused() is assistant.account_step.password.edit
    assert told.tests == []


def test_the_address_is_completed_where_she_sees_it(assistant: FirstStart) -> None:
    samples.at_account(assistant).go_back()
    assert assistant.address_step.field.text() == "https://pastell.exemple.fr"


def test_an_address_in_http_is_warned_about(assistant: FirstStart) -> None:
    QTest.keyClicks(assistant.address_step.field, "http://pastell.exemple.fr")
    assert assistant.address_step.warning_words().startswith("Cette adresse n’est pas chiffrée")
    assistant.address_step.field.clear()
    QTest.keyClicks(assistant.address_step.field, "https://pastell.exemple.fr")
    assert assistant.address_step.warning_words() == ""


def test_while_the_connection_is_tried_nothing_else_can_be_done(assistant: FirstStart, told: Told) -> None:
    samples.at_account(assistant).go_on()
    assistant.go_on()
    assistant.go_back()
    assert len(told.tests) == 1
    assert assistant.step == ACCOUNT
    assert not assistant.account_step.user.isEnabled()
    assert assistant.cancel_button.isVisible()
    assert not assistant.next_button.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_test_can_be_given_up(assistant: FirstStart, told: Told, key: Qt.Key) -> None:
    samples.at_account(assistant).go_on()
    press(key)
    assert told.names == ["test_cancelled"]
    assert assistant.account_step.user.isEnabled()
    assistant.show_discovered(samples.discovered("Commune de Valbrume"))
    assistant.show_refusal(AuthenticationRefused())
    assert (assistant.step, assistant.problem.said()) == (ACCOUNT, "")


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (AuthenticationRefused(), ACCOUNT),
        (PortalInTheWay(), ADDRESS),
        (SettingsError("L’adresse de la plateforme n’est pas une adresse web."), ADDRESS),
        (ServerUnreachable(), ACCOUNT),
    ],
)
def test_a_refusal_is_said_in_her_words_where_it_can_be_mended(
    assistant: FirstStart, error: EnnError, step: int
) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_refusal(error)
    assert assistant.step == step
    assert assistant.problem.said().startswith(f"{error.title} {error.message} {error.advice}")
    wanted = {ADDRESS: assistant.address_step.field, ACCOUNT: assistant.account_step.password.edit}[step]
    assert focused() is (assistant.next_button if isinstance(error, ServerUnreachable) else wanted)


def test_typing_again_takes_the_refusal_away(assistant: FirstStart) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_refusal(AuthenticationRefused())
    QTest.keyClicks(focused(), "x")
    assert assistant.problem.said() == ""


def test_the_technical_detail_is_one_click_away_and_plain_text(assistant: FirstStart) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_refusal(PortalInTheWay(detail="<h1>Portail</h1>"))
    assert not assistant.problem.detail.isVisible()
    assistant.problem.detail_button.click()
    assert assistant.problem.detail.isVisible()
    assert assistant.problem.detail.text() == "portail\u00a0: <h1>Portail</h1>"
    assert assistant.problem.detail.textFormat() == Qt.TextFormat.PlainText


def test_without_a_network_she_may_go_on_and_is_told_plainly(assistant: FirstStart, told: Told) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_refusal(ServerUnreachable())
    assistant.problem.go_on_button.click()
    assert assistant.step == FOLDER
    assert assistant.folder_step.seen_title.text() == "Connexion non essayée"
    assert assistant.folder_step.name.text() == "pastell.exemple.fr"
    assistant.go_on()
    assert len(told.finished) == 1


@pytest.mark.parametrize("error", [AuthenticationRefused(), PortalInTheWay()])
def test_after_another_refusal_nobody_goes_on_untried(assistant: FirstStart, error: EnnError) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_refusal(error)
    assert not assistant.problem.go_on_button.isVisible()


def test_what_was_tried_need_not_be_tried_again(assistant: FirstStart, told: Told) -> None:
    samples.at_folder(assistant).go_back()
    assert assistant.next_button.text() == "Continuer"
    assistant.go_on()
    assert (assistant.step, len(told.tests)) == (FOLDER, 1)


def test_another_password_must_be_tried_again(assistant: FirstStart, told: Told) -> None:
    samples.at_folder(assistant).go_back()
    QTest.keyClicks(assistant.account_step.password.edit, "2")
    assert assistant.next_button.text() == "Essayer la connexion"
    assistant.go_on()
    assert (assistant.step, len(told.tests)) == (ACCOUNT, 2)


def test_going_on_untried_is_no_successful_test(assistant: FirstStart, told: Told) -> None:
    samples.at_account(assistant).go_on()
    assistant.show_refusal(ServerUnreachable())
    assistant.problem.go_on_button.click()
    assistant.go_back()
    assistant.go_on()
    assert (assistant.step, len(told.tests)) == (ACCOUNT, 2)


def test_alt_left_goes_back_and_keeps_what_was_typed(assistant: FirstStart) -> None:
    samples.at_account(assistant)
    QTest.keyClick(focused(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert assistant.step == ADDRESS
    assert focused() is assistant.address_step.field
    assistant.go_on()
    assert assistant.account_step.user.text() == "secretariat"


def test_enter_on_a_button_presses_that_button(assistant: FirstStart) -> None:
    samples.at_account(assistant)
    assistant.back_button.setFocus()
    press()
    assert assistant.step == ADDRESS


def test_the_demonstration_is_offered_on_the_first_step(assistant: FirstStart, told: Told) -> None:
    assert assistant.address_step.demo_button.isVisible()
    assistant.address_step.demo_button.click()
    assert told.names == ["demo"]


def test_finishing_without_fetching(assistant: FirstStart, told: Told) -> None:
    samples.at_folder(assistant).quiet_button.click()
    assert told.finished == [(WHOLE, False)]


def test_another_account_begins_again_with_the_same_address(assistant: FirstStart, told: Told) -> None:
    samples.at_folder(assistant).folder_step.another_button.click()
    assert told.added == [WHOLE]
    assert assistant.step == ADDRESS
    assert "Commune de Valbrume" in assistant.problem.said()
    assert assistant.address_step.address() == "https://pastell.exemple.fr"
    assert assistant.account_step.password.text() == ""
    assert not assistant.address_step.demo_button.isVisible()
    samples.at_folder(assistant)
    assert assistant.folder_step.name.text() == "Commune de Valbrume (2)"


def test_another_account_may_be_given_up_and_the_first_one_is_kept(assistant: FirstStart, told: Told) -> None:
    samples.at_folder(assistant).folder_step.another_button.click()
    assert assistant.leave_button.text() == "Terminer sans autre compte"
    assistant.leave_button.click()
    assert told.finished == [(WHOLE, True)]
    assert told.names == []


def test_two_accounts_never_have_the_same_name(qtbot: QtBot) -> None:
    assistant = samples.shown(qtbot, FirstStart(samples.FOLDER, taken_names=["Valbrume"]))
    told = Told(assistant)
    samples.at_folder(assistant).folder_step.name.setText("valbrume")
    assistant.go_on()
    assert assistant.problem.said().startswith("Un autre compte porte déjà ce nom")
    assert told.finished == []


def test_the_first_start_has_nothing_to_go_back_to(qtbot: QtBot, assistant: FirstStart) -> None:
    assert not assistant.leave_button.isVisible()
    later = samples.shown(qtbot, FirstStart(samples.FOLDER, first=False))
    told = Told(later)
    assert not later.address_step.demo_button.isVisible()
    later.leave_button.click()
    assert told.names == ["cancelled"]


def test_a_window_that_comes_back_has_the_focus_where_it_was(assistant: FirstStart) -> None:
    samples.at_account(assistant).account_step.password.edit.setFocus()
    assistant.hide()
    assistant.show()
    assert assistant.focusWidget() is assistant.account_step.password.edit


def test_a_token_is_stripped_and_sent_alone(assistant: FirstStart, told: Told) -> None:
    samples.at_account(assistant).account_step.choose_method(TOKEN)
    assistant.account_step.token.edit.setText(" abc123\n")
    assistant.go_on()
    assert told.tests == [AccountDraft(address="https://pastell.exemple.fr", method=TOKEN, secret="abc123")]


def test_a_certificate_goes_with_its_password(assistant: FirstStart, told: Told) -> None:
    samples.at_account(assistant).account_step.choose_method(CERTIFICATE)
    assistant.go_on()
    assert assistant.problem.said() == "Choisissez le fichier du certificat."
    assistant.account_step.certificate.setText('"/mairie/valbrume.p12"')
    assistant.account_step.certificate_password.edit.setText("chut")
    assistant.go_on()
    asked = told.tests[0]
    assert isinstance(asked, AccountDraft)
    assert (asked.user, asked.secret, asked.certificate) == ("", "chut", Path("/mairie/valbrume.p12"))


def test_a_secret_is_shown_only_while_she_asks(assistant: FirstStart) -> None:
    field = samples.at_account(assistant).account_step.password
    assert field.edit.displayText() != field.text()
    field.shown.click()
    assert field.edit.displayText() == field.text()


def test_a_known_account_can_be_corrected(qtbot: QtBot) -> None:
    assistant = samples.shown(qtbot, FirstStart(Path("/ailleurs"), first=False))
    told = Told(assistant)
    assistant.prefill(AccountDraft(name="Mairie", address="https://pastell.exemple.fr", user="anne", folder=Path("/m")))
    assistant.go_on()
    assistant.account_step.password.edit.setText("nouveau")
    assistant.go_on()
    assistant.show_discovered(samples.discovered("Commune de Valbrume"))
    assistant.go_on()
    draft = AccountDraft("Mairie", "https://pastell.exemple.fr", "anne", secret="nouveau", folder=Path("/m"))
    assert told.finished == [(draft, True)]


def test_a_prepared_address_is_filled_in_and_said_until_it_is_changed(assistant: FirstStart) -> None:
    step = assistant.address_step
    assistant.propose_address("pastell.exemple.fr", prepared=True)
    assert step.address() == "https://pastell.exemple.fr"
    assert step.help_words().startswith("Proposée par votre prestataire")
    assert step.field.accessibleDescription() == step.help_words()
    QTest.keyClicks(step.field, "/autre")
    assert "prestataire" not in step.help_words()
    QTest.keyClick(step.field, Qt.Key.Key_Backspace)
    assert "prestataire" not in step.help_words()


def test_a_prepared_address_that_is_kept_leads_to_the_account_in_one_key(assistant: FirstStart) -> None:
    assistant.propose_address("https://pastell.exemple.fr", prepared=True)
    press()
    assert assistant.step == ACCOUNT


def test_what_was_typed_is_never_replaced_by_a_prepared_address_that_comes_late(assistant: FirstStart) -> None:
    QTest.keyClicks(assistant.address_step.field, "https://a")
    assistant.propose_address("https://pastell.exemple.fr", prepared=True)
    assert assistant.address_step.address() == "https://a"


def test_her_own_usual_address_is_filled_in_without_speaking_of_a_contractor(assistant: FirstStart) -> None:
    assistant.propose_address("https://pastell.exemple.fr", prepared=False)
    assert assistant.address_step.address() == "https://pastell.exemple.fr"
    assert "prestataire" not in assistant.address_step.help_words()
