"""One of Windows's own libraries, called with declared types; it is loaded at the first call, from System32 alone."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass

_FROM_SYSTEM32_ALONE = 0x800
"""LOAD_LIBRARY_SEARCH_SYSTEM32: neither the program's folder, the current one, nor PATH is looked into."""


@dataclass(frozen=True, slots=True)
class Prototype:
    """One function as Windows documents it: its name, the C type of its result and those of its arguments."""

    name: str
    result: type[ctypes.c_int | ctypes.c_uint32 | ctypes.c_void_p] | None
    arguments: tuple[type, ...]


class SystemDll:
    """One library of System32, by its name. ``OSError``: not on Windows, or without that function."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._functions: dict[str, Callable[..., int | None]] = {}

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function; a null pointer and no result at all both come out as 0."""
        if function.name not in self._functions:
            self._functions[function.name] = _declared(self._name, function)
        return self._functions[function.name](*arguments) or 0

    def last_error(self) -> int:
        """Return what the last call of this thread left as its error, without a sign."""
        if sys.platform == "win32":
            code = ctypes.get_last_error()
        else:
            code = 0
        return code & 0xFFFF_FFFF


def _declared(library: str, function: Prototype) -> Callable[..., int | None]:
    if sys.platform == "win32":
        loaded = ctypes.WinDLL(library, winmode=_FROM_SYSTEM32_ALONE, use_last_error=True)
        kind = ctypes.WINFUNCTYPE(function.result, *function.arguments, use_last_error=True)
        try:
            return kind((function.name, loaded))
        except AttributeError as error:
            raise OSError(127, f"{library} has no {function.name}") from error
    raise OSError(38, f"{library} is a library of Windows")
