"""The Windows registry: the user's own part as three typed verbs, the computer's part to be read only."""

from __future__ import annotations

import contextlib
import sys
from typing import Protocol


class MachineKeys(Protocol):
    """The computer's part of the registry, in the 64- or the 32-bit view (``bits``); a key that is absent is empty."""

    def subkeys(self, key: str, bits: int) -> tuple[str, ...]:
        """Return the names below a key."""
        ...

    def values(self, key: str, bits: int) -> dict[str, str | bytes]:
        """Return the texts and the bytes that a key holds."""
        ...


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

    class MachineRegistry:
        """HKEY_LOCAL_MACHINE, read only. ``OSError`` comes out as it is."""

        def subkeys(self, key: str, bits: int) -> tuple[str, ...]:
            """Return the names below a key."""
            with contextlib.suppress(FileNotFoundError), _opened(key, bits) as opened:
                return tuple(winreg.EnumKey(opened, number) for number in range(winreg.QueryInfoKey(opened)[0]))
            return ()

        def values(self, key: str, bits: int) -> dict[str, str | bytes]:
            """Return the texts and the bytes that a key holds."""
            with contextlib.suppress(FileNotFoundError), _opened(key, bits) as opened:
                count = winreg.QueryInfoKey(opened)[1]
                found = [winreg.EnumValue(opened, number) for number in range(count)]
                return {name: value for name, value, _ in found if isinstance(value, str | bytes)}
            return {}

    class DiagnosticRegistry:
        """What a diagnostic reads of both parts; what is absent, or locked, is empty."""

        def text(self, key: str, name: str) -> str:
            """Return a text of the computer's part."""
            value = _value(winreg.HKEY_LOCAL_MACHINE, key, name)
            return value if isinstance(value, str) else ""

        def number(self, key: str, name: str) -> int | None:
            """Return a number of the computer's part."""
            value = _value(winreg.HKEY_LOCAL_MACHINE, key, name)
            return value if isinstance(value, int) else None

        def own_text(self, key: str, name: str) -> str:
            """Return a text of the user's part."""
            value = _value(winreg.HKEY_CURRENT_USER, key, name)
            return value if isinstance(value, str) else ""

        def count_below(self, key: str, *, own: bool) -> int:
            """Return how many keys are below one."""
            part = winreg.HKEY_CURRENT_USER if own else winreg.HKEY_LOCAL_MACHINE
            with contextlib.suppress(OSError), winreg.OpenKey(part, key) as opened:
                return winreg.QueryInfoKey(opened)[0]
            return 0

    def _value(part: int, key: str, name: str) -> str | int | bytes | list[str] | None:
        with contextlib.suppress(OSError), winreg.OpenKey(part, key) as opened:
            found: str | int | bytes | list[str] | None = winreg.QueryValueEx(opened, name)[0]
            return found
        return None

    def _opened(key: str, bits: int) -> winreg.HKEYType:
        view = winreg.KEY_WOW64_64KEY if bits == 64 else winreg.KEY_WOW64_32KEY  # noqa: PLR2004 - the width itself
        return winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | view)


def machine_registry() -> MachineKeys:
    """Return the computer's part of the registry; ``OSError`` elsewhere than on Windows."""
    if sys.platform == "win32":
        return MachineRegistry()
    raise OSError(38, "the registry is a part of Windows")
