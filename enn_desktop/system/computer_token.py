"""Who runs this program, as Windows knows it: the account's SID, what it may do. Nothing of it names a person."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_int, c_uint32, c_void_p
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype, SystemDll

_PROCESS = Prototype("GetCurrentProcess", c_void_p, ())
_OPEN = Prototype("OpenProcessToken", c_int, (c_void_p, c_uint32, c_void_p))
_CLOSE = Prototype("CloseHandle", c_int, (c_void_p,))
_FREE = Prototype("LocalFree", c_void_p, (c_void_p,))
_ASK = Prototype("GetTokenInformation", c_int, (c_void_p, c_int, c_void_p, c_uint32, POINTER(c_uint32)))
_SID_TEXT = Prototype("ConvertSidToStringSidW", c_int, (c_void_p, c_void_p))
_WELL_KNOWN = Prototype("CreateWellKnownSid", c_int, (c_int, c_void_p, c_void_p, POINTER(c_uint32)))
_MEMBER = Prototype("CheckTokenMembership", c_int, (c_void_p, c_void_p, c_void_p))
_TOKEN_QUERY = 0x0008
_USER, _ELEVATION_TYPE, _ELEVATION = 1, 18, 20
"""TokenUser, TokenElevationType, TokenElevation (TOKEN_INFORMATION_CLASS)."""
_LIMITED = 3
"""TokenElevationTypeLimited: an administrator whose rights are asleep."""
_ADMINISTRATORS = 26
"""WinBuiltinAdministratorsSid (WELL_KNOWN_SID_TYPE)."""
_LONGEST_SID = 68
"""SECURITY_MAX_SID_SIZE, bytes."""


class Library(Protocol):
    """A library of Windows: the real one, or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function."""
        ...


def own_sid(security: Library | None = None, kernel: Library | None = None) -> str:
    """Return the SID of the account, empty when Windows does not say."""
    security, kernel = security or SystemDll("advapi32"), kernel or SystemDll("kernel32")
    with _token(security, kernel) as token:
        size = c_uint32()
        security.call(_ASK, token, _USER, None, 0, byref(size))
        buffer = ctypes.create_string_buffer(max(size.value, ctypes.sizeof(c_void_p)))
        if not size.value or not security.call(_ASK, token, _USER, buffer, size.value, byref(size)):
            return ""
        text = c_void_p()
        if not security.call(_SID_TEXT, c_void_p.from_buffer(buffer), byref(text)) or not text.value:
            return ""
        try:
            return ctypes.wstring_at(text.value)
        finally:
            kernel.call(_FREE, text)


def rights(security: Library | None = None, kernel: Library | None = None) -> str:
    """Say what the program may do, in words of the support: usual user, administrator, awake or asleep."""
    security, kernel = security or SystemDll("advapi32"), kernel or SystemDll("kernel32")
    with _token(security, kernel) as token:
        if _number(security, token, _ELEVATION):
            return "administrateur, droits élevés"
        if _number(security, token, _ELEVATION_TYPE) == _LIMITED:
            return "administrateur, droits non élevés"
    return "administrateur" if _is_administrator(security) else "utilisateur"


def _number(security: Library, token: c_void_p, kind: int) -> int:
    value, size = c_uint32(), c_uint32()
    return value.value if security.call(_ASK, token, kind, byref(value), 4, byref(size)) else 0


def _is_administrator(security: Library) -> bool:
    sid, size, member = ctypes.create_string_buffer(_LONGEST_SID), c_uint32(_LONGEST_SID), c_int()
    made = security.call(_WELL_KNOWN, _ADMINISTRATORS, None, sid, byref(size))
    return bool(made and security.call(_MEMBER, None, sid, byref(member)) and member.value)


@contextmanager
def _token(security: Library, kernel: Library) -> Iterator[c_void_p]:
    token = c_void_p()
    security.call(_OPEN, kernel.call(_PROCESS), _TOKEN_QUERY, byref(token))
    try:
        yield token
    finally:
        if token.value:
            kernel.call(_CLOSE, token)
