"""The last act of a dossier: its description, its checksums, and the end of our temporaries."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from enn_desktop.archive import metadata
from enn_desktop.archive.incoming import sweep, write_own_file
from enn_desktop.archive.metadata import DossierRecord
from enn_desktop.system.disk import flush_folder, storage_failure

_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r"}
"""How ``sha256sum`` spells what a line cannot hold; such a line begins with a backslash (GNU coreutils)."""
_SPELLED = {spelling: sign for sign, spelling in _ESCAPES.items()}
_LONE_DASH = "./-"
"""The file « - »: by itself, that would mean the standard input."""


def seal(folder: Path, record: DossierRecord) -> None:
    """Write ``metadonnees.json`` then ``empreintes.sha256``; unchanged ones are left alone.

    Temporaries left by an interrupted write go, for every file named now has its place. Raises
    ``StorageError``.
    """
    described = metadata.dump(record)
    _write(folder / metadata.NAME, described, "metadata")
    _write(folder / metadata.MANIFEST, manifest(record, described), "manifest")
    try:
        flush_folder(folder)
    except OSError as error:
        raise storage_failure(error) from error
    sweep(folder)


def _write(path: Path, content: bytes, name: str) -> None:
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        pass
    write_own_file(path, content, name)


def manifest(record: DossierRecord, described: bytes) -> bytes:
    """Return the checksums of every file of a dossier, in the form that ``sha256sum -c`` reads."""
    lines = {metadata.NAME: hashlib.sha256(described).hexdigest()}
    for file in record.files:
        if file.path and file.sha256:
            lines[file.path] = file.sha256
        for version in file.versions:
            if version.sha256:
                lines[version.path] = version.sha256
    return "".join(_line(lines[name], name) for name in sorted(lines)).encode()


def _line(digest: str, name: str) -> str:
    spelled = _LONE_DASH if name == "-" else "".join(_ESCAPES.get(sign, sign) for sign in name)
    mark = "\\" if "\\" in spelled else ""
    return f"{mark}{digest}  {spelled}\n"


def _name(mark: str, spelled: str) -> str:
    if mark:
        return re.sub(r"\\[\\nr]", lambda found: _SPELLED[found[0]], spelled)
    return "-" if spelled == _LONE_DASH else spelled


def read_manifest(folder: Path) -> dict[str, str]:
    """Return name → hash from a dossier's manifest; empty if there is none that can be read."""
    try:
        text = (folder / metadata.MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found = (_LINE.fullmatch(line) for line in text.split("\n"))
    return {_name(match[1], match[3]): match[2] for match in found if match}
