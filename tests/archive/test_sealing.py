"""The last act of a dossier: a description, checksums that any tool can check, no temporary left."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.archive import metadata, points, sealing
from enn_desktop.core import names
from enn_desktop.system import disk
from tests.archive.made_dossiers import described, lay, sha
from tests.archive.sha256_check import as_sha256sum, checked

NASTY = [
    "Délibération n° 12 à l’été.pdf",
    "  espaces  partout .pdf",
    "guillemets \"doubles\" et 'simples'.pdf",
    "-rf.pdf",
    "--help",
    "/",
    "?",
    "barre\\oblique\\inverse.pdf",
    "saut\nde ligne\r.pdf",
    "étoile *.pdf",
    "e\u0301te\u0301.pdf",
    "日本語 🎉.pdf",
    "",
    "..",
    "a" * 300 + ".pdf",
    "CON.pdf",
    "$(reboot) `x` %PATH%.pdf",
]


def named_by_us(originals: list[str]) -> dict[str, bytes]:
    """Give each original name its name here, and a content."""
    chosen: dict[str, bytes] = {}
    for rank, original in enumerate(originals):
        name = names.distinct(names.safe_file_name(original), {names.name_key(other) for other in chosen})
        chosen[name] = f"{rank} {original}".encode()
    return chosen


def test_the_real_sha256sum_accepts_the_nastiest_names(tmp_path: Path) -> None:
    contents = named_by_us(NASTY)
    contents |= {f"versions/2026-03-14T10-22-05/{name}": b"old" for name in list(contents)}
    assert "-" in contents
    place = lay(tmp_path, "dossier", described(contents=contents), contents)
    done = checked(place)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": OK") == len(contents) + 1
    assert sealing.read_manifest(place).keys() == {metadata.NAME, *contents}
    assert sorted(as_sha256sum(place).stdout.splitlines()) == sorted(done.stdout.splitlines())


@settings(max_examples=25)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_the_real_sha256sum_accepts_whatever_the_platform_calls_a_file(originals: list[str]) -> None:
    contents = named_by_us(originals)
    with tempfile.TemporaryDirectory() as folder:
        place = lay(Path(folder), "dossier", described(contents=contents), contents)
        done = checked(place)
        assert (done.returncode, done.stderr) == (0, "")


HERS = ["retour\nligne.pdf", "inverse\\.pdf", "cr\r.pdf", "\u2028.pdf", "\x85.pdf", "\\n"]
"""Names that only she can have given. Windows takes neither a line break nor a backslash in one."""


@pytest.mark.parametrize("name", HERS[3:5] if sys.platform == "win32" else HERS)
def test_a_version_that_someone_named_with_signs_of_their_own_does_not_spoil_the_checksums(
    tmp_path: Path, name: str
) -> None:
    contents = {"acte.pdf": b"new", f"versions/mine/{name}": b"old"}
    place = lay(tmp_path, "dossier", described(contents=contents), contents)
    done = checked(place)
    assert (done.returncode, done.stderr) == (0, "")
    assert sealing.read_manifest(place) == {
        metadata.NAME: sha((place / metadata.NAME).read_bytes()),
        "acte.pdf": sha(b"new"),
        f"versions/mine/{name}": sha(b"old"),
    }


def test_the_real_sha256sum_sees_a_changed_byte(tmp_path: Path) -> None:
    place = lay(tmp_path, "dossier", described())
    (place / "acte.pdf").write_bytes(b"%PDF-1.7 aXte")
    done = checked(place)
    assert done.returncode == as_sha256sum(place).returncode == 1
    assert "acte.pdf: FAILED" in done.stdout


def test_the_description_can_be_read_again_whole(tmp_path: Path) -> None:
    record = described(contents={"acte.pdf": b"new", "versions/x/acte.pdf": b"old"})
    place = lay(tmp_path, "dossier", record)
    assert metadata.load((place / metadata.NAME).read_bytes()) == record


def test_the_description_comes_before_the_checksums_that_cover_it(tmp_path: Path) -> None:
    events: list[str] = []
    points.observe(events.append)
    try:
        lay(tmp_path, "dossier", described())
    finally:
        points.observe(None)
    renames = [name for name in events if name.endswith("-renamed")]
    assert renames == ["metadata-renamed", "manifest-renamed"]


def test_sealing_again_the_same_dossier_writes_nothing(tmp_path: Path) -> None:
    place = lay(tmp_path, "dossier", described())
    before = {item.name: item.stat().st_mtime_ns for item in place.iterdir()}
    events: list[str] = []
    points.observe(events.append)
    try:
        sealing.seal(place, described())
    finally:
        points.observe(None)
    assert events == []
    assert {item.name: item.stat().st_mtime_ns for item in place.iterdir()} == before


def test_the_seal_is_durable_when_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    real = disk.flush_folder

    def flush_folder(folder: Path) -> None:
        events.append("folder flushed")
        real(folder)

    monkeypatch.setattr(sealing, "flush_folder", flush_folder)
    points.observe(events.append)
    try:
        lay(tmp_path, "dossier", described())
    finally:
        points.observe(None)
    assert events[-2:] == ["manifest-renamed", "folder flushed"]


def test_temporaries_of_a_cut_run_go_and_files_of_people_stay(tmp_path: Path) -> None:
    place = lay(tmp_path, "dossier", described())
    (place / ".enn-0123abcd.part").write_bytes(b"half")
    (place / "mes notes.part").write_bytes(b"hers")
    sealing.seal(place, described())
    left = sorted(item.name for item in place.iterdir())
    assert left == ["acte.pdf", "empreintes.sha256", "mes notes.part", "metadonnees.json"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"not a manifest\n", b"0123  short.pdf\n"])
def test_a_manifest_that_cannot_be_read_announces_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / metadata.MANIFEST).write_bytes(content)
    assert sealing.read_manifest(tmp_path) == {}
    assert sealing.read_manifest(tmp_path / "absent") == {}


def test_a_manifest_that_windows_gave_its_own_line_ends_is_still_read(tmp_path: Path) -> None:
    place = lay(tmp_path, "dossier", described())
    before = sealing.read_manifest(place)
    text = (place / metadata.MANIFEST).read_bytes()
    (place / metadata.MANIFEST).write_bytes(text.replace(b"\n", b"\r\n"))
    assert sealing.read_manifest(place) == before
