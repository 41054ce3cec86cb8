"""One reminder a day at most, at work, of what was not said yet; never an object or a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from enn_desktop.agenda.reminder_log import read_log, write_log
from enn_desktop.agenda.reminders import Pressing, ReminderLog, decide, read_pressing
from enn_desktop.agenda.values import Health
from enn_desktop.core.settings import NotificationSettings
from enn_desktop.system.paths import profile_paths
from tests.agenda.made import AWAY, NOW, dossier, place, policy

HERE = timezone(timedelta(hours=1))
THURSDAY = datetime(2026, 3, 12, 10, 0, tzinfo=HERE)
USUAL = NotificationSettings()
ONE = Pressing("k1", "Documents à signer", date(2026, 5, 11), 1)
TWO = Pressing("k2", "Actes", date(2026, 4, 1), 2)
NOTHING_SAID = ReminderLog()


def test_thirty_dossiers_make_one_reminder_with_counts_and_flows_only() -> None:
    many = [replace(ONE, key=f"k{rank}") for rank in range(30)]
    found = decide([*many, TWO], NOTHING_SAID, USUAL, THURSDAY, Health.TO_FETCH).reminder
    assert found is not None
    assert found.title == "31 dossiers à récupérer"
    assert "actes\u00a0: 1 et documents à signer\u00a0: 30" in found.text
    assert "à partir du 1er avril 2026" in found.text


def test_the_same_matter_is_not_said_twice_at_the_same_level() -> None:
    first = decide([ONE], NOTHING_SAID, USUAL, THURSDAY, Health.TO_FETCH)
    later = decide([ONE], first.log, USUAL, THURSDAY + timedelta(days=1), Health.TO_FETCH)
    assert later.reminder is None
    nearer = decide([replace(ONE, level=2)], later.log, USUAL, THURSDAY + timedelta(days=1), Health.TO_FETCH)
    assert nearer.reminder is not None


def test_something_new_on_the_same_day_waits_for_the_next() -> None:
    first = decide([ONE], NOTHING_SAID, USUAL, THURSDAY, Health.TO_FETCH)
    assert decide([ONE, TWO], first.log, USUAL, THURSDAY.replace(hour=16), Health.TO_FETCH).reminder is None
    assert decide([ONE, TWO], first.log, USUAL, THURSDAY + timedelta(days=1), Health.TO_FETCH).reminder is not None


@pytest.mark.parametrize("moment", [THURSDAY.replace(hour=7), THURSDAY.replace(hour=18), THURSDAY + timedelta(days=2)])
def test_out_of_hours_it_waits_and_is_said_at_the_next_opening(moment: datetime) -> None:
    held = decide([ONE], NOTHING_SAID, USUAL, moment, Health.TO_FETCH)
    assert held.reminder is None
    monday = datetime(2026, 3, 16, 8, 0, tzinfo=HERE)
    assert decide([ONE], held.log, USUAL, monday, Health.TO_FETCH).reminder is not None


def test_nothing_is_said_when_there_is_nothing_to_do_or_it_is_being_done_or_unwanted() -> None:
    assert decide([], NOTHING_SAID, USUAL, THURSDAY, Health.UP_TO_DATE).reminder is None
    assert decide([ONE], NOTHING_SAID, USUAL, THURSDAY, Health.RUNNING).reminder is None
    unwanted = NotificationSettings(enabled=False)
    assert decide([ONE], NOTHING_SAID, unwanted, THURSDAY, Health.TO_FETCH).reminder is None


def test_being_overdue_is_said_every_working_day_in_the_same_one_reminder() -> None:
    first = decide([ONE], NOTHING_SAID, USUAL, THURSDAY, Health.OVERDUE)
    again = decide([ONE], first.log, USUAL, THURSDAY + timedelta(days=1), Health.OVERDUE)
    for found in (first.reminder, again.reminder):
        assert found is not None
        assert found.title == "Récupération en retard"


def test_a_matter_that_is_settled_takes_its_reminder_away_once() -> None:
    said = decide([ONE], NOTHING_SAID, USUAL, THURSDAY, Health.TO_FETCH)
    settled = decide([], said.log, USUAL, THURSDAY.replace(hour=11), Health.UP_TO_DATE)
    assert settled.remove
    assert not decide([], settled.log, USUAL, THURSDAY.replace(hour=12), Health.UP_TO_DATE).remove


def test_only_what_is_away_and_near_its_date_presses_and_its_name_stays_here(tmp_path: Path) -> None:
    made = [dossier("près", age=45, **AWAY), dossier("loin", age=1, **AWAY), dossier("ici", age=45)]
    found = read_pressing([place(tmp_path, made)], policy(), NOW)
    assert [(one.flow, one.level) for one in found] == [("Documents à signer", 1)]
    assert "près" not in found[0].key


def test_the_log_survives_a_restart_and_a_damaged_one_begins_afresh(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    assert read_log(paths) == ReminderLog()
    log = ReminderLog(date(2026, 3, 12), (("k1", 2),), shown=True)
    write_log(paths, log)
    assert read_log(paths) == log
    (tmp_path / "rappels.json").write_bytes(b"{\xff")
    assert read_log(paths) == ReminderLog()
