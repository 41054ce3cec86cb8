"""One run at a time per folder: a lock that the system releases by itself when a process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from enn_desktop.core.errors import FolderBusy
from enn_desktop.system.disk import storage_failure

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
            raise storage_failure(error) from error
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


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
