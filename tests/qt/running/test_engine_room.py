"""One work at a time; what goes on, a pause and a stop are told as they happen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.values import Activity, Doing
from enn_desktop.backup.checking import CheckedRoot
from enn_desktop.backup.report import Outcome
from enn_desktop.backup.rounds import RoundReport
from enn_desktop.core.errors import AuthenticationRefused, EnnError
from enn_desktop.core.progress import Stage
from enn_desktop.core.settings import AccountSettings
from tests.qt.running.conftest import ACCOUNT, PATIENCE_MS, House


@pytest.fixture
def ended(house: House) -> list[RoundReport]:
    reports: list[RoundReport] = []
    house.engine.round_ended.connect(reports.append)
    return reports


@pytest.fixture
def told(house: House) -> list[Activity]:
    seen: list[Activity] = []
    house.engine.activity_changed.connect(seen.append)
    return seen


def fetch(qtbot: QtBot, house: House) -> None:
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS):
        assert house.engine.fetch()


def test_a_round_brings_everything_home_and_rests(qtbot: QtBot, house: House, ended: list[RoundReport]) -> None:
    fetch(qtbot, house)
    assert ended[0].first_error is None
    assert ended[0].fetched_dossiers > 0
    assert house.engine.free
    assert house.engine.activity == Activity()


def test_how_far_it_is_is_told_while_it_goes_on(qtbot: QtBot, house: House, told: list[Activity]) -> None:
    house.server.latency = 0.02
    fetch(qtbot, house)
    going = [one for one in told if one.progress is not None and one.progress.stage is Stage.FETCHING]
    assert going
    assert {one.doing for one in going} == {Doing.FETCHING}
    assert going[-1].progress is not None
    assert going[-1].progress.dossiers_total > 0
    assert told[0] == Activity(Doing.FETCHING)
    assert told[-1] == Activity()


def test_a_second_work_is_refused_while_the_first_goes_on(qtbot: QtBot, house: House, ended: list[RoundReport]) -> None:
    assert house.engine.fetch()
    assert not house.engine.free
    assert not house.engine.fetch()
    assert not house.engine.verify()
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)
    assert len(ended) == 1


def test_without_an_account_there_is_nothing_to_begin(house: House, told: list[Activity]) -> None:
    house.give(accounts=())
    assert not house.engine.fetch()
    assert told == []


def test_a_pause_is_told_once_and_the_round_goes_on_after_it(
    qtbot: QtBot, house: House, ended: list[RoundReport], told: list[Activity]
) -> None:
    house.engine.fetch()
    house.engine.pause()
    house.engine.pause()
    house.engine.resume()
    house.engine.resume()
    assert [one.doing for one in told] == [Doing.FETCHING, Doing.PAUSED, Doing.FETCHING]
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)
    assert ended[0].first_error is None
    assert ended[0].fetched_dossiers > 0


def test_a_paused_round_that_is_stopped_ends_and_says_so(qtbot: QtBot, house: House, ended: list[RoundReport]) -> None:
    house.engine.fetch()
    house.engine.pause()
    house.engine.stop()
    assert house.doing is Doing.STOPPING
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE_MS)
    assert ended[0].outcome is Outcome.CANCELLED
    assert house.engine.free


def test_a_rest_can_be_neither_paused_nor_resumed_nor_stopped(house: House, told: list[Activity]) -> None:
    house.engine.pause()
    house.engine.resume()
    house.engine.stop()
    assert told == []


def test_every_document_is_read_again(qtbot: QtBot, house: House) -> None:
    fetch(qtbot, house)
    with qtbot.waitSignal(house.engine.checked, timeout=PATIENCE_MS) as checked:
        assert house.engine.verify()
        assert house.doing is Doing.VERIFYING
    assert checked.args is not None
    (root,) = checked.args[0]
    assert isinstance(root, CheckedRoot)
    assert root.report is not None
    assert root.report.findings == ()


def test_a_verification_cannot_be_paused(qtbot: QtBot, house: House) -> None:
    with qtbot.waitSignal(house.engine.checked, timeout=PATIENCE_MS):
        house.engine.verify()
        house.engine.pause()
        assert house.doing is Doing.VERIFYING


def test_a_refused_password_ends_the_round_with_its_error(qtbot: QtBot, house: House, ended: list[RoundReport]) -> None:
    house.office.remember(ACCOUNT, "faux")
    fetch(qtbot, house)
    assert isinstance(ended[0].first_error, AuthenticationRefused)
    assert house.engine.free


def test_a_password_that_nobody_knows_is_told_as_missing(qtbot: QtBot, house: House, ended: list[RoundReport]) -> None:
    house.give(accounts=(AccountSettings(name="Inconnu", address=house.server.url, user="secretaire"),))
    fetch(qtbot, house)
    assert ended[0].results[0].secret_missing


def test_rules_that_cannot_be_read_are_said_and_leave_the_engine_free(
    qtbot: QtBot, house: House, ended: list[RoundReport]
) -> None:
    house.office.paths.settings.mkdir(parents=True, exist_ok=True)
    house.office.paths.policy_file.write_text("ni règle ni table", encoding="utf-8")
    with qtbot.waitSignal(house.engine.failed, timeout=PATIENCE_MS) as failed:
        house.engine.fetch()
    assert failed.args is not None
    assert isinstance(failed.args[0], EnnError)
    assert house.engine.activity == Activity()
    assert house.engine.free
    assert ended == []
