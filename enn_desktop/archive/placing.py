"""A durable temporary becomes a document: nothing under its name is overwritten, and it is read once from the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from enn_desktop.archive import points
from enn_desktop.archive.incoming import IncomingFile, hash_file
from enn_desktop.archive.metadata import VERSIONS
from enn_desktop.core import names
from enn_desktop.core.errors import StorageItemError
from enn_desktop.system import disk


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stood under the name before, and where it is kept now (path from the dossier's folder, with ``/``)."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A document under its final name, read back from the disk with this hash and size."""

    name: str
    sha256: str
    size: int
    replaced: Replaced | None = None
    was_there: bool = False
    """The same bytes already stood under this name: nothing was written."""


def place(incoming: IncomingFile, folder: Path, name: str, stamp: str) -> Placed:
    """Give ``incoming`` its final ``name`` in ``folder``; a different file there moves to ``versions/stamp/``.

    Raises ``StorageError`` (the whole disk), ``StorageItemError`` (this file: in use, or read back different).
    """
    if PureWindowsPath(name).parts != (name,) or name == "..":
        # A description may have been tampered with: a name never leads out of its folder.
        raise StorageItemError("Le nom de ce fichier mène hors de son dossier.")
    incoming.finish()
    target = folder / name
    replaced = None
    try:
        if target.is_symlink() or target.exists():
            found = _look(target)
            if found == (incoming.sha256, incoming.size):
                incoming.discard()
                return Placed(name, incoming.sha256, incoming.size, was_there=True)
            replaced = _set_aside(target, folder, stamp, *found)
    except OSError as error:
        raise disk.storage_failure(error) from error
    disk.rename(incoming.path, target)
    _flush(folder)
    points.passed("renamed")
    _read_back(target, incoming)
    points.passed("reread")
    return Placed(name, incoming.sha256, incoming.size, replaced)


def _look(target: Path) -> tuple[str, int]:
    """Return hash and size of what stands there; no hash for what cannot be read any more, or is no file."""
    if not target.is_file():
        return "", 0
    try:
        return hash_file(target)
    except OSError:
        return "", target.stat().st_size


def _set_aside(target: Path, folder: Path, stamp: str, digest: str, size: int) -> Replaced:
    shelf = folder / VERSIONS / stamp
    shelf.mkdir(parents=True, exist_ok=True)
    name = names.distinct(target.name, {names.name_key(item.name) for item in shelf.iterdir()})
    disk.rename(target, shelf / name)
    _flush(shelf)
    points.passed("old-version-moved")
    return Replaced(f"{VERSIONS}/{stamp}/{name}", digest, size)


def _read_back(target: Path, incoming: IncomingFile) -> None:
    try:
        found = hash_file(target)
    except OSError as error:
        raise disk.file_failure(error, target) from error
    if found != (incoming.sha256, incoming.size):
        message = "Le disque n’a pas gardé ce fichier tel qu’il a été reçu."
        raise StorageItemError(message, advice="Faites contrôler le disque par votre prestataire.")


def _flush(folder: Path) -> None:
    try:
        disk.flush_folder(folder)
    except OSError as error:
        raise disk.storage_failure(error) from error
