"""The days and hours when a town hall works: neither weekends nor French public holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

_FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
_AFTER_EASTER = (1, 39, 50)
"""Days after Easter Sunday: Easter Monday, Ascension, Whit Monday (code du travail, L. 3133-1)."""
SATURDAY = 5


def easter(year: int) -> date:
    """Return Easter Sunday (Gregorian computus, Meeus/Jones/Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    skipped = century // 4
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    total = moon + weekday - 7 * late + 114
    return date(year, total // 31, total % 31 + 1)


def is_working_day(day: date) -> bool:
    """Whether a town hall works that day."""
    if day.weekday() >= SATURDAY or (day.month, day.day) in _FIXED:
        return False
    return (day - easter(day.year)) not in {timedelta(days=after) for after in _AFTER_EASTER}


def may_speak(moment: datetime, from_hour: int, to_hour: int) -> bool:
    """Whether ``moment`` (local) is in the hours of a working day: from the first, up to the last excluded."""
    return is_working_day(moment.date()) and from_hour <= moment.hour < to_hour
