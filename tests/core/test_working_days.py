"""The program speaks when somebody is at work."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from enn_desktop.core.working_days import easter, is_working_day, may_speak


@pytest.mark.parametrize(
    ("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_is_where_the_calendar_has_it(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 3, 14), date(2026, 3, 15), date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 14),
        date(2026, 5, 25), date(2026, 7, 14), date(2026, 11, 11), date(2026, 12, 25),
    ],
)  # fmt: skip
def test_nobody_is_there_on_weekends_and_public_holidays(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(("hour", "spoken"), [(7, False), (8, True), (17, True), (18, False)])
def test_the_hours_hold_from_the_first_up_to_the_last_excluded(hour: int, *, spoken: bool) -> None:
    assert may_speak(datetime(2026, 3, 12, hour, 59), 8, 18) is spoken  # noqa: DTZ001 - local time
