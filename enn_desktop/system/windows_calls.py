"""Windows' own types under short names, and what stands for one of its libraries: the real one, or a test's."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int, c_uint32, c_void_p
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype

Dword, Bool, Handle, Text = c_uint32, c_int, c_void_p, c_void_p
DwordOut, BoolOut, HandleOut = POINTER(c_uint32), POINTER(c_int), POINTER(c_void_p)


class Dll(Protocol):
    """One library of Windows."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function; a null pointer and no result at all both come out as 0."""
        ...

    def last_error(self) -> int:
        """Return what the last call of this thread left as its error, without a sign."""
        ...


def wide(text: str) -> bytes:
    """Return a text as Windows reads it: UTF-16, ended by a zero; a ``wchar_t`` has four bytes elsewhere."""
    return text.encode("utf-16-le", "surrogatepass") + b"\0\0"


def text_at(address: int) -> str:
    """Return the text that Windows left at an address."""
    end = address
    while ctypes.string_at(end, 2) != b"\0\0":
        end += 2
    return ctypes.string_at(address, end - address).decode("utf-16-le", "replace")
