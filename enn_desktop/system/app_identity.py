"""Under which name Windows knows this program: without it, a notification is not shown, and its buttons say nothing."""

from __future__ import annotations

import contextlib
import sys

from enn_desktop.system.autostart import Registry

APP_ID, APP_NAME = "fr.enn.desktop", "enn-desktop"
"""AppUserModelID (the one that the installer gives to the Start-menu shortcut), and the name shown on notifications."""
CLASS = rf"Software\Classes\AppUserModelId\{APP_ID}"


def be_known() -> None:
    """Tell Windows the program's name, for this user; elsewhere nothing has to be told. Never raises."""
    if sys.platform == "win32":
        from enn_desktop.system.windows_registry import UserRegistry

        register(UserRegistry())


def register(registry: Registry) -> None:
    """Write the name where Windows looks for it, unless it is there; a locked registry is left as it is."""
    with contextlib.suppress(OSError):
        if registry.read(CLASS, "DisplayName") != APP_NAME:
            registry.write(CLASS, "DisplayName", APP_NAME)
