"""From a dossier's description to its rows: nothing is lost on the way through the file on the disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.archive import metadata
from enn_desktop.archive.metadata import DossierRecord, EventRecord, FileRecord
from enn_desktop.backup import projection
from enn_desktop.backup.context import naive, stamp
from enn_desktop.catalogue.records import FileKey
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.values import JournalRow
from tests.archive.made_dossiers import SERVER, described

platform_dates = st.none() | st.datetimes()
instants = st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
whole = st.integers(0, 2**53)
files = st.builds(
    FileRecord,
    field=st.text(),
    num=whole,
    nth=whole,
    original=st.text(),
    path=st.text(),
    sha256=st.text(),
    size=whole,
    fetched_at=instants.map(stamp),
    checked_at=instants.map(stamp),
    state_key=st.text(),
    listed=st.booleans(),
    doubt=st.text(),
)
events = st.builds(
    JournalRow,
    id_j=whole,
    kind=st.integers(0, 20),
    id_e=st.just("2"),
    id_d=st.just("abc1234"),
    date=platform_dates,
    dossier_type=st.just(""),
)
records = st.builds(
    DossierRecord,
    server=st.text(),
    id_d=st.just("abc1234"),
    id_e=st.just("2"),
    title=st.text(),
    state_date=platform_dates.map(naive),
    created=platform_dates.map(naive),
    fetched_at=instants.map(stamp),
    first_seen=instants.map(stamp),
    gone_at=instants.map(stamp),
    final=st.booleans(),
    sealed=st.booleans(),
    fields=st.dictionaries(st.text(), st.text(), max_size=3),
    files=st.lists(files, max_size=4),
)


@given(records)
def test_the_rows_are_the_same_after_a_passage_through_the_disk(record: DossierRecord) -> None:
    read = metadata.load(metadata.dump(record))
    assert read is not None
    assert read == record
    assert projection.dossier_row(read, "x") == projection.dossier_row(record, "x")
    assert projection.file_rows(read) == projection.file_rows(record)


@given(records)
def test_counted_are_the_files_that_are_here(record: DossierRecord) -> None:
    row = projection.dossier_row(record, "Commune/x")
    here = [file for file in record.files if file.path]
    assert (row.files, row.size) == (len(here), sum(file.size for file in here))
    assert [(one.key, one.path) for one in projection.file_rows(record)] == [
        (FileKey(file.field, file.original, file.nth), file.path) for file in here
    ]


def test_a_date_that_cannot_be_read_is_no_date() -> None:
    record = described()
    record.state_date, record.created = "0000-00-00 00:00:00", "hier"
    row = projection.dossier_row(record, "x")
    assert (row.state_date, row.created) == (None, None)


@given(st.lists(events, max_size=6), st.lists(events, max_size=6))
def test_events_read_now_complete_those_already_described_each_once_oldest_first(
    fresh: list[JournalRow], before: list[JournalRow]
) -> None:
    already = projection.event_records(before, [])
    merged = projection.event_records(fresh, already)
    assert [event.id_j for event in merged] == sorted({row.id_j for row in (*fresh, *before)})
    said = {event.id_j: event.message for event in merged}
    assert all(said[row.id_j] == row.message for row in {row.id_j: row for row in fresh}.values())
    assert projection.event_records([], merged) == merged


@given(st.lists(events, max_size=6, unique_by=lambda event: event.id_j))
def test_events_come_back_from_a_description_as_they_went_in(rows: list[JournalRow]) -> None:
    record = described()
    record.journal = projection.event_records(rows, [])
    assert projection.event_rows(record) == sorted(rows, key=lambda row: row.id_j)


def test_putting_a_description_again_replaces_files_and_versions_of_before(tmp_path: Path) -> None:
    first = described(contents={"acte.pdf": b"1", "gone.pdf": b"2", "versions/x/acte.pdf": b"0"})
    second = described(contents={"acte.pdf": b"3"})
    second.journal = [EventRecord(id_j=1)]
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        projection.put(catalogue, first, "Commune/x")
        projection.put(catalogue, second, "Commune/y")
        assert catalogue.of_server(SERVER) == {"abc1234": projection.dossier_row(second, "Commune/y")}
        assert list(catalogue.files(SERVER, "abc1234").values()) == projection.file_rows(second)
        assert catalogue.present_files().keys() == {"Commune/y"}
        assert catalogue.present_files()["Commune/y"].keys() == {"acte.pdf"}


def test_a_moment_of_ours_is_written_to_the_second_and_a_platform_date_as_given() -> None:
    assert stamp(datetime(2026, 3, 14, 9, 0, 0, 999999, tzinfo=UTC)) == "2026-03-14T09:00:00+00:00"
    assert naive(datetime.fromisoformat("2026-03-12 10:00:00")) == "2026-03-12 10:00:00"
    assert (stamp(None), naive(None)) == ("", "")
