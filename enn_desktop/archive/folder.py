"""The documents folder: its identity, its town halls, its dossiers; every name chosen once and kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated

import msgspec

from enn_desktop.archive import metadata, points
from enn_desktop.archive.incoming import is_temporary, sweep, write_own_file
from enn_desktop.core import names
from enn_desktop.core.errors import StorageError, StorageItemError
from enn_desktop.core.typed_reading import from_json
from enn_desktop.system import disk
from enn_desktop.system.paths import on_windows

LIKELY_ROOT = 80
"""Length of a long but usual root on Windows, « Documents » redirected to a synchronised folder included."""
OWN = ".enn-desktop"
"""The one subfolder that is ours: the folder's identity and the lock. No document goes there."""


class _Identity(msgspec.Struct):
    # It becomes part of a file name elsewhere: nothing but what we write is believed.
    identifiant: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{12}$")]


class DocumentsFolder:
    """One documents folder, opened for writing. ``StorageError`` whenever the disk refuses."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        length = names.length(str(self.root))
        # Only Windows counts the whole path; elsewhere names stay short enough to be copied there one day.
        self.limits = names.limits_for_root(length if on_windows() else min(length, LIKELY_ROOT))

    @property
    def lock_file(self) -> Path:
        """The file that one run at a time may hold."""
        return self.root / OWN / "verrou"

    def prepare(self) -> str:
        """Make the folder usable, prove that it can be written, and return its identity."""
        try:
            (self.root / OWN).mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            message = "L’emplacement choisi est un fichier, pas un dossier."
            raise StorageError(message, advice="Choisissez un autre emplacement.") from error
        except OSError as error:
            raise disk.folder_failure(error) from error
        try:
            write_own_file(self.root / OWN / "essai-d-ecriture", b"", "trial")
        except StorageItemError as error:
            # One file refused is one file; but this one tells of them all.
            message = "Le dossier choisi est protégé\u00a0: impossible d’y écrire."
            raise StorageError(message, detail=error.detail) from error
        sweep(self.root)
        sweep(self.root / OWN)
        return self._identity()

    def _identity(self) -> str:
        path = self.root / OWN / "dossier.json"
        try:
            known = _identity_in(disk.read_bytes(path))
        except FileNotFoundError:
            known = ""
        except OSError as error:
            # It is there: another one in its place would part the folder from its catalogue.
            raise disk.folder_failure(error) from error
        if known:
            return known
        fresh = _Identity(secrets.token_hex(6))
        write_own_file(path, msgspec.json.encode(fresh), "identity")
        return fresh.identifiant

    def renew_identity(self) -> str:
        """Give the folder an identity of its own: it is a copy of another one that still lives."""
        fresh = _Identity(secrets.token_hex(6))
        write_own_file(self.root / OWN / "dossier.json", msgspec.json.encode(fresh), "identity")
        return fresh.identifiant

    def path(self, relative: str) -> Path:
        """Return the place of a relative path, refusing one that leaves the folder."""
        parts = PurePosixPath(relative).parts
        place = self.root.joinpath(*parts)
        # Asked of the joined path too: Windows reads a drive or a climb in what is one plain name elsewhere.
        inside = place.relative_to(self.root).parts if place.is_relative_to(self.root) else ()
        if not inside or ".." in (*parts, *inside):
            raise StorageError(detail="chemin hors du dossier")
        return place

    def _demand_root(self) -> None:
        # A folder made again where a disk was unplugged would look like the real one, empty.
        if not (self.root / OWN).is_dir():
            raise StorageError("Le dossier choisi n’est plus là.")

    def entity_folder(self, name: str, siren: str, taken: Collection[str]) -> str:
        """Choose the folder name of a town hall, different from those already ``taken`` (names)."""
        wanted = names.safe_folder_name(name or siren or "Collectivité", limit=self.limits.entity)
        return names.distinct(wanted, {names.name_key(other) for other in taken})

    def wanted_name(self, day: date | None, number: str, title: str) -> str:
        """Return the folder name that a dossier deserves today."""
        return names.dossier_folder_name(day, number, title, limit=self.limits.folder)

    def make_dossier(self, parent: str, wanted: str, record: metadata.DossierRecord, used: set[str]) -> str:
        """Make the empty folder of a new dossier; return its relative path.

        ``used`` holds the name keys of the dossiers already under ``parent``. An empty folder, or one that
        describes this very dossier, is what an interrupted write left: it is used again.
        """
        refused = used
        self._demand_root()
        while True:
            name = names.distinct(wanted, refused)
            place = self.path(f"{parent}/{name}")
            try:
                place.mkdir(parents=True, exist_ok=True)
                mine = self._mine(place, record)
            except FileExistsError:
                # Someone's own file bears that name.
                mine = False
            except OSError as error:
                raise disk.storage_failure(error) from error
            if mine:
                break
            refused = refused | {names.name_key(name)}
        points.passed("folder-made")
        return f"{parent}/{name}"

    def describe_provisionally(self, relative: str, record: metadata.DossierRecord) -> None:
        """Write a first description into a new dossier's folder, unless one is there: it always says whose it is."""
        if not (self.path(relative) / metadata.NAME).exists():
            self.describe_anew(relative, record)

    def describe_anew(self, relative: str, record: metadata.DossierRecord) -> None:
        """Replace a dossier's description by one that holds until it is sealed."""
        write_own_file(self.path(relative) / metadata.NAME, metadata.dump(record), "provisional-metadata")

    @staticmethod
    def _mine(place: Path, record: metadata.DossierRecord) -> bool:
        described = read_record(place)
        if described is not None:
            return described.id_d == record.id_d and described.server == record.server
        return all(is_temporary(item.name) for item in place.iterdir())

    def move_dossier(self, relative: str, parent: str, wanted: str, used: set[str]) -> str:
        """Give a dossier's folder a better name; return where it now is (where it was, if it cannot move).

        ``used`` holds the name keys of the other dossiers under ``parent``.
        """
        target = f"{parent}/{names.distinct(wanted, used)}"
        if names.name_key(target) == names.name_key(relative):
            return relative
        place = self.path(target)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                return relative
            # Not through disk.rename: a folder in use simply keeps its name until another day.
            self.path(relative).rename(place)
        except OSError:
            return relative
        disk.flush_folder(place.parent)
        points.passed("dossier-folder-renamed")
        return target

    def place_of(self, relative: str) -> Path:
        """Return a dossier's folder, made if it is not there."""
        place = self.path(relative)
        self._demand_root()
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk.storage_failure(error) from error
        return place


def read_identity(root: Path) -> str:
    """Return the identity of a documents folder, empty if it has none that can be read."""
    try:
        return _identity_in(disk.read_bytes(root / OWN / "dossier.json"))
    except OSError:
        return ""


def _identity_in(content: bytes) -> str:
    try:
        return from_json(content, _Identity).identifiant
    except msgspec.DecodeError:
        return ""


def read_record(place: Path) -> metadata.DossierRecord | None:
    """Return the description that lies in a dossier's folder, if it can be read."""
    try:
        return metadata.load(disk.read_bytes(place / metadata.NAME))
    except OSError:
        return None


def record_to_go_on_with(place: Path) -> metadata.DossierRecord | None:
    """Return the description that is about to be replaced, ``None`` if there is none that means anything.

    Raises ``StorageItemError`` for one that another program holds: what only it knows would be lost.
    """
    path = place / metadata.NAME
    try:
        return metadata.load(disk.read_bytes(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise StorageItemError(detail=f"{type(error).__name__} {error.errno}: {error.strerror}") from error
