"""Journal, failures, runs: what the catalogue tells of the past, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.catalogue.records import Failure, FileKey, KnownDossier, RunRow
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.errors import BadDownload, DossierGone, DossierUnreadable, EnnError, FileAbsent
from enn_desktop.core.values import JournalRow

SERVER = "https://pastell.example.org"
OTHER = "https://other.example.org"
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
EVENT = JournalRow(12, 1, "2", "abc1234", "creation", "Créé", datetime.fromisoformat("2026-03-10 08:00:00"), "Anne")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Open a catalogue of the test's own."""
    with Catalogue(tmp_path / "catalogue.sqlite") as opened:
        yield opened


def counts(catalogue: Catalogue, server: str | None = None) -> dict[tuple[str, str, str], int]:
    """Return how often each open failure happened, by dossier, field and original name."""
    return {(one.id_d, one.field, one.original): one.count for one in catalogue.failures(server)}


def test_the_same_failure_counts_up_until_it_is_solved(catalogue: Catalogue) -> None:
    for day in range(3):
        catalogue.put_failure(SERVER, "abc1234", DossierUnreadable(detail=f"try {day}"), NOW + timedelta(days=day))
    [failure] = catalogue.failures(SERVER)
    assert failure == Failure(
        server=SERVER,
        id_d="abc1234",
        code=DossierUnreadable.code,
        message=DossierUnreadable.default_message,
        advice=DossierUnreadable.default_advice,
        detail="try 2",
        first_at=NOW,
        last_at=NOW + timedelta(days=2),
        count=3,
    )
    catalogue.solve_failures(SERVER, "abc1234")
    assert catalogue.failures() == []
    catalogue.put_failure(SERVER, "abc1234", DossierUnreadable(), LATER)
    assert [(one.count, one.first_at) for one in catalogue.failures()] == [(1, LATER)]


def test_each_file_of_a_dossier_has_its_own_failure_and_only_the_solved_ones_go(catalogue: Catalogue) -> None:
    keys = [FileKey("document", "a.pdf"), FileKey("document", "b.pdf"), FileKey("annexe", "a.pdf")]
    for key in keys:
        catalogue.put_failure(SERVER, "abc1234", FileAbsent(), NOW, key)
    catalogue.put_failure(SERVER, "abc1234", BadDownload(), NOW, keys[0])
    catalogue.put_failure(SERVER, "zzz9999", FileAbsent(), NOW, keys[0])
    catalogue.put_failure(SERVER, "abc1234", DossierUnreadable(), NOW)
    catalogue.solve_failures(SERVER, "abc1234", still_open=[("document", "a.pdf"), ("never", "seen")])
    assert counts(catalogue) == {("abc1234", "document", "a.pdf"): 2, ("zzz9999", "document", "a.pdf"): 1}
    assert catalogue.failures()[0].code == BadDownload.code


def test_failures_of_one_platform_can_be_asked_for_alone_oldest_first(catalogue: Catalogue) -> None:
    catalogue.put_failure(SERVER, "late", FileAbsent(), LATER)
    catalogue.put_failure(OTHER, "other", FileAbsent(), NOW)
    catalogue.put_failure(SERVER, "early", FileAbsent(), NOW)
    assert [one.id_d for one in catalogue.failures(SERVER)] == ["early", "late"]
    assert [one.id_d for one in catalogue.failures()] == ["early", "other", "late"]
    catalogue.solve_failures(OTHER, "early")
    assert len(catalogue.failures(SERVER)) == 2


def test_a_failure_bears_the_title_of_its_dossier_when_it_is_known(catalogue: Catalogue) -> None:
    catalogue.put_dossier(KnownDossier(SERVER, "abc1234", "2", title="Budget primitif"))
    catalogue.put_dossier(KnownDossier(OTHER, "zzz9999", "2", title="Une autre plateforme"))
    for id_d in ("abc1234", "zzz9999"):
        catalogue.put_failure(SERVER, id_d, FileAbsent(), NOW)
    assert {one.id_d: one.title for one in catalogue.failures()} == {"abc1234": "Budget primitif", "zzz9999": ""}


@pytest.mark.parametrize(("error", "gone"), [(FileAbsent(), True), (DossierGone(), False), (DossierGone(), True)])
def test_what_left_the_platform_is_said_by_the_run_that_saw_it_and_no_more(
    tmp_path: Path, error: EnnError, *, gone: bool
) -> None:
    with Catalogue(tmp_path / "catalogue.sqlite") as now:
        now.put_dossier(KnownDossier(SERVER, "abc1234", "2", gone_at=NOW if gone else None))
        now.put_failure(SERVER, "abc1234", error, NOW)
        assert len(now.open_failures(SERVER)) == 1
    with Catalogue(tmp_path / "catalogue.sqlite") as later:
        assert later.open_failures(SERVER) == []
        assert len(later.failures(SERVER)) == 1


def test_what_can_still_be_brought_home_is_said_every_time(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "catalogue.sqlite") as now:
        now.put_dossier(KnownDossier(SERVER, "abc1234", "2"))
        now.put_failure(SERVER, "abc1234", FileAbsent(), NOW)
        now.put_failure(SERVER, "unknown", DossierUnreadable(), NOW)
    with Catalogue(tmp_path / "catalogue.sqlite") as later:
        assert {one.id_d for one in later.open_failures(SERVER)} == {"abc1234", "unknown"}
        assert later.open_failures(OTHER) == []


