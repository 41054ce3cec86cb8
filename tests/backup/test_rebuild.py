"""The catalogue made again from the folder alone is the one that was lost, and promises no more than the disk holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop.archive import metadata, sealing
from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.archive.metadata import DossierRecord, EventRecord, FileRecord
from enn_desktop.backup import projection
from enn_desktop.backup.rebuild import RebuildReport, rebuild
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled, FileAbsent
from enn_desktop.core.values import Entity
from tests.archive.made_dossiers import SERVER, described, lay, lay_usual, sha

USUAL = "Commune de Valbrume/Actes/2026"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an empty documents folder."""
    folder = DocumentsFolder(tmp_path / "Dossiers")
    folder.prepare()
    return folder.root


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """Open an empty catalogue."""
    with Catalogue(tmp_path / "catalogue.sqlite") as opened:
        yield opened


def rebuilt(root: Path, catalogue: Catalogue) -> RebuildReport:
    """Rebuild."""
    return rebuild(root, catalogue, CancelToken())


def rows(catalogue: Catalogue) -> dict[str, list[tuple[object, ...]]]:
    """Return every row about documents, in an order and with keys that do not depend on history."""
    queries = {
        "dossier": "SELECT * FROM dossier ORDER BY server, id_d",
        "file": "SELECT d.id_d, f.* FROM file f JOIN dossier d ON d.key = f.dossier ORDER BY d.id_d, f.path",
        "version": "SELECT d.id_d, v.* FROM version v JOIN dossier d ON d.key = v.dossier ORDER BY d.id_d, v.path",
        "event": "SELECT * FROM event ORDER BY server, id_j",
        "entity": "SELECT * FROM entity ORDER BY server, id_e",
    }
    found = {}
    for name, query in queries.items():
        cursor = catalogue._db.execute(query)
        kept = [rank for rank, column in enumerate(cursor.description) if column[0] not in {"key", "dossier"}]
        found[name] = [tuple(row[rank] for rank in kept) for row in cursor]
    return found


def dossiers() -> dict[str, tuple[DossierRecord, dict[str, bytes]]]:
    """Return dossiers of every kind, by folder, with what lies in them."""
    two = {"acte.pdf": b"new", "annexe é.pdf": b"annex", "versions/2026-03-14T10-22-05/acte.pdf": b"old"}
    journalled = described("journal", {"acte.pdf": b"x"})
    journalled.journal = [
        EventRecord(id_j=7, kind=1, date="2026-03-10 08:00:00", action="creation", message="Créé", person="Anne"),
        EventRecord(id_j=9, kind=7),
    ]
    namesakes = described("twins", {"a.pdf": b"1", "a (2).pdf": b"2"})
    namesakes.files[1].original, namesakes.files[1].nth = "a.pdf", 1
    lacking = described("lacking", {"a.pdf": b"1"})
    lacking.files.append(FileRecord(field="document", original="never came.pdf"))
    lacking.complete = False
    gone = described("gone", {"a.pdf": b"1"})
    gone.gone_at = "2026-04-01T00:00:00+00:00"
    bare = described("bare", {}, id_e="3")
    bare.entity, bare.final, bare.complete = "CCAS", False, False
    return {
        f"{USUAL}/two": (described("two", two), two),
        f"{USUAL}/journal": (journalled, {"acte.pdf": b"x"}),
        f"{USUAL}/twins": (namesakes, {"a.pdf": b"1", "a (2).pdf": b"2"}),
        f"{USUAL}/lacking": (lacking, {"a.pdf": b"1"}),
        "Commune de Valbrume/Flux financiers/Sans date/gone": (gone, {"a.pdf": b"1"}),
        "CCAS/Actes/2026/bare": (bare, {}),
    }


