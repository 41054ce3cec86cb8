"""What is due comes by itself, a refused password is never tried again, and one reminder a day is enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.key_memory import remember_ends
from enn_desktop.agenda.values import Doing
from enn_desktop.backup.rounds import RoundReport
from enn_desktop.core.errors import AuthenticationRefused, EnnError, StorageError
from enn_desktop.core.settings import NotificationSettings, ScheduleSettings
from enn_desktop.qt.clockwork import FETCH_NOW, LATER, REMINDER, Clockwork
from enn_desktop.signing_key.values import KeyState
from tests.agenda.made import AWAY, dossier, place
from tests.qt.key import made as keys
from tests.qt.running.clock_steps import Noting, looked, nothing_comes, run_comes
from tests.qt.running.conftest import ACCOUNT, MORNING, PATIENCE_MS, House


@pytest.fixture
def toaster() -> Noting:
    return Noting()


@pytest.fixture
def clockwork(house: House) -> Clockwork:
    return Clockwork(house.bridge, house.steering, house.engine)


@pytest.fixture
def ended(house: House) -> list[RoundReport]:
    reports: list[RoundReport] = []
    house.engine.round_ended.connect(reports.append)
    return reports


@pytest.fixture
def plans(clockwork: Clockwork) -> list[str]:
    sentences: list[str] = []
    clockwork.next_run_changed.connect(sentences.append)
    return sentences


# -- runs ------------------------------------------------------------------------------------------------------


def test_the_first_run_comes_a_little_after_the_start(
    qtbot: QtBot, house: House, clockwork: Clockwork, toaster: Noting, plans: list[str]
) -> None:
    clockwork.begin(toaster)
    assert house.engine.free
    assert plans == ["Prochaine récupération automatique à 9\u00a0h\u00a000."]
    nothing_comes(house, clockwork, seconds=19)
    run_comes(qtbot, house, clockwork, seconds=1)
    assert plans[-1] == "Prochaine récupération automatique à 13\u00a0h\u00a000."


def test_the_next_one_comes_after_its_four_hours_and_not_before(
    qtbot: QtBot, house: House, clockwork: Clockwork, ended: list[RoundReport]
) -> None:
    run_comes(qtbot, house, clockwork, minutes=1)
    nothing_comes(house, clockwork, hours=3, minutes=59)
    run_comes(qtbot, house, clockwork, minutes=1)
    assert len(ended) == 2


def test_after_a_night_asleep_one_run_comes_not_four(
    qtbot: QtBot, house: House, clockwork: Clockwork, ended: list[RoundReport]
) -> None:
    run_comes(qtbot, house, clockwork, minutes=1)
    run_comes(qtbot, house, clockwork, hours=16)
    nothing_comes(house, clockwork, minutes=1)
    assert len(ended) == 2


def test_a_run_by_hand_counts_as_the_last_one(qtbot: QtBot, house: House, clockwork: Clockwork) -> None:
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS):
        house.engine.fetch()
    nothing_comes(house, clockwork, hours=3)
    run_comes(qtbot, house, clockwork, hours=1)


def test_a_refused_password_is_never_tried_again_by_itself(
    qtbot: QtBot, house: House, clockwork: Clockwork, ended: list[RoundReport], plans: list[str]
) -> None:
    house.office.remember(ACCOUNT, "faux")
    run_comes(qtbot, house, clockwork, minutes=1)
    assert isinstance(ended[0].first_error, AuthenticationRefused)
    asked = house.asked
    for hours in (1, 4, 24, 24 * 30):
        nothing_comes(house, clockwork, hours=hours)
    assert house.asked == asked
    assert plans[-1].endswith("l’identification a été refusée. Corrigez le compte.")


def test_a_corrected_account_is_tried_again(
    qtbot: QtBot, house: House, clockwork: Clockwork, ended: list[RoundReport]
) -> None:
    house.office.remember(ACCOUNT, "faux")
    run_comes(qtbot, house, clockwork, minutes=1)
    house.office.remember(ACCOUNT, house.server.world.accounts["secretaire"].password)
    house.steering.apply(msgspec.structs.replace(house.office.settings, with_session=True))
    run_comes(qtbot, house, clockwork, hours=4)
    assert ended[1].first_error is None


def test_a_run_that_failed_is_tried_again_after_a_quarter_of_an_hour_then_an_hour_then_as_usual(
    qtbot: QtBot, house: House, clockwork: Clockwork, tmp_path: Path
) -> None:
    (tmp_path / "fichier").write_text("ni dossier ni disque", encoding="utf-8")
    house.give(folder=str(tmp_path / "fichier"))
    run_comes(qtbot, house, clockwork, minutes=1)
    nothing_comes(house, clockwork, minutes=14)
    run_comes(qtbot, house, clockwork, minutes=1)
    nothing_comes(house, clockwork, minutes=59)
    run_comes(qtbot, house, clockwork, minutes=1)
    nothing_comes(house, clockwork, hours=3)
    run_comes(qtbot, house, clockwork, hours=1)


def test_where_she_wants_none_none_comes(house: House, clockwork: Clockwork, plans: list[str]) -> None:
    house.give(schedule=ScheduleSettings(automatic=False, on_metered=True))
    nothing_comes(house, clockwork, days=3)
    assert plans == ["La récupération automatique est désactivée\u00a0: pensez à récupérer vous-même."]


def test_a_pause_is_not_ended_by_the_clock(
    qtbot: QtBot, house: House, clockwork: Clockwork, plans: list[str], ended: list[RoundReport]
) -> None:
    house.engine.fetch()
    house.engine.pause()
    house.clock.advance(hours=9)
    clockwork.tick()
    assert house.doing is Doing.PAUSED
    assert plans == ["En pause, à votre demande."]
    house.engine.stop()
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)


def test_the_same_plan_is_not_told_twice(house: House, clockwork: Clockwork, plans: list[str]) -> None:
    nothing_comes(house, clockwork)
    nothing_comes(house, clockwork, seconds=10)
    assert len(plans) == 1


# -- the reminder ----------------------------------------------------------------------------------------------


@pytest.fixture
def pressed(house: House, qtbot: QtBot) -> House:
    """Have one dossier almost deleted, not yet here, and nothing automatic."""
    root = place(house.office.paths.data.parent, [dossier("a", age=168, **AWAY), dossier("b")]).root
    house.give(folder=str(root), schedule=ScheduleSettings(automatic=False, on_metered=True))
    house.know(qtbot)
    return house


def test_what_is_about_to_disappear_is_said_once_that_day(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting
) -> None:
    clockwork.begin(toaster)
    for _ in range(3):
        looked(qtbot, pressed, clockwork)
        pressed.clock.advance(hours=1)
    assert [toast.title for toast in toaster.shown] == ["1 dossier à récupérer"]
    assert [text for _, text in toaster.shown[0].actions] == ["Récupérer maintenant", "Plus tard"]
    assert "Objet" not in toaster.shown[0].text


def test_another_start_the_same_day_does_not_say_it_again(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting
) -> None:
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    again = Clockwork(pressed.bridge, pressed.steering, pressed.engine)
    again.begin(toaster)
    looked(qtbot, pressed, again)
    assert len(toaster.shown) == 1


def test_what_was_decided_is_shown_even_if_the_clock_is_looked_at_again_before_it_is(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting
) -> None:
    decided = Event()
    clockwork.begin(toaster)
    pressed.bridge.read(decided.set, lambda _: None)
    assert decided.wait(PATIENCE_MS / 1000)
    looked(qtbot, pressed, clockwork)
    assert [toast.title for toast in toaster.shown] == ["1 dossier à récupérer"]


def test_after_a_reminder_that_could_not_be_decided_the_next_look_decides_again(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting
) -> None:
    def full(*_: object) -> None:
        raise StorageError

    failures: list[EnnError] = []
    pressed.bridge.failed.connect(failures.append)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("enn_desktop.agenda.reminder_log.write_log", full)
        clockwork.begin(toaster)
        qtbot.waitUntil(lambda: bool(failures), timeout=PATIENCE_MS)
    looked(qtbot, pressed, clockwork)
    assert len(toaster.shown) == 1


def test_at_night_nothing_is_said(qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting) -> None:
    pressed.clock.advance(hours=12)
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    assert toaster.shown == []


def test_who_wants_no_reminder_has_none(qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting) -> None:
    pressed.give(notifications=NotificationSettings(enabled=False))
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    assert toaster.shown == []


def test_a_demonstration_never_reminds(qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting) -> None:
    pressed.office.demo = True
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    assert toaster.shown == []


def test_while_a_run_goes_on_nothing_is_said(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting, ended: list[RoundReport]
) -> None:
    pressed.engine.fetch()
    pressed.engine.pause()
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    assert toaster.shown == []
    pressed.engine.stop()
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)


def test_the_button_of_the_reminder_brings_home_and_shows_what_it_is_about(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting, ended: list[RoundReport]
) -> None:
    clockwork.begin(toaster)
    with qtbot.waitSignal(clockwork.row_wanted):
        toaster.activated.emit(REMINDER, FETCH_NOW)
    assert pressed.doing is Doing.FETCHING
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)


@pytest.mark.parametrize(("clicked", "shown"), [((REMINDER, ""), 1), ((REMINDER, LATER), 0), (("autre", ""), 0)])
def test_a_click_shows_it_and_later_does_nothing(
    pressed: House, clockwork: Clockwork, toaster: Noting, clicked: tuple[str, str], shown: int
) -> None:
    wanted: list[bool] = []
    clockwork.row_wanted.connect(lambda: wanted.append(True))
    clockwork.begin(toaster)
    toaster.activated.emit(*clicked)
    assert len(wanted) == shown
    assert pressed.engine.free


def test_what_is_settled_takes_its_reminder_away(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting
) -> None:
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    assert toaster.shown
    place(pressed.office.paths.data.parent, [dossier("a", age=168), dossier("b")])
    looked(qtbot, pressed, clockwork)
    assert toaster.removed == [REMINDER]


def test_a_certificate_near_its_end_is_said_without_a_name_and_a_click_leads_to_the_key(
    qtbot: QtBot, pressed: House, clockwork: Clockwork, toaster: Noting
) -> None:
    place(pressed.office.paths.data.parent, [dossier("a", age=168), dossier("b")])
    ends = replace(keys.found(), certificate=replace(keys.certificate(), not_after=MORNING + timedelta(days=29)))
    remember_ends(pressed.office.paths, replace(keys.verdict(KeyState.OK), chosen=ends))
    shown: list[str] = []
    clockwork.row_wanted.connect(lambda: shown.append("à faire"))
    clockwork.key_wanted.connect(lambda: shown.append("clé"))
    clockwork.begin(toaster)
    looked(qtbot, pressed, clockwork)
    [toast] = [one for one in toaster.shown if one.title == "Certificat de signature"]
    assert "10 avril 2026" in toast.text
    assert "Camille" not in toast.text
    assert [action for action, _ in toast.actions] == [LATER]
    toaster.activated.emit(REMINDER, "")
    assert shown == ["clé"]
