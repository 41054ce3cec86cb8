"""When a dossier may disappear from the platform, at the earliest.

The platform deletes after N days, counted by one of three clocks that the client cannot tell apart: the last
action, the time spent in a state, the first passage through a state. All start at the creation or later, so
the creation gives a date that none of them can precede. (Pastell API, purge connectors.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from enn_desktop.core.policy import FlowPolicy, Policy


@dataclass(frozen=True, slots=True)
class Deadline:
    """The first day on which the platform may delete a dossier (an estimate, on the careful side).

    ``removable_from`` counts from ``earliest_base``, the older of creation and last action;
    ``by_last_action`` counts from the last action alone. Both have the safety days taken off.
    ``given`` is false where ENN did not state the duration.
    """

    removable_from: date
    by_last_action: date
    earliest_base: date
    retention_days: int
    given: bool

    def days_left(self, today: date) -> int:
        """Return the days before ``removable_from``: 0 on that day, negative after it."""
        return (self.removable_from - today).days


class Urgency(Enum):
    """How near a deadline is, by the three lead times of its flow."""

    NONE = "loin"
    FIRST = "premier rappel"
    SECOND = "deuxième rappel"
    LAST = "dernier rappel"
    PAST = "date atteinte"


def deadline(
    created: datetime | None, state_date: datetime | None, flow: FlowPolicy, policy: Policy
) -> Deadline | None:
    """Return the deadline of a dossier, ``None`` if the platform gave no date at all.

    Dates are naive, in the platform's local time, and are compared by calendar day as the platform does. A
    creation noted one or two hours too early only makes the answer more careful.
    """
    dates = [moment.date() for moment in (created, state_date) if moment is not None]
    if not dates:
        return None
    base = min(dates)
    last = state_date.date() if state_date is not None else base
    return Deadline(
        removable_from=_end(base, flow, policy),
        by_last_action=_end(last, flow, policy),
        earliest_base=base,
        retention_days=flow.retention_days,
        given=flow.retention_given,
    )


def _end(base: date, flow: FlowPolicy, policy: Policy) -> date:
    """Return the day after ``flow.retention_days``, less the safety, never before ``base`` itself."""
    kept = max(0, flow.retention_days - policy.safety_for(flow))
    return base + timedelta(days=min(kept, (date.max - base).days))


def urgency(due: Deadline, today: date, lead_days: Sequence[int]) -> Urgency:
    """Return how near the deadline is; ``PAST`` from its very day on. ``lead_days``: longest first."""
    left = due.days_left(today)
    if left <= 0:
        return Urgency.PAST
    levels = (Urgency.LAST, Urgency.SECOND, Urgency.FIRST)
    reached = (level for level, days in zip(levels, reversed(lead_days), strict=False) if left <= days)
    return next(reached, Urgency.NONE)
