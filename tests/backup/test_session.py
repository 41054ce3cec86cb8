"""A documents folder is opened with its catalogue, made again from the folder whenever it was lost or damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from enn_desktop.archive.folder import OWN, DocumentsFolder, read_identity
from enn_desktop.backup.session import look_in, work_in
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import CatalogueError, FolderBusy, StorageError, StorageItemError
from enn_desktop.system import disk
from enn_desktop.system.paths import ProfilePaths, profile_paths
from tests.archive.crash_driver import FixedClock
from tests.archive.made_dossiers import SERVER, lay_usual

CLOCK = FixedClock(datetime(2026, 3, 14, 9, tzinfo=UTC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Lay a dossier in a documents folder."""
    folder = DocumentsFolder(tmp_path / "Dossiers")
    folder.prepare()
    lay_usual(folder.root, "abc1234")
    return folder.root


@pytest.fixture
def paths(tmp_path: Path) -> ProfilePaths:
    """Return a profile of the test's own."""
    return profile_paths(tmp_path / "profile")


def catalogue_file(root: Path, paths: ProfilePaths) -> Path:
    """Return where the catalogue of that folder is."""
    return paths.catalogue_file(read_identity(root))


def worked_in(root: Path, paths: ProfilePaths) -> tuple[set[str], int | None]:
    """Open the folder; return the dossiers known and how many a rebuild found, ``None`` without a rebuild."""
    with work_in(root, paths, CLOCK, CancelToken()) as opened:
        return set(opened.catalogue.of_server(SERVER)), opened.healed.dossiers if opened.healed else None


def test_a_lost_catalogue_is_made_again_once(root: Path, paths: ProfilePaths) -> None:
    assert worked_in(root, paths) == ({"abc1234"}, 1)
    assert worked_in(root, paths) == ({"abc1234"}, None)
    catalogue_file(root, paths).unlink()
    assert worked_in(root, paths) == ({"abc1234"}, 1)


@pytest.mark.parametrize("content", [b"", b"not a catalogue" * 500])
def test_an_empty_or_damaged_catalogue_is_made_again_and_a_damaged_one_is_kept_aside(
    root: Path, paths: ProfilePaths, content: bytes
) -> None:
    path = catalogue_file(root, paths)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert worked_in(root, paths) == ({"abc1234"}, 1)
    aside = [item.read_bytes() for item in paths.data.iterdir() if item.name.startswith("abime-")]
    assert aside == ([content] if content else [])


def test_a_catalogue_born_just_before_a_cut_is_filled_by_the_next_opening(root: Path, paths: ProfilePaths) -> None:
    Catalogue(catalogue_file(root, paths)).close()
    assert worked_in(root, paths) == ({"abc1234"}, 1)


def test_two_runs_never_work_in_one_folder(root: Path, paths: ProfilePaths) -> None:
    with work_in(root, paths, CLOCK, CancelToken()), pytest.raises(FolderBusy):
        worked_in(root, paths)


def test_looking_needs_a_folder_of_ours_and_makes_nothing(tmp_path: Path, paths: ProfilePaths) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(StorageError), look_in(tmp_path / "photos", paths, CLOCK, CancelToken()):
        pass
    assert list((tmp_path / "photos").iterdir()) == []


def test_one_can_look_while_a_run_works(root: Path, paths: ProfilePaths) -> None:
    with work_in(root, paths, CLOCK, CancelToken()), look_in(root, paths, CLOCK, CancelToken()) as opened:
        assert set(opened.catalogue.of_server(SERVER)) == {"abc1234"}


def test_two_folders_of_one_profile_have_their_own_catalogues(root: Path, paths: ProfilePaths, tmp_path: Path) -> None:
    worked_in(root, paths)
    assert worked_in(tmp_path / "second", paths) == (set(), None)
    assert worked_in(root, paths) == ({"abc1234"}, None)
    assert (tmp_path / "second" / OWN).is_dir()


def test_a_folder_reached_by_another_way_is_the_same_folder(root: Path, paths: ProfilePaths, tmp_path: Path) -> None:
    worked_in(root, paths)
    identity = read_identity(root)
    (tmp_path / "another way").symlink_to(root)
    assert worked_in(tmp_path / "another way", paths) == ({"abc1234"}, None)
    assert read_identity(root) == identity
    with (
        work_in(root, paths, CLOCK, CancelToken()),
        look_in(tmp_path / "another way", paths, CLOCK, CancelToken()) as it,
    ):
        assert set(it.catalogue.of_server(SERVER)) == {"abc1234"}


def test_a_damaged_catalogue_that_another_program_has_open_is_said_in_a_sentence(
    root: Path, paths: ProfilePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = catalogue_file(root, paths)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a catalogue" * 500)

    def refuse(*_given: object) -> None:
        raise StorageItemError

    with monkeypatch.context() as patch:
        patch.setattr(disk, "rename", refuse)
        with pytest.raises(CatalogueError, match="autre programme") as refusal:
            worked_in(root, paths)
    assert "Fermez" in refusal.value.advice
    assert worked_in(root, paths) == ({"abc1234"}, 1)
