"""Microsoft's C and C++ libraries: several components bring their own; the newest of each serves them all.

They stand beside the launchers, where Windows looks for every component's libraries. Windows keeps in memory the first
of a name that it meets: an old one, brought for a small component, would otherwise serve Qt too.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pefile

from installer.windows.pe_files import asked_for, program_files

_NAMES = re.compile(r"(?:msvcp140|vcruntime140|concrt140|vccorlib140|vcamp140|vcomp140)(?:_\w+)?\.dll", re.IGNORECASE)


def is_c_runtime(path: Path) -> bool:
    """Whether a file is one of these libraries, by its name."""
    return _NAMES.fullmatch(path.name) is not None


def file_version(path: Path) -> tuple[int, int, int, int]:
    """Return the version that a program file says of itself; zeros when it says none."""
    with pefile.PE(str(path), fast_load=True) as program:
        program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        told = getattr(program, "VS_FIXEDFILEINFO", None)
        if not told:
            return (0, 0, 0, 0)
        high, low = int(told[0].FileVersionMS), int(told[0].FileVersionLS)
    return (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF)


def newest(paths: list[Path]) -> dict[str, Path]:
    """Return of each library the newest file; of equals, the first by path."""
    found: dict[str, Path] = {}
    for path in sorted(paths):
        name = path.name.lower()
        if name not in found or file_version(path) > file_version(found[name]):
            found[name] = path
    return found


def share_c_runtime(payload: Path) -> None:
    """Keep one file of each of these libraries that is asked for, the newest, beside the launchers."""
    brought = [path for path in payload.rglob("*.dll") if is_c_runtime(path)]
    best = newest(brought)
    waiting = {name for path in program_files(payload) if not is_c_runtime(path) for name in asked_for(path)}
    needed: set[str] = set()
    while more := {name for name in waiting if name in best} - needed:
        needed |= more
        waiting = {name for one in more for name in asked_for(best[one])}
    kept = {name: path.read_bytes() for name, path in best.items() if name in needed}
    for path in brought:
        path.unlink()
    for name, content in kept.items():
        (payload / name).write_bytes(content)


def copy_runtime(runtime: Path, payload: Path, left_out: set[str]) -> None:
    """Copy Python's files beside the launchers, but those ``left_out``."""
    for path in sorted(runtime.iterdir()):
        if path.name not in left_out:
            shutil.copyfile(path, payload / path.name)
