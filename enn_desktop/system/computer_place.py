"""What kind of place a folder is in, for a diagnostic: kind of disk, its file system, whose rights. Never its path."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from ctypes import byref, c_int, c_uint16, c_uint32, c_void_p
from pathlib import Path
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype, SystemDll

_KIND = Prototype("GetDriveTypeW", c_uint32, (c_void_p,))
_VOLUME = Prototype(
    "GetVolumeInformationW",
    c_int,
    (c_void_p, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p, c_uint32),
)
_ROOT_OF = Prototype("GetVolumePathNameW", c_int, (c_void_p, c_void_p, c_uint32))
_SECURITY = Prototype(
    "GetNamedSecurityInfoW",
    c_uint32,
    (c_void_p, c_int, c_uint32, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
)
_CONTROL = Prototype("GetSecurityDescriptorControl", c_int, (c_void_p, c_void_p, c_void_p))
_FREE = Prototype("LocalFree", c_void_p, (c_void_p,))
_KINDS = {2: "amovible", 3: "fixe", 4: "réseau", 5: "disque optique", 6: "en mémoire"}
"""GetDriveType's numbers."""
_FILE_OBJECT, _DACL = 1, 4
_PROTECTED = 0x1000
"""SE_DACL_PROTECTED: rights of its own, nothing inherited."""
_LONGEST = 1_024
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "fuse.gvfsd-fuse"}


class Library(Protocol):
    """A library of Windows: the real one, or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function."""
        ...


def describe(folder: Path) -> list[tuple[str, str]]:
    """Return kind of disk, file system and rights of a folder that exists. ``OSError`` when its disk is silent."""
    if sys.platform == "win32":
        return windows_place(str(folder), SystemDll("kernel32"), SystemDll("advapi32"))
    kind = _mounted(folder)
    others = folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return [
        ("disque", "réseau" if kind in _NETWORK else "local"),
        ("système de fichiers", kind or "inconnu"),
        ("droits du dossier", "ouverts à d’autres comptes" if others else "réservés à ce compte"),
    ]


def windows_place(folder: str, kernel: Library, security: Library) -> list[tuple[str, str]]:
    """Return the same from Windows; what it does not say is « inconnu »."""
    path, root = wide(folder), ctypes.create_string_buffer(_LONGEST)
    if not kernel.call(_ROOT_OF, path, root, _LONGEST // 2):
        return [("disque", "inconnu")]
    share = folder.startswith("\\\\")
    kind = "réseau" if share else _KINDS.get(kernel.call(_KIND, root), "inconnu")
    name = ctypes.create_string_buffer(_LONGEST)
    named = kernel.call(_VOLUME, root, None, 0, None, None, None, name, _LONGEST // 2)
    return [
        ("disque", kind),
        ("système de fichiers", _text(name) if named else "inconnu"),
        ("droits du dossier", _windows_rights(path, kernel, security)),
    ]


def _windows_rights(path: bytes, kernel: Library, security: Library) -> str:
    descriptor, control, revision = c_void_p(), c_uint16(), c_uint32()
    if security.call(_SECURITY, path, _FILE_OBJECT, _DACL, None, None, None, None, byref(descriptor)):
        return "inconnus"
    try:
        if not security.call(_CONTROL, descriptor, byref(control), byref(revision)):
            return "inconnus"
        return "propres à ce dossier" if control.value & _PROTECTED else "hérités"
    finally:
        kernel.call(_FREE, descriptor)


def wide(text: str) -> bytes:
    """Return a text as Windows reads it."""
    return text.encode("utf-16-le", "surrogatepass") + b"\0\0"


def _text(buffer: ctypes.Array[ctypes.c_char]) -> str:
    return buffer.raw.decode("utf-16-le", "replace").partition("\0")[0]


def _mounted(folder: Path) -> str:
    """Return the file system that the folder's mount has (proc(5), mountinfo), empty when nobody tells."""
    if sys.platform == "win32":
        return ""
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = [line.partition(" - ")[2].split(" ")[0] for line in lines if line.split(" ")[2] == wanted]
    return found[0] if found else ""
