"""A verification reads every document again and names exactly what is wrong."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.archive import metadata, sealing
from enn_desktop.archive.verify import (
    ExpectedDossier,
    Finding,
    Trouble,
    Verifier,
    VerifyReport,
    expected_from_folder,
)
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.core.progress import ProgressState, SilentProgress, Stage
from tests.archive.made_dossiers import described, lay, sha

CONTENTS = {
    "acte.pdf": b"%PDF-1.7 acte",
    "aractes.xml": b"<ARActe/>",
    "bordereau é.pdf": b"bordereau",
    "versions/2026-03-14T10-22-05/acte.pdf": b"old acte",
}
PLACE = "Commune de Valbrume/Actes/2026/dossier"


def expected(contents: Mapping[str, bytes] = CONTENTS, relative: str = PLACE) -> ExpectedDossier:
    """Return what the catalogue would ask for."""
    return ExpectedDossier(relative, {name: (sha(content), len(content)) for name, content in contents.items()})


def verify(root: Path, *dossiers: ExpectedDossier) -> VerifyReport:
    """Verify these dossiers."""
    return Verifier(root, CancelToken(), SilentProgress()).run(dossiers or (expected(),))


def found(report: VerifyReport) -> set[tuple[str, Trouble]]:
    """Return what a verification found, by file."""
    return {(finding.name, finding.trouble) for finding in report.findings}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Lay a sound dossier and return its folder."""
    return lay(tmp_path, PLACE, described(contents=CONTENTS), CONTENTS)


def test_a_sound_dossier_is_read_whole_and_nothing_is_found(tmp_path: Path, place: Path) -> None:
    report = verify(tmp_path)
    described_size = (place / metadata.NAME).stat().st_size
    assert report == VerifyReport(1, 5, sum(map(len, CONTENTS.values())) + described_size, ())
    assert report.damages == ()


def test_a_missing_file_is_found(tmp_path: Path, place: Path) -> None:
    (place / "acte.pdf").unlink()
    assert found(verify(tmp_path)) == {("acte.pdf", Trouble.MISSING)}


def test_a_file_cut_short_is_found(tmp_path: Path, place: Path) -> None:
    (place / "acte.pdf").write_bytes(CONTENTS["acte.pdf"][:-1])
    assert found(verify(tmp_path)) == {("acte.pdf", Trouble.TRUNCATED)}


@pytest.mark.parametrize("content", [b"%PDF-1.7 actE", b"%PDF-1.7 acte and more"])
def test_a_changed_file_is_found_even_of_the_same_size(tmp_path: Path, place: Path, content: bytes) -> None:
    (place / "acte.pdf").write_bytes(content)
    assert found(verify(tmp_path)) == {("acte.pdf", Trouble.CHANGED)}


def test_a_file_that_cannot_be_read_is_found(tmp_path: Path, place: Path) -> None:
    (place / "acte.pdf").unlink()
    (place / "acte.pdf").mkdir()
    assert found(verify(tmp_path)) == {("acte.pdf", Trouble.UNREADABLE)}


def test_a_damaged_old_version_is_found(tmp_path: Path, place: Path) -> None:
    name = "versions/2026-03-14T10-22-05/acte.pdf"
    (place / name).write_bytes(b"0ld acte")
    assert found(verify(tmp_path)) == {(name, Trouble.CHANGED)}


def test_files_that_people_added_are_told_and_harm_nothing(tmp_path: Path, place: Path) -> None:
    (place / "mes notes.odt").write_bytes(b"hers")
    (place / "sous-dossier").mkdir()
    (place / ".enn-0123abcd.part").write_bytes(b"being written")
    report = verify(tmp_path)
    assert found(report) == {("mes notes.odt", Trouble.UNEXPECTED), ("sous-dossier", Trouble.UNEXPECTED)}
    assert report.damages == ()


def test_a_checksum_that_someone_changed_accuses_the_list_not_the_file(tmp_path: Path, place: Path) -> None:
    manifest = place / metadata.MANIFEST
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(sha(CONTENTS["acte.pdf"]), "0" * 64), encoding="utf-8")
    assert found(verify(tmp_path)) == {("acte.pdf", Trouble.MANIFEST)}


def test_a_file_and_its_checksum_changed_together_are_both_found(tmp_path: Path, place: Path) -> None:
    (place / "acte.pdf").write_bytes(b"%PDF-1.7 FAKE")
    manifest = place / metadata.MANIFEST
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(sha(CONTENTS["acte.pdf"]), sha(b"%PDF-1.7 FAKE")), encoding="utf-8")
    report = verify(tmp_path)
    assert found(report) == {("acte.pdf", Trouble.MANIFEST), ("acte.pdf", Trouble.CHANGED)}
    assert len(report.damages) == 2


@pytest.mark.parametrize("damage", ["absent", "empty", "binary"])
def test_without_its_checksums_a_dossier_is_not_sound(tmp_path: Path, place: Path, damage: str) -> None:
    manifest = place / metadata.MANIFEST
    if damage == "absent":
        manifest.unlink()
    else:
        manifest.write_bytes(b"" if damage == "empty" else b"\xff\xfe\x00")
    names = [*CONTENTS, metadata.NAME]
    assert found(verify(tmp_path)) == {(name, Trouble.MANIFEST) for name in names}


