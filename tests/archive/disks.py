"""Disks for tests: a tiny one, a protected one, and ones that fail at the moment they are told to."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest


@contextmanager
def tiny_disk(place: Path, size: str = "1m") -> Iterator[Path]:
    """Mount a disk of that size at ``place`` for the time of a ``with``; needs the right to mount."""
    place.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield place
    finally:
        _run("umount", str(place))


def protect(place: Path) -> None:
    """Make a disk mounted by :func:`tiny_disk` read-only."""
    _run("mount", "-o", "remount,ro", str(place))


def release(place: Path) -> None:
    """Make it writable again."""
    _run("mount", "-o", "remount,rw", str(place))


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.fail(f"This test mounts a real small disk, and {command[0]} is not here: run it on Linux.")
    if done.returncode:
        pytest.fail(f"This test mounts a real small disk: run it as root. {' '.join(command)}: {done.stderr.strip()}")


class FillingFile:
    """A file on a disk with ``room`` bytes left: it takes what fits, in pieces, then refuses."""

    def __init__(self, file: IO[bytes], room: int, piece: int, refusal: int) -> None:
        self._file = file
        self._room = room
        self._piece = piece
        self._refusal = refusal

    def write(self, data: memoryview) -> int:
        """Take at most one piece, as the system may."""
        taken = min(len(data), self._piece, self._room)
        if not taken:
            raise OSError(self._refusal, os.strerror(self._refusal))
        self._room -= taken
        return self._file.write(data[:taken])

    def fileno(self) -> int:
        """Return the real file's descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        """Close the real file."""
        self._file.close()


def fill_disk(monkeypatch: pytest.MonkeyPatch, room: int, *, piece: int = 1 << 30, refusal: int = errno.ENOSPC) -> None:
    """Have every new file take ``room`` bytes, ``piece`` by ``piece``, then fail with ``refusal``."""
    real = Path.open

    def opened(self: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        file = real(self, mode, *rest, **named)
        return FillingFile(file, room, piece, refusal) if mode == "xb" else file

    monkeypatch.setattr(Path, "open", opened)


def refuse_new_files(monkeypatch: pytest.MonkeyPatch, refusal: int) -> None:
    """Have the disk refuse to make any file, with that error number."""
    real = Path.open

    def opened(self: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if mode == "xb":
            raise OSError(refusal, os.strerror(refusal), str(self))
        return real(self, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", opened)
