"""Sentences as the secretary reads them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core import french


def test_the_first_of_a_month_is_written_1er() -> None:
    assert french.long_date(date(2026, 3, 1)) == "1er mars 2026"
    assert french.long_date(date(2026, 3, 12)) == "12 mars 2026"
    assert french.long_date(date(2026, 8, 31)) == "31 août 2026"


def test_a_short_date_has_two_digits_everywhere() -> None:
    assert french.short_date(date(2026, 3, 1)) == "01/03/2026"


def test_a_time_is_spelled_in_prose_and_digital_in_a_table() -> None:
    assert french.clock_time(time(9, 5)) == "9\u00a0h\u00a005"
    assert french.clock_time(datetime(2026, 3, 1, 14, 30), table=True) == "14:30"  # noqa: DTZ001 - platform time


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (2, "2 octets"),
        (999, "999 octets"),
        (1000, "1 ko"),
        (1500, "1,5 ko"),
        (99_949, "99,9 ko"),
        (99_951, "100 ko"),
        (777_020, "777 ko"),
        (999_499, "999 ko"),
        (999_500, "1 Mo"),
        (1_500_000, "1,5 Mo"),
        (2_147_483_648, "2,1 Go"),
        (5_000_000_000_000, "5 To"),
        (1_234_000_000_000_000, "1\u202f234 To"),
    ],
)
def test_sizes_are_decimal_and_french(octets: int, shown: str) -> None:
    unit_apart = "\u00a0".join(shown.rsplit(" ", 1))
    assert french.size(octets) == unit_apart


@given(st.integers(0, 10**18), st.integers(0, 10**18))
def test_a_bigger_file_never_looks_smaller(one: int, other: int) -> None:
    units = {"octet": 1, "octets": 1, "ko": 10**3, "Mo": 10**6, "Go": 10**9, "To": 10**12}

    def value(text: str) -> float:
        number, unit = text.split("\u00a0")
        return float(number.replace("\u202f", "").replace(",", ".")) * units[unit]

    low, high = sorted((one, other))
    assert value(french.size(low)) <= value(french.size(high))


def test_zero_and_one_are_singular() -> None:
    assert french.count(0, "dossier") == "0 dossier"
    assert french.count(1, "dossier") == "1 dossier"
    assert french.count(2, "dossier") == "2 dossiers"
    assert french.count(2, "bail", "baux") == "2 baux"
    assert french.count(1234, "dossier") == "1\u202f234 dossiers"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (89, "1 min"),
        (90, "2 min"),
        (180, "3 min"),
        (3569, "59 min"),
        (3570, "1 h 00"),
        (3900, "1 h 05"),
        (100_000, "27 h 47"),
    ],
)
def test_durations_are_rounded_to_what_matters(seconds: float, shown: str) -> None:
    assert french.duration(seconds) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (2, "dans 2 jours"),
        (12, "dans 12 jours"),
        (-1, "depuis hier"),
        (-3, "depuis 3 jours"),
    ],
)
def test_days_left_are_said_as_people_say_them(days: int, shown: str) -> None:
    assert french.days_left(days) == shown


def test_words_are_joined_with_et_before_the_last() -> None:
    assert french.join_words([]) == ""
    assert french.join_words(["a"]) == "a"
    assert french.join_words(["a", "b"]) == "a et b"
    assert french.join_words(["a", "b", "c"]) == "a, b et c"
