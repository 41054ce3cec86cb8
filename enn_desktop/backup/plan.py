"""What a run has to do: pure decisions over what the server lists and what is already here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.core.deadlines import deadline
from enn_desktop.core.platform_time import from_platform
from enn_desktop.core.policy import FlowPolicy, Policy
from enn_desktop.core.values import DossierRow

RETRY_INCOMPLETE = timedelta(days=7)
"""A file that the server announces but does not have is asked for again after this long."""
ALL_TYPES = "*"
"""Stands among the proven types of an entity when all its lists were seen whole."""


class Reason(IntEnum):
    """Why a dossier is looked at; lower comes first when deadlines are equal."""

    NEW = 0
    CHANGED = 1
    INCOMPLETE = 2
    RECHECK = 3
    """Files again, though nothing says that they changed: the server rewrites some silently."""
    CONFIRM = 4
    """The detail again: the same names twice, some minutes apart, prove the list of files."""


@dataclass(frozen=True, slots=True)
class Task:
    """One dossier to look at. Files fetched before ``required_since`` (UTC) are fetched again."""

    row: DossierRow
    reason: Reason
    known: KnownDossier | None
    removable_from: date | None
    required_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was noticed here: ids whose files are not on the disk as they were, ids with an open failure."""

    disturbed: frozenset[str] = frozenset()
    troubled: frozenset[str] = frozenset()


NOTHING_SEEN = Seen()


def make_plan(
    rows: Iterable[DossierRow],
    known: Mapping[str, KnownDossier],
    policy: Policy,
    now: datetime,
    seen: Seen = NOTHING_SEEN,
) -> list[Task]:
    """Return the dossiers to look at, what may vanish first coming first. ``now`` is aware."""
    tasks = []
    for row in rows:
        hurt = _Hurt(row.id_d in seen.disturbed, row.id_d in seen.troubled)
        task = _task(row, known.get(row.id_d), policy, now, hurt)
        if task is not None:
            tasks.append(task)
    return sorted(tasks, key=_rank)


def _rank(task: Task) -> tuple[bool, date, int, str]:
    # Another look at what is already here never goes before what is not here at all.
    again = task.reason in (Reason.RECHECK, Reason.CONFIRM)
    return again, task.removable_from or date.max, task.reason, task.row.id_d


@dataclass(frozen=True, slots=True)
class _Hurt:
    disturbed: bool
    troubled: bool


def _task(row: DossierRow, known: KnownDossier | None, policy: Policy, now: datetime, hurt: _Hurt) -> Task | None:
    flow = policy.flow_for(row.type_id, known.type_label if known else "")
    limit = deadline(row.created, row.state_date, flow, policy)
    removable = limit.removable_from if limit else None
    if known is None:
        return Task(row, Reason.NEW, None, removable)
    since = pass_due(known, flow, removable, now)
    reason = _reason(row, known, now, hurt, due=since is not None)
    if reason is Reason.CHANGED and (known.state, known.state_date) == (row.state, row.state_date):
        # Something was edited without a new state: its files may have been too (Pastell API, transient states).
        since = now
    return None if reason is None else Task(row, reason, known, removable, since)


def _reason(row: DossierRow, known: KnownDossier, now: datetime, hurt: _Hurt, *, due: bool) -> Reason | None:
    if (known.state, known.state_date, known.row_title) != (row.state, row.state_date, row.title) or known.gone_at:
        return Reason.CHANGED
    if not known.sealed or hurt.disturbed:
        return Reason.INCOMPLETE
    if due:
        return Reason.RECHECK
    if known.final and not known.names_stable:
        return Reason.CONFIRM
    stale = known.tried_at is None or now - known.tried_at > RETRY_INCOMPLETE
    holes = hurt.troubled or (known.final and not known.complete)
    return Reason.INCOMPLETE if holes and stale else None


def pass_due(known: KnownDossier, flow: FlowPolicy, removable: date | None, now: datetime) -> datetime | None:
    """Return the moment after which every file must have been fetched once, if that has not been done yet.

    Two such moments: some days after the final state, and once more before the deadline.
    """
    moments = []
    if known.final and known.state_date is not None:
        moments.append(_shifted(known.state_date, flow.recheck_days))
    if removable is not None:
        start = datetime.combine(removable, datetime.min.time())
        moments.append(_shifted(start, -flow.recheck_before_deadline_days))
    reached = [moment for moment in moments if moment is not None and moment <= now]
    if not reached or known.fetched_at is None:
        return None
    last = max(reached)
    return last if known.fetched_at < last else None


def _shifted(moment: datetime, days: int) -> datetime | None:
    """Return a platform date moved by some days, in UTC; ``None`` where the calendar ends."""
    try:
        return from_platform(moment) + timedelta(days=days)
    except OverflowError:
        return None


def gone(
    known: Mapping[str, KnownDossier], listed: Iterable[str], proven: Mapping[str, frozenset[str]]
) -> tuple[list[str], list[str]]:
    """Return the known dossiers that left the platform, and those that left unless their type is only hidden.

    ``proven`` maps an entity to the types whose list was seen whole, ``ALL_TYPES`` among them when every list
    of the entity was. A type of which nothing is listed any more may also be one that the account lost.
    """
    present = set(listed)
    sure: list[str] = []
    unless_hidden: list[str] = []
    for id_d, dossier in known.items():
        if id_d in present or dossier.gone_at is not None:
            continue
        types = proven.get(dossier.id_e, frozenset())
        if dossier.type_id in types:
            sure.append(id_d)
        elif ALL_TYPES in types:
            unless_hidden.append(id_d)
    return sure, unless_hidden
