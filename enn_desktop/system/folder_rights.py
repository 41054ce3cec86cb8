"""The documents folder, opened to the user's account alone when she asks for it, and given back when she does not.

On Windows: the account, SYSTEM and the Administrators group (the contractor's backups go on), by their identifiers,
whose names change with the language. What is inside inherits it. On other systems: mode 0700 of the folder itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

from enn_desktop.core.errors import SettingsError
from enn_desktop.system.disk import storage_failure
from enn_desktop.system.documents_place import PlaceKind, describe_place

OWNER_ALONE, USUAL_MODE, OTHERS = 0o700, 0o755, 0o077


class FolderRights:
    """Reserves a folder, gives it back, says whether it is reserved. May take a while: what is inside follows."""

    def reserved(self, folder: Path) -> bool:
        """Whether the account alone may open it; a folder that is not there, or cannot be asked, is not reserved."""
        try:
            return self._is_reserved(folder)
        except (OSError, SettingsError):
            return False

    def reserve(self, folder: Path) -> None:
        """Open it to the account alone from now on; it is made if it is not there.

        Raises ``SettingsError`` for a share, for a disk without rights, and when the system refuses; ``StorageError``.
        """
        if describe_place(folder) is PlaceKind.NETWORK:
            raise SettingsError(
                "Ce dossier est sur le réseau\u00a0: ses droits se règlent sur le serveur, pas depuis ce poste.",
                advice="Demandez à votre prestataire informatique de le réserver à votre compte.",
            )
        self._make(folder)
        self._change(folder, reserve=True)

    def give_back(self, folder: Path) -> None:
        """Open it again to whoever may open what is around it. Raises ``SettingsError`` when the system refuses."""
        if self.reserved(folder):
            self._change(folder, reserve=False)

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failure(error) from error

    def _change(self, folder: Path, *, reserve: bool) -> None:
        """Change it, then look whether it is so: some disks take the order and do nothing."""
        try:
            self._set(folder, reserve=reserve)
        except OSError as error:
            raise _refused(error) from error
        if self.reserved(folder) is not reserve:
            raise SettingsError(
                "Ce disque ne sait pas réserver un dossier à un compte\u00a0: rien n’a changé.",
                advice="Choisissez un dossier du disque de ce poste, ou laissez la case décochée.",
            )

    def _is_reserved(self, folder: Path) -> bool:
        return folder.stat().st_mode & OTHERS == 0

    def _set(self, folder: Path, *, reserve: bool) -> None:
        folder.chmod(OWNER_ALONE if reserve else USUAL_MODE)


def own_rights() -> FolderRights:
    """Return this system's way."""
    if sys.platform == "win32":
        from enn_desktop.system.folder_rights_windows import WindowsRights

        return WindowsRights()
    return FolderRights()


def _refused(error: OSError) -> SettingsError:
    return SettingsError(
        "Les droits de ce dossier n’ont pas pu être changés.",
        advice="Seul le compte qui a créé le dossier, ou votre prestataire informatique, peut le faire.",
        detail=f"{type(error).__name__} {getattr(error, 'winerror', None) or error.errno}",
    )
