"""The page, the keeper, the settings and the rest of the window joined: each learns what the others know."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.key_memory import read_memory
from enn_desktop.core.settings import KeySettings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.key.keeper import KeyKeeper
from enn_desktop.qt.key.page import NOT_CHECKED, KeyPage
from enn_desktop.qt.key.report_box import ReportBox
from enn_desktop.qt.main_window import Place
from enn_desktop.qt.steering import Steering
from enn_desktop.signing_key.values import CardState, KeyState
from tests.qt.key.made import ScriptedRooms, certificate, event


@pytest.fixture
def desk(qtbot: QtBot, bridge: Bridge, steering: Steering, tmp_path: Path) -> FrontDesk:
    memory = QSettings(str(tmp_path / "fenetre.ini"), QSettings.Format.IniFormat)
    made = FrontDesk(bridge, steering, EngineRoom(bridge, steering.office), memory)
    qtbot.addWidget(made.window)
    made.window.show_place(Place.TODO)
    made.window.show()
    return made


def page_of(desk: FrontDesk) -> KeyPage:
    page = desk.window.page(Place.KEY)
    assert isinstance(page, KeyPage)
    return page


def foot(desk: FrontDesk) -> str:
    shown = [one for one in desk.window.findChildren(QLabel) if one.isVisible() and one.toolTip().startswith("Ma clé")]
    return shown[0].text() if shown else ""


def test_opening_the_page_checks_and_shows_the_answer(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    desk.use_keeper(keeper)
    with qtbot.waitSignal(keeper.verdict_changed):
        desk.window.show_place(Place.KEY)
    assert page_of(desk).title.text().startswith("Clé prête.")
    assert rooms.checks == 1


def test_a_page_opened_before_the_keeper_is_there_is_checked_when_it_comes(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper
) -> None:
    desk.window.show_place(Place.KEY)
    assert page_of(desk).title.text() == NOT_CHECKED
    page_of(desk).check_button.click()
    with qtbot.waitSignal(keeper.verdict_changed):
        desk.use_keeper(keeper)
    assert page_of(desk).title.text().startswith("Clé prête.")


def test_a_page_shown_late_knows_what_is_known(qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper) -> None:
    desk.use_keeper(keeper)
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    assert page_of(desk).title.text().startswith("Clé prête.")


def test_the_foot_of_the_window_says_one_word_on_every_page(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    assert foot(desk) == ""
    desk.use_keeper(keeper)
    rooms.states = [KeyState.OK, KeyState.KEY_ABSENT]
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
        assert foot(desk) == "Clé en vérification"
    assert foot(desk) == "Clé prête"
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    assert foot(desk) == "Clé absente"


def test_a_stopped_check_gives_the_foot_its_word_back(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    desk.use_keeper(keeper)
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    rooms.hang = lambda cancel: cancel.wait(10)
    desk.window.show_place(Place.KEY)
    with qtbot.waitSignal(keeper.verdict_changed):
        page_of(desk).check_button.click()
    assert foot(desk) == "Clé prête"
    assert page_of(desk).check_button.text() == "Revérifier"


def test_a_first_check_that_was_stopped_leaves_the_key_unknown(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    desk.use_keeper(keeper)
    rooms.hang = lambda cancel: cancel.wait(10)
    keeper.check()
    with qtbot.waitSignal(keeper.checking_changed):
        keeper.stop()
    assert foot(desk) == "Clé non vérifiée"


def test_a_card_put_in_is_seen_on_the_page_before_it_is_checked(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    desk.use_keeper(keeper)
    page = page_of(desk)
    keeper.begin()
    qtbot.waitUntil(lambda: rooms.publish is not None)
    assert rooms.publish is not None
    with qtbot.waitSignal(keeper.progress_changed):
        rooms.publish(event(CardState.PRESENT))
    assert page.title.text() == "Vérification en cours…"
    assert page.remedy.text().startswith("Vu\u00a0: ")


def test_a_choice_is_kept_in_the_settings_and_heard_by_the_keeper(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, rooms: ScriptedRooms, steering: Steering
) -> None:
    desk.use_keeper(keeper)
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    page_of(desk).choice_wanted.emit("cd" * 32)
    page_of(desk).signer_wanted.emit("Camille EXEMPLE")
    assert steering.office.settings.key == KeySettings(certificate="cd" * 32, signer="Camille EXEMPLE")
    assert rooms.judged[-1].fingerprint == "cd" * 32


def test_a_signer_set_elsewhere_shows_on_the_page(desk: FrontDesk, steering: Steering) -> None:
    page = page_of(desk)
    changed = msgspec.structs.replace(steering.office.settings, key=KeySettings(signer="Dominique MODÈLE"))
    steering.apply(changed)
    assert page.signer.text() == "Dominique MODÈLE"


def test_the_end_of_the_certificate_is_remembered_without_any_name(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, steering: Steering
) -> None:
    desk.use_keeper(keeper)
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    paths = steering.office.paths
    qtbot.waitUntil(lambda: bool(read_memory(paths).ends))
    assert [one.not_after for one in read_memory(paths).ends] == [certificate().not_after]
    written = (paths.data / "cle.json").read_text(encoding="utf-8")
    assert "EXEMPLE" not in written
    assert certificate().fingerprint not in written


def test_the_report_is_read_before_it_is_copied(
    qtbot: QtBot, desk: FrontDesk, keeper: KeyKeeper, qapp: QGuiApplication
) -> None:
    desk.use_keeper(keeper)
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    QGuiApplication.clipboard().clear()
    page_of(desk).report_button.click()
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(ReportBox)))
    box = desk.window.findChildren(ReportBox)[0]
    assert "OK" in box.text.toPlainText()
    assert "EXEMPLE" not in box.text.toPlainText()
    assert qapp.clipboard().text() == ""
    box.copy_button.click()
    assert qapp.clipboard().text() == box.text.toPlainText()
    box.close_button.click()
