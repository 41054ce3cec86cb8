"""One run at a time per folder: a lock that the system releases by itself when a process dies."""

from __future__ import annotations

import errno
import os
import sys
from ctypes import Structure, byref, c_int, c_uint32, c_void_p
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from enn_desktop.core.errors import FolderBusy
from enn_desktop.system.disk import folder_failure, storage_failure
from enn_desktop.system.windows_dll import Prototype, SystemDll

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FolderLock:
    """Holds a lock file for the time of a ``with``; raises ``FolderBusy`` if someone else holds it.

    ``StorageError`` where the disk cannot lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise folder_failure(error) from error
        try:
            _take(descriptor)
        except (BlockingIOError, PermissionError) as error:
            os.close(descriptor)
            raise FolderBusy(detail=f"{type(error).__name__} {error.errno}") from error
        except OSError as error:
            # Some network disks have no locks: that is not someone else at work.
            os.close(descriptor)
            raise storage_failure(error) from error
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Library(Protocol):
    """kernel32: the real one, or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function."""
        ...

    def last_error(self) -> int:
        """Return what the last call left as its error."""
        ...


class Overlapped(Structure):
    """OVERLAPPED of 64-bit Windows: where in the file, the rest unused."""

    _fields_ = (
        ("internal", c_void_p),
        ("internal_high", c_void_p),
        ("offset", c_uint32),
        ("offset_high", c_uint32),
        ("event", c_void_p),
    )
    offset_high: int


_LOCK_FILE = Prototype("LockFileEx", c_int, (c_void_p, c_uint32, c_uint32, c_uint32, c_uint32, c_void_p))
_AT_ONCE_ALONE = 0x1 | 0x2
"""LOCKFILE_FAIL_IMMEDIATELY, LOCKFILE_EXCLUSIVE_LOCK."""
_LOCK_VIOLATION, _IO_PENDING = 33, 997
_FAR_AWAY = 0x7FFF_FFFF
"""Where the locked byte is, in units of 4 GB: on Windows nobody may read one, and who copies the folder must."""


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        # Not msvcrt.locking, which says « refused » for everything, and nothing at all under Wine.
        lock_on_windows(msvcrt.get_osfhandle(descriptor), SystemDll("kernel32"))
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_on_windows(handle: int, kernel: Library) -> None:
    """Lock one byte for this handle. ``BlockingIOError``: someone else has it; ``OSError``: this disk has no locks."""
    where = Overlapped(offset_high=_FAR_AWAY)
    if kernel.call(_LOCK_FILE, handle, _AT_ONCE_ALONE, 0, 1, 0, byref(where)):
        return
    code = kernel.last_error()
    if code in (_LOCK_VIOLATION, _IO_PENDING):
        raise BlockingIOError(errno.EAGAIN, "held")
    raise OSError(errno.ENOLCK, f"LockFileEx {code}")
