"""Every folder the program uses, from the system's own conventions or under ``--profile``. Creates nothing."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "enn-desktop"


@dataclass(frozen=True, slots=True)
class ProfilePaths:
    """Where the program keeps what is its own: settings, catalogues, logs. Never a document."""

    settings: Path
    data: Path
    logs: Path

    @property
    def settings_file(self) -> Path:
        """Return where the user’s settings are."""
        return self.settings / "reglages.toml"

    @property
    def policy_file(self) -> Path:
        """Return where the user’s own policy is, if she has one."""
        return self.settings / "politique-enn.toml"

    def catalogue_file(self, folder_id: str) -> Path:
        """Return where the catalogue of one documents folder is, by the folder’s own id."""
        return self.data / f"catalogue-{folder_id}.sqlite"


def profile_paths(profile: Path | None) -> ProfilePaths:
    """Return the folders of a profile; ``None`` means the system's usual places."""
    if profile is not None:
        return ProfilePaths(profile, profile, profile / "journaux")
    usual = platformdirs.PlatformDirs(APP, appauthor=False)
    return ProfilePaths(usual.user_config_path, usual.user_data_path, usual.user_log_path)


def machine_policy_file() -> Path:
    """Return where an administrator may put a policy for every user of this computer."""
    return platformdirs.PlatformDirs(APP, appauthor=False).site_config_path / "politique-enn.toml"


def documents_folder() -> Path:
    """Return the user's Documents folder, redirected (share, OneDrive) or not; it may not be there. Never raises.

    Windows names it without looking for it (SHGetKnownFolderPath, KF_FLAG_DONT_VERIFY): a share that is off is no wait.
    """
    try:
        return platformdirs.user_documents_path()
    except (OSError, ValueError):
        # A redirection that Windows itself cannot read.
        return Path.home() / "Documents"


def resource(name: str) -> Path:
    """Return a file shipped with the program, from an installed copy or from the sources."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources" / name
    return installed if installed.exists() else package.parent / "resources" / name


def on_windows() -> bool:
    """Whether this is Windows."""
    return sys.platform == "win32"
