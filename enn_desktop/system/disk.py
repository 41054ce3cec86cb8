"""Durable bytes on whatever disk it is: flush, rename, folder flush, free space, all with their OS differences."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from enn_desktop.core.errors import EnnError, StorageError, StorageItemError
from enn_desktop.core.french import size

_IN_USE_WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Antivirus and indexers hold a new file for moments; beyond about 3 s it is a person's program."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_LOST = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN}
_ACCESS_DENIED = 5
_WINDOWS_IN_USE = {_ACCESS_DENIED, 32, 33}
"""Access denied (what is being deleted says so too), sharing violation, lock violation."""

Given = TypeVar("Given")


def flush_to_disk(descriptor: int) -> None:
    """Return once the bytes written are on the disk itself."""
    os.fsync(descriptor)


def flush_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call, the start-up check repairs there."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network and FUSE file systems cannot flush a folder; the bytes themselves are flushed.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def forget_cached(descriptor: int) -> None:
    """Ask the system to read the file from the disk next time, where it can be asked."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def in_use(error: OSError) -> bool:
    """Whether another program seems to hold that file for the moment; only Windows lets one."""
    number = getattr(error, "winerror", None)
    if number is None:
        # Its C library, which opens files for Python, says « refused » for all that.
        return sys.platform == "win32" and error.errno == errno.EACCES
    return number in _WINDOWS_IN_USE


def patiently(action: Callable[[], Given], *, wait: threading.Event | None = None) -> Given:
    """Return what ``action`` gives; while a file is in use it is tried again, for 3 s. The last ``OSError`` as is."""
    pause = wait or threading.Event()
    for seconds in _IN_USE_WAITS_S:
        try:
            return action()
        except OSError as error:
            if not in_use(error):
                raise
        pause.wait(seconds)
    return action()


def read_bytes(path: Path) -> bytes:
    """Return the content of a small file, waited for while it is in use. ``OSError`` as is."""
    return patiently(path.read_bytes)


def rename(source: Path, target: Path, *, wait: threading.Event | None = None) -> None:
    """Rename in one step, replacing what is there; waits a little for a file in use, then says so.

    Raises ``StorageItemError`` (in use, taken away), ``StorageError`` (disk full, read-only, gone).
    """
    try:
        patiently(lambda: source.replace(target), wait=wait)
    except OSError as error:
        raise file_failure(error, source) from error


def allow_replacing(path: Path) -> None:
    """Take away the read-only mark, which on Windows forbids replacing a file; what cannot be done is left."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            if not path.stat().st_mode & stat.S_IWRITE:
                path.chmod(stat.S_IWRITE)


def write_whole(file: Path, content: bytes) -> None:
    """Write one of the program's own small files in one step, its folder made if need be: whole, or as it was.

    Raises ``StorageError``, ``StorageItemError`` (in use).
    """
    fresh = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as sink:
            sink.write(content)
            sink.flush()
            flush_to_disk(sink.fileno())
    except OSError as error:
        raise storage_failure(error) from error
    rename(fresh, file)


def storage_failure(error: OSError) -> EnnError:
    """Say in words what a disk error is; about the whole folder, or about this one file."""
    detail = f"{type(error).__name__} {error.errno}: {error.strerror}"
    if error.errno in _FULL or getattr(error, "winerror", None) in (39, 112):
        return StorageError(
            "Le disque est plein.",
            advice="Libérez de la place ou choisissez un autre disque, puis relancez : rien ne sera refait.",
            detail=detail,
        )
    if getattr(error, "winerror", None) in _WINDOWS_IN_USE:
        return StorageItemError(detail=detail)
    if error.errno in _READ_ONLY:
        return StorageError("Le dossier choisi est protégé : impossible d’y écrire.", detail=detail)
    if error.errno in _LOST or isinstance(error, FileNotFoundError | NotADirectoryError):
        return StorageError("Le dossier choisi n’est plus là.", detail=detail)
    if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ):
        return StorageItemError("Le nom de ce fichier est refusé par le disque.", detail=detail)
    return StorageError(detail=detail)


def file_failure(error: OSError, file: Path) -> EnnError:
    """Say what an error about one file is: it may be missing alone, its folder being there."""
    if isinstance(error, FileNotFoundError) and file.parent.is_dir() and not file.exists():
        return StorageItemError(
            "Ce fichier a disparu pendant qu’il était écrit.",
            advice="Un antivirus l’a peut-être retenu : demandez à votre prestataire informatique.",
            detail=f"{type(error).__name__} {error.errno}: {error.strerror}",
        )
    if in_use(error) and file.exists():
        return StorageItemError(detail=f"{type(error).__name__} {error.errno}: {error.strerror}")
    return storage_failure(error)


def folder_failure(error: OSError) -> EnnError:
    """Say what an error about a folder to be made or opened is: « refused » means protected there, not in use."""
    if getattr(error, "winerror", None) == _ACCESS_DENIED:
        return storage_failure(PermissionError(errno.EACCES, error.strerror))
    return storage_failure(error)


def free_bytes(folder: Path) -> int:
    """Return the bytes that this user may still write there."""
    return shutil.disk_usage(folder).free


def demand_free(folder: Path, reserve: int) -> None:
    """Go on, or raise ``StorageError`` when fewer than ``reserve`` bytes are left."""
    try:
        left = free_bytes(folder)
    except OSError as error:
        raise storage_failure(error) from error
    if left < reserve:
        raise StorageError(
            f"Il ne reste que {size(left)} sur ce disque : la récupération s’arrête avant de le remplir.",
            advice="Libérez de la place ou choisissez un autre disque, puis relancez : rien ne sera refait.",
        )
