"""What the platform truly holds, compared with what lies in the folder, by reading the disk only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enn_desktop.demo import World

DESCRIPTION = "metadonnees.json"
MANIFEST = "empreintes.sha256"


@dataclass(frozen=True)
class Held:
    """One file that the platform holds; ``content`` is ``None`` when it names it without having it."""

    id_d: str
    field: str
    num: int
    name: str
    content: bytes | None


def visible(world: World, login: str) -> Iterator[Any]:
    """Yield the documents that an account sees."""
    account = world.accounts[login]
    for document in world.documents.values():
        if any(world.rights.may(account, f"{document.type}:lecture", row.id_e) for row in document.memberships):
            yield document


def held(document: Any) -> list[Held]:
    """Return the files of one document as the platform holds them."""
    found = []
    for field, value in document.content.items():
        if isinstance(value, list):
            for num, file in enumerate(value):
                content = None if file.source is None else file.read()
                found.append(Held(document.id_d, field, num, file.name, content))
    return found


def descriptions(root: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return every dossier's folder with its description."""
    return [(path.parent, json.loads(path.read_text("utf-8"))) for path in sorted(root.rglob(DESCRIPTION))]


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def assert_sound(root: Path) -> None:
    """Whatever happened: no half-written file under a name of its own, no dossier twice, nothing falsely complete."""
    seen: dict[str, Path] = {}
    for folder, described in descriptions(root):
        assert described["id_d"] not in seen, f"twice: {folder} and {seen[described['id_d']]}"
        seen[described["id_d"]] = folder
        if described.get("complet"):
            # The manifest is written after the description: a cut between the two leaves it behind for a while.
            for file in described.get("fichiers", []):
                assert digest((folder / file["chemin"]).read_bytes()) == file["sha256"]


def assert_manifest_holds(folder: Path) -> None:
    """Check a manifest as ``sha256sum -c`` would (its own test runs the real one)."""
    lines = (folder / MANIFEST).read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        if not line.startswith("\\"):
            expected, name = line.split("  ", 1)
            assert digest((folder / name).read_bytes()) == expected, folder / name


def assert_home(root: Path, world: World, login: str) -> None:
    """Check that everything the platform holds for an account is here, byte for byte, once, with nothing left over."""
    assert_sound(root)
    here = {described["id_d"]: (folder, described) for folder, described in descriptions(root)}
    for document in visible(world, login):
        assert document.id_d in here, f"{document.id_d} ({document.type}) is not home"
        folder, described = here[document.id_d]
        contents = {digest(p.read_bytes()) for p in folder.iterdir() if p.is_file()}
        for file in held(document):
            if file.content is not None:
                assert digest(file.content) in contents, f"{file.name!r} of {document.id_d} is not home"
        assert described["ecriture_terminee"], document.id_d
        assert_manifest_holds(folder)
    assert not list(root.rglob("*.part"))


def assert_no_document_twice(root: Path) -> None:
    """Check that no file of a dossier was stored twice under two names (namesakes with other bytes are fine)."""
    for folder, described in descriptions(root):
        paths = [file["chemin"] for file in described.get("fichiers", []) if file.get("chemin")]
        assert len(paths) == len({path.casefold() for path in paths}), folder
        present = {p.name for p in folder.iterdir() if p.is_file()} - {DESCRIPTION, MANIFEST}
        assert present == set(paths), folder
