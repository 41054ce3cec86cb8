"""The user's own part of the Windows registry, as three typed verbs."""

from __future__ import annotations

import contextlib
import sys

if sys.platform == "win32":
    import winreg

    class UserRegistry:
        """HKEY_CURRENT_USER. ``OSError`` comes out as it is."""

        def read(self, key: str, name: str) -> str | bytes | None:
            """Return a value, ``None`` if absent."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    value, _ = winreg.QueryValueEx(opened, name)
            except FileNotFoundError:
                return None
            return value if isinstance(value, str | bytes) else None

        def write(self, key: str, name: str, value: str) -> None:
            """Write a text."""
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def remove(self, key: str, name: str) -> None:
            """Remove a value; one that is absent is no error."""
            with (
                contextlib.suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened,
            ):
                winreg.DeleteValue(opened, name)
