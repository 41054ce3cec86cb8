"""A look at the disk, or a verification, makes « complet » fall as soon as it is not true any more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.archive.verify import ExpectedDossier, Verifier, VerifyReport
from enn_desktop.backup.care import Mended, mend, note_damages
from enn_desktop.backup.rebuild import Presence, look_at_presence, rebuild
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.core.progress import SilentProgress
from tests.archive.made_dossiers import SERVER, described, lay, lay_usual

CONTENTS = {"acte.pdf": b"%PDF-1.7 acte", "annexe.pdf": b"annex", "versions/2026-03-14T10-22-05/acte.pdf": b"old"}
NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Lay two dossiers in a documents folder."""
    folder = DocumentsFolder(tmp_path / "Dossiers")
    folder.prepare()
    for name in ("one", "two"):
        lay_usual(folder.root, name, CONTENTS)
    return folder.root


@pytest.fixture
def catalogue(root: Path, tmp_path: Path) -> Iterator[Catalogue]:
    """Open a catalogue that knows them."""
    with Catalogue(tmp_path / "catalogue.sqlite") as opened:
        rebuild(root, opened, CancelToken())
        yield opened


def place(root: Path, catalogue: Catalogue, id_d: str = "one") -> Path:
    """Return the folder of a dossier."""
    return root / catalogue.of_server(SERVER)[id_d].folder


def look(root: Path, catalogue: Catalogue) -> Presence:
    """Look at the disk."""
    return look_at_presence(root, catalogue, SERVER, CancelToken())


def complete(catalogue: Catalogue) -> set[str]:
    """Return the dossiers called complete."""
    return {one.id_d for one in catalogue.dossiers() if one.complete and one.sealed}


def test_nothing_is_found_where_nothing_changed(root: Path, catalogue: Catalogue) -> None:
    assert look(root, catalogue) == Presence(frozenset(), {})
    assert mend(root, catalogue, CancelToken()) == Mended(moved=0, disturbed=0)
    assert complete(catalogue) == {"one", "two"}


@pytest.mark.parametrize("content", [None, b"%PDF", b"%PDF-1.7 acte and more", b""])
def test_a_deleted_or_truncated_file_is_found_and_its_dossier_is_to_be_completed(
    root: Path, catalogue: Catalogue, content: bytes | None
) -> None:
    file = place(root, catalogue) / "acte.pdf"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert look(root, catalogue).disturbed == {"one"}
    assert complete(catalogue) == {"one", "two"}
    assert mend(root, catalogue, CancelToken()) == Mended(moved=0, disturbed=1)
    assert complete(catalogue) == {"two"}


def test_a_folder_in_place_of_a_file_is_found(root: Path, catalogue: Catalogue) -> None:
    file = place(root, catalogue) / "acte.pdf"
    file.unlink()
    file.mkdir()
    assert look(root, catalogue).disturbed == {"one"}


@pytest.mark.parametrize("target", ["Trié par moi/à garder", "at the top", "Commune de Valbrume/Actes/2026/renamed"])
def test_a_moved_or_renamed_folder_is_found_again_and_nothing_is_to_be_fetched(
    root: Path, catalogue: Catalogue, target: str
) -> None:
    (root / target).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(place(root, catalogue), root / target)
    assert look(root, catalogue) == Presence(frozenset(), {"one": target})
    assert catalogue.of_server(SERVER)["one"].folder == target
    assert look(root, catalogue) == Presence(frozenset(), {})
    assert complete(catalogue) == {"one", "two"}


def test_a_whole_tree_that_was_moved_is_found_again(root: Path, catalogue: Catalogue) -> None:
    (root / "Archives").mkdir()
    (root / "Commune de Valbrume").rename(root / "Archives" / "Valbrume")
    assert mend(root, catalogue, CancelToken()) == Mended(moved=2, disturbed=0)
    assert all(one.folder.startswith("Archives/Valbrume/") for one in catalogue.dossiers())


