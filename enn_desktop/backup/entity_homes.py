"""The folder of each town hall: chosen once, kept even if the platform renames it, never shared by two."""

from __future__ import annotations

from enn_desktop.backup.context import RunContext
from enn_desktop.core.values import Entity


class EntityHomes:
    """Gives each entity its folder, from the catalogue or newly chosen."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._folders = context.catalogue.entity_folders()

    def folder(self, id_e: str) -> str:
        """Return the entity's folder (one name under the root)."""
        server = self._context.server
        known = self._folders.get((server, id_e))
        if known:
            return known
        entity = self._context.entities.get(id_e) or Entity(id_e, f"Collectivité {id_e}")
        chosen = self._context.folder.entity_folder(entity.name, entity.siren, list(self._folders.values()))
        self._folders[server, id_e] = chosen
        self._context.catalogue.put_entity(server, entity, chosen)
        return chosen