def test_the_rebuilt_catalogue_has_the_same_rows_as_the_lost_one(root: Path, tmp_path: Path) -> None:
    with Catalogue(tmp_path / "lost.sqlite") as lost:
        for relative, (record, contents) in dossiers().items():
            lay(root, relative, record, contents)
            projection.put(lost, record, relative)
            lost.put_events(record.server, projection.event_rows(record))
            entity = Entity(record.id_e, record.entity, record.siren)
            lost.put_entity(record.server, entity, relative.partition("/")[0])
        before = rows(lost)
    assert [len(before[name]) for name in ("dossier", "file", "version", "event", "entity")] == [6, 7, 1, 2, 2]
    (tmp_path / "lost.sqlite").unlink()
    with Catalogue(tmp_path / "lost.sqlite") as again:
        report = rebuilt(root, again)
        assert rows(again) == before
        assert rebuilt(root, again) == report
        assert rows(again) == before
    assert (report.dossiers, report.unreadable, report.twice) == (6, (), ())


def test_what_the_catalogue_said_before_and_the_folder_does_not_is_forgotten(root: Path, catalogue: Catalogue) -> None:
    projection.put(catalogue, described("never on the disk"), f"{USUAL}/x")
    lay_usual(root, "abc1234")
    rebuilt(root, catalogue)
    assert catalogue.of_server(SERVER).keys() == {"abc1234"}


def break_off(place: Path, damage: str) -> None:
    """Leave a dossier as a cut, or somebody, may have."""
    if damage == "deleted":
        (place / "acte.pdf").unlink()
    elif damage == "truncated":
        (place / "acte.pdf").write_bytes(b"%PDF")
    elif damage == "description newer than its checksums":
        (place / metadata.NAME).write_bytes(metadata.dump(described("abc1234")) + b"\n")
    elif damage == "no checksums":
        (place / metadata.MANIFEST).unlink()
    elif damage == "temporary":
        (place / ".enn-0123abcd.part").write_bytes(b"half")
    else:
        record = described("abc1234")
        record.sealed = record.complete = False
        sealing.seal(place, record)


@pytest.mark.parametrize(("damage", "files"), [("deleted", 1), ("truncated", 1), ("temporary", 1), ("never sealed", 1)])
def test_a_half_finished_dossier_comes_back_to_be_completed(
    root: Path, catalogue: Catalogue, damage: str, files: int
) -> None:
    relative = lay_usual(root, "abc1234")
    break_off(root / relative, damage)
    report = rebuilt(root, catalogue)
    known = catalogue.of_server(SERVER)["abc1234"]
    assert (known.sealed, known.complete, known.files, known.folder) == (False, False, files, relative)
    assert (report.dossiers, report.files) == (1, files)


def test_a_sound_dossier_comes_back_complete(root: Path, catalogue: Catalogue) -> None:
    relative = lay_usual(root, "abc1234")
    rebuilt(root, catalogue)
    known = catalogue.of_server(SERVER)["abc1234"]
    assert (known.sealed, known.complete, known.files) == (True, True, 1)
    assert catalogue.present_files() == {relative: {"acte.pdf": (sha(b"%PDF-1.7 acte"), 13)}}


def test_a_description_that_leads_elsewhere_brings_nothing_from_there(root: Path, catalogue: Catalogue) -> None:
    (root / "secret.txt").write_bytes(b"secret")
    record = described("abc1234")
    record.files[0].path, record.files[0].size = "../../../../secret.txt", 6
    lay(root, f"{USUAL}/x", record)
    rebuilt(root, catalogue)
    assert catalogue.present_files() == {}
    assert not catalogue.of_server(SERVER)["abc1234"].sealed


def test_a_description_that_cannot_be_read_is_told_and_the_rest_comes_back(root: Path, catalogue: Catalogue) -> None:
    good, bad = lay_usual(root, "good"), lay_usual(root, "bad")
    (root / bad / metadata.NAME).write_bytes(b"{")
    report = rebuilt(root, catalogue)
    assert report == RebuildReport(dossiers=1, files=1, unreadable=(bad,), twice=())
    assert catalogue.of_server(SERVER)["good"].folder == good