def test_a_folder_moved_and_damaged_is_both_found_and_to_be_completed(root: Path, catalogue: Catalogue) -> None:
    old = place(root, catalogue)
    (old / "annexe.pdf").unlink()
    old.rename(root / "elsewhere")
    assert look(root, catalogue) == Presence(frozenset({"one"}), {"one": "elsewhere"})


def test_a_folder_that_vanished_is_to_be_completed_even_if_it_held_no_file(root: Path, catalogue: Catalogue) -> None:
    lay(root, "Commune de Valbrume/Actes/2026/bare", described("bare", {}), {})
    rebuild(root, catalogue, CancelToken())
    assert look(root, catalogue).disturbed == frozenset()
    shutil.rmtree(place(root, catalogue, "bare"))
    shutil.rmtree(place(root, catalogue, "one"))
    assert look(root, catalogue).disturbed == {"bare", "one"}


def test_the_dossiers_of_another_platform_are_not_mixed_up(root: Path, catalogue: Catalogue) -> None:
    other = described("one", CONTENTS)
    other.server = "https://other.example.org"
    lay(root, "other platform", other, CONTENTS)
    rebuild(root, catalogue, CancelToken())
    shutil.rmtree(place(root, catalogue))
    assert look(root, catalogue) == Presence(frozenset({"one"}), {})
    assert look_at_presence(root, catalogue, "https://other.example.org", CancelToken()) == Presence(frozenset(), {})
    assert mend(root, catalogue, CancelToken()) == Mended(moved=0, disturbed=1)


def test_a_stop_is_obeyed(root: Path, catalogue: Catalogue) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        look_at_presence(root, catalogue, SERVER, cancel)


def verified(root: Path, catalogue: Catalogue) -> VerifyReport:
    """Verify everything and note what was found."""
    expected = [ExpectedDossier(folder, files) for folder, files in catalogue.present_files().items()]
    report = Verifier(root, CancelToken(), SilentProgress()).run(expected)
    note_damages(catalogue, report, NOW)
    return report


def checked_at(catalogue: Catalogue, id_d: str) -> dict[str, datetime | None]:
    """Return when each file of a dossier was last read again and found sound."""
    return {file.path: file.checked_at for file in catalogue.files(SERVER, id_d).values()}


def test_a_verification_that_finds_nothing_notes_that_everything_was_read(root: Path, catalogue: Catalogue) -> None:
    assert verified(root, catalogue).findings == ()
    assert checked_at(catalogue, "one") == {"acte.pdf": NOW, "annexe.pdf": NOW}
    assert complete(catalogue) == {"one", "two"}


def test_a_damage_costs_the_word_complete_and_has_that_file_fetched_again(root: Path, catalogue: Catalogue) -> None:
    file = place(root, catalogue) / "acte.pdf"
    file.write_bytes(file.read_bytes()[::-1])
    assert look(root, catalogue).disturbed == frozenset()
    verified(root, catalogue)
    assert complete(catalogue) == {"two"}
    assert checked_at(catalogue, "one") == {"acte.pdf": None, "annexe.pdf": NOW}
    assert checked_at(catalogue, "two") == {"acte.pdf": NOW, "annexe.pdf": NOW}
    asked_again = {one.path: not one.state_key for one in catalogue.files(SERVER, "one").values()}
    assert asked_again == {"acte.pdf": True, "annexe.pdf": False}


@pytest.mark.parametrize("name", ["metadonnees.json", "versions/2026-03-14T10-22-05/acte.pdf", "empreintes.sha256"])
def test_a_damage_to_anything_of_ours_costs_the_word_complete(root: Path, catalogue: Catalogue, name: str) -> None:
    (place(root, catalogue) / name).write_bytes(b"damaged")
    verified(root, catalogue)
    assert complete(catalogue) == {"two"}


def test_a_file_that_someone_added_costs_nothing(root: Path, catalogue: Catalogue) -> None:
    (place(root, catalogue) / "mes notes.odt").write_bytes(b"hers")
    assert len(verified(root, catalogue).findings) == 1
    assert complete(catalogue) == {"one", "two"}
