"""What a run has to do: nothing that is missing is forgotten, and what may vanish first comes first."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.backup.plan import (
    ALL_TYPES,
    RETRY_INCOMPLETE,
    Reason,
    Seen,
    Task,
    gone,
    make_plan,
    pass_due,
)
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.core.platform_time import from_platform, to_platform
from enn_desktop.core.policy import FlowPolicy, Policy
from enn_desktop.core.values import DossierRow
from tests.archive.crash_driver import usual_policy

SERVER = "https://pastell.example.org"
POLICY = usual_policy()
ACTES = POLICY.flow("actes")
STATE_DATE = datetime.fromisoformat("2026-03-12 10:00:00")
CREATED = datetime.fromisoformat("2026-03-10 08:00:00")
FETCHED = datetime(2026, 3, 16, 9, tzinfo=UTC)
SOON = FETCHED + timedelta(hours=1)
DAY = timedelta(days=1)


def row(id_d: str = "abc1234", *, created: datetime | None = CREATED, type_id: str = "actes-generique") -> DossierRow:
    """Return a row of the list."""
    return DossierRow(id_d, "2", type_id, "Budget", "termine", STATE_DATE, created, STATE_DATE)


def settled(listed: DossierRow | None = None) -> KnownDossier:
    """Return a dossier that is here, final, complete, after its second look."""
    of = listed or row()
    return KnownDossier(
        server=SERVER,
        id_d=of.id_d,
        id_e=of.id_e,
        type_id=of.type_id,
        row_title=of.title,
        state=of.state,
        state_date=of.state_date,
        created=of.created,
        final=True,
        names_stable=True,
        sealed=True,
        complete=True,
        fetched_at=FETCHED,
        tried_at=FETCHED,
        folder="Commune/x",
    )


def plan(
    listed: list[DossierRow],
    known: list[KnownDossier],
    now: datetime = SOON,
    disturbed: frozenset[str] = frozenset(),
    policy: Policy = POLICY,
) -> list[Task]:
    """Make a plan."""
    return make_plan(listed, {one.id_d: one for one in known}, policy, now, Seen(disturbed))


def reason(known: KnownDossier, now: datetime = SOON, listed: DossierRow | None = None) -> Reason | None:
    """Return why one known dossier is looked at, ``None`` if it is left alone."""
    tasks = plan([listed or row()], [known], now)
    return tasks[0].reason if tasks else None


def test_a_dossier_never_seen_is_new() -> None:
    [task] = plan([row()], [])
    assert (task.reason, task.known, task.required_since) == (Reason.NEW, None, None)


def test_a_settled_dossier_is_left_alone() -> None:
    assert plan([row()], [settled()]) == []


@pytest.mark.parametrize(
    "listed",
    [
        replace(row(), state="annuler-tdt"),
        replace(row(), state_date=STATE_DATE + timedelta(seconds=1)),
        replace(row(), state_date=None),
        replace(row(), title="Budget rectifié"),
    ],
)
def test_a_row_that_says_something_else_means_changed(listed: DossierRow) -> None:
    assert reason(settled(), listed=listed) is Reason.CHANGED


def test_a_dossier_that_came_back_is_looked_at_again_files_included() -> None:
    [task] = plan([row()], [replace(settled(), gone_at=FETCHED)])
    assert (task.reason, task.required_since) == (Reason.CHANGED, SOON)


def test_a_title_edited_without_a_new_state_has_every_file_fetched_again() -> None:
    [task] = plan([replace(row(), title="Budget rectifié")], [settled()])
    assert (task.reason, task.required_since) == (Reason.CHANGED, SOON)
    [other] = plan([replace(row(), state="annuler-tdt")], [settled()])
    assert (other.reason, other.required_since) == (Reason.CHANGED, None)


@pytest.mark.parametrize("final", [False, True])
def test_a_dossier_whose_write_was_not_ended_is_to_be_completed(*, final: bool) -> None:
    assert reason(replace(settled(), sealed=False, complete=False, final=final)) is Reason.INCOMPLETE


def test_a_dossier_whose_files_are_no_longer_on_the_disk_is_to_be_completed() -> None:
    [task] = plan([row(), row("other")], [settled(), settled(row("other"))], disturbed=frozenset({"other"}))
    assert (task.row.id_d, task.reason) == ("other", Reason.INCOMPLETE)


def test_an_unproved_list_of_files_is_confirmed_but_not_while_the_dossier_goes_on() -> None:
    unproved = replace(settled(), names_stable=False, complete=False)
    assert reason(unproved) is Reason.CONFIRM
    assert reason(replace(unproved, final=False)) is None


def test_a_file_that_the_platform_did_not_have_is_asked_for_again_after_a_week() -> None:
    lacking = replace(settled(), complete=False)
    assert reason(lacking, FETCHED + RETRY_INCOMPLETE) is None
    assert reason(lacking, FETCHED + RETRY_INCOMPLETE + timedelta(seconds=1)) is Reason.INCOMPLETE
    assert reason(replace(lacking, final=False), FETCHED + RETRY_INCOMPLETE * 2) is None
    assert reason(replace(lacking, tried_at=None)) is Reason.INCOMPLETE


def test_the_heaviest_reason_wins() -> None:
    worst = replace(settled(), sealed=False, names_stable=False, fetched_at=FETCHED - 30 * DAY)
    assert reason(worst, listed=replace(row(), state="other")) is Reason.CHANGED
    assert reason(worst) is Reason.INCOMPLETE
    assert reason(replace(worst, sealed=True), from_platform(STATE_DATE) + 4 * DAY) is Reason.RECHECK


def first_look(flow: FlowPolicy = ACTES) -> datetime:
    """Return the moment of the second look at the files, some days after the final state."""
    return from_platform(STATE_DATE) + timedelta(days=flow.recheck_days)


def test_some_days_after_the_final_state_the_files_are_fetched_again_once() -> None:
    early = replace(settled(), fetched_at=first_look() - DAY)
    assert reason(early, first_look() - timedelta(seconds=1)) is None
    [task] = plan([row()], [early], first_look())
    assert (task.reason, task.required_since) == (Reason.RECHECK, first_look())
    assert reason(replace(early, fetched_at=first_look()), first_look() + 100 * DAY) is None


def test_a_dossier_that_goes_on_has_no_look_some_days_after() -> None:
    assert reason(replace(settled(), final=False, fetched_at=FETCHED - 9 * DAY), first_look() + DAY) is None


def test_before_the_deadline_the_files_are_fetched_again_once_final_or_not() -> None:
    [task] = plan([row()], [])
    assert task.removable_from is not None
    eve = from_platform(datetime.combine(task.removable_from, datetime.min.time()))
    eve -= timedelta(days=ACTES.recheck_before_deadline_days)
    for final in (True, False):
        known = replace(settled(), final=final)
        assert reason(known, eve - timedelta(seconds=1)) is None
        [again] = plan([row()], [known], eve)
        assert (again.reason, again.required_since) == (Reason.RECHECK, eve)
        assert reason(replace(known, fetched_at=eve), eve + 5 * DAY) is None


def test_a_computer_that_was_off_for_both_looks_makes_up_for_them_in_one() -> None:
    known = replace(settled(), fetched_at=first_look() - DAY)
    late = datetime(2030, 1, 1, tzinfo=UTC)
    [task] = plan([row()], [known], late)
    assert task.reason is Reason.RECHECK
    assert reason(replace(known, fetched_at=task.required_since), late) is None


moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2032, 1, 1))  # noqa: DTZ001 - no zone on purpose
instants = moments.map(lambda moment: moment.replace(tzinfo=UTC))
knowns = st.builds(
    KnownDossier,
    server=st.just(SERVER),
    id_d=st.just("abc1234"),
    id_e=st.just("2"),
    type_id=st.sampled_from(["actes-generique", "helios-generique", "pdf-generique", "inconnu"]),
    row_title=st.just("Budget"),
    state=st.just("termine"),
    state_date=st.none() | moments,
    created=st.none() | moments,
    gone_at=st.just(None),
    fetched_at=st.none() | instants,
    tried_at=st.none() | instants,
)


def as_listed(known: KnownDossier) -> DossierRow:
    """Return the row that says what is already known."""
    return DossierRow(
        known.id_d, known.id_e, known.type_id, known.row_title, known.state, known.state_date, known.created, None
    )


@given(knowns, instants)
def test_a_dossier_is_never_fetched_again_a_second_time_for_the_same_look(known: KnownDossier, now: datetime) -> None:
    flow = POLICY.flow_for(known.type_id)
    removable = date(2026, 6, 1)
    due = pass_due(known, flow, removable, now)
    if due is not None:
        assert known.fetched_at is not None
        assert known.fetched_at < due <= now
        assert pass_due(replace(known, fetched_at=now), flow, removable, now) is None


@given(knowns, instants, st.sampled_from([frozenset[str](), frozenset({"abc1234"})]))
def test_a_dossier_whose_write_was_not_ended_is_always_in_the_plan(
    known: KnownDossier, now: datetime, disturbed: frozenset[str]
) -> None:
    unsealed = replace(known, sealed=False)
    [task] = plan([as_listed(unsealed)], [unsealed], now, disturbed)
    assert task.reason is Reason.INCOMPLETE


@given(knowns, instants)
def test_a_dossier_left_alone_is_sealed_and_proved_or_still_going_on(known: KnownDossier, now: datetime) -> None:
    if plan([as_listed(known)], [known], now) == []:
        assert known.sealed
        assert not known.final or known.names_stable
        assert not known.final or known.complete or known.tried_at is not None


any_row = st.builds(
    DossierRow,
    id_d=st.text("abc", min_size=1, max_size=4),
    id_e=st.just("2"),
    type_id=st.sampled_from(["actes-generique", "helios-generique", "pdf-generique", "inconnu"]),
    title=st.just("Budget"),
    state=st.just("termine"),
    state_date=st.none() | st.datetimes(),
    created=st.none() | st.datetimes(),
    modified=st.none(),
    role=st.just("editeur"),
    other_entities=st.just(()),
)


@given(st.lists(any_row, max_size=8, unique_by=lambda one: one.id_d), st.randoms(use_true_random=False), st.data())
def test_the_order_is_the_same_however_the_platform_lists_and_whatever_its_dates(
    listed: list[DossierRow], chance: random.Random, data: st.DataObject
) -> None:
    known = [
        replace(settled(one), final=data.draw(st.booleans()), sealed=data.draw(st.booleans())) for one in listed[::2]
    ]
    tasks = plan(listed, known)
    shuffled = listed[:]
    chance.shuffle(shuffled)
    assert plan(shuffled, known) == tasks
    assert len({task.row.id_d for task in tasks}) == len(tasks)
    for first, second in itertools.pairwise(tasks):
        again = (Reason.RECHECK, Reason.CONFIRM)
        if (first.reason in again) == (second.reason in again):
            assert (first.removable_from or date.max) <= (second.removable_from or date.max)
        else:
            assert second.reason in again


def test_what_may_vanish_first_comes_first_and_what_is_not_here_before_what_is() -> None:
    old = datetime.fromisoformat("2024-01-01 08:00:00")
    listed = [
        row("new"),
        row("old", created=old),
        row("undated", created=None),
        row("short", type_id="pdf-generique"),
        row("confirm", created=old),
        row("half"),
    ]
    listed[2] = replace(listed[2], state_date=None)
    known = [
        replace(settled(listed[4]), names_stable=False, fetched_at=datetime(2031, 1, 1, tzinfo=UTC)),
        replace(settled(listed[5]), sealed=False),
    ]
    assert [task.row.id_d for task in plan(listed, known)] == ["old", "short", "new", "half", "undated", "confirm"]


@pytest.mark.parametrize("edge", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_date_at_the_end_of_the_calendar_stops_no_plan(edge: str) -> None:
    listed = replace(row(created=datetime.fromisoformat(edge)), state_date=datetime.fromisoformat(edge))
    assert plan([listed], [settled(listed)], SOON) == []
    assert [task.reason for task in plan([listed], [])] == [Reason.NEW]


PROVEN = {"2": frozenset({"actes-generique"})}


def test_only_a_list_proved_whole_says_that_a_dossier_left() -> None:
    known = {
        "there": settled(row("there")),
        "left": settled(row("left")),
        "left before": replace(settled(row("left before")), gone_at=FETCHED),
        "other type": settled(row("other type", type_id="helios-generique")),
        "other town": replace(settled(row("other town")), id_e="3"),
    }
    assert gone(known, ["there"], PROVEN) == (["left"], [])
    assert gone(known, ["there"], {}) == ([], [])
    assert gone(known, ["there"], {"2": frozenset()}) == ([], [])
    assert gone(known, ["there"], {"2": frozenset({ALL_TYPES})}) == ([], ["left", "other type"])


def test_the_platform_s_dates_are_read_in_paris_in_winter_and_in_summer() -> None:
    winter, summer = datetime.fromisoformat("2026-01-15 10:00:00"), datetime.fromisoformat("2026-07-15 10:00:00")
    assert from_platform(winter) == datetime(2026, 1, 15, 9, tzinfo=UTC)
    assert from_platform(summer) == datetime(2026, 7, 15, 8, tzinfo=UTC)
    assert to_platform(from_platform(winter)) == winter
    assert to_platform(from_platform(summer)) == summer
