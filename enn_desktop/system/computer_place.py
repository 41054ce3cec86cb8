"""What kind of place a folder is in, for a diagnostic: kind of disk, its file system, whose rights. Never its path."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import c_int, c_uint32, c_void_p
from pathlib import Path

from enn_desktop.system.documents_place import describe_place
from enn_desktop.system.folder_rights import own_rights
from enn_desktop.system.windows_calls import Dll, wide
from enn_desktop.system.windows_dll import Prototype, SystemDll

_VOLUME = Prototype(
    "GetVolumeInformationW",
    c_int,
    (c_void_p, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p, c_uint32),
)
_ROOT_OF = Prototype("GetVolumePathNameW", c_int, (c_void_p, c_void_p, c_uint32))
_LONGEST = 1_024
UNKNOWN = "inconnu"


def describe(folder: Path) -> list[tuple[str, str]]:
    """Return kind of disk, file system and rights of a folder that exists; a share that is off may make it wait."""
    return [
        ("disque", describe_place(folder).value),
        ("système de fichiers", _file_system(folder)),
        ("droits du dossier", "réservés à ce compte" if own_rights().reserved(folder) else "ordinaires"),
    ]


def _file_system(folder: Path) -> str:
    if sys.platform == "win32":
        return windows_file_system(str(folder), SystemDll("kernel32.dll"))
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return UNKNOWN
    # proc(5): the third field is the device, the file system comes after « - ».
    return next((line.partition(" - ")[2].split(" ")[0] for line in lines if line.split(" ")[2] == wanted), UNKNOWN)


def windows_file_system(folder: str, kernel: Dll) -> str:
    """Return « NTFS », « FAT32 »…, as Windows says of the volume that holds a folder."""
    root, name = (ctypes.create_string_buffer(_LONGEST) for _ in range(2))
    characters = _LONGEST // 2
    if not kernel.call(_ROOT_OF, wide(folder), root, characters):
        return UNKNOWN
    if not kernel.call(_VOLUME, root, None, 0, None, None, None, name, characters):
        return UNKNOWN
    return name.raw.decode("utf-16-le", "replace").partition("\0")[0] or UNKNOWN
