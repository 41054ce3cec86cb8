"""Walk the folder as it lies on the disk: dossiers wherever they were moved, temporaries left by a cut."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.archive import metadata
from enn_desktop.archive.folder import OWN, read_record
from enn_desktop.archive.incoming import hash_file, is_temporary
from enn_desktop.archive.metadata import DossierRecord
from enn_desktop.archive.sealing import read_manifest
from enn_desktop.core.cancel import CancelToken


@dataclass(frozen=True, slots=True)
class Found:
    """One dossier's folder: path from the root with ``/``, its description if it can be read, what lies in it.

    ``present`` maps the names of the files in the folder (versions apart) to their sizes in bytes.
    """

    relative: str
    record: DossierRecord | None
    present: dict[str, int]
    temporaries: tuple[str, ...]
    manifest_current: bool = True
    """Whether ``empreintes.sha256`` was written after the description that lies there."""


def dossiers(root: Path, cancel: CancelToken, *, passing_over: Collection[str] = ()) -> Iterator[Found]:
    """Yield every dossier under ``root``, in a stable order; folders that cannot be read or named are passed over.

    So are those in ``passing_over`` (paths from the root, with ``/``), and all that lies in them.
    """
    for current, folders, files in os.walk(root):
        cancel.check()
        place = Path(current)
        folders[:] = sorted(name for name in folders if _can_be_told(name))
        if place == root:
            # Never a dossier itself, whatever was left or put there.
            folders[:] = [name for name in folders if name != OWN]
            continue
        if passing_over:
            here = place.relative_to(root).as_posix()
            folders[:] = [name for name in folders if f"{here}/{name}" not in passing_over]
        if metadata.NAME not in files and metadata.MANIFEST not in files and not any(map(is_temporary, files)):
            continue
        # Not its versions; but another dossier may have been dropped into this one by mistake.
        folders[:] = [name for name in folders if name != metadata.VERSIONS]
        yield look_at(root, place.relative_to(root).as_posix())


def _can_be_told(name: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def look_at(root: Path, relative: str) -> Found:
    """Return what lies in one dossier's folder."""
    place = root.joinpath(*relative.split("/"))
    present = sizes(place)
    return Found(
        relative=relative,
        record=read_record(place),
        present={name: size for name, size in present.items() if not is_temporary(name)},
        temporaries=tuple(name for name in present if is_temporary(name)),
        manifest_current=_manifest_is_current(place),
    )


def _manifest_is_current(place: Path) -> bool:
    try:
        return read_manifest(place).get(metadata.NAME) == hash_file(place / metadata.NAME)[0]
    except OSError:
        return False


def lies_there(place: Path, present: Mapping[str, int], name: str, size: int) -> bool:
    """Whether a file of that size lies in ``place``, whose files are ``present`` (of :func:`sizes`).

    The disk has the last word on names: on Windows « Acte.pdf » that someone made « ACTE.PDF » is still there.
    """
    if name in present:
        return present[name] == size
    try:
        return (place / name).is_file() and (place / name).stat().st_size == size
    except (OSError, ValueError):
        return False


def sizes(place: Path) -> dict[str, int]:
    """Return the files of a folder with their sizes in bytes; empty if the folder is not there."""
    try:
        with os.scandir(place) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except OSError:
        return {}
