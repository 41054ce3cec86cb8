"""Questions put to the Windows of the suite, too long for one expression of ``left_out.toml``."""

from __future__ import annotations

import ctypes
import stat
import sys
import tempfile
from pathlib import Path


def replaces_a_read_only_file() -> bool:
    """Whether a rename replaces a file that bears the read-only mark."""
    with tempfile.TemporaryDirectory() as name:
        old, new = Path(name, "old"), Path(name, "new")
        old.write_bytes(b"old")
        new.write_bytes(b"new")
        old.chmod(stat.S_IREAD)
        try:
            new.replace(old)
        except PermissionError:
            return False
        finally:
            old.chmod(stat.S_IWRITE)
    return True


def keeps_no_access_list() -> bool:
    """Whether a folder that was reserved to the account is said not to be."""
    from enn_desktop.core.errors import SettingsError
    from enn_desktop.system.folder_rights import own_rights

    with tempfile.TemporaryDirectory() as name:
        try:
            own_rights().reserve(Path(name))
        except SettingsError:
            return True
    return False


def is_wine() -> bool:
    """Whether this Windows is Wine."""
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")
