"""Windows' access lists in memory: text in, text out, inherited ones included, as advapi32 has them.

A descriptor is known by the address that was given out for it; what is not freed in the end is a defect.
"""

from __future__ import annotations

import ctypes
import re
from pathlib import PurePath
from typing import Any

from tests.signing_key.windows.fake_dll import FakeDll, text_at, utf16, write

ME = "S-1-5-21-1004336348-1177238915-682003330-1001"
AROUND = f"D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;{ME})(A;OICIID;0x1301bf;;;AU)"
"""What a folder below the disk's root inherits: whoever has an account may read and change."""
DACL, PROTECTED, UNPROTECTED = 0x4, 0x8000_0000, 0x2000_0000


class FakeSecurity:
    """``refused`` is Windows' code for a change; ``deaf``: a disk without rights takes the order all the same."""

    def __init__(self, *, refused: int = 0, deaf: bool = False) -> None:
        self.lists: dict[str, str] = {}
        self.refused, self.deaf = refused, deaf
        self._kept: dict[int, Any] = {}
        self._texts: dict[int, str] = {}
        self.advapi = FakeDll(
            OpenProcessToken=self._open_token,
            GetTokenInformation=self._token_user,
            ConvertSidToStringSidW=lambda _sid, given: self._hand_out(given, ME),
            ConvertStringSecurityDescriptorToSecurityDescriptorW=self._from_text,
            ConvertSecurityDescriptorToStringSecurityDescriptorW=self._to_text,
            GetSecurityDescriptorDacl=self._dacl,
            SetNamedSecurityInfoW=self._set,
            GetNamedSecurityInfoW=self._get,
        )
        self.kernel = FakeDll(LocalFree=self._free, CloseHandle=self.advapi.close)

    @property
    def left(self) -> int:
        """What was handed out and not given back."""
        return len(self._kept) + len(self.advapi.open)

    def of(self, folder: PurePath) -> str:
        """Return the list of a folder."""
        return self.lists.get(str(folder), AROUND)

    def _open_token(self, process: int, access: int, given: Any) -> int:
        assert (process, access) == (2**64 - 1, 8)
        given.contents.value = self.advapi.opened()
        return 1

    def _token_user(self, token: int, what: int, room: int | None, size: int, needed: Any) -> int:
        assert (token in self.advapi.open, what) == (True, 1)
        needed.contents.value = 44
        if size < 44:
            return self.advapi.fail(122)
        write(room or 0, (0x1234).to_bytes(8, "little"))
        return 1

    def _from_text(self, text: int, revision: int, given: Any, _size: object) -> int:
        assert revision == 1
        said = text_at(text)
        if not re.fullmatch(r"D:(P|AI|PAI)?(\(A;[A-Z]*;\w+;;;[-\w]+\))*", said):
            return self.advapi.fail(1336)
        return self._hand_out(given, said)

    def _to_text(self, descriptor: int, revision: int, what: int, given: Any, _size: object) -> int:
        assert (revision, what) == (1, DACL)
        return self._hand_out(given, self._texts[descriptor])

    def _dacl(self, descriptor: int, there: Any, dacl: Any, _default: Any) -> int:
        there.contents.value = 1
        dacl.contents.value = descriptor
        return 1

    def _set(self, name: int, kind: int, what: int, *lists: int | None) -> int:
        owner, group, dacl, audit = lists
        assert (kind, owner, group, audit) == (1, None, None, None)
        if self.refused or self.deaf:
            return self.refused
        own = self._texts[dacl or 0].removeprefix("D:").removeprefix("P")
        folder = text_at(name)
        self.lists[folder] = f"D:PAI{own}" if what == DACL | PROTECTED else f"{AROUND}{own}"
        assert what in {DACL | PROTECTED, DACL | UNPROTECTED}
        return 0

    def _get(self, name: int, kind: int, what: int, *given: Any) -> int:
        assert (kind, what) == (1, DACL)
        return 0 if self._hand_out(given[-1], self.lists.get(text_at(name), AROUND)) else 5

    def _hand_out(self, given: Any, text: str) -> int:
        kept = ctypes.create_string_buffer(utf16(text))
        address = ctypes.addressof(kept)
        self._kept[address], self._texts[address] = kept, text
        given.contents.value = address
        return 1

    def _free(self, address: int) -> int:
        del self._kept[address]
        return 0