def test_a_changed_description_is_found(tmp_path: Path, place: Path) -> None:
    description = place / metadata.NAME
    description.write_bytes(description.read_bytes().replace(b"Budget", b"BUDGET"))
    assert found(verify(tmp_path)) == {(metadata.NAME, Trouble.CHANGED)}
    description.unlink()
    assert found(verify(tmp_path)) == {(metadata.NAME, Trouble.MISSING)}


def test_a_dossier_that_vanished_misses_everything(tmp_path: Path) -> None:
    missing = {(name, Trouble.MISSING) for name in CONTENTS}
    listed = {(name, Trouble.MANIFEST) for name in (*CONTENTS, metadata.NAME)}
    assert found(verify(tmp_path)) == missing | listed


def test_findings_name_their_dossier_and_come_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        lay(tmp_path, name, described(name, CONTENTS), CONTENTS)
        (tmp_path / name / "aractes.xml").unlink()
        (tmp_path / name / "acte.pdf").unlink()
    report = verify(tmp_path, expected(relative="b"), expected(relative="a"))
    assert report.findings == tuple(
        Finding(dossier, name, Trouble.MISSING) for dossier in "ab" for name in ("acte.pdf", "aractes.xml")
    )
    assert report.dossiers == 2


def test_without_a_catalogue_the_lists_of_checksums_tell_what_to_read(tmp_path: Path, place: Path) -> None:
    dossiers = list(expected_from_folder(tmp_path, [PLACE]))
    assert {name: digest for name, (digest, _) in dossiers[0].files.items()} == {
        name: sha(content) for name, content in CONTENTS.items()
    }
    assert verify(tmp_path, *dossiers).findings == ()
    (place / "acte.pdf").write_bytes(b"cut")
    assert found(verify(tmp_path, *dossiers)) == {("acte.pdf", Trouble.CHANGED)}


damages = st.dictionaries(
    st.sampled_from(sorted(f"{rank}.pdf" for rank in range(6))),
    st.sampled_from(["missing", "cut", "flipped", "unreadable", "listed wrong"]),
)
strangers = st.sets(st.sampled_from(["notes.odt", "photo.jpg", "x"]))
WORDS = {
    "missing": Trouble.MISSING,
    "cut": Trouble.TRUNCATED,
    "flipped": Trouble.CHANGED,
    "unreadable": Trouble.UNREADABLE,
    "listed wrong": Trouble.MANIFEST,
}


def damage_one(path: Path, damage: str) -> None:
    """Damage one file of a dossier in that way."""
    content = path.read_bytes()
    if damage == "listed wrong":
        listed = sealing.read_manifest(path.parent)
        listed[path.name] = hashlib.sha256(b"something else").hexdigest()
        lines = "".join(f"{digest}  {name}\n" for name, digest in listed.items())
        (path.parent / metadata.MANIFEST).write_text(lines, encoding="utf-8")
        return
    path.unlink()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        path.write_bytes(bytes([content[0] ^ 0x80]) + content[1:])
    elif damage == "unreadable":
        path.mkdir()


@settings(max_examples=40)
@given(damages, strangers)
def test_whatever_the_damage_exactly_that_is_found(damage: dict[str, str], added: set[str]) -> None:
    contents = {f"{rank}.pdf": b"content %d" % rank for rank in range(6)}
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        place = lay(root, PLACE, described(contents=contents), contents)
        for file, kind in damage.items():
            damage_one(place / file, kind)
        for stranger in added:
            (place / stranger).write_bytes(b"hers")
        report = verify(root, expected(contents))
    wanted = {(file, WORDS[kind]) for file, kind in damage.items()}
    assert found(report) == wanted | {(stranger, Trouble.UNEXPECTED) for stranger in added}
    assert {(finding.name, finding.trouble) for finding in report.damages} == wanted


class StoppingProgress:
    """Asks for a stop after some files."""

    def __init__(self, cancel: CancelToken, after: int) -> None:
        self.states: list[ProgressState] = []
        self._cancel = cancel
        self._after = after

    def update(self, state: ProgressState) -> None:
        """Take note, and stop when enough was seen."""
        self.states.append(state)
        if state.files_done >= self._after:
            self._cancel.cancel()


def test_a_stop_is_obeyed_in_the_middle_and_nothing_is_said_to_be_verified(tmp_path: Path) -> None:
    contents = {f"{rank}.pdf": b"x" * 100 for rank in range(300)}
    lay(tmp_path, PLACE, described(contents=contents), contents)
    cancel = CancelToken()
    progress = StoppingProgress(cancel, after=5)
    with pytest.raises(Cancelled):
        Verifier(tmp_path, cancel, progress).run([expected(contents)])
    assert progress.states[0].files_done < 300


def test_progress_grows_to_the_end(tmp_path: Path, place: Path) -> None:
    progress = StoppingProgress(CancelToken(), after=1000)
    Verifier(tmp_path, CancelToken(), progress).run([expected()])
    done = [state.files_done for state in progress.states]
    assert done == sorted(done)
    last = progress.states[-1]
    read = sum(item.stat().st_size for item in place.rglob("*") if item.is_file() and item.name != metadata.MANIFEST)
    assert (last.stage, last.dossiers_done, last.files_done, last.bytes_done) == (Stage.VERIFYING, 1, 5, read)
