"""Windows' access list of a folder, written and read in its text form (SDDL): no localised name is ever used."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int, c_uint32, c_void_p
from pathlib import Path

from enn_desktop.system.folder_rights import FolderRights
from enn_desktop.system.windows_calls import Bool, BoolOut, Dll, Dword, DwordOut, Handle, HandleOut, Text, text_at, wide
from enn_desktop.system.windows_dll import Prototype, SystemDll

FILE_OBJECT, DACL, PROTECTED, UNPROTECTED = 1, 0x4, 0x8000_0000, 0x2000_0000
"""SE_FILE_OBJECT; DACL_, PROTECTED_DACL_ and UNPROTECTED_DACL_SECURITY_INFORMATION (winnt.h)."""
THIS_PROCESS, TOKEN_QUERY, TOKEN_USER, REVISION = 2**64 - 1, 0x8, 1, 1
NOTHING_OF_ITS_OWN = "D:"
"""An empty list, not protected: what is around the folder decides again."""
_ACE = re.compile(r"\([^()]*\)")

OPEN_TOKEN = Prototype("OpenProcessToken", Bool, (Handle, Dword, HandleOut))
TOKEN_INFORMATION = Prototype("GetTokenInformation", Bool, (Handle, Dword, Handle, Dword, DwordOut))
SID_TEXT = Prototype("ConvertSidToStringSidW", Bool, (Handle, HandleOut))
FROM_TEXT = Prototype("ConvertStringSecurityDescriptorToSecurityDescriptorW", Bool, (Text, Dword, HandleOut, DwordOut))
TO_TEXT = Prototype(
    "ConvertSecurityDescriptorToStringSecurityDescriptorW", Bool, (Handle, Dword, Dword, HandleOut, DwordOut)
)
GET_DACL = Prototype("GetSecurityDescriptorDacl", Bool, (Handle, BoolOut, HandleOut, BoolOut))
SET_INFO = Prototype("SetNamedSecurityInfoW", Dword, (Text, Dword, Dword, Handle, Handle, Handle, Handle))
GET_INFO = Prototype(
    "GetNamedSecurityInfoW", Dword, (Text, Dword, Dword, HandleOut, HandleOut, HandleOut, HandleOut, HandleOut)
)
LOCAL_FREE = Prototype("LocalFree", Handle, (Handle,))
CLOSE = Prototype("CloseHandle", Bool, (Handle,))


def own_list(sid: str) -> str:
    """Return the list of a reserved folder: full access to the account, SYSTEM and Administrators, inside too."""
    return "D:P" + "".join(f"(A;OICI;FA;;;{who})" for who in (sid, "SY", "BA"))


class WindowsRights(FolderRights):
    """advapi32; every failure is an ``OSError`` with Windows' own code."""

    def __init__(self, advapi: Dll | None = None, kernel: Dll | None = None) -> None:
        self._advapi = advapi or SystemDll("advapi32.dll")
        self._kernel = kernel or SystemDll("kernel32.dll")

    def _is_reserved(self, folder: Path) -> bool:
        with self._described(own_list(self._sid())) as wanted:
            expected = self._text(wanted)
        found = self._list_of(folder)
        flags = found.partition("(")[0].removeprefix("D:")
        return "P" in flags and sorted(_ACE.findall(found)) == sorted(_ACE.findall(expected))

    def _set(self, folder: Path, *, reserve: bool) -> None:
        what = DACL | (PROTECTED if reserve else UNPROTECTED)
        with self._described(own_list(self._sid()) if reserve else NOTHING_OF_ITS_OWN) as wanted:
            there, dacl, default = c_int(), c_void_p(), c_int()
            self._demand(
                self._advapi.call(GET_DACL, wanted, ctypes.byref(there), ctypes.byref(dacl), ctypes.byref(default))
            )
            name = wide(str(folder.absolute()))
            _raise(self._advapi.call(SET_INFO, name, FILE_OBJECT, what, None, None, dacl, None))

    def _list_of(self, folder: Path) -> str:
        found = c_void_p()
        name = wide(str(folder.absolute()))
        unwanted = (None, None, None, None)
        _raise(self._advapi.call(GET_INFO, name, FILE_OBJECT, DACL, *unwanted, ctypes.byref(found)))
        try:
            return self._text(found)
        finally:
            self._kernel.call(LOCAL_FREE, found)

    def _sid(self) -> str:
        token = c_void_p()
        self._demand(self._advapi.call(OPEN_TOKEN, THIS_PROCESS, TOKEN_QUERY, ctypes.byref(token)))
        try:
            size = c_uint32()
            self._advapi.call(TOKEN_INFORMATION, token, TOKEN_USER, None, 0, ctypes.byref(size))
            room = ctypes.create_string_buffer(size.value)
            self._demand(self._advapi.call(TOKEN_INFORMATION, token, TOKEN_USER, room, size.value, ctypes.byref(size)))
            # TOKEN_USER begins with the address of the SID.
            sid = c_void_p.from_buffer(room)
            text = c_void_p()
            self._demand(self._advapi.call(SID_TEXT, sid, ctypes.byref(text)))
            return self._taken(text)
        finally:
            self._kernel.call(CLOSE, token)

    @contextmanager
    def _described(self, text: str) -> Iterator[c_void_p]:
        made = c_void_p()
        self._demand(self._advapi.call(FROM_TEXT, wide(text), REVISION, ctypes.byref(made), None))
        try:
            yield made
        finally:
            self._kernel.call(LOCAL_FREE, made)

    def _text(self, descriptor: c_void_p) -> str:
        text = c_void_p()
        self._demand(self._advapi.call(TO_TEXT, descriptor, REVISION, DACL, ctypes.byref(text), None))
        return self._taken(text)

    def _taken(self, text: c_void_p) -> str:
        try:
            return text_at(text.value or 0)
        finally:
            self._kernel.call(LOCAL_FREE, text)

    def _demand(self, worked: int) -> None:
        if not worked:
            _raise(self._advapi.last_error() or -1)


def _raise(code: int) -> None:
    if code:
        raise OSError(code, "refused by Windows", None, code)
