"""The page of the key: every state with its exact sentence, what to do, whom to call; by keyboard, said aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from enn_desktop.core.rules import Contact
from enn_desktop.qt.key import page as pages
from enn_desktop.qt.key.drawing import SCENES, Scene
from enn_desktop.qt.key.faces import CHECKING, face_of, standing_words
from enn_desktop.qt.key.page import DEMO, NEVER, NOT_CHECKED, KeyPage
from enn_desktop.signing_key import sentences
from enn_desktop.signing_key.values import KeyState, Note, Rung, RungLine, Standing, Verdict
from tests.agenda.made import policy
from tests.qt.key.made import NOW, ladder, verdict

LOCAL = NOW.astimezone()
SAID = {
    KeyState.OK: "Clé prête. Certificat de Camille EXEMPLE, valable jusqu’au 29 décembre 2027.",
    KeyState.OK_SOON: "Clé prête. Le certificat expire le 4 janvier 2027 (dans 41 jours).",
    KeyState.KEY_ABSENT: "Aucune clé de signature branchée.",
    KeyState.USB_UNUSED: "La clé est branchée mais Windows ne l’utilise pas encore.",
    KeyState.SERVICE_DISABLED: "Le service “Carte à puce” de Windows est désactivé sur ce poste.",
    KeyState.SERVICE_SILENT: "Windows ne répond pas au sujet des cartes à puce.",
    KeyState.REMOTE_SESSION: (
        "Vous travaillez sur un bureau à distance\u00a0: la clé doit être branchée sur le poste que vous avez "
        "devant vous, et partagée."
    ),
    KeyState.READER_EMPTY: "Le lecteur est là, mais sans carte.",
    KeyState.CARD_MUTE: "La carte ne répond pas.",
    KeyState.CARD_BUSY: "Un autre logiciel utilise la clé en ce moment.",
    KeyState.CARD_UNKNOWN: "Carte reconnue par l’ordinateur, mais modèle non répertorié ici.",
    KeyState.DRIVER_ABSENT: "Le pilote de votre clé n’est pas installé.",
    KeyState.DRIVER_INCOMPLETE: "Le pilote est installé mais ne se charge pas (code\u00a0126).",
    KeyState.DRIVER_32_BITS: "Seule la version 32\u00a0bits du pilote est installée.",
    KeyState.DRIVER_CRASHED: "Le pilote de la clé s’est arrêté.",
    KeyState.DRIVER_HUNG: "Le pilote de la clé n’a pas répondu en 8\u00a0secondes.",
    KeyState.CERT_ABSENT: "La clé répond, mais aucun certificat n’apparaît dans Windows.",
    KeyState.CERT_GHOST: "Le certificat de Camille EXEMPLE est connu de Windows, mais sa clé n’est pas branchée.",
    KeyState.CERT_NOT_IN_WINDOWS: "Le certificat est dans la clé, mais Windows ne l’a pas recopié.",
    KeyState.CERT_EXPIRED: "Le certificat de Camille EXEMPLE a expiré le 12 novembre 2026.",
    KeyState.CERT_FUTURE: "Ce certificat n’est valable qu’à partir du 3 décembre 2026.",
    KeyState.CERT_AUTH_ONLY: "Cette clé sert à se connecter, pas à signer.",
    KeyState.CERT_SIGN_ONLY: "Cette clé sert à signer, pas à se connecter à S²LOW.",
    KeyState.SEVERAL: "2 certificats utilisables.",
    KeyState.KEY_SILENT: "La clé est vue, mais son certificat ne répond pas (code\u00a00x80090016).",
    KeyState.PIN_LAST_TRY: "Attention\u00a0: il ne reste qu’un essai de code PIN.",
    KeyState.PIN_LOCKED: "Le code PIN est bloqué.",
    KeyState.PIN_TO_CHANGE: "La clé doit d’abord être activée avec l’outil de votre autorité.",
    KeyState.UNDETERMINED: "Vérification incomplète.",
}
CONTRACTOR = Contact("prestataire", "<b>Informatique</b>", "poste", "Pour ce poste.", "02 00 00 00 00", "")


@pytest.fixture
def page(qtbot: QtBot) -> KeyPage:
    made = KeyPage()
    qtbot.addWidget(made)
    made.set_policy(replace(policy(), contacts=(CONTRACTOR,)))
    made.show()
    return made


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keep what a screen reader is asked to say."""
    heard: list[str] = []
    monkeypatch.setattr(pages, "announce", lambda _widget, text: heard.append(text))
    return heard


def lines(page: KeyPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]


def tell(page: KeyPage, state: KeyState, *notes: Note) -> Verdict:
    answer = verdict(state, notes=notes)
    page.show_verdict(answer, LOCAL)
    return answer


@pytest.mark.parametrize("state", KeyState)
def test_every_state_has_its_sentence_its_remedy_and_its_code(page: KeyPage, state: KeyState) -> None:
    answer = tell(page, state)
    assert page.title.text() == SAID[state]
    assert page.remedy.text() == sentences.remedy(answer)
    assert page.remedy.isVisible() is bool(sentences.remedy(answer))
    assert page.code.isVisible() is (state is not KeyState.OK)
    assert state.value in page.code.text() or state is KeyState.OK
    assert page.report_button.isEnabled()


