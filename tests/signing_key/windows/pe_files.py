"""Files with the header of a Windows program, put where an installer would."""

from __future__ import annotations

import struct
from pathlib import Path

X64, X86, ARM64 = 0x8664, 0x014C, 0xAA64


def pe(machine: int, place: int = 0xF8) -> bytes:
    """Return the beginning of a Windows file made for a processor."""
    start = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", place)
    return start.ljust(place, b"\0") + struct.pack("<4sHH", b"PE\0\0", machine, 5)


def put(folder: Path, relative: str, data: bytes) -> Path:
    """Write a file below a folder, as an installer would."""
    file = folder.joinpath(*relative.split("\\"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file
