"""Where a documents folder is: here, on the network, on a stick, or in a cloud that may take the files away."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from enn_desktop.system.documents_place import PlaceKind, attributes_of, describe_place, on_linux_disk, on_windows_disk
from tests.signing_key.windows.fake_dll import FakeDll, text_at

DIRECTORY, SPARSE, PINNED, UNPINNED, RECALL_DATA, RECALL_OPEN = 0x10, 0x200, 0x8_0000, 0x10_0000, 0x40_0000, 0x4_0000
CLOUD_6, SYMLINK, DEDUP = 0x9000_601A, 0xA000_000C, 0x8000_0013
PLAIN = (DIRECTORY, 0)


def drives(**types: int) -> FakeDll:
    def kind(name: int) -> int:
        return types.get(text_at(name).rstrip("\\").rstrip(":"), 1)

    return FakeDll(GetDriveTypeW=kind)


COMPUTER = {"C": 3, "D": 3, "E": 2, "P": 4, "R": 5}


@pytest.mark.parametrize(
    ("folder", "seen", "kind"),
    [
        (r"C:\Users\mairie\Documents", PLAIN, PlaceKind.HERE),
        (r"D:\Dossiers", PLAIN, PlaceKind.HERE),
        (r"E:\Dossiers", PLAIN, PlaceKind.REMOVABLE),
        (r"P:\Mairie\Dossiers", PLAIN, PlaceKind.NETWORK),
        (r"\\serveur\mairie\Dossiers", PLAIN, PlaceKind.NETWORK),
        (r"\\?\UNC\serveur\mairie\Dossiers", PLAIN, PlaceKind.NETWORK),
        (r"Z:\plus branché", (0, 0), PlaceKind.UNKNOWN),
        (r"C:\Users\mairie\OneDrive", (DIRECTORY | RECALL_DATA, 0), PlaceKind.ON_DEMAND),
        (r"C:\Users\mairie\OneDrive", (DIRECTORY | UNPINNED, CLOUD_6), PlaceKind.ON_DEMAND),
        (r"C:\Users\mairie\OneDrive", (DIRECTORY | RECALL_OPEN, 0), PlaceKind.ON_DEMAND),
        (r"C:\Users\mairie\OneDrive", (DIRECTORY | PINNED, CLOUD_6), PlaceKind.KEPT_HERE),
        (r"C:\Users\mairie\Lien", (DIRECTORY | SPARSE, SYMLINK), PlaceKind.HERE),
        (r"C:\Dédupliqué", (DIRECTORY, DEDUP), PlaceKind.HERE),
    ],
)
def test_on_windows(folder: str, seen: tuple[int, int], kind: PlaceKind) -> None:
    assert on_windows_disk(PureWindowsPath(folder), seen, drives(**COMPUTER)) is kind


MOUNTS = r"""22 28 0:20 / /proc rw,nosuid - proc proc rw
28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 28 0:44 / /srv/mairie rw - cifs //serveur/mairie rw,vers=3.1
41 28 0:45 / /srv/nas\040de\040la\040mairie rw - nfs4 nas:/export rw
42 28 8:17 / /media/mairie/CLE rw - vfat /dev/sdb1 rw
43 40 8:33 / /srv/mairie/ici rw shared:7 master:2 - xfs /dev/sdc1 rw
a line that means nothing
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/opt/mairie/Documents", PlaceKind.HERE),
        ("/srv/mairie/Dossiers", PlaceKind.NETWORK),
        ("/srv/mairie", PlaceKind.NETWORK),
        ("/srv/mairie2", PlaceKind.HERE),
        ("/srv/nas de la mairie/Dossiers", PlaceKind.NETWORK),
        ("/srv/mairie/ici/Dossiers", PlaceKind.HERE),
        ("/media/mairie/CLE/Dossiers", PlaceKind.REMOVABLE),
    ],
)
def test_on_linux(folder: str, kind: PlaceKind) -> None:
    assert on_linux_disk(PurePosixPath(folder), MOUNTS) is kind


def test_a_table_that_says_nothing_is_not_guessed() -> None:
    assert on_linux_disk(PurePosixPath("/srv"), "") is PlaceKind.UNKNOWN


def test_a_folder_that_is_not_there_yet_is_where_the_one_above_it_is(tmp_path: Path) -> None:
    assert describe_place(tmp_path / "pas" / "encore") is describe_place(tmp_path)


def test_a_folder_of_which_the_system_says_nothing_has_no_attribute(tmp_path: Path) -> None:
    assert attributes_of(tmp_path / "absent") == (0, 0)
