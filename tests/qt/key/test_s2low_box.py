"""The check with S²LOW: asked on a click, said plainly where this computer cannot, nothing kept of the password."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import SettingsError
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.key.page import KeyPage
from enn_desktop.qt.key.s2low_box import ASKING, S2lowBox, S2lowQuestion
from enn_desktop.qt.main_window import Place
from enn_desktop.qt.steering import Steering
from enn_desktop.services import s2low
from enn_desktop.services.s2low_answers import S2lowAnswer, Said

ADDRESS = "https://s2low.exemple.fr"
YES = S2lowAnswer(True, Said.YES, Said.YES, "S²LOW répond.", "", "HTTP 200 OK")  # noqa: FBT003 - a field
NO = S2lowAnswer(True, Said.NO, Said.UNKNOWN, "Ce certificat n’est pas reconnu.", "Demandez-en un autre.")  # noqa: FBT003 - a field
UNREACHED = S2lowAnswer(reached=False, sentence="S²LOW ne répond pas.")


@pytest.fixture
def box(qtbot: QtBot) -> S2lowBox:
    made = S2lowBox(ADDRESS)
    qtbot.addWidget(made)
    made.show()
    return made


class Browser(QObject):
    """Stands for the browser: keeps what it is asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toString())


def test_what_was_typed_is_asked_once(qtbot: QtBot, box: S2lowBox) -> None:
    box.certificate.setText(' "/mairie/certificat.p12" ')
    box.password.edit.setText("mot de passe")
    with qtbot.waitSignal(box.asked) as asked:
        box.ask_button.click()
    assert asked.args == [S2lowQuestion(ADDRESS, Path("/mairie/certificat.p12"), "mot de passe")]
    assert "mot de passe" not in repr(asked.args)
    assert (box.sentence.text(), box.ask_button.text()) == (ASKING, "Arrêter")


@pytest.mark.parametrize(("answer", "role"), [(YES, "good"), (NO, "bad"), (UNREACHED, "warn")])
def test_an_answer_is_shown_with_what_to_do(box: S2lowBox, answer: S2lowAnswer, role: str) -> None:
    box.ask_button.click()
    box.show_answer(answer)
    assert (box.sentence.text(), box.sentence.property("role")) == (answer.sentence, role)
    assert box.advice.isVisible() is bool(answer.advice)
    assert box.detail.text() == answer.detail
    assert box.ask_button.text() == "Interroger"


def test_an_error_is_shown_like_an_answer(box: S2lowBox) -> None:
    box.show_error(SettingsError("L’adresse n’est pas bonne.", advice="Corrigez-la."))
    assert (box.sentence.text(), box.advice.text()) == ("L’adresse n’est pas bonne.", "Corrigez-la.")


def test_it_can_be_stopped(qtbot: QtBot, box: S2lowBox) -> None:
    box.ask_button.click()
    with qtbot.waitSignal(box.stopped):
        box.ask_button.click()
    assert box.sentence.text().startswith("Essai arrêté")


def test_closing_stops_the_question_and_forgets_the_password(qtbot: QtBot, box: S2lowBox) -> None:
    box.password.edit.setText("mot de passe")
    box.ask_button.click()
    with qtbot.waitSignal(box.stopped):
        box.close_button.click()
    assert box.password.text() == ""


# -- asked through the window ------------------------------------------------------------------------------


@pytest.fixture
def opened(qtbot: QtBot, bridge: Bridge, steering: Steering, tmp_path: Path) -> S2lowBox:
    memory = QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)
    desk = FrontDesk(bridge, steering, EngineRoom(bridge, steering.office), memory)
    qtbot.addWidget(desk.window)
    desk.window.show_place(Place.KEY)
    desk.window.show()
    page = desk.window.page(Place.KEY)
    assert isinstance(page, KeyPage)
    page.s2low_button.click()
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(S2lowBox)), timeout=20_000)
    # Kept by what it is asked of: the desk goes with the window.
    made: S2lowBox = desk.window.findChildren(S2lowBox)[0]
    made.setProperty("desk", desk)
    return made


def test_without_a_certificate_file_it_says_that_this_computer_cannot(qtbot: QtBot, opened: S2lowBox) -> None:
    assert opened.address.text() == s2low.DEFAULT_ADDRESS
    opened.ask_button.click()
    qtbot.waitUntil(lambda: opened.sentence.text() == s2low.cannot_from_here().sentence, timeout=20_000)
    assert "navigateur" in opened.advice.text()


def test_the_server_is_asked_in_a_thread_with_the_file_and_its_password(
    qtbot: QtBot, opened: S2lowBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Path | None, str]] = []

    def check(address: str, who: Credentials, **_: object) -> S2lowAnswer:
        asked.append((address, who.certificate, who.certificate_password))
        return YES

    monkeypatch.setattr(s2low, "check_certificate", check)
    opened.certificate.setText("certificat.p12")
    opened.password.edit.setText("secret")
    opened.ask_button.click()
    qtbot.waitUntil(lambda: opened.sentence.text() == YES.sentence, timeout=20_000)
    assert asked == [(s2low.DEFAULT_ADDRESS, Path("certificat.p12"), "secret")]


def test_closing_the_dialog_ends_the_question_that_goes_on(
    qtbot: QtBot, opened: S2lowBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[CancelToken] = []

    def check(_address: str, _who: Credentials, *, cancel: CancelToken, **_: object) -> S2lowAnswer:
        tokens.append(cancel)
        cancel.wait(20)
        return YES

    monkeypatch.setattr(s2low, "check_certificate", check)
    opened.ask_button.click()
    qtbot.waitUntil(lambda: bool(tokens), timeout=20_000)
    opened.close_button.click()
    qtbot.waitUntil(lambda: tokens[0].cancelled)


def test_an_address_that_is_none_is_said_in_the_dialog(qtbot: QtBot, opened: S2lowBox) -> None:
    opened.address.setText("http://s2low.exemple.fr")
    opened.ask_button.click()
    qtbot.waitUntil(lambda: "https" in opened.sentence.text(), timeout=20_000)


def test_the_browser_opens_the_page_of_the_server(qtbot: QtBot, opened: S2lowBox) -> None:
    browser = Browser()
    # The stub says bytes, the binding takes text.
    QDesktopServices.setUrlHandler("https", browser, "take")  # type: ignore[arg-type]
    opened.address.setText(f"{ADDRESS}/")
    opened.browser_button.click()
    qtbot.waitUntil(lambda: browser.opened == [f"{ADDRESS}{s2low.RGS}"])
    QDesktopServices.unsetUrlHandler("https")
