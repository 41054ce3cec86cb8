"""A file on its way in: counted and hashed as it comes, under a temporary name in its final folder."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from enn_desktop.archive import points
from enn_desktop.core.errors import EnnError
from enn_desktop.system.disk import allow_replacing, flush_to_disk, forget_cached, patiently, rename, storage_failure

PREFIX = ".enn-"
SUFFIX = ".part"
READ_SIZE = 1024 * 1024


def is_temporary(name: str) -> bool:
    """Whether this is the name of one of our unfinished files."""
    return name.startswith(PREFIX) and name.endswith(SUFFIX)


def sweep(folder: Path) -> None:
    """Remove our unfinished files from a folder where none is being written; what cannot go stays."""
    with contextlib.suppress(OSError):
        for item in [one for one in folder.iterdir() if is_temporary(one.name)]:
            with contextlib.suppress(OSError):
                item.unlink()


class IncomingFile:
    """Takes bytes until :meth:`finish`; then the file is durable, closed, and still under its temporary name.

    Every method raises ``StorageError`` or ``StorageItemError`` when the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{PREFIX}{secrets.token_hex(4)}{SUFFIX}"
        self.size = 0
        self._hash = hashlib.sha256()
        try:
            self._file: BinaryIO | None = self.path.open("xb", buffering=0)
        except OSError as error:
            raise storage_failure(error) from error
        points.passed("temporary-opened")

    @property
    def sha256(self) -> str:
        """The hash, in hexadecimal, of the bytes taken so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Take the next bytes, all of them."""
        if self._file is None:
            message = "write after finish"
            raise ValueError(message)
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise storage_failure(error) from error
        self._hash.update(data)
        if self.size == 0:
            points.passed("bytes-half-written")
        self.size += len(data)

    def finish(self) -> None:
        """Make the bytes durable and close the file."""
        if self._file is None:
            return
        points.passed("bytes-written")
        try:
            flush_to_disk(self._file.fileno())
            points.passed("temporary-flushed")
            forget_cached(self._file.fileno())
            self._file.close()
        except OSError as error:
            raise storage_failure(error) from error
        self._file = None
        points.passed("temporary-closed")

    def discard(self) -> None:
        """Close and remove this temporary: it never became a document."""
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()
            self._file = None
            self.path.unlink(missing_ok=True)


def hash_file(path: Path, *, patient: bool = True) -> tuple[str, int]:
    """Read a file from the disk and return its SHA-256 in hexadecimal and its size in bytes. ``OSError`` as is.

    A file in use is waited for (3 s at most), unless the reader is not ``patient``.
    """
    digest = hashlib.sha256()
    total = 0
    buffer = bytearray(READ_SIZE)
    view = memoryview(buffer)

    def opened() -> FileIO:
        return path.open("rb", buffering=0)

    with patiently(opened) if patient else opened() as file:
        while count := file.readinto(buffer):
            digest.update(view[:count])
            total += count
    return digest.hexdigest(), total


def write_own_file(path: Path, content: bytes, name: str) -> None:
    """Write one of our own descriptive files in one step (``name`` names its crash points)."""
    incoming = IncomingFile(path.parent)
    try:
        incoming.write(content)
        incoming.finish()
        points.passed(f"{name}-temporary-written")
        # The one overwrite; an antivirus that holds the old one for a moment is waited for.
        allow_replacing(path)
        rename(incoming.path, path)
    except EnnError:
        incoming.discard()
        raise
    points.passed(f"{name}-renamed")
