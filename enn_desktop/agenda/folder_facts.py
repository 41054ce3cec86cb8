"""What is known of a documents folder before it is used: room, place, cloud, whether the account alone may open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.agenda.cloud_folders import cloud_of
from enn_desktop.system.disk import free_bytes
from enn_desktop.system.documents_place import PlaceKind, describe_place
from enn_desktop.system.folder_rights import own_rights


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """``free_bytes`` is ``None`` when unknown; ``cloud`` names the consumer cloud that copies it, empty if none."""

    free_bytes: int | None = None
    cloud: str = ""
    kind: PlaceKind = PlaceKind.UNKNOWN
    reserved: bool = False


def look_at_folder(folder: Path, environ: Mapping[str, str]) -> FolderFacts:
    """Look at a folder, there already or not; a share that is gone may make it wait. ``environ``: of the session."""
    return FolderFacts(_free(folder), cloud_of(folder, environ), describe_place(folder), own_rights().reserved(folder))


def _free(folder: Path) -> int | None:
    try:
        there = next((one for one in (folder, *folder.parents) if one.exists()), None)
        return free_bytes(there) if there else None
    except OSError:
        return None
