"""Whoever publishes the program: keys, and signed announcements made by the maintainer's own command."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from enn_desktop.services.publication_keys import PublicationKeys, parse_keys
from installer.publish_notice import make_key, payload_of, sign_document

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
NOTES = "https://exemple.fr/notes"


class Maintainer:
    """Holds private keys, and the file of the public ones that the program carries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pinned = folder / "cles.json"
        self.first = self.new_key("premiere")

    def new_key(self, name: str, *, pinned: bool = True) -> Path:
        file = self.folder / f"{name}.pem"
        make_key(file, self.pinned if pinned else self.folder / "autres.json")
        return file

    def keys(self, threshold: int = 1) -> PublicationKeys:
        known = json.loads(self.pinned.read_text(encoding="utf-8")) | {"seuil": threshold}
        return parse_keys(json.dumps(known).encode())

    def notice(
        self, *keys: Path, version: str = "1.2.0", issued: datetime = NOW, days: int = 30, windows: int = 0
    ) -> bytes:
        payload = payload_of(version, issued=issued, days=days, notes=NOTES, windows=windows)
        return sign_document(payload, keys or (self.first,))