def test_a_copied_dossier_is_told_and_counted_once(root: Path, catalogue: Catalogue) -> None:
    relative = lay_usual(root, "abc1234", {"a.pdf": b"1", "b.pdf": b"2"})
    copy = "Sauvegarde de Mme Martin/copie"
    shutil.copytree(root / relative, root / copy)
    report = rebuilt(root, catalogue)
    assert report == RebuildReport(dossiers=1, files=2, unreadable=(), twice=(copy,))
    assert catalogue.of_server(SERVER)["abc1234"].folder == relative
    assert (root / copy / "a.pdf").read_bytes() == b"1"


@pytest.mark.parametrize("better", ["a first", "z last"])
def test_of_two_copies_the_one_that_holds_more_is_the_dossier(root: Path, catalogue: Catalogue, better: str) -> None:
    worse = "z last" if better == "a first" else "a first"
    poor = described("abc1234", {})
    poor.sealed = poor.complete = False
    lay(root, f"{USUAL}/{worse}", poor, {})
    lay(root, f"{USUAL}/{better}", described("abc1234"))
    report = rebuilt(root, catalogue)
    known = catalogue.of_server(SERVER)["abc1234"]
    assert (known.folder, known.complete, report.files) == (f"{USUAL}/{better}", True, 1)
    assert report.twice == (f"{USUAL}/{worse}",)
    assert catalogue.files(SERVER, "abc1234").keys() == {file.key for file in projection.file_rows(described())}


def test_the_same_id_on_two_platforms_is_two_dossiers(root: Path, catalogue: Catalogue) -> None:
    other = described("abc1234")
    other.server = "https://other.example.org"
    lay_usual(root, "abc1234")
    lay(root, f"{USUAL}/other", other)
    assert rebuilt(root, catalogue).dossiers == 2
    assert catalogue.servers() == ["https://other.example.org", SERVER]


def test_a_town_hall_keeps_its_folder_though_one_dossier_was_moved_out_of_it(root: Path, catalogue: Catalogue) -> None:
    for name in ("one", "two"):
        lay_usual(root, name)
    lay(root, "Trié par moi/Actes/2026/three", described("three"))
    lay(root, "at the top", described("four"))
    rebuilt(root, catalogue)
    assert catalogue.entity_folders() == {(SERVER, "2"): "Commune de Valbrume"}


def test_two_town_halls_never_share_a_folder_after_a_rebuild(root: Path, catalogue: Catalogue) -> None:
    for name in ("one", "two"):
        lay_usual(root, name)
    lay_usual(root, "strayed", id_e="3")
    rebuilt(root, catalogue)
    assert catalogue.entity_folders() == {(SERVER, "2"): "Commune de Valbrume"}


def test_a_dossier_at_the_top_is_not_taken_for_a_town_hall(root: Path, catalogue: Catalogue) -> None:
    lay(root, "at the top", described("abc1234"))
    rebuilt(root, catalogue)
    assert catalogue.entity_folders() == {}
    assert catalogue.of_server(SERVER)["abc1234"].folder == "at the top"


def test_a_stopped_rebuild_leaves_the_catalogue_as_it_was(root: Path, catalogue: Catalogue) -> None:
    projection.put(catalogue, described("before"), f"{USUAL}/before")
    lay_usual(root, "abc1234")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        rebuild(root, catalogue, cancel)
    assert catalogue.of_server(SERVER).keys() == {"before"}


def test_failures_of_before_are_not_told_of_a_catalogue_made_again(root: Path, catalogue: Catalogue) -> None:
    now = projection.dossier_row(described(), "x").fetched_at
    assert now is not None
    catalogue.put_failure(SERVER, "abc1234", FileAbsent(), now)
    rebuilt(root, catalogue)
    assert catalogue.failures() == []