@pytest.mark.parametrize("state", KeyState)
def test_every_state_has_a_drawing_that_is_said_in_words(page: KeyPage, state: KeyState) -> None:
    tell(page, state)
    scene, mark = face_of(state)
    assert (page.drawing.scene, page.drawing.mark) == (scene, mark)
    assert page.drawing.accessibleName() == scene.value
    image = page.drawing.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert len(colours) > 3


def test_no_two_states_of_different_gravity_look_alike() -> None:
    looks = [(*face_of(state), sentences.badge(state)[1]) for state in KeyState]
    grave = {look[:2] for look in looks if look[2] == "bad"}
    fine = {look[:2] for look in looks if look[2] == "good"}
    assert not grave & fine


def test_every_scene_can_be_drawn() -> None:
    assert set(SCENES) == set(Scene)


def test_before_any_check_it_says_that_nothing_is_known(page: KeyPage) -> None:
    assert page.title.text() == NOT_CHECKED
    assert NEVER in lines(page)
    assert not page.report_button.isEnabled()


@pytest.mark.parametrize(
    ("state", "called"),
    [
        (KeyState.DRIVER_ABSENT, "Qui appeler\u00a0: <b>Informatique</b> (02 00 00 00 00)."),
        (KeyState.CERT_EXPIRED, "Qui appeler\u00a0: AC d’exemple RGS**, qui a fourni la clé."),
        (KeyState.CARD_MUTE, "Qui appeler\u00a0: l’autorité de certification qui a fourni la clé."),
        (KeyState.OK, ""),
        (KeyState.KEY_ABSENT, ""),
    ],
)
def test_whom_to_call_is_named_where_someone_can_help(page: KeyPage, state: KeyState, called: str) -> None:
    tell(page, state)
    assert page.call.text() == called
    assert page.call.isVisible() is bool(called)
    assert page.call.textFormat() is Qt.TextFormat.PlainText


def test_where_the_rules_name_nobody_nothing_is_said(page: KeyPage) -> None:
    tell(page, KeyState.DRIVER_ABSENT)
    page.set_policy(replace(policy(), contacts=()))
    assert not page.call.isVisible()


def test_while_it_checks_it_says_which_rungs_were_seen_and_never_more(page: KeyPage) -> None:
    tell(page, KeyState.CERT_EXPIRED, Note.SEAL)
    page.show_checking(checking=True)
    assert page.title.text() == CHECKING
    assert page.remedy.text().startswith("Reste à voir\u00a0: service, clé USB, lecteur,")
    assert not any(part.isVisible() for part in (page.code, page.call, page.notes))
    page.show_progress(Verdict(KeyState.UNDETERMINED, NOW, ladder(3, failing=None)))
    assert page.remedy.text() == (
        "Vu\u00a0: service, clé USB et lecteur. Reste à voir\u00a0: carte, pilote, certificat et réponse de la clé."
    )
    tell(page, KeyState.OK)
    assert page.title.text() == SAID[KeyState.OK]


def test_a_rung_told_late_does_not_wipe_the_answer_out(page: KeyPage) -> None:
    tell(page, KeyState.OK)
    page.show_progress(Verdict(KeyState.UNDETERMINED, NOW, ladder(3, failing=None)))
    assert page.title.text() == SAID[KeyState.OK]


def test_a_first_check_that_is_stopped_leaves_nothing_known(page: KeyPage) -> None:
    page.show_checking(checking=True)
    page.show_checking(checking=False)
    assert page.title.text() == NOT_CHECKED


def test_the_same_button_checks_and_stops(qtbot: QtBot, page: KeyPage) -> None:
    with qtbot.waitSignal(page.check_wanted):
        page.check_button.click()
    page.show_checking(checking=True)
    assert (page.check_button.text(), page.check_button.accessibleName()) == ("Arrêter", "Arrêter la vérification")
    with qtbot.waitSignal(page.stop_wanted):
        page.check_button.click()
    tell(page, KeyState.OK)
    assert page.check_button.text() == "Revérifier"


def test_a_screen_reader_hears_the_check_begin_and_its_answer_once(page: KeyPage, said: list[str]) -> None:
    page.show_checking(checking=True)
    for rungs in range(7):
        page.show_progress(Verdict(KeyState.UNDETERMINED, NOW, ladder(rungs, failing=None)))
    tell(page, KeyState.OK)
    tell(page, KeyState.OK)
    assert said == [CHECKING, SAID[KeyState.OK]]


def test_a_page_that_is_not_shown_says_nothing(page: KeyPage, said: list[str]) -> None:
    page.hide()
    tell(page, KeyState.PIN_LOCKED)
    assert said == []