events = st.builds(
    JournalRow,
    id_j=st.integers(1, 2**40),
    kind=st.integers(0, 20),
    id_d=st.just("abc1234"),
    date=st.none() | st.datetimes(),
    dossier_type=st.just(""),
)


@settings(max_examples=40)
@given(st.lists(events, max_size=6, unique_by=lambda event: event.id_j))
def test_the_events_of_a_dossier_come_out_as_they_went_in_oldest_first(
    tmp_path_factory: pytest.TempPathFactory, given_events: list[JournalRow]
) -> None:
    with Catalogue(tmp_path_factory.mktemp("journal") / "catalogue.sqlite") as opened:
        opened.put_events(SERVER, given_events)
        assert opened.events(SERVER, "abc1234") == sorted(given_events, key=lambda event: event.id_j)


def test_an_event_read_again_is_kept_once_and_as_it_was(catalogue: Catalogue) -> None:
    catalogue.put_events(SERVER, [EVENT])
    catalogue.put_events(SERVER, [EVENT, replace(EVENT, id_j=13), replace(EVENT, message="réécrit")])
    catalogue.put_events(OTHER, [replace(EVENT, message="autre plateforme")])
    assert catalogue.events(SERVER, "abc1234") == [EVENT, replace(EVENT, id_j=13)]
    assert catalogue.events(SERVER, "zzz9999") == []


def test_how_far_the_journal_is_known_is_remembered_by_town_hall(catalogue: Catalogue) -> None:
    assert catalogue.journal_mark(SERVER, "2") == (0, None)
    catalogue.put_journal_mark(SERVER, "2", 120, date(2026, 3, 14))
    catalogue.put_journal_mark(SERVER, "3", 7, None)
    assert catalogue.journal_mark(SERVER, "2") == (120, date(2026, 3, 14))
    assert catalogue.journal_mark(SERVER, "3") == (7, None)
    assert catalogue.journal_mark(OTHER, "2") == (0, None)
    catalogue.put_journal_mark(SERVER, "2", 130, date(2026, 3, 15))
    assert catalogue.journal_mark(SERVER, "2") == (130, date(2026, 3, 15))


def test_the_last_run_is_the_one_that_was_noted_last(catalogue: Catalogue) -> None:
    assert catalogue.last_run() is None
    first = RunRow(NOW, LATER, "PARTIAL", 3, 12, 2**40, 1, 99)
    catalogue.put_run(first)
    assert catalogue.last_run() == first
    catalogue.put_run(replace(first, started_at=NOW - timedelta(days=30), outcome="COMPLETE"))
    last = catalogue.last_run()
    assert last is not None
    assert last.outcome == "COMPLETE"


def test_forgetting_everything_before_a_rebuild_keeps_past_runs_and_the_other_address(catalogue: Catalogue) -> None:
    catalogue.put_dossier(KnownDossier(SERVER, "abc1234", "2"))
    catalogue.put_events(SERVER, [EVENT])
    catalogue.put_failure(SERVER, "abc1234", FileAbsent(), NOW)
    catalogue.put_journal_mark(SERVER, "2", 120, None)
    catalogue.put_flow(SERVER, "actes", "Actes", b"{}", NOW)
    catalogue.put_alias(OTHER, SERVER)
    catalogue.put_run(RunRow(NOW, LATER, "COMPLETE", 0, 0, 0, 0, 0))
    catalogue.clear()
    assert list(catalogue.dossiers()) == []
    assert catalogue.events(SERVER, "abc1234") == []
    assert catalogue.failures() == []
    assert catalogue.flows(SERVER) == {}
    assert catalogue.journal_mark(SERVER, "2") == (0, None)
    assert catalogue.alias(OTHER) == SERVER
    assert catalogue.last_run() is not None


def test_what_a_survey_found_is_awaited_until_it_is_here_in_that_state_or_a_newer_one(tmp_path: Path) -> None:
    day = datetime(2026, 3, 12, 10, 0)  # noqa: DTZ001 - a platform date
    listed = [KnownDossier("s", id_d, "2", state="termine", state_date=day, title="t") for id_d in ("a", "b", "c", "d")]
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        catalogue.put_awaiting("s", listed)
        catalogue.put_dossier(replace(listed[0], sealed=True))
        catalogue.put_dossier(replace(listed[1], sealed=True, state="send-tdt", state_date=day - timedelta(days=1)))
        catalogue.put_dossier(replace(listed[2], sealed=True, state="suite", state_date=day + timedelta(days=1)))
        assert [one.id_d for one in catalogue.awaiting()] == ["b", "d"]
        assert catalogue.awaiting()[1] == replace(listed[3], row_title="t")


def test_a_later_survey_takes_the_place_of_the_former_one_on_that_platform_only(tmp_path: Path) -> None:
    with Catalogue(tmp_path / "c.sqlite") as catalogue:
        catalogue.put_awaiting("one", [KnownDossier("one", "a", "2")])
        catalogue.put_awaiting("two", [KnownDossier("two", "b", "2")])
        catalogue.put_awaiting("one", [])
        assert [one.id_d for one in catalogue.awaiting()] == ["b"]
