"""A documents folder made ready to be worked in: its lock, its catalogue, healed if need be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from enn_desktop.archive.folder import DocumentsFolder, read_identity
from enn_desktop.backup.rebuild import RebuildReport, rebuild
from enn_desktop.catalogue.schema import CatalogueDamagedError
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock
from enn_desktop.core.errors import CatalogueError, StorageError, StorageItemError
from enn_desktop.system import disk
from enn_desktop.system.folder_lock import FolderLock
from enn_desktop.system.paths import ProfilePaths

RESERVE = 20 * 1000 * 1000
"""Bytes that must stay free: the catalogue and Windows need some room to go on."""


@dataclass(frozen=True, slots=True)
class OpenFolder:
    """A folder and its catalogue; ``healed`` tells what a rebuild found, if one was needed."""

    folder: DocumentsFolder
    catalogue: Catalogue
    healed: RebuildReport | None = None


@contextmanager
def work_in(root: Path, paths: ProfilePaths, clock: Clock, cancel: CancelToken) -> Iterator[OpenFolder]:
    """Hold a folder for one run. A catalogue that is absent or damaged is rebuilt from the folder first.

    Raises ``FolderBusy``, ``StorageError``, ``CatalogueError`` (written by a newer program).
    """
    folder = DocumentsFolder(root)
    _demand_place(folder)
    with FolderLock(folder.lock_file):
        identity = folder.prepare()
        opened = _open(paths.catalogue_file(identity), folder, clock, cancel)
        described = Path(opened.catalogue.root or folder.root)
        if _lives_elsewhere(described, folder.root) and read_identity(described) == identity:
            # A copy of a folder that still lives elsewhere: one catalogue cannot tell the truth about both.
            opened.catalogue.close()
            opened = _open(paths.catalogue_file(folder.renew_identity()), folder, clock, cancel)
        opened.catalogue.note_root(folder.root)
        try:
            yield opened
        except sqlite3.DatabaseError as error:
            raise _while_in_use(error) from error
        finally:
            opened.catalogue.close()


def _lives_elsewhere(described: Path, root: Path) -> bool:
    """Whether these are two folders: one may be reached by a drive's letter and by the name of its share."""
    if described == root:
        return False
    try:
        return not described.samefile(root)
    except OSError:
        return True


def _demand_place(folder: DocumentsFolder) -> None:
    try:
        folder.lock_file.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        message = "L’emplacement choisi est un fichier, pas un dossier."
        raise StorageError(message, advice="Choisissez un autre emplacement.") from error
    except OSError as error:
        raise disk.folder_failure(error) from error
    disk.demand_free(folder.root, RESERVE)


def _while_in_use(error: sqlite3.DatabaseError) -> Exception:
    text = str(error)
    if "full" in text or "disk I/O" in text or "readonly" in text:
        message = "Le disque du catalogue est plein ou protégé."
        return StorageError(message, detail=text)
    return CatalogueDamagedError(detail=text)


def _open(path: Path, folder: DocumentsFolder, clock: Clock, cancel: CancelToken) -> OpenFolder:
    fresh = not path.exists()
    try:
        catalogue = Catalogue(path)
    except CatalogueDamagedError:
        _set_aside_alone(path, clock.now())
        catalogue, fresh = Catalogue(path), True
    # The catalogue is born empty: either nothing was ever brought home, or the folder knows it all.
    unfinished = fresh or catalogue.unfinished_rebuild
    if not unfinished:
        return OpenFolder(folder, catalogue)
    catalogue.note_rebuild(unfinished=True)
    try:
        report = rebuild(folder.root, catalogue, cancel)
    except BaseException:
        catalogue.close()
        raise
    catalogue.note_rebuild(unfinished=False)
    return OpenFolder(folder, catalogue, report if report.dossiers else None)


def _set_aside_alone(path: Path, now: datetime) -> None:
    try:
        set_aside(path, now)
    except StorageItemError as error:
        # Windows moves no file that is open: another window of ours, most likely.
        message = "Le catalogue est abîmé, et un autre programme l’a ouvert. Les documents, eux, sont intacts."
        advice = "Fermez toutes les fenêtres de ce programme, puis relancez\u00a0: le catalogue sera reconstruit."
        raise CatalogueError(message, advice=advice, detail=error.detail) from error


def set_aside(path: Path, now: datetime) -> None:
    """Move a damaged catalogue out of the way, never lose it."""
    moment = now.strftime("%Y-%m-%dT%H-%M-%S")
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if part.exists():
            disk.rename(part, part.with_name(f"abime-{moment}-{part.name}"))


@contextmanager
def look_in(root: Path, paths: ProfilePaths, clock: Clock, cancel: CancelToken) -> Iterator[OpenFolder]:
    """Open a folder for reading what is known, without asking that no run be under way.

    Raises ``StorageError`` when there is no documents folder there.
    """
    identity = read_identity(root)
    if not identity:
        message = "Il n’y a pas encore de dossiers récupérés à cet endroit."
        raise StorageError(message, advice="Lancez d’abord une récupération, ou indiquez le bon dossier.")
    path = paths.catalogue_file(identity)
    if not path.exists():
        with work_in(root, paths, clock, cancel) as opened:
            yield opened
        return
    folder = DocumentsFolder(root)
    try:
        catalogue = Catalogue(path)
    except CatalogueDamagedError:
        with work_in(root, paths, clock, cancel) as opened:
            yield opened
        return
    if catalogue.unfinished_rebuild or _lives_elsewhere(Path(catalogue.root or folder.root), folder.root):
        catalogue.close()
        with work_in(root, paths, clock, cancel) as opened:
            yield opened
        return
    with catalogue:
        yield OpenFolder(folder, catalogue)