def test_an_announcement_reaches_the_screen_reader(page: KeyPage, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[object] = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", events.append)
    tell(page, KeyState.OK)
    assert any(isinstance(one, QAccessibleAnnouncementEvent) for one in events)


def test_the_ladder_is_one_click_away_and_says_every_rung_in_words(qtbot: QtBot, page: KeyPage) -> None:
    tell(page, KeyState.CARD_MUTE)
    assert not page.ladder.isVisible()
    page.detail_button.setFocus()
    QTest.keyClick(page.detail_button, Qt.Key.Key_Space)
    qtbot.waitUntil(page.ladder.isVisible)
    assert page.detail_button.text() == "Masquer le détail"
    words = [(rung.value, line.word.text()) for rung, line in page.ladder.lines.items()]
    assert words == [
        ("Service", "en ordre"), ("Clé USB", "en ordre"), ("Lecteur", "en ordre"), ("Carte", "à régler"),
        ("Pilote", "non vérifié"), ("Certificat", "non vérifié"), ("Réponse de la clé", "non vérifié"),
    ]  # fmt: skip
    assert "Carte, à régler" in page.ladder.accessibleName()


def test_a_lower_rung_that_fails_under_a_working_key_is_a_note_and_not_a_fault(page: KeyPage) -> None:
    page.ladder.show_ladder((RungLine(Rung.DRIVER, Standing.NOTE, "aucun pilote connu"),))
    line = page.ladder.lines[Rung.DRIVER]
    assert line.word.text() == "à noter, sans gravité"
    assert line.word.property("role") != "bad"


def test_no_two_standings_share_a_sign_or_a_word() -> None:
    shown = [standing_words(one)[:2] for one in Standing]
    assert len({mark for mark, _ in shown}) == len({word for _, word in shown}) == len(Standing)


def test_notes_stand_under_the_sentence(page: KeyPage) -> None:
    answer = tell(page, KeyState.OK, Note.OTHER_SIGNER, Note.SEAL)
    assert page.notes.text().splitlines() == [sentences.note(answer, one) for one in answer.notes]
    tell(page, KeyState.OK)
    assert not page.notes.isVisible()


# -- several certificates, the expected signer -------------------------------------------------------------


def test_one_certificate_leaves_nothing_to_choose(page: KeyPage) -> None:
    tell(page, KeyState.OK)
    assert not page.certificates.isVisible()


def test_several_certificates_are_told_apart_by_usage_and_dates_and_the_expired_one_is_shown(page: KeyPage) -> None:
    tell(page, KeyState.SEVERAL)
    assert page.certificates.isVisible()
    said = [button.accessibleName() for button in page.certificates.buttons.values()]
    assert said[0].endswith(
        "usage\u00a0: signature et authentification · valable jusqu’au 29 décembre 2027 · émis par AC d’exemple RGS**"
    )
    assert "usage\u00a0: signature · " in said[1]
    assert "expiré depuis le 12 novembre 2026" in said[2]
    roles = [button.property("role") or "" for button in page.certificates.buttons.values()]
    assert roles == ["", "", "past"]
    assert not any(button.isChecked() for button in page.certificates.buttons.values())


def test_a_choice_is_told_by_its_fingerprint(qtbot: QtBot, page: KeyPage) -> None:
    answer = tell(page, KeyState.SEVERAL)
    wanted = answer.usable[1].certificate.fingerprint
    with qtbot.waitSignal(page.choice_wanted) as told:
        QTest.keyClick(page.certificates.buttons[wanted], Qt.Key.Key_Space)
    assert told.args == [wanted]


def test_the_one_chosen_is_ticked_and_the_list_stays_where_it_is(page: KeyPage) -> None:
    answer = tell(page, KeyState.SEVERAL)
    buttons = dict(page.certificates.buttons)
    page.show_verdict(replace(answer, state=KeyState.OK, chosen=answer.usable[1]), LOCAL)
    assert page.certificates.buttons == buttons
    assert [button.isChecked() for button in buttons.values()] == [False, True, False]


def test_the_expected_signer_is_told_once_it_is_typed(qtbot: QtBot, page: KeyPage) -> None:
    page.signer.setFocus()
    QTest.keyClicks(page.signer, "  Camille   EXEMPLE ")
    with qtbot.waitSignal(page.signer_wanted) as told:
        QTest.keyClick(page.signer, Qt.Key.Key_Return)
    assert told.args == ["Camille EXEMPLE"]


def test_what_is_being_typed_is_not_replaced(qtbot: QtBot, page: KeyPage) -> None:
    with qtbot.waitActive(page):
        page.activateWindow()
    page.signer.setFocus()
    QTest.keyClicks(page.signer, "Cam")
    page.set_signer("Dominique MODÈLE")
    assert page.signer.text() == "Cam"


# -- opening, demonstration --------------------------------------------------------------------------------


def test_being_opened_is_told_each_time(qtbot: QtBot, page: KeyPage) -> None:
    page.hide()
    with qtbot.waitSignal(page.opened):
        page.show()


def test_the_demonstration_says_that_this_key_is_real(qtbot: QtBot, page: KeyPage) -> None:
    made = KeyPage(demo=True)
    qtbot.addWidget(made)
    made.show()
    assert DEMO in lines(made)
    assert DEMO not in lines(page)
