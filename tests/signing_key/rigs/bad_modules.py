"""Driver modules that misbehave, compiled for the tests; and the headers of modules made for other processors."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from tests.signing_key.rigs import needs

SOURCE = Path(__file__).with_name("bad_modules.c")
X64, X86, ARM64 = 0x8664, 0x014C, 0xAA64
"""Processors as the header of a Windows file names them."""
_ELF_MACHINES = {X64: (2, 62), X86: (1, 3), ARM64: (2, 183)}
"""The same as the header of a Linux file does: class and machine."""


@dataclass(frozen=True, slots=True)
class BadModules:
    """One file per misdeed, all in one folder."""

    crashes: Path
    """Reads through a null pointer in C_GetFunctionList."""
    hangs: Path
    """Never comes back from C_GetFunctionList."""
    leaves: Path
    """Calls exit(0) in C_GetFunctionList."""
    chatters: Path
    """Prints at load, in C_GetFunctionList and at the end; it works all the same, as SoftHSM2."""
    garbage: Path
    """Not a library at all."""
    no_module: Path
    """A library without C_GetFunctionList."""
    needs_another: Path
    """A library that needs another one, which is not there."""
    absent: Path
    """There is no such file."""
    for_32_bits: Path
    """The header of a module made for 32-bit programs, and nothing behind it."""


def bad_modules(folder: Path) -> BadModules:
    """Compile them all into this folder."""
    sound = needs.file("lib/softhsm/libsofthsm2.so")
    needed = _made(folder, "libneeded.so", "IS_NEEDED", "-Wl,-soname,libneeded.so")
    needs_another = _made(folder, "needs_another.so", "NEEDS_ANOTHER", str(needed))
    needed.unlink()
    garbage, for_32_bits = folder / "garbage.so", folder / "for_32_bits.so"
    garbage.write_bytes(b"This is not a library.\n" * 100)
    for_32_bits.write_bytes(elf_header(X86))
    return BadModules(
        crashes=_made(folder, "crashes.so", "CRASHES"),
        hangs=_made(folder, "hangs.so", "HANGS"),
        leaves=_made(folder, "leaves.so", "LEAVES"),
        chatters=_made(folder, "chatters.so", "CHATTERS", f'-DSOUND_MODULE="{sound}"'),
        garbage=garbage,
        no_module=_made(folder, "no_module.so", "IS_NO_MODULE"),
        needs_another=needs_another,
        absent=folder / "absent.so",
        for_32_bits=for_32_bits,
    )


def elf_header(machine: int) -> bytes:
    """Return the beginning of a Linux library for this processor, long enough to be read."""
    width, number = _ELF_MACHINES[machine]
    return b"\x7fELF" + bytes([width, 1, 1, 0]) + bytes(8) + struct.pack("<HHI", 3, number, 1) + bytes(44)


def pe_header(machine: int) -> bytes:
    """Return the beginning of a Windows library for this processor: MZ, then PE where byte 0x3C says."""
    start = b"MZ" + bytes(0x3A) + struct.pack("<I", 0x80)
    return start.ljust(0x80, b"\0") + b"PE\0\0" + struct.pack("<HH", machine, 0) + bytes(32)


def _made(folder: Path, name: str, misdeed: str, *options: str) -> Path:
    (folder / name).write_bytes(needs.compiled(SOURCE, f"-D{misdeed}", *options))
    return folder / name
