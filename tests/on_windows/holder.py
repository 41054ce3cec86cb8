"""Another program that has a file open, as Windows lets it: others may read it, or nobody, or only rename it.

``python -m tests.on_windows.holder FILE SHARED [SECONDS]``: says so, then waits for that time, or for its input to end.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_uint32, c_void_p, c_wchar_p
from pathlib import Path

from enn_desktop.system.windows_dll import Prototype, SystemDll

PROJECT = Path(__file__).resolve().parents[2]
NOBODY, READERS, RENAMERS = 0, 1, 4
"""What the others may do meanwhile: FILE_SHARE_READ is a PDF reader's usual way, none an antivirus's."""
_OPEN = Prototype("CreateFileW", c_void_p, (c_wchar_p, c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_void_p))
_CLOSE = Prototype("CloseHandle", c_uint32, (c_void_p,))
_READ, _OPEN_EXISTING = 0x8000_0000, 3
_INVALID = (1 << 64) - 1


@contextmanager
def held(file: Path, shared: int, seconds: float | None = None) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold a file for the time of a ``with``, or for so many seconds."""
    command = [sys.executable, "-m", "tests.on_windows.holder", str(file), str(shared)]
    command += [] if seconds is None else [str(seconds)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.communicate("", timeout=60)


def hold(file: str, shared: int) -> None:
    """Hold the file until the time is over or the input ends."""
    kernel = SystemDll("kernel32")
    handle = kernel.call(_OPEN, file, _READ, shared, None, _OPEN_EXISTING, 0, None)
    if handle in (0, _INVALID):
        raise OSError(kernel.last_error(), "CreateFileW")
    sys.stdout.write("held\n")
    sys.stdout.flush()
    if len(sys.argv) > 3:
        time.sleep(float(sys.argv[3]))
    else:
        sys.stdin.read()
    kernel.call(_CLOSE, handle)


if __name__ == "__main__":
    hold(sys.argv[1], int(sys.argv[2]))
