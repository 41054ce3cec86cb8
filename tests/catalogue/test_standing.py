"""What SQL says of how the dossiers stand is what their records say one by one, in a time that follows their number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.standing import count_gone, group_standing, list_away, list_standing
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import FileAbsent
from tests.agenda.made import LOCAL, NOW, SERVER, dossier


@dataclass(frozen=True)
class Case:
    """One dossier and what else is known of it."""

    known: KnownDossier | None
    listed: KnownDossier | None
    failing: bool

    def section(self) -> str:
        """Return where it belongs by its own record: R, U, E, P; « - » done and here, « gone », « none »."""
        if self.known is None:
            return "R" if self.listed is not None else "none"
        told = self.known.as_listed(self.listed)
        if told.gone_at is not None:
            return "gone"
        if self.failing or not (told.complete or (told.sealed and not told.final)):
            return "R"
        if told.is_stuck(LOCAL):
            return "E"
        return {"D": "-", "X": "P"}.get(told.group, told.group)


known = st.builds(
    lambda age, group, state, **flags: dossier("", age=age, group=group, state=state, **flags),
    age=st.integers(0, 3),
    group=st.sampled_from("UPXED"),
    state=st.sampled_from(["termine", "send-tdt"]),
    sealed=st.booleans(),
    complete=st.booleans(),
    final=st.booleans(),
    gone_at=st.sampled_from([None, None, NOW]),
)
# As the list tells it: in another state, later than what is here.
listed = st.builds(
    lambda days, state: replace(dossier(""), state=state, state_date=LOCAL + timedelta(days=days)),
    days=st.integers(1, 2),
    state=st.sampled_from(["rejet", "suite"]),
)
cases = st.builds(Case, st.none() | known, st.none() | listed, st.booleans())


def put(catalogue: Catalogue, many: list[Case]) -> None:
    with catalogue.together():
        for rank, case in enumerate(many):
            if case.known is not None:
                catalogue.put_dossier(replace(case.known, id_d=str(rank)))
                if case.failing:
                    catalogue.put_failure(SERVER, str(rank), FileAbsent(), NOW)
        awaited = [replace(case.listed, id_d=str(rank)) for rank, case in enumerate(many) if case.listed is not None]
        catalogue.put_awaiting(SERVER, awaited)


@settings(max_examples=80)
@given(st.lists(cases, max_size=20))
def test_each_dossier_stands_where_its_own_record_says(
    tmp_path_factory: pytest.TempPathFactory, many: list[Case]
) -> None:
    with Catalogue(tmp_path_factory.mktemp("c") / "c.sqlite") as catalogue:
        put(catalogue, many)
        expected = {str(rank): case.section() for rank, case in enumerate(many)}
        shown = {one.id_d: one.section for one in list_standing(catalogue, LOCAL)}
        assert shown == {id_d: section for id_d, section in expected.items() if section in "RUEP"}
        assert {one.id_d for one in list_away(catalogue)} == {i for i, section in expected.items() if section == "R"}
        counted = dict.fromkeys((True, False), 0)
        for group in group_standing(catalogue):
            counted[group.here] += group.number
        assert counted[False] == sum(section == "R" for section in expected.values())
        assert counted[True] == sum(section in "UEP-" for section in expected.values())
        gone = [case.known for case in many if case.known is not None and case.known.gone_at is not None]
        assert count_gone(catalogue) == (len(gone), sum(not one.complete for one in gone))


def steps(catalogue: Catalogue) -> int:
    """Return how many hundreds of instructions SQLite needs to see how everything stands."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    catalogue._db.set_progress_handler(count, 100)
    list(list_standing(catalogue, LOCAL))
    list(group_standing(catalogue))
    catalogue._db.set_progress_handler(None, 100)
    return counted


def test_twice_the_dossiers_half_of_them_awaited_or_failing_cost_about_twice_the_work(tmp_path: Path) -> None:
    counted = []
    for number in (400, 800):
        with Catalogue(tmp_path / f"{number}.sqlite") as catalogue:
            newer = replace(dossier(""), state="suite", state_date=datetime(2026, 3, 13))  # noqa: DTZ001 - a platform date
            put(catalogue, [Case(dossier(""), newer if rank % 2 else None, rank % 3 == 0) for rank in range(number)])
            counted.append(steps(catalogue))
    assert counted[1] < counted[0] * 2.6
