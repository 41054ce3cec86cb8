"""Whether a folder is copied to a consumer cloud: read off its path and the variables that OneDrive sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

ONEDRIVE = "OneDrive"
ONEDRIVE_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
"""Set by OneDrive's own program; folders of a town hall's account need not bear its name."""
_VARIABLES = {name.casefold() for name in ONEDRIVE_VARIABLES}
_NAMED = (
    (ONEDRIVE, re.compile(r"onedrive(?:\s*[-–(].*)?")),
    ("Google Drive", re.compile(r"google\s?drive(?:\s*[-–(].*)?|(?:my|mon) drive|shared drives|drive partagés")),
    ("iCloud", re.compile(r"icloud\s?drive(?:\s*[-–(].*)?|com~apple~clouddocs")),
    ("Dropbox", re.compile(r"dropbox(?:\s*[-–(].*)?")),
)
"""A whole folder name, in lower case: the account or its kind may follow (« OneDrive - Mairie »)."""


def cloud_of(folder: PurePath, environ: Mapping[str, str]) -> str:
    """Return the name of the cloud that copies this folder elsewhere, empty when none is recognised.

    ``environ`` are the variables of the session. Nothing is looked up on the disk.
    """
    for part in folder.parts:
        plain = " ".join(part.split()).casefold()
        for cloud, named in _NAMED:
            if named.fullmatch(plain):
                return cloud
    given = (value for name, value in environ.items() if name.casefold() in _VARIABLES and value.strip())
    return ONEDRIVE if any(_inside(folder, type(folder)(value.strip())) for value in given) else ""


def _inside(folder: PurePath, root: PurePath) -> bool:
    parts, above = _folded(folder), _folded(root)
    return bool(above) and parts[: len(above)] == above


def _folded(folder: PurePath) -> tuple[str, ...]:
    return tuple(part.casefold() for part in folder.parts)
