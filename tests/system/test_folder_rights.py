"""A folder is reserved to the account on demand, and given back: for real here, by recorded rules on Windows."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from enn_desktop.core.errors import SettingsError, StorageError
from enn_desktop.system import folder_rights
from enn_desktop.system.documents_place import PlaceKind
from enn_desktop.system.folder_rights import FolderRights, own_rights
from enn_desktop.system.folder_rights_windows import WindowsRights
from tests.system.fake_security import ME, FakeSecurity


def windows(security: FakeSecurity) -> WindowsRights:
    return WindowsRights(security.advapi, security.kernel)


@pytest.mark.parametrize("make", [own_rights, lambda: windows(FakeSecurity())])
def test_a_folder_is_reserved_and_given_back(make: Callable[[], FolderRights], tmp_path: Path) -> None:
    rights, folder = make(), tmp_path / "Dossiers de la mairie"
    assert not rights.reserved(folder)
    rights.reserve(folder)
    assert rights.reserved(folder)
    rights.reserve(folder)
    rights.give_back(folder)
    assert not rights.reserved(folder)
    rights.give_back(folder)


def test_here_nobody_else_may_enter_it_and_what_is_inside_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "Dossiers"
    folder.mkdir(mode=0o755)
    document = folder / "délibération.pdf"
    document.write_bytes(b"%PDF")
    before = document.stat()
    own_rights().reserve(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    own_rights().give_back(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    after = document.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_size) == (before.st_mode, before.st_mtime_ns, before.st_size)


def test_on_windows_the_account_the_system_and_the_administrators_have_it_by_their_numbers(tmp_path: Path) -> None:
    security = FakeSecurity()
    windows(security).reserve(tmp_path)
    assert security.of(tmp_path) == f"D:PAI(A;OICI;FA;;;{ME})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
    windows(security).give_back(tmp_path)
    assert "AU" in security.of(tmp_path)
    assert "PAI" not in security.of(tmp_path)
    assert security.left == 0


@pytest.mark.parametrize(
    "list_of_it",
    [
        "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)",
        f"D:PAI(A;OICI;FA;;;{ME})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)",
        f"D:AI(A;OICI;FA;;;{ME})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)",
    ],
)
def test_a_list_that_is_not_ours_is_not_called_reserved(tmp_path: Path, list_of_it: str) -> None:
    security = FakeSecurity()
    security.lists[str(tmp_path)] = list_of_it
    assert not windows(security).reserved(tmp_path)


def test_what_windows_refuses_is_said_with_its_code(tmp_path: Path) -> None:
    security = FakeSecurity(refused=5)
    with pytest.raises(SettingsError, match="n’ont pas pu être changés") as said:
        windows(security).reserve(tmp_path)
    assert said.value.detail.endswith(" 5")
    assert security.left == 0


def test_a_disk_that_takes_the_order_and_does_nothing_is_not_believed(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ne sait pas réserver"):
        windows(FakeSecurity(deaf=True)).reserve(tmp_path)


def test_a_share_is_refused_and_nothing_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_rights, "describe_place", lambda _folder: PlaceKind.NETWORK)
    security = FakeSecurity()
    with pytest.raises(SettingsError, match="sur le réseau"):
        windows(security).reserve(tmp_path / "Dossiers")
    assert security.lists == {}
    assert not (tmp_path / "Dossiers").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("ni dossier", encoding="utf-8")
    with pytest.raises(StorageError):
        own_rights().reserve(tmp_path / "fichier" / "Dossiers")


def test_elsewhere_than_on_windows_its_lists_cannot_be_asked(tmp_path: Path) -> None:
    assert not WindowsRights().reserved(tmp_path)
