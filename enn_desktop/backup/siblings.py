"""Names already taken beside a dossier, read once per folder: a year of acts may hold thousands."""

from __future__ import annotations

from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.names import name_key


class Siblings:
    """The name keys of the dossiers under each folder; whoever makes or moves one says so here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._keys: dict[str, set[str]] = {}

    def used(self, parent: str) -> set[str]:
        """Return the keys taken under ``parent`` (a path with ``/``); the set is shared, do not keep it."""
        if parent not in self._keys:
            self._keys[parent] = {name_key(name) for name in self._catalogue.sibling_names(parent)}
        return self._keys[parent]

    def take(self, relative: str) -> None:
        """Note that a dossier's folder stands there."""
        parent, _, name = relative.rpartition("/")
        self.used(parent).add(name_key(name))

    def leave(self, relative: str) -> None:
        """Note that a dossier's folder stands there no more."""
        parent, _, name = relative.rpartition("/")
        self.used(parent).discard(name_key(name))
