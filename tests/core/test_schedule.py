"""The next retrieval comes when it should, never too soon after a refusal, never lost in a sleep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core.schedule import AFTER_START, AFTER_WAKE, Facts, NextRun, Reason, next_run
from enn_desktop.core.settings import ScheduleSettings

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
EARLIER = NOON - timedelta(hours=1)
USUAL = ScheduleSettings()
RUN_BEFORE = Facts(now=NOON, started_at=EARLIER, last_attempt=EARLIER)


def test_the_first_run_comes_seconds_after_the_start_of_the_program() -> None:
    found = next_run(USUAL, Facts(now=NOON, started_at=NOON, last_attempt=NOON - timedelta(minutes=5)))
    assert found == NextRun(NOON + AFTER_START, Reason.START)


def test_then_one_comes_every_four_hours() -> None:
    assert next_run(USUAL, RUN_BEFORE) == NextRun(EARLIER + timedelta(hours=4), Reason.PERIOD)


def test_what_was_missed_during_a_sleep_is_caught_up_at_once() -> None:
    found = next_run(USUAL, replace(RUN_BEFORE, now=NOON + timedelta(hours=9)))
    assert found.reason is Reason.CAUGHT_UP
    assert found.at is not None
    assert found.at <= NOON + timedelta(hours=9)


def test_without_a_run_at_the_start_the_period_alone_counts() -> None:
    settings = ScheduleSettings(at_start=False)
    facts = Facts(now=NOON, started_at=NOON, last_attempt=EARLIER)
    assert next_run(settings, facts) == NextRun(EARLIER + timedelta(hours=4), Reason.PERIOD)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 15), (2, 60), (3, 240)])
def test_a_run_that_failed_is_tried_again_less_and_less_often(failures: int, minutes: int) -> None:
    found = next_run(USUAL, replace(RUN_BEFORE, failures=failures))
    assert found.at == EARLIER + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("changed", "settings", "reason"),
    [
        ({"refused": True}, USUAL, Reason.REFUSED),
        ({"paused": True}, USUAL, Reason.PAUSED),
        ({"metered": True}, USUAL, Reason.METERED),
        ({"sparing": True}, USUAL, Reason.SPARING),
        ({"has_accounts": False}, USUAL, Reason.NO_ACCOUNT),
        ({}, ScheduleSettings(automatic=False), Reason.OFF),
    ],
)
def test_nothing_comes_by_itself(changed: dict[str, Any], settings: ScheduleSettings, reason: Reason) -> None:
    found = next_run(settings, replace(RUN_BEFORE, **changed))
    assert found == NextRun(None, reason)
    assert found.sentence(NOON)


def test_a_metered_connection_is_used_where_it_was_asked_for() -> None:
    assert next_run(ScheduleSettings(on_metered=True), replace(RUN_BEFORE, metered=True)).at is not None


def test_a_battery_that_is_spared_is_used_where_it_was_asked_for() -> None:
    assert next_run(ScheduleSettings(on_battery_saver=True), replace(RUN_BEFORE, sparing=True)).at is not None


def test_what_waits_for_the_battery_is_said_with_what_she_can_do() -> None:
    said = next_run(USUAL, replace(RUN_BEFORE, sparing=True)).sentence(NOON)
    assert (
        said
        == "L’ordinateur économise sa batterie\u00a0: la récupération attend\u202f; vous pouvez la lancer vous-même."
    )


def test_a_computer_that_has_just_woken_up_is_given_the_time_to_find_its_network() -> None:
    late = replace(RUN_BEFORE, now=NOON + timedelta(hours=9), woke_at=NOON + timedelta(hours=9))
    assert next_run(USUAL, late) == NextRun(late.now + AFTER_WAKE, Reason.CAUGHT_UP)
    assert next_run(USUAL, replace(RUN_BEFORE, woke_at=NOON)).at == EARLIER + timedelta(hours=4)


def test_a_run_that_a_sleep_cut_is_taken_up_again_at_once() -> None:
    found = next_run(USUAL, replace(RUN_BEFORE, cut_by_sleep=True))
    assert found.reason is Reason.RETRY
    assert found.at is not None
    assert found.at <= NOON


def test_the_sentence_gives_the_hour_and_the_day_when_it_is_another() -> None:
    assert NextRun(NOON + timedelta(hours=2, minutes=5), Reason.PERIOD).sentence(NOON).endswith("à 14\u00a0h\u00a005.")
    assert "le 13 mars 2026" in NextRun(NOON + timedelta(days=1), Reason.PERIOD).sentence(NOON)
    assert "dans un instant" in NextRun(EARLIER, Reason.CAUGHT_UP).sentence(NOON)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(now=moments, started=moments, last=st.none() | moments, hours=st.integers(1, 168), failures=st.integers(0, 5))
def test_whatever_the_clock_did_the_wait_is_never_longer_than_the_period(
    now: datetime, started: datetime, last: datetime | None, hours: int, failures: int
) -> None:
    facts = Facts(now=now, started_at=started, last_attempt=last, failures=failures)
    found = next_run(ScheduleSettings(every_hours=hours), facts)
    assert found.at is not None
    assert found.at - now <= max(timedelta(hours=hours), AFTER_START)
