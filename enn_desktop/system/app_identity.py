"""Under which name Windows knows this program: without it, a notification is not shown, and its buttons say nothing."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from enn_desktop.system.autostart import Registry
from enn_desktop.system.paths import resource

APP_ID, APP_NAME = "fr.enn.desktop", "enn-desktop"
"""AppUserModelID (the one that the installer gives to the Start-menu shortcut), and the name shown on notifications."""
ICON = "enn-desktop.png"
"""Shown on notifications; a file that Windows reads, so it is shipped rather than drawn."""
CLASS = rf"Software\Classes\AppUserModelId\{APP_ID}"


def be_known() -> None:
    """Tell Windows the program's name, for this user; elsewhere nothing has to be told. Never raises."""
    if sys.platform == "win32":
        from enn_desktop.system.windows_registry import UserRegistry

        register(UserRegistry(), resource(ICON))


def register(registry: Registry, icon: Path) -> None:
    """Write the name and the picture where Windows looks for them; a locked registry is left as it is."""
    with contextlib.suppress(OSError):
        for name, value in (("DisplayName", APP_NAME), ("IconUri", str(icon))):
            if registry.read(CLASS, name) != value:
                registry.write(CLASS, name, value)
