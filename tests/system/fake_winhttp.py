"""WinHTTP, played behind the C types of the real one: settings of a user and a computer, a network with PAC files."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

from enn_desktop.system.winhttp import NOT_DETECTED, UNREACHABLE_SCRIPT, WinHttp
from tests.signing_key.windows.fake_dll import FakeDll, text_at, utf16

NAMED, DIRECTLY = 3, 1
LOGIN_FAILURE, FILE_NOT_FOUND = 12015, 2


@dataclass
class FakeWindows:
    """What is set there, and what the PAC files say: a list of proxies, or the number of a failure."""

    detect: bool = False
    script: str = ""
    proxy: str = ""
    bypass: str = ""
    of_computer: tuple[str, str] = ("", "")
    scripts: dict[str, str | int] = field(default_factory=dict)
    """PAC file's address (empty: the announced one) → its answer."""
    nothing_kept: bool = False
    wants_identity: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    logged_on: list[bool] = field(default_factory=list)
    _texts: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.library = FakeDll(
            WinHttpOpen=lambda *_: self.library.opened(),
            WinHttpCloseHandle=lambda handle: self.library.close(handle),  # noqa: PLW0108 - it does not exist yet
            WinHttpSetTimeouts=lambda *_: 1,
            WinHttpGetIEProxyConfigForCurrentUser=self._user,
            WinHttpGetDefaultProxyConfiguration=self._computer,
            WinHttpGetProxyForUrl=self._for_url,
        )
        self.kernel = FakeDll(GlobalFree=self._freed)
        self.winhttp = WinHttp(self.library, self.kernel)

    @property
    def texts_left(self) -> int:
        """How many texts were given and not freed."""
        return len(self._texts)

    def _text(self, text: str) -> int:
        if not text:
            return 0
        kept = ctypes.create_string_buffer(utf16(text))
        self._texts[ctypes.addressof(kept)] = kept
        return ctypes.addressof(kept)

    def _freed(self, pointer: int) -> int:
        del self._texts[pointer]
        return 0

    def _write(self, address: int, first: int, *texts: str) -> int:
        ctypes.c_uint32.from_address(address).value = first
        for place, text in enumerate(texts, 1):
            ctypes.c_void_p.from_address(address + 8 * place).value = self._text(text)
        return 1

    def _user(self, config: int) -> int:
        if self.nothing_kept:
            return self.library.fail(FILE_NOT_FOUND)
        return self._write(config, int(self.detect), self.script, self.proxy, self.bypass)

    def _computer(self, info: int) -> int:
        proxy, bypass = self.of_computer
        return self._write(info, NAMED if proxy else DIRECTLY, proxy, bypass)

    def _for_url(self, session: int, url: int, options: int, info: int) -> int:
        assert session in self.library.open
        flags, detection = (ctypes.c_uint32.from_address(options + 4 * place).value for place in (0, 1))
        pointer = ctypes.c_void_p.from_address(options + 8).value
        logs_on = ctypes.c_int.from_address(options + 28).value
        script = text_at(pointer) if pointer else ""
        assert (flags, detection) == ((2, 0) if script else (1, 3))
        self.asked.append((text_at(url), script))
        self.logged_on.append(bool(logs_on))
        if self.wants_identity and not logs_on:
            return self.library.fail(LOGIN_FAILURE)
        answer = self.scripts.get(script, UNREACHABLE_SCRIPT if script else NOT_DETECTED)
        if isinstance(answer, int):
            return self.library.fail(answer)
        return self._write(info, NAMED if answer else DIRECTLY, answer, "")
