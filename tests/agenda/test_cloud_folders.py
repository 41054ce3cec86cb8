"""Which folders are copied to a consumer cloud."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from enn_desktop.agenda.cloud_folders import cloud_of


@pytest.mark.parametrize(
    ("folder", "cloud"),
    [
        (r"C:\Users\mairie\OneDrive\Documents\Dossiers de la mairie", "OneDrive"),
        (r"C:\Users\mairie\OneDrive - Commune de Valbrume\Documents", "OneDrive"),
        (r"C:\Users\mairie\onedrive\documents", "OneDrive"),
        (r"C:\Users\mairie\Google Drive\Pastell", "Google Drive"),
        (r"G:\Mon Drive\Pastell", "Google Drive"),
        (r"G:\Mon" + "\u00a0" + r"Drive\Pastell", "Google Drive"),
        (r"G:\Drive partagés\Mairie", "Google Drive"),
        (r"C:\Users\mairie\iCloudDrive\Pastell", "iCloud"),
        (r"C:\Users\mairie\Dropbox\Pastell", "Dropbox"),
        (r"C:\Users\mairie\Dropbox (Mairie)\Pastell", "Dropbox"),
    ],
)
def test_a_folder_of_a_consumer_cloud_is_recognised_by_its_name(folder: str, cloud: str) -> None:
    assert cloud_of(PureWindowsPath(folder), {}) == cloud


@pytest.mark.parametrize(
    "folder",
    [
        "/Volumes/anne/Library/CloudStorage/GoogleDrive-anne@exemple.fr/Mon Drive",
        "/srv/anne/Google Drive",
    ],
)
def test_other_systems_have_their_own_names_for_it(folder: str) -> None:
    assert cloud_of(PurePosixPath(folder), {}) == "Google Drive"


@pytest.mark.parametrize(
    "folder",
    [
        r"C:\Users\mairie\Documents\Dossiers de la mairie",
        r"D:\Pastell",
        r"\\serveur\mairie\Pastell",
        r"C:\Users\mairie\Documents\Ancien OneDrive",
        r"C:\Users\mairie\Documents\Dropboxes",
        r"E:\Drive",
    ],
)
def test_a_disk_or_a_share_of_the_town_hall_is_no_cloud(folder: str) -> None:
    assert cloud_of(PureWindowsPath(folder), {}) == ""


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveConsumer", "OneDriveCommercial", "ONEDRIVE"])
def test_onedrive_under_another_name_is_recognised_by_its_variable(variable: str) -> None:
    environ = {variable: r"D:\Mairie\Partage"}
    assert cloud_of(PureWindowsPath(r"d:\mairie\PARTAGE\Pastell"), environ) == "OneDrive"
    assert cloud_of(PureWindowsPath(r"D:\Mairie\Partages"), environ) == ""


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_says_nothing(value: str) -> None:
    assert cloud_of(PureWindowsPath(r"D:\Pastell"), {"OneDrive": value}) == ""


def test_a_variable_of_something_else_says_nothing() -> None:
    assert cloud_of(PureWindowsPath(r"C:\Users\mairie\Documents"), {"USERPROFILE": r"C:\Users\mairie"}) == ""
