"""Windows's libraries, played by Python functions behind the same C types as the real ones."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from enn_desktop.system.windows_dll import Prototype


class FakeDll:
    """One library. Each function is called through ctypes with its declared types: a wrong argument fails as for real.

    A player writes into the memory it is given, leaves its error in ``error``, and what it raises fails the test.
    """

    def __init__(self, **players: Callable[..., int | None]) -> None:
        self.players: dict[str, Callable[..., int | None]] = players
        self.error = 0
        self.called: list[str] = []
        self.open: list[int] = []
        self._next = 0x7FF0_0000_1000

    def call(self, function: Prototype, *arguments: object) -> int:
        self.called.append(function.name)
        player = self.players[function.name]
        raised: list[BaseException] = []

        def played(*given: Any) -> Any:
            try:
                return player(*given)
            except BaseException as error:  # noqa: BLE001 - ctypes would print it and go on
                raised.append(error)
                return 0

        result = ctypes.CFUNCTYPE(function.result, *function.arguments)(played)(*arguments)
        if raised:
            raise raised[0]
        return result or 0

    def last_error(self) -> int:
        return self.error

    def fail(self, code: int) -> int:
        """Leave an error and return what a function that fails returns."""
        self.error = code
        return 0

    def opened(self) -> int:
        """Return a handle as high as Windows's own may be, and remember that it is open."""
        self._next += 0x10
        self.open.append(self._next)
        return self._next

    def close(self, handle: int, *_: object) -> int:
        """Close a handle; one that is not open is a defect."""
        self.open.remove(handle)
        return 1

    def close_without_code(self, handle: int, *_: object) -> int:
        """Close a handle as the newer libraries do: 0 says that it went well."""
        self.close(handle)
        return 0


def write(address: int, data: bytes) -> None:
    """Write bytes where a function was told to."""
    ctypes.memmove(address, data, len(data))


def utf16(text: str) -> bytes:
    """Return a text as Windows stores it."""
    return text.encode("utf-16-le") + b"\0\0"


def text_at(address: int) -> str:
    """Read a text that a wrapper handed over, independently of how the wrappers read."""
    raw = b""
    while (sign := ctypes.string_at(address + len(raw), 2)) != b"\0\0":
        raw += sign
    return raw.decode("utf-16-le")
