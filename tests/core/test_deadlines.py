"""The date that is shown never comes after the day of a deletion."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.core.deadlines import Deadline, Urgency, deadline, urgency
from enn_desktop.core.policy import FlowPolicy, Policy, parse_policy

POLICY_FILE = Path(__file__).parents[2] / "resources" / "politique-enn.toml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return parse_policy(POLICY_FILE.read_text(encoding="utf-8"), "la charte ENN")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _flow(days: int) -> FlowPolicy:
    return FlowPolicy("actes", "Actes", days, retention_given=True, lead_days=(20, 7, 2), recheck_days=3,
                      recheck_before_deadline_days=10)  # fmt: skip


def test_a_document_to_sign_may_go_57_days_after_its_creation(policy: Policy) -> None:
    due = deadline(_at("2026-03-12T10:00:00"), _at("2026-04-01T23:59:00"), policy.flow("documents-a-signer"), policy)
    assert due == Deadline(
        removable_from=date(2026, 5, 8),
        by_last_action=date(2026, 5, 28),
        earliest_base=date(2026, 3, 12),
        retention_days=60,
        given=True,
    )
    assert due.days_left(date(2026, 5, 1)) == 7
    assert due.days_left(date(2026, 5, 9)) == -1


def test_a_long_retention_loses_one_day_only(policy: Policy) -> None:
    due = deadline(_at("2026-01-01T00:00:00"), None, policy.flow("actes"), policy)
    assert due is not None
    assert due.removable_from == due.by_last_action == date(2026, 1, 1) + timedelta(days=699)


def test_without_any_date_there_is_no_deadline(policy: Policy) -> None:
    assert deadline(None, None, policy.flow("actes"), policy) is None


def test_a_dossier_without_creation_date_counts_from_its_last_action(policy: Policy) -> None:
    due = deadline(None, _at("2026-03-12T10:00:00"), policy.flow("bons-de-commande"), policy)
    assert due is not None
    assert (due.earliest_base, due.given) == (date(2026, 3, 12), False)


def test_the_end_of_time_does_not_overflow(policy: Policy) -> None:
    due = deadline(_at("9999-12-01T00:00:00"), None, policy.flow("actes"), policy)
    assert due is not None
    assert due.removable_from == date.max


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (21, Urgency.NONE),
        (20, Urgency.FIRST),
        (8, Urgency.FIRST),
        (7, Urgency.SECOND),
        (3, Urgency.SECOND),
        (2, Urgency.LAST),
        (1, Urgency.LAST),
        (0, Urgency.PAST),
        (-4, Urgency.PAST),
    ],
)
def test_urgency_rises_at_each_lead_time(left: int, expected: Urgency) -> None:
    end = date(2026, 6, 1)
    due = Deadline(end, end, date(2026, 4, 1), 60, given=True)
    assert urgency(due, end - timedelta(days=left), (20, 7, 2)) is expected


moments = st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - the platform's dates have no zone
histories = st.lists(st.integers(0, 2 * 365 * 86_400), max_size=6).map(sorted)


def _first_deletion(actions: list[datetime], days: int) -> date:
    """Return the first day on which one of the purges would take a dossier with these actions.

    Global purge and purge by last state look at the last action of that day; the third looks at one passage.
    """
    by_passage = actions[0].date() + timedelta(days=days)
    day = actions[0].date()
    while day < by_passage:
        last = max(moment for moment in actions if moment.date() <= day)
        if last.date() <= day - timedelta(days=days):
            return day
        day += timedelta(days=1)
    return by_passage


@given(moments, histories, st.integers(1, 200), st.data())
def test_no_purge_deletes_before_the_date_that_was_shown(
    policy: Policy, start: datetime, later: list[int], days: int, data: st.DataObject
) -> None:
    actions = [start, *(start + timedelta(seconds=gap) for gap in later)]
    seen = data.draw(st.sampled_from(actions))
    noted = start - timedelta(hours=data.draw(st.integers(0, 2)))
    due = deadline(noted, seen, _flow(days), policy)
    assert due is not None
    assert due.removable_from <= _first_deletion(actions, days)
    assert due.removable_from <= due.by_last_action


@given(moments, moments, st.integers(1, 1000), st.integers(0, 500))
def test_a_longer_retention_never_brings_a_deadline_nearer(
    policy: Policy, created: datetime, acted: datetime, days: int, more: int
) -> None:
    short = deadline(created, acted, _flow(days), policy)
    long = deadline(created, acted, _flow(days + more), policy)
    assert short is not None
    assert long is not None
    assert short.removable_from <= long.removable_from
