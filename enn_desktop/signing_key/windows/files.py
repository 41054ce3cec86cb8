"""The driver modules that stand on this computer, under Windows's own folders only: looked at, never loaded."""

from __future__ import annotations

import ctypes
import stat
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.values import DriverFile, Machine
from enn_desktop.signing_key.windows import api
from enn_desktop.system.windows_dll import SystemDll

FOLDERS = {
    "system32": "{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}",
    "syswow64": "{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}",
    "program_files": "{905E63B6-C1BF-494E-B29C-65B732D3D21A}",
    "program_files_x86": "{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}",
}
"""By the word that a known module uses for them. Only an administrator writes there."""
_PROGRAMS = {"program_files", "program_files_x86"}
_MODULES = (*known_keys.WINDOWS_MODULES, *known_keys.WINDOWS_MODULES_32_BITS)
_MACHINES = {0x8664: Machine.X64, 0x014C: Machine.X86, 0xAA64: Machine.ARM64}
_REPARSE_POINT = 0x400
_HEADER = 4096


@dataclass(frozen=True, slots=True)
class FolderLibraries:
    """What the question needs of Windows."""

    shell: api.Dll = field(default_factory=lambda: SystemDll("shell32"))
    ole: api.Dll = field(default_factory=lambda: SystemDll("ole32"))


def program_folders(libraries: FolderLibraries | None = None) -> dict[str, Path]:
    """Return where system and programs are, asked of Windows, never of the environment; one it lacks is left out."""
    asked = libraries or FolderLibraries()
    folders = ((word, _known_folder(asked, identifier)) for word, identifier in FOLDERS.items())
    # A share is no folder of this computer: somebody else may write there.
    return {word: Path(path) for word, path in folders if path and not path.startswith("\\\\")}


def _known_folder(asked: FolderLibraries, identifier: str) -> str:
    address = ctypes.c_void_p()
    code = asked.shell.call(api.KNOWN_FOLDER, uuid.UUID(identifier).bytes_le, 0, None, ctypes.byref(address))
    try:
        return "" if code else api.read_wide(address.value)
    finally:
        asked.ole.call(api.FREE_TEXT, address)


def driver_files(
    folders: dict[str, Path] | None = None, modules: Sequence[known_keys.ModulePath] = _MODULES
) -> tuple[DriverFile, ...]:
    """Return the known modules that are here, 64-bit ones first, and for which processor each is really made."""
    known = program_folders() if folders is None else folders
    found = (
        (module.middleware, file)
        for module in modules
        if module.folder in known and (file := _inside(known[module.folder], module.relative))
    )
    return tuple(DriverFile(middleware, str(file), machine_of(file)) for middleware, file in found)


def is_allowed(path: str, folders: dict[str, Path] | None = None) -> bool:
    """Whether a module named from outside is a plain file where only an administrator writes, through no detour.

    Below System32 stand folders that anybody may write to (printers' colours, tasks): only what is in it itself counts.
    """
    known = program_folders() if folders is None else folders
    file = Path(path)
    for word, folder in known.items():
        if file.is_relative_to(folder) and (word in _PROGRAMS or file.parent == folder):
            return _inside(folder, str(file.relative_to(folder))) is not None
    return False


def machine_of(file: Path) -> Machine:
    """Return for which processor a Windows file is made, from its header; ``OTHER`` for anything else."""
    try:
        with file.open("rb") as opened:
            header = opened.read(_HEADER)
        (place,) = struct.unpack_from("<I", header, 0x3C)
        signature, machine = struct.unpack_from("<4sH", header, place)
    except (OSError, struct.error):
        return Machine.OTHER
    if header[:2] != b"MZ" or signature != b"PE\0\0":
        return Machine.OTHER
    return _MACHINES.get(machine, Machine.OTHER)


def _inside(folder: Path, relative: str) -> Path | None:
    """Return a file below a folder when it is plain, and neither it nor a folder on the way points elsewhere."""
    here = folder
    parts = PureWindowsPath(relative).parts
    if ".." in parts:
        return None
    for part in parts:
        here /= part
        try:
            seen = here.lstat()
        except (OSError, ValueError):
            return None
        # On Windows links, junctions and the like are reparse points; Linux, for the tests, has links.
        if stat.S_ISLNK(seen.st_mode) or getattr(seen, "st_file_attributes", 0) & _REPARSE_POINT:
            return None
    return here if here.is_file() else None
