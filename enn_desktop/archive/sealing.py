"""The last act of a dossier: its description, its checksums, and the end of our temporaries."""

from __future__ import annotations

import contextlib
import hashlib
import re
from pathlib import Path

from enn_desktop.archive import metadata
from enn_desktop.archive.incoming import is_temporary, write_own_file
from enn_desktop.archive.metadata import DossierRecord

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def seal(folder: Path, record: DossierRecord) -> None:
    """Write ``metadonnees.json`` then ``empreintes.sha256``; unchanged ones are left alone.

    Temporaries left by an interrupted write go, for every file named now has its place. Raises
    ``StorageError``.
    """
    described = metadata.dump(record)
    _write(folder / metadata.NAME, described, "metadata")
    _write(folder / metadata.MANIFEST, manifest(record, described), "manifest")
    with contextlib.suppress(OSError):
        for item in folder.iterdir():
            if is_temporary(item.name):
                item.unlink()


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
    return "".join(f"{lines[name]}  {name}\n" for name in sorted(lines)).encode()


def read_manifest(folder: Path) -> dict[str, str]:
    """Return name → hash from a dossier's manifest; empty if there is none that can be read."""
    try:
        text = (folder / metadata.MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {match.group(2): match.group(1) for match in found if match}
