"""A certificate's end is announced at 90, 30 and 7 days and once it is past, each once, and without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.signing_key.expiry import certificate_warning, due_warning, warning_text
from tests.house.test_words import wrong_signs
from tests.signing_key.situations import NOW, certificate

PRINT = certificate().fingerprint


@pytest.mark.parametrize(
    ("days", "level"),
    [(700, 0), (91, 0), (90, 1), (31, 1), (30, 2), (8, 2), (7, 3), (1, 3), (0, 3), (-1, 4), (-400, 4)],
)
def test_each_threshold_has_its_level(days: int, level: int) -> None:
    found = certificate_warning(PRINT, NOW + timedelta(days=days), NOW)
    assert (found.level if found is not None else 0) == level


def test_the_end_is_past_from_its_second_on_and_not_before() -> None:
    before, after = (certificate_warning(PRINT, NOW + timedelta(seconds=one), NOW) for one in (0, -1))
    assert before is not None
    assert after is not None
    assert (before.level, after.level) == (3, 4)


def test_days_are_those_of_the_local_calendar() -> None:
    late = NOW.replace(hour=23, minute=30)  # already the next day in Paris
    found = certificate_warning(PRINT, late, NOW)
    assert found is not None
    assert (found.days_left, found.ends.day) == (1, 13)


def test_a_threshold_is_announced_once_and_the_next_one_again() -> None:
    end, told, said = NOW + timedelta(days=100), dict[str, int](), list[int]()
    for day in range(120):
        found = due_warning(PRINT, end, NOW + timedelta(days=day), told)
        if found is not None:
            said.append(found.days_left)
            told[found.key] = found.level
    assert said == [90, 30, 7, -1]


def test_a_computer_that_was_off_hears_the_latest_threshold_only() -> None:
    found = due_warning(PRINT, NOW + timedelta(days=5), NOW, {})
    assert found is not None
    assert found.level == 3
    assert due_warning(PRINT, NOW + timedelta(days=5), NOW, {found.key: 3}) is None


def test_a_renewed_certificate_starts_anew() -> None:
    old = due_warning(PRINT, NOW + timedelta(days=5), NOW, {})
    assert old is not None
    new = due_warning(certificate("nouveau").fingerprint, NOW + timedelta(days=80), NOW, {old.key: 3})
    assert new is not None
    assert new.level == 1


def test_the_key_of_a_warning_is_not_the_fingerprint() -> None:
    found = certificate_warning(PRINT, NOW, NOW)
    assert found is not None
    assert found.key not in PRINT
    assert len(found.key) == 16


RENEW = "Le renouvellement demande souvent plusieurs semaines."
OVER = "Il ne permet plus ni de signer ni de télétransmettre."


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (72, f"Le certificat de signature expire le 23 mai 2026 (dans 72 jours). {RENEW}"),
        (0, f"Le certificat de signature expire le 12 mars 2026 (aujourd’hui). {RENEW}"),
        (-11, f"Le certificat de signature a expiré le 1er mars 2026. {OVER}"),
    ],
)
def test_what_is_said_is_exact_and_names_nobody(days: int, text: str) -> None:
    found = certificate_warning(PRINT, NOW + timedelta(days=days), NOW)
    assert found is not None
    assert warning_text(found) == text
    assert wrong_signs(text) == []


@given(st.integers(-2000, 2000), st.integers(0, 2000))
def test_a_warning_never_goes_back_to_a_lower_level(days: int, later: int) -> None:
    end = NOW + timedelta(days=days)
    first, second = (certificate_warning(PRINT, end, NOW + timedelta(days=one)) for one in (0, later))
    assert (first.level if first is not None else 0) <= (second.level if second is not None else 0)
