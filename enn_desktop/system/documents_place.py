"""What kind of disk a documents folder is on: it decides what may happen to the documents, and what is said of it."""

from __future__ import annotations

import os
import re
import stat
import sys
from enum import Enum
from pathlib import Path, PurePath

from enn_desktop.system.windows_calls import Dll, Dword, Text, wide
from enn_desktop.system.windows_dll import Prototype, SystemDll

REMOVABLE_DRIVE, FIXED_DRIVE, REMOTE_DRIVE = 2, 3, 4
"""GetDriveTypeW (winbase.h). A large USB disk says that it is fixed: only a stick or a card is removable to it."""
DRIVE_TYPE = Prototype("GetDriveTypeW", Dword, (Text,))
RECALL_ON_OPEN, PINNED, RECALL_ON_DATA_ACCESS = 0x4_0000, 0x8_0000, 0x40_0000
"""FILE_ATTRIBUTE_… (winnt.h), of what a cloud keeps elsewhere; « pinned » is « always keep on this device »."""
CLOUD_TAG, CLOUD_TAG_MASK = 0x9000_001A, 0xFFFF_0FFF
"""IO_REPARSE_TAG_CLOUD to IO_REPARSE_TAG_CLOUD_F: the folder of a cloud that follows Windows' rules."""
NETWORK_DISKS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.davfs", "fuse.gvfsd-fuse", "9p"})
REMOVABLE_PLACES = ("/media/", "/run/media/")
_ESCAPED = re.compile(r"\\([0-7]{3})")


class PlaceKind(Enum):
    """Where a folder is."""

    HERE = "sur ce poste"
    NETWORK = "sur le réseau"
    REMOVABLE = "sur une clé ou un disque amovible"
    ON_DEMAND = "fichiers à la demande"
    """In a cloud that may take the files away from this computer and bring them back when they are opened."""
    KEPT_HERE = "toujours conservés sur cet appareil"
    """In such a cloud, but the user asked for the files to stay."""
    UNKNOWN = "inconnu"


def describe_place(folder: Path) -> PlaceKind:
    """Return where a folder is, or would be; a share that is gone may make it wait, so ask in a thread. Never raises.

    Nothing is opened: a file that is only in the cloud stays there.
    """
    if sys.platform == "win32":
        return on_windows_disk(folder, attributes_of(_nearest(folder)), SystemDll("kernel32.dll"))
    try:
        table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return PlaceKind.UNKNOWN
    return on_linux_disk(folder.absolute(), table)


def attributes_of(folder: Path) -> tuple[int, int]:
    """Return what Windows says of a folder: its attributes and its reparse tag; zeros where it says nothing."""
    try:
        seen = os.lstat(folder)
    except OSError:
        return 0, 0
    return getattr(seen, "st_file_attributes", 0), getattr(seen, "st_reparse_tag", 0)


def on_windows_disk(folder: PurePath, seen: tuple[int, int], kernel: Dll) -> PlaceKind:
    """Judge a folder by its path, its attributes and the type of its drive."""
    drive = folder.drive
    if drive.startswith("\\\\") and not drive.startswith(("\\\\?\\", "\\\\.\\")):
        return PlaceKind.NETWORK
    if drive.casefold().startswith("\\\\?\\unc\\"):
        return PlaceKind.NETWORK
    attributes, tag = seen
    if attributes & (RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS) or tag & CLOUD_TAG_MASK == CLOUD_TAG:
        return PlaceKind.KEPT_HERE if attributes & PINNED else PlaceKind.ON_DEMAND
    try:
        found = kernel.call(DRIVE_TYPE, wide(f"{drive}\\"))
    except OSError:
        found = 0
    return {
        REMOVABLE_DRIVE: PlaceKind.REMOVABLE,
        FIXED_DRIVE: PlaceKind.HERE,
        REMOTE_DRIVE: PlaceKind.NETWORK,
    }.get(found, PlaceKind.UNKNOWN)


def on_linux_disk(folder: PurePath, table: str) -> PlaceKind:
    """Judge a folder by the table of mounts (proc(5), ``/proc/[pid]/mountinfo``)."""
    best, kind = -1, ""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) > MOUNT_POINT and after:
            point = PurePath(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[MOUNT_POINT]))
            if (folder == point or point in folder.parents) and len(point.parts) >= best:
                best, kind = len(point.parts), after.split(" ")[0]
    if kind in NETWORK_DISKS:
        return PlaceKind.NETWORK
    if f"{folder}/".startswith(REMOVABLE_PLACES):
        return PlaceKind.REMOVABLE
    return PlaceKind.HERE if kind else PlaceKind.UNKNOWN


MOUNT_POINT = 4
"""Its place among the fields of a line."""


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    for one in (folder, *folder.parents):
        try:
            if stat.S_ISDIR(one.stat().st_mode):
                return one
        except OSError:
            continue
    return folder
