"""The first screen worked out from the catalogues: counted by SQL, dated by the one rule of ``core.deadlines``."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from enn_desktop.agenda.outlook_rows import RowMaker
from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.values import Outlook, TodoSection, WeekAhead
from enn_desktop.catalogue.standing import Standing, count_gone, group_standing, list_standing, read_runs_ends
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.deadlines import deadline
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.policy import Policy

WEEKS = 12
WEEK = timedelta(days=7)
LIMIT = 8
"""Rows shown of each section; the others are one click away."""


@dataclass(slots=True)
class _Counts:
    """What all catalogues together hold."""

    known: int = 0
    here: int = 0
    gone: int = 0
    gone_incomplete: int = 0
    failures: int = 0
    weeks: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(WEEKS + 2)])
    """Here and away, for: possible today already, each week, later."""

    def add(self, catalogue: Catalogue, rules: _Rules, today: date) -> None:
        """Count one catalogue in."""
        gone, incomplete = count_gone(catalogue)
        self.gone += gone
        self.gone_incomplete += incomplete
        self.failures += len(catalogue.failures())
        for group in group_standing(catalogue):
            self.known += group.number
            self.here += group.number if group.here else 0
            removable = rules.removable(group.type_id, group.type_label, group.base)
            if removable is not None:
                self.weeks[_week(removable, today)][0 if group.here else 1] += group.number

    def told(self) -> dict[str, int]:
        """Return the numbers by the names that the outlook gives them."""
        return {
            "known": self.known,
            "here": self.here,
            "away": self.known - self.here,
            "gone": self.gone,
            "gone_incomplete": self.gone_incomplete,
            "open_failures": self.failures,
        }


class _Rules:
    """When a dossier may be deleted, remembered by type and day: there are far fewer of those than dossiers."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._flow = cache(policy.flow_for)
        self.removable = cache(self._removable)
        self.is_hidden = cache(policy.is_hidden)

    def _removable(self, type_id: str, label: str, base: str) -> date | None:
        if not base:
            return None
        day = datetime.fromisoformat(base)
        found = deadline(day, day, self._flow(type_id, label), self._policy)
        return found.removable_from if found else None


def build_outlook(
    places: Sequence[CataloguePlace],
    policy: Policy,
    now: datetime,
    *,
    limit: int = LIMIT,
    missing_roots: tuple[Path, ...] = (),
) -> Outlook:
    """Return what she has to know now, offline. ``now`` is aware. Raises ``CatalogueError``."""
    local, rules, counts = to_platform(now), _Rules(policy), _Counts()
    today, ends = local.date(), list[Ends]()
    sections: dict[str, _Section] = {name: _Section(limit) for name in "RUEP"}
    with ExitStack() as opened:
        catalogues = {place: opened.enter_context(_one_moment(place)) for place in places}
        for place, catalogue in catalogues.items():
            counts.add(catalogue, rules, today)
            _choose(sections, list_standing(catalogue, local), rules, place)
            ends.append(read_runs_ends(catalogue))
        maker = RowMaker(policy, local, catalogues)
        at_risk, waiting, troubled, in_progress = (section.told(maker) for section in sections.values())
    last_run_at, last_good_at, last_outcome = _last_runs(ends)
    return Outlook(
        today,
        at_risk,
        waiting,
        troubled,
        in_progress,
        weeks=_weeks(counts, today),
        later=WeekAhead(today + WEEK * WEEKS + timedelta(days=1), date.max, *counts.weeks[-1]),
        **counts.told(),
        last_run_at=last_run_at,
        last_good_at=last_good_at,
        last_outcome=last_outcome,
        missing_roots=missing_roots,
    )


@contextmanager
def _one_moment(place: CataloguePlace) -> Iterator[Catalogue]:
    """Open a catalogue and see it as it is now to the end: rows agree with numbers while a run writes."""
    with Catalogue.for_reading(place.catalogue) as catalogue, catalogue.together():
        yield catalogue


Ends = tuple[datetime | None, datetime | None, str]


def _last_runs(ends: Sequence[Ends]) -> Ends:
    """Return the last run of all folders, the oldest of their last good runs, and how the last run ended."""
    runs = [(last, outcome) for last, _, outcome in ends if last is not None]
    last, outcome = max(runs, default=(None, ""))
    good = [one for _, one, _ in ends if one is not None]
    # One forgotten commune must show: a folder without a good run makes the whole have none.
    return last, min(good) if good and len(good) == len(ends) else None, outcome


def _week(removable: date, today: date) -> int:
    """Return the rank of the week: 0 for today and before, then one for each seven days, then « later »."""
    left = (removable - today).days
    return 0 if left <= 0 else min((left - 1) // 7 + 1, WEEKS + 1)


def _weeks(counts: _Counts, today: date) -> tuple[WeekAhead, ...]:
    first = WeekAhead(today, today, *counts.weeks[0])
    ahead = (
        WeekAhead(today + timedelta(days=1) + WEEK * rank, today + WEEK * (rank + 1), *counts.weeks[rank + 1])
        for rank in range(WEEKS)
    )
    return (first, *ahead)


@dataclass(slots=True)
class _Section:
    """The most pressing rows of one kind so far, and how many there are."""

    limit: int
    total: int = 0
    chosen: list[tuple[date, str, CataloguePlace, Standing]] = field(default_factory=list)

    def add(self, rows: list[tuple[date, str, CataloguePlace, Standing]]) -> None:
        self.total += len(rows)
        self.chosen = heapq.nsmallest(self.limit, [*self.chosen, *rows], key=lambda row: row[:2])

    def told(self, maker: RowMaker) -> TodoSection:
        rows = (
            maker.row(place, standing, None if when == date.max else when) for when, _, place, standing in self.chosen
        )
        return TodoSection(tuple(rows), self.total)


def _choose(sections: dict[str, _Section], standings: Iterator[Standing], rules: _Rules, place: CataloguePlace) -> None:
    found: dict[str, list[tuple[date, str, CataloguePlace, Standing]]] = {name: [] for name in sections}
    for standing in standings:
        if standing.here and rules.is_hidden(standing.type_id):
            continue
        removable = rules.removable(standing.type_id, standing.type_label, standing.base) or date.max
        found[standing.section].append((removable, standing.id_d, place, standing))
    for name, rows in found.items():
        sections[name].add(rows)
