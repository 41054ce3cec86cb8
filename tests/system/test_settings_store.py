"""Settings and policies on the disk: written whole or not at all, a bad file kept aside and said."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from enn_desktop.core.errors import SettingsError, StorageError
from enn_desktop.core.settings import AccountSettings, Settings, dump_settings
from enn_desktop.system import disk, settings_store
from enn_desktop.system.paths import ProfilePaths, profile_paths
from enn_desktop.system.settings_store import keep_unread, load_policy, load_settings, save_settings
from tests.archive import disks

SETTINGS = Settings(folder="D:\\Dossiers", accounts=(AccountSettings(name="mairie", address="https://x.example"),))


@pytest.fixture
def paths(tmp_path: Path) -> ProfilePaths:
    """Return a profile of the test's own."""
    return profile_paths(tmp_path / "profile")


def everything(paths: ProfilePaths) -> dict[str, bytes]:
    """Return the files of a profile."""
    return {item.name: item.read_bytes() for item in paths.settings.iterdir()}


def test_without_a_file_the_settings_are_the_usual_ones(paths: ProfilePaths) -> None:
    assert load_settings(paths) == Settings()
    assert not paths.settings.exists()


def test_what_was_saved_is_loaded_and_nothing_else_is_left(paths: ProfilePaths) -> None:
    save_settings(paths, Settings())
    save_settings(paths, SETTINGS)
    assert load_settings(paths) == SETTINGS
    assert list(everything(paths)) == ["reglages.toml"]


@pytest.mark.parametrize("content", [b"not toml", b"\xff\xfe\x00", b'version = "un"', b"\x00" * 4096])
def test_a_bad_file_is_set_aside_whole_and_said_and_the_usual_settings_come_back(
    paths: ProfilePaths, content: bytes
) -> None:
    paths.settings.mkdir(parents=True)
    paths.settings_file.write_bytes(content)
    with pytest.raises(SettingsError, match="illisible") as refusal:
        load_settings(paths)
    [(name, kept)] = everything(paths).items()
    assert kept == content
    assert name in refusal.value.message
    assert name.startswith("abime-")
    assert load_settings(paths) == Settings()


def test_a_file_that_cannot_be_read_for_the_moment_is_not_called_bad_and_stays_where_it_is(
    paths: ProfilePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(paths, SETTINGS)

    def read_bytes(_self: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(disk, "read_bytes", read_bytes)
        with pytest.raises(SettingsError, match="en ce moment"):
            load_settings(paths)
    assert load_settings(paths) == SETTINGS
    assert list(everything(paths)) == ["reglages.toml"]


def test_a_file_that_notepad_saved_with_its_mark_is_read(paths: ProfilePaths) -> None:
    paths.settings.mkdir(parents=True)
    paths.settings_file.write_bytes(b"\xef\xbb\xbf" + dump_settings(SETTINGS).replace("\n", "\r\n").encode())
    assert load_settings(paths) == SETTINGS


@pytest.mark.parametrize("failing", ["flush_to_disk", "rename"])
def test_a_save_cut_short_leaves_the_former_settings_and_nothing_else(
    paths: ProfilePaths, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    save_settings(paths, SETTINGS)

    def refuse(*_given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(disk, failing, refuse)
    with pytest.raises(StorageError, match="plein"):
        save_settings(paths, Settings())
    assert everything(paths) == {"reglages.toml": dump_settings(SETTINGS).encode()}


def test_on_a_really_full_disk_the_former_settings_stay(tmp_path: Path) -> None:
    with disks.tiny_disk(tmp_path / "disk", "64k") as place:
        paths = profile_paths(place)
        save_settings(paths, SETTINGS)
        with pytest.raises(StorageError, match="plein"):
            save_settings(paths, Settings(folder="x" * 100_000))
        assert everything(paths) == {"reglages.toml": dump_settings(SETTINGS).encode()}


def test_a_profile_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "profile").write_bytes(b"a file")
    with pytest.raises(StorageError):
        save_settings(profile_paths(tmp_path / "profile" / "deeper"), SETTINGS)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the computer's own policy under the test's folder, and return where."""
    path = tmp_path / "machine" / "politique-enn.toml"
    path.parent.mkdir()
    monkeypatch.setattr(settings_store, "machine_policy_file", lambda: path)
    return path


def durations(paths: ProfilePaths) -> tuple[int, int]:
    """Return how long two families stay on the platform."""
    policy = load_policy(paths)
    return policy.flow("actes").retention_days, policy.flow("flux-financiers").retention_days


@pytest.mark.usefixtures("machine")
def test_without_files_our_own_policy_holds(paths: ProfilePaths) -> None:
    assert durations(paths) == (700, 170)
    assert load_policy(paths).origin_of("flux.actes.duree_jours") == "la charte ENN"


def test_the_computer_s_file_changes_a_key_and_the_user_s_file_has_the_last_word(
    paths: ProfilePaths, machine: Path
) -> None:
    machine.write_text("[flux.actes]\nduree_jours = 365\n[flux.flux-financiers]\nduree_jours = 90\n", encoding="utf-8")
    assert durations(paths) == (365, 90)
    paths.settings.mkdir(parents=True)
    paths.policy_file.write_text("[flux.actes]\nduree_jours = 30\n", encoding="utf-8")
    assert durations(paths) == (30, 90)
    policy = load_policy(paths)
    assert str(paths.policy_file) in policy.origin_of("flux.actes.duree_jours")
    assert str(machine) in policy.origin_of("flux.flux-financiers.duree_jours")
    assert policy.origin_of("flux.convocations.duree_jours") == "la charte ENN"


def test_a_policy_with_the_mark_of_powershell_is_read(paths: ProfilePaths, machine: Path) -> None:
    machine.write_bytes(b"\xef\xbb\xbf[flux.actes]\r\nduree_jours = 365\r\n")
    assert durations(paths) == (365, 170)


@pytest.mark.parametrize("content", [b"not toml", b"\xff\xfe", b"[flux.actes]\nduree_jours = 'trente'\n"])
def test_a_bad_policy_is_refused_and_the_sentence_says_whose_it_is(
    paths: ProfilePaths, machine: Path, content: bytes
) -> None:
    machine.write_bytes(content)
    with pytest.raises(SettingsError) as refusal:
        load_policy(paths)
    assert "cet ordinateur" in refusal.value.message
    assert machine.read_bytes() == content


def test_a_file_in_place_of_the_folder_of_policies_counts_as_none(paths: ProfilePaths, machine: Path) -> None:
    machine.parent.rmdir()
    machine.parent.write_bytes(b"a file")
    assert durations(paths) == (700, 170)


def test_settings_that_could_not_be_read_are_moved_aside_whole_before_others_are_written(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    save_settings(paths, Settings(folder="les siens"))
    before = paths.settings_file.read_bytes()
    keep_unread(paths)
    save_settings(paths, Settings(folder="les nouveaux"))
    (aside,) = tmp_path.glob("non-lu-*-reglages.toml")
    assert aside.read_bytes() == before
    keep_unread(profile_paths(tmp_path / "vide"))
