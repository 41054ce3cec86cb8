"""Hears that a file may have been made, from the kernel, without looking again and again."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

IN_CREATE = 0x0100
IN_MOVED_TO = 0x0080
_EVENT = struct.Struct("iIII")
_EVENTS_BYTES = 65_536


class Arrivals:
    """Watches, for the time of a ``with``, where a path, or the next folder of it, will be made.

    Can be given to ``select``. Raises ``OSError`` when the kernel has no more watches to give.
    """

    def __init__(self, path: Path) -> None:
        self._folder, self._name = path.parent, path.name
        while not self._folder.is_dir() and self._folder != self._folder.parent:
            self._folder, self._name = self._folder.parent, self._folder.name
        self._descriptor = -1

    def __enter__(self) -> Self:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        if libc.inotify_add_watch(self._descriptor, os.fsencode(self._folder), IN_CREATE | IN_MOVED_TO) < 0:
            code = ctypes.get_errno()
            os.close(self._descriptor)
            raise OSError(code, "inotify_add_watch")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def fileno(self) -> int:
        """Return the descriptor that can be read once something was made."""
        return self._descriptor

    def seen(self) -> bool:
        """Whether what was made since the last call is what is watched for, and not its neighbour."""
        try:
            told = os.read(self._descriptor, _EVENTS_BYTES)
        except BlockingIOError:
            return False
        names, place = set(), 0
        while place < len(told):
            length = _EVENT.unpack_from(told, place)[3]
            place += _EVENT.size + length
            names.add(told[place - length : place].rstrip(b"\0"))
        return os.fsencode(self._name) in names
