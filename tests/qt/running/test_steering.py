"""What is known follows what happened: the screens are told after a run, an error, a change of settings."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.agenda.health import DEMO_COMING, Headline
from enn_desktop.agenda.values import Health, Outlook
from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.core.settings import ScheduleSettings
from enn_desktop.qt.steering import NOT_YET
from enn_desktop.system.settings_store import load_settings
from tests.qt.running.conftest import PATIENCE_MS, House


@pytest.fixture
def said(house: House) -> list[tuple[Health, str]]:
    words: list[tuple[Health, str]] = []
    house.steering.health_changed.connect(lambda health, sentence: words.append((health, sentence)))
    return words


@pytest.fixture
def headlines(house: House) -> list[Headline]:
    told: list[Headline] = []
    house.steering.outlook_changed.connect(lambda _, line: told.append(line))
    return told


def brought_home(qtbot: QtBot, house: House) -> Outlook:
    with qtbot.waitSignal(house.engine.round_ended, timeout=PATIENCE_MS) as ended:
        house.engine.fetch()
    assert ended.args is not None
    with qtbot.waitSignal(house.steering.outlook_changed, timeout=PATIENCE_MS):
        house.steering.round_ended(ended.args[0].first_error)
    return house.steering.outlook


def test_before_the_first_run_everything_is_still_to_be_brought_home(
    qtbot: QtBot, house: House, headlines: list[Headline]
) -> None:
    assert house.know(qtbot).empty
    assert house.health is Health.TO_FETCH
    assert headlines[-1].title == "Rien n’a encore été récupéré sur ce poste."


def test_after_a_run_the_outlook_counts_what_is_here(qtbot: QtBot, house: House, headlines: list[Headline]) -> None:
    house.know(qtbot)
    after = brought_home(qtbot, house)
    assert after.here > 0
    assert after.here + after.away == after.known
    assert after.last_run_at == house.clock.now()
    assert headlines[-1] != headlines[0]


def test_while_a_run_goes_on_the_state_says_so_and_then_no_more(
    qtbot: QtBot, house: House, said: list[tuple[Health, str]]
) -> None:
    house.know(qtbot)
    brought_home(qtbot, house)
    assert (Health.RUNNING, "Récupération en cours.") in said
    assert said[-1][0] is not Health.RUNNING


def test_a_verification_is_not_called_a_retrieval(qtbot: QtBot, house: House, said: list[tuple[Health, str]]) -> None:
    house.know(qtbot)
    with qtbot.waitSignal(house.engine.checked, timeout=PATIENCE_MS):
        house.engine.verify()
    assert (Health.RUNNING, "Vérification des fichiers en cours.") in said


def test_a_dossier_that_the_platform_deleted_since_is_counted_as_gone(qtbot: QtBot, house: House) -> None:
    before = brought_home(qtbot, house)
    deleted = house.server.world.purge(days=300)
    after = brought_home(qtbot, house)
    assert deleted
    assert 0 < after.gone - before.gone <= len(deleted)
    assert after.known == before.known - (after.gone - before.gone)


def test_an_error_is_on_the_first_screen_until_the_next_run_begins(
    qtbot: QtBot, house: House, headlines: list[Headline]
) -> None:
    house.know(qtbot)
    with qtbot.waitSignal(house.steering.outlook_changed, timeout=PATIENCE_MS):
        house.steering.round_ended(ServerUnreachable())
    assert house.health is Health.BROKEN
    assert headlines[-1].title == f"{ServerUnreachable().title}."
    brought_home(qtbot, house)
    assert house.steering.last_error is None
    assert headlines[-1].title != f"{ServerUnreachable().title}."


def test_a_work_that_could_not_be_done_is_told_to_her(qtbot: QtBot, house: House) -> None:
    error = ServerUnreachable()
    with qtbot.waitSignal(house.steering.outlook_changed, timeout=PATIENCE_MS):
        house.engine.failed.emit(error)
    assert house.errors == [error]
    assert house.steering.last_error is error


def test_a_week_without_a_run_is_said_loudly(qtbot: QtBot, house: House, said: list[tuple[Health, str]]) -> None:
    brought_home(qtbot, house)
    house.clock.advance(days=6, hours=23)
    house.know(qtbot)
    assert Health.OVERDUE not in {health for health, _ in said}
    house.clock.advance(hours=1)
    house.know(qtbot)
    assert said[-1][0] is Health.OVERDUE
    assert said[-1][1].startswith("Récupération en retard.")


def test_a_disk_that_is_gone_is_seen_and_one_that_is_back_too(
    qtbot: QtBot, house: House, tmp_path: Path, headlines: list[Headline]
) -> None:
    brought_home(qtbot, house)
    root = house.office.roots[0]
    shutil.move(root, tmp_path / "débranché")
    house.steering.refresh()
    qtbot.waitUntil(lambda: house.steering.outlook.missing_roots == (root,), timeout=PATIENCE_MS)
    assert headlines[-1].title == "Votre dossier local est introuvable."
    shutil.move(tmp_path / "débranché", root)
    house.steering.refresh()
    qtbot.waitUntil(lambda: house.steering.outlook.missing_roots == (), timeout=PATIENCE_MS)


def test_other_settings_are_in_force_at_once_and_written(qtbot: QtBot, house: House) -> None:
    other = msgspec.structs.replace(house.office.settings, schedule=ScheduleSettings(every_hours=12))
    with qtbot.waitSignals([house.steering.settings_changed, house.steering.outlook_changed], timeout=PATIENCE_MS):
        house.steering.apply(other)
    assert house.office.settings == other
    assert load_settings(house.office.paths) == other


def test_the_same_settings_are_not_written_again(house: House) -> None:
    told: list[object] = []
    house.steering.settings_changed.connect(told.append)
    house.steering.apply(msgspec.structs.replace(house.office.settings))
    assert told == []
    assert not house.office.paths.settings_file.exists()


def test_settings_that_cannot_be_written_are_said_and_still_in_force(qtbot: QtBot, house: House) -> None:
    house.office.paths.settings.parent.mkdir(parents=True, exist_ok=True)
    house.office.paths.settings.write_text("ni dossier ni disque", encoding="utf-8")
    house.steering.apply(msgspec.structs.replace(house.office.settings, with_session=True))
    qtbot.waitUntil(lambda: bool(house.errors), timeout=PATIENCE_MS)
    assert house.office.settings.with_session


def test_without_an_account_the_state_says_it(qtbot: QtBot, house: House) -> None:
    house.give(accounts=())
    house.know(qtbot)
    assert house.health is Health.NO_ACCOUNT


def test_past_runs_and_what_is_missing_are_read_together(qtbot: QtBot, house: House) -> None:
    brought_home(qtbot, house)
    with qtbot.waitSignal(house.steering.ledger_changed, timeout=PATIENCE_MS) as ledger:
        house.steering.refresh_ledger()
    assert ledger.args is not None
    runs, failures = ledger.args
    assert [run.run.ended_at for run in runs] == [house.clock.now()]
    assert len(failures) == house.steering.outlook.open_failures


def test_nothing_is_told_to_a_newcomer_before_anything_is_known(
    qtbot: QtBot, house: House, said: list[tuple[Health, str]]
) -> None:
    assert house.steering.outlook is NOT_YET
    house.steering.tell_again()
    assert said == []
    house.know(qtbot)
    house.steering.tell_again()
    assert said[-1] == said[-2]


def test_a_demonstration_asks_for_no_account_while_its_platform_starts(
    qtbot: QtBot, house: House, said: list[tuple[Health, str]], headlines: list[Headline]
) -> None:
    accounts = house.office.settings.accounts
    house.office.demo = True
    house.give(accounts=())
    house.know(qtbot)
    assert (headlines[-1], said[-1][1]) == (DEMO_COMING, DEMO_COMING.title)
    assert [one.for_account for one in headlines] == [False]
    house.give(accounts=accounts)
    house.know(qtbot)
    assert [one.action for one in headlines] == ["", "Tout récupérer"]


def test_new_settings_never_take_the_place_of_those_that_could_not_be_read(qtbot: QtBot, house: House) -> None:
    file = house.office.paths.settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('dossier = "les siens"\n', encoding="utf-8")
    house.office.unread = True
    house.steering.apply(msgspec.structs.replace(house.office.settings, folder="les nouveaux"))
    qtbot.waitUntil(lambda: file.exists() and "les nouveaux" in file.read_text(encoding="utf-8"), timeout=PATIENCE_MS)
    (aside,) = file.parent.glob("non-lu-*")
    assert aside.read_text(encoding="utf-8") == 'dossier = "les siens"\n'
    assert not house.office.unread
