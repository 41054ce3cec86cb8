"""Which documents folders are in use, and where their catalogues are: known without touching the documents' disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.catalogue.schema import described_root
from enn_desktop.core.settings import AccountSettings, Settings
from enn_desktop.system.paths import ProfilePaths, documents_folder

USUAL_FOLDER = "Dossiers de la mairie"


@dataclass(frozen=True, slots=True)
class CataloguePlace:
    """A documents folder and the catalogue that describes it."""

    root: Path
    catalogue: Path


def folder_of(settings: Settings, account: AccountSettings | None) -> Path:
    """Return where an account's dossiers go: its own folder, the common one, or the usual one."""
    chosen = (account.folder if account else "") or settings.folder
    return Path(chosen) if chosen else documents_folder() / USUAL_FOLDER


def roots(settings: Settings) -> tuple[Path, ...]:
    """Return the documents folders of the accounts, each once, in their order; the usual one without account."""
    of_accounts = dict.fromkeys(folder_of(settings, account) for account in settings.accounts)
    return tuple(of_accounts) or (folder_of(settings, None),)


def known_places(paths: ProfilePaths, wanted: Iterable[Path]) -> list[CataloguePlace]:
    """Return the folders among ``wanted`` of which something is known, with their catalogues, newest first for each.

    Only the profile is read: a documents disk that is unplugged, or a share that hangs, holds nothing back.
    """
    described: dict[Path, CataloguePlace] = {}
    for file in sorted(paths.data.glob("catalogue-*.sqlite"), key=_written_at):
        # One that cannot be read tells no root: the next run sets it aside and rebuilds it from the folder.
        if root := described_root(file):
            described[Path(root)] = CataloguePlace(Path(root), file)
    return [described[root.absolute()] for root in wanted if root.absolute() in described]


def last_written(paths: ProfilePaths) -> float:
    """Return when anything was last written in the catalogues, by whatever program; 0 when there is none."""
    return max((_written_at(file) for file in paths.data.glob("catalogue-*.sqlite")), default=0.0)


def _written_at(file: Path) -> float:
    """Return when a catalogue was last written: what a run has just written may still be beside it, in its log."""
    try:
        beside = file.with_name(f"{file.name}-wal")
        parts = [file.stat(), *([beside.stat()] if beside.exists() else [])]
    except OSError:
        # Set aside by a run at this very moment.
        return 0.0
    # Reading alone makes an empty log: it says nothing.
    return max((part.st_mtime for part in parts if part.st_size), default=0.0)


def root_is_there(root: Path) -> bool:
    """Whether a documents folder can be reached now; may wait long for a share that is gone."""
    return root.is_dir()
