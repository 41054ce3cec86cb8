"""A profile holds everything that is the program's own, and asking where things are makes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.system.paths import (
    ProfilePaths,
    documents_folder,
    machine_policy_file,
    profile_paths,
    resource,
)


def everywhere(paths: ProfilePaths) -> list[Path]:
    """Return every place that a profile names."""
    return [
        paths.settings,
        paths.data,
        paths.logs,
        paths.settings_file,
        paths.policy_file,
        paths.catalogue_file("0123456789ab"),
    ]


def test_a_chosen_profile_holds_everything_and_is_not_made_by_asking(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    assert all(place.is_relative_to(profile) for place in everywhere(profile_paths(profile)))
    assert not profile.exists()


def test_two_documents_folders_have_two_catalogues(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    assert paths.catalogue_file("0123456789ab") != paths.catalogue_file("ba9876543210")


def test_the_usual_places_are_the_user_s_own_and_bear_our_name(own_environment: Path) -> None:
    for place in everywhere(profile_paths(None)):
        assert place.is_relative_to(own_environment)
        assert "enn-desktop" in place.parts
    assert list(own_environment.iterdir()) == []


def test_documents_are_never_among_the_program_s_own_places(own_environment: Path) -> None:
    documents = documents_folder()
    assert documents.is_relative_to(own_environment)
    assert not any(place.is_relative_to(documents) for place in everywhere(profile_paths(None)))


def test_a_redirection_that_the_system_cannot_read_leaves_the_usual_place(
    own_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable() -> Path:
        raise OSError(2, "not found")

    monkeypatch.setattr("enn_desktop.system.paths.platformdirs.user_documents_path", unreadable)
    assert documents_folder() == own_environment / "Documents"


def test_the_computer_s_policy_is_out_of_the_user_s_own_places(own_environment: Path) -> None:
    path = machine_policy_file()
    assert path.name == "politique-enn.toml"
    assert not path.is_relative_to(own_environment)


def test_what_is_shipped_is_found_in_the_sources() -> None:
    assert resource("politique-enn.toml").read_text(encoding="utf-8").startswith("#")


def test_what_is_shipped_is_found_in_an_installed_copy_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "enn_desktop"
    (package / "_resources").mkdir(parents=True)
    (package / "system").mkdir()
    (package / "_resources" / "politique-enn.toml").write_text("installed", encoding="utf-8")
    monkeypatch.setattr("enn_desktop.system.paths.__file__", str(package / "system" / "paths.py"))
    assert resource("politique-enn.toml").read_text(encoding="utf-8") == "installed"
    assert resource("other.toml") == package.parent / "resources" / "other.toml"
