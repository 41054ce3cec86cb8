"""Dossiers laid on the disk for a test, as a run would have left them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from enn_desktop.archive import sealing
from enn_desktop.archive.metadata import DossierRecord, FileRecord, VersionRecord

SERVER = "https://pastell.example.org"


def sha(content: bytes) -> str:
    """Return the hash of a content."""
    return hashlib.sha256(content).hexdigest()


def file_of(path: str, content: bytes, *, field: str = "document", num: int = 0) -> FileRecord:
    """Describe one file that is here."""
    return FileRecord(
        field=field,
        num=num,
        original=path,
        path=path,
        sha256=sha(content),
        size=len(content),
        fetched_at="2026-03-14T09:00:00+00:00",
        checked_at="2026-03-14T09:00:00+00:00",
        state_key="termine|2026-03-12 10:00:00",
    )


def version_of(path: str, content: bytes) -> VersionRecord:
    """Describe one replaced file."""
    return VersionRecord(path=path, sha256=sha(content), size=len(content), replaced_at="2026-03-14T09:00:00+00:00")


def described(id_d: str = "abc1234", contents: Mapping[str, bytes] | None = None, *, id_e: str = "2") -> DossierRecord:
    """Describe a finished dossier that holds these files (versions by their path)."""
    given = {"acte.pdf": b"%PDF-1.7 acte"} if contents is None else contents
    files = [file_of(path, content, num=num) for num, (path, content) in enumerate(given.items()) if "/" not in path]
    if files:
        files[0].versions = [version_of(path, content) for path, content in given.items() if "/" in path]
    return DossierRecord(
        server=SERVER,
        id_d=id_d,
        id_e=id_e,
        entity="Commune de Valbrume",
        siren="212706776",
        type_id="actes-generique",
        type_label="Actes (générique)",
        family="actes",
        title="Budget primitif",
        row_title="Budget primitif",
        number="DEL_2026_012",
        state="termine",
        state_date="2026-03-12 10:00:00",
        created="2026-03-10 08:00:00",
        word="terminé",
        group="D",
        first_seen="2026-03-14T08:00:00+00:00",
        fetched_at="2026-03-14T09:00:00+00:00",
        detail_at="2026-03-14T09:00:00+00:00",
        final=True,
        names_stable=True,
        complete=True,
        sealed=True,
        fields={"objet": "Budget primitif"},
        files=files,
    )


def lay(root: Path, relative: str, record: DossierRecord, contents: Mapping[str, bytes] | None = None) -> Path:
    """Write a dossier and seal it; return its folder."""
    place = root.joinpath(*relative.split("/"))
    place.mkdir(parents=True)
    for path, content in ({"acte.pdf": b"%PDF-1.7 acte"} if contents is None else contents).items():
        file = place.joinpath(*path.split("/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    sealing.seal(place, record)
    return place


def lay_usual(root: Path, id_d: str, contents: Mapping[str, bytes] | None = None, *, id_e: str = "2") -> str:
    """Write a usual dossier in a usual place; return its path from the root."""
    relative = f"Commune de Valbrume/Actes/2026/2026-03-12 {id_d}"
    lay(root, relative, described(id_d, contents, id_e=id_e), contents)
    return relative
