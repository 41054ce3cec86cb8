"""Dossiers are found wherever people moved them, and told from everything else that lies in the folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from enn_desktop.archive import metadata, scan
from enn_desktop.archive.folder import OWN, DocumentsFolder
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from tests.archive.made_dossiers import described, lay, lay_usual


def found(root: Path) -> dict[str, str]:
    """Return where each dossier was found, by id; « ? » where its description cannot be read."""
    return {place.relative: place.record.id_d if place.record else "?" for place in scan.dossiers(root, CancelToken())}


def test_a_folder_with_nothing_in_it_has_no_dossier(tmp_path: Path) -> None:
    DocumentsFolder(tmp_path).prepare()
    assert found(tmp_path) == {}
    assert found(tmp_path / "absent") == {}


def test_a_dossier_in_its_usual_place_is_found_with_what_lies_in_it(tmp_path: Path) -> None:
    contents = {"acte.pdf": b"12345", "versions/x/acte.pdf": b"old"}
    relative = lay_usual(tmp_path, "abc1234", contents)
    place = tmp_path / relative
    (place / ".enn-0123abcd.part").write_bytes(b"half")
    (place / "sous-dossier").mkdir()
    [dossier] = scan.dossiers(tmp_path, CancelToken())
    assert dossier.relative == relative
    assert dossier.record == described("abc1234", contents)
    assert dossier.temporaries == (".enn-0123abcd.part",)
    assert dossier.present.keys() == {"acte.pdf", metadata.NAME, metadata.MANIFEST}
    assert dossier.present["acte.pdf"] == 5


@pytest.mark.parametrize(
    "target",
    [
        "at the top",
        "Trié par moi/2026/à garder/budget",
        "Commune de Valbrume/Actes/2026/2026-03-12 other/dropped inside",
        "Commune de Valbrume/Actes/2026/2026-03-12 other/mine/deeper",
        "versions/by chance",
    ],
)
def test_a_dossier_is_found_wherever_it_was_moved(tmp_path: Path, target: str) -> None:
    other = lay_usual(tmp_path, "other")
    source = lay_usual(tmp_path, "moved")
    place = tmp_path.joinpath(*target.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(tmp_path / source, place)
    assert found(tmp_path) == {other: "other", target: "moved"}


def test_the_versions_of_a_dossier_are_not_another_dossier(tmp_path: Path) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    shelf = tmp_path / relative / "versions" / "2026-03-14T10-22-05"
    shelf.mkdir(parents=True)
    shutil.copy(tmp_path / relative / metadata.NAME, shelf / metadata.NAME)
    assert found(tmp_path) == {relative: "abc1234"}


def test_our_own_subfolder_is_passed_over(tmp_path: Path) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    lay(tmp_path / OWN, "inside", described("hidden1"))
    assert found(tmp_path) == {relative: "abc1234"}


@pytest.mark.parametrize("left", [".enn-0123abcd.part", metadata.NAME, metadata.MANIFEST])
def test_what_was_left_at_the_top_hides_no_dossier(tmp_path: Path, left: str) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    (tmp_path / left).write_bytes(b"{}")
    assert found(tmp_path) == {relative: "abc1234"}


def test_a_description_dropped_half_way_up_hides_no_dossier(tmp_path: Path) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    shutil.copy(tmp_path / relative / metadata.NAME, tmp_path / "Commune de Valbrume" / metadata.NAME)
    assert found(tmp_path) == {"Commune de Valbrume": "abc1234", relative: "abc1234"}


@pytest.mark.parametrize("left", [".enn-0123abcd.part", metadata.MANIFEST])
def test_a_folder_that_a_cut_run_left_without_description_is_told(tmp_path: Path, left: str) -> None:
    place = tmp_path / "Commune/Actes/2026/x"
    place.mkdir(parents=True)
    (place / left).write_bytes(b"half")
    assert found(tmp_path) == {"Commune/Actes/2026/x": "?"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"\xff\xff",
        b'{"plateforme": "x"}',
        b'{"plateforme": "x", "id_d": 7, "id_e": "2"}',
        b'{"plateforme": "x", "id_d": "a", "id_e": "2", "inconnu": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"plateforme": "x", "id_d": "a", "id_e": "2", "fichiers": [{"champ": "a", "octets": 18446744073709551615}]}',
    ],
)
def test_a_dossier_whose_description_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    (tmp_path / relative / metadata.NAME).write_bytes(content)
    assert found(tmp_path) == {relative: "?"}


def test_what_a_newer_program_added_to_a_description_does_not_disturb(tmp_path: Path) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    path = tmp_path / relative / metadata.NAME
    path.write_bytes(path.read_bytes().replace(b"{", b'{"format": 99, "nouveau": {"a": [1]},', 1))
    assert found(tmp_path) == {relative: "abc1234"}


@pytest.mark.parametrize("damage", ["description changed", "checksums gone", "description gone"])
def test_checksums_older_than_the_description_are_told(tmp_path: Path, damage: str) -> None:
    place = tmp_path / lay_usual(tmp_path, "abc1234")
    [sound] = scan.dossiers(tmp_path, CancelToken())
    assert sound.manifest_current
    if damage == "description changed":
        (place / metadata.NAME).write_bytes((place / metadata.NAME).read_bytes() + b"\n")
    else:
        (place / (metadata.MANIFEST if damage == "checksums gone" else metadata.NAME)).unlink()
    [found_now] = scan.dossiers(tmp_path, CancelToken())
    assert not found_now.manifest_current


def test_folders_of_people_are_not_dossiers(tmp_path: Path) -> None:
    (tmp_path / "photos" / "2026").mkdir(parents=True)
    (tmp_path / "photos" / "2026" / "a.jpg").write_bytes(b"x")
    assert found(tmp_path) == {}


def test_a_folder_whose_name_is_no_text_is_passed_over(tmp_path: Path) -> None:
    relative = lay_usual(tmp_path, "abc1234")
    shutil.copytree(tmp_path / relative, tmp_path / os.fsdecode(b"\xff\xfe") / "x")
    assert found(tmp_path) == {relative: "abc1234"}


def test_the_order_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("c", "a", "b"):
        lay(tmp_path, f"{name}/x", described(name))
    assert list(found(tmp_path)) == ["a/x", "b/x", "c/x"]


def test_a_stop_is_obeyed(tmp_path: Path) -> None:
    lay_usual(tmp_path, "abc1234")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(scan.dossiers(tmp_path, cancel))


def test_the_disk_has_the_last_word_on_whether_a_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "acte.pdf").write_bytes(b"12345")
    (tmp_path / "folder").mkdir()
    present = scan.sizes(tmp_path)
    assert scan.lies_there(tmp_path, present, "acte.pdf", 5)
    assert not scan.lies_there(tmp_path, present, "acte.pdf", 4)
    assert not scan.lies_there(tmp_path, present, "other.pdf", 5)
    assert not scan.lies_there(tmp_path, present, "folder", 5)
    # As on Windows, which lists the file under the name that she gave it and opens it under ours.
    assert scan.lies_there(tmp_path, {"ACTE.PDF": 5}, "acte.pdf", 5)
