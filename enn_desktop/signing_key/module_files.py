"""The driver modules of this Linux computer: from a fixed list and from p11-kit, never from where a user may write.

Files are looked at, never loaded.
"""

from __future__ import annotations

import stat
import struct
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.values import DriverFile, Machine
from enn_desktop.signing_key.windows import files as windows_files

ALLOWED = ("usr", "opt", "lib", "lib64")
"""Where only an administrator puts programs."""
_MACHINES = {0x3E: Machine.X64, 0x03: Machine.X86, 0xB7: Machine.ARM64}
_MAGIC = b"\x7fELF"
_LITTLE = 1
_HEADER = 20
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def driver_files(root: Path = Path("/"), owner: int = 0) -> tuple[DriverFile, ...]:
    """Return the modules installed here, each file once, and for which processor each is made.

    ``root`` and ``owner``: another tree, another administrator, for the tests.
    """
    found: dict[Path, DriverFile] = {}
    for middleware, named in (*_known(root), *_of_p11_kit(root)):
        file = trusted(named, root, owner)
        if file is not None and file not in found:
            found[file] = DriverFile(middleware, str(file), machine_of(file))
    return tuple(found.values())


def _known(root: Path) -> Iterator[tuple[str, Path]]:
    for module in known_keys.LINUX_MODULES:
        yield module.middleware, root / module.relative


def _of_p11_kit(root: Path) -> Iterator[tuple[str, Path]]:
    settings: dict[str, Path] = {}
    for folder in known_keys.P11_KIT_SETTINGS:
        for path in sorted((root / folder).glob("*.module")):
            settings[path.stem] = path
    for name, path in sorted(settings.items()):
        try:
            module = known_keys.p11_kit_module(path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
        if module.startswith("/"):
            yield name, root / module.lstrip("/")
        elif module:
            yield from ((name, root / folder / module) for folder in known_keys.P11_KIT_MODULES)


def trusted(path: Path, root: Path = Path("/"), owner: int = 0) -> Path | None:
    """Return the real file behind a path when no user could have put or changed it; ``None`` otherwise.

    Links are followed as long as they stay among the programs.
    """
    try:
        real = path.resolve(strict=True)
        if not any(real.is_relative_to((root / folder).resolve()) for folder in ALLOWED):
            return None
        if not real.is_file() or not all(_is_kept(one, owner) for one in _way(path, real, root)):
            return None
    except (OSError, RuntimeError):
        return None
    return real


def _way(path: Path, real: Path, root: Path) -> set[Path]:
    """Return every folder and file that decides what is loaded: those of the name asked for, and the real ones."""
    return {one for end in (path, real) for one in (end, *end.parents) if one.is_relative_to(root) and one != root}


def _is_kept(path: Path, owner: int) -> bool:
    seen = path.lstat()
    # A link has all rights for everybody, and they mean nothing.
    return seen.st_uid == owner and (stat.S_ISLNK(seen.st_mode) or not seen.st_mode & _OTHERS_MAY_WRITE)


def machine_of(file: Path) -> Machine:
    """Return for which processor a library is made, from its header, Linux's or Windows's; ``OTHER`` for no library."""
    try:
        with file.open("rb") as opened:
            header = opened.read(_HEADER)
    except OSError:
        return Machine.OTHER
    if not header.startswith(_MAGIC):
        return windows_files.machine_of(file)
    if len(header) < _HEADER:
        return Machine.OTHER
    (machine,) = struct.unpack_from("<H" if header[5] == _LITTLE else ">H", header, 18)
    return _MACHINES.get(machine, Machine.OTHER)


@cache
def own_machine() -> Machine:
    """Return for which processor this very program is made: the only one whose libraries it can load."""
    return machine_of(Path(sys.executable))
