"""Windows' own knowledge of proxies (winhttp.dll): the user's settings, the computer's, and what a PAC file answers.

Structures, functions and codes are those that Microsoft documents for WinHTTP (winhttp.h). Nothing here touches the
network but :meth:`WinHttp.ask`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype, SystemDll

_PTR, _DWORD, _BOOL = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int
_BY_DETECTION, _BY_URL = 0x1, 0x2
_DHCP_AND_DNS = 0x1 | 0x2
_NO_PROXY, _NAMED_PROXY = 1, 3
_FILE_NOT_FOUND, _LOGIN_FAILURE = 2, 12015
_LONGEST_TEXT = 65_536
NOT_DETECTED = 12180
"""ERROR_WINHTTP_AUTODETECTION_FAILED: the network announces no proxy, which is no trouble at all."""
UNREACHABLE_SCRIPT, BAD_SCRIPT = 12167, 12166

_OPEN = Prototype("WinHttpOpen", _PTR, (_PTR, _DWORD, _PTR, _PTR, _DWORD))
_CLOSE = Prototype("WinHttpCloseHandle", _BOOL, (_PTR,))
_TIMES = Prototype("WinHttpSetTimeouts", _BOOL, (_PTR, _BOOL, _BOOL, _BOOL, _BOOL))
_OF_USER = Prototype("WinHttpGetIEProxyConfigForCurrentUser", _BOOL, (_PTR,))
_OF_COMPUTER = Prototype("WinHttpGetDefaultProxyConfiguration", _BOOL, (_PTR,))
_FOR_URL = Prototype("WinHttpGetProxyForUrl", _BOOL, (_PTR, _PTR, _PTR, _PTR))
_FREE = Prototype("GlobalFree", _PTR, (_PTR,))


class Dll(Protocol):
    """One library: the real one (``SystemDll``), or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function."""
        ...

    def last_error(self) -> int:
        """Return the error that the last call left."""
        ...


class _UserConfig(ctypes.Structure):
    """WINHTTP_CURRENT_USER_IE_PROXY_CONFIG."""

    _fields_ = (("detect", _BOOL), ("script", _PTR), ("proxy", _PTR), ("bypass", _PTR))


class _ProxyInfo(ctypes.Structure):
    """WINHTTP_PROXY_INFO."""

    _fields_ = (("access", _DWORD), ("proxy", _PTR), ("bypass", _PTR))


class _AutoOptions(ctypes.Structure):
    """WINHTTP_AUTOPROXY_OPTIONS."""

    _fields_ = (
        ("flags", _DWORD),
        ("detection", _DWORD),
        ("script", _PTR),
        ("reserved", _PTR),
        ("reserved_number", _DWORD),
        ("logs_on", _BOOL),
    )


@dataclass(frozen=True, slots=True)
class UserProxies:
    """What the user set in Windows: ``detect`` asks the network, ``script`` is a PAC file's address."""

    detect: bool = False
    script: str = ""
    proxy: str = ""
    bypass: str = ""


@dataclass(frozen=True, slots=True)
class NamedProxies:
    """Proxies as Windows lists them; ``proxy`` empty means a direct way."""

    proxy: str = ""
    bypass: str = ""


class WinHttpError(OSError):
    """A question that Windows could not answer; ``code`` is WinHTTP's."""

    def __init__(self, code: int) -> None:
        super().__init__(code, f"WinHTTP {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class WinHttp:
    """The three questions, each with its structures freed. Thread-safe: each question opens its own session."""

    library: Dll = field(default_factory=lambda: SystemDll("winhttp"))
    kernel: Dll = field(default_factory=lambda: SystemDll("kernel32"))

    def of_user(self) -> UserProxies:
        """Return the user's own settings; nothing set when Windows keeps none. Raises ``OSError``."""
        config = _UserConfig()
        if not self.library.call(_OF_USER, ctypes.byref(config)):
            code = self.library.last_error()
            if code == _FILE_NOT_FOUND:
                return UserProxies()
            raise WinHttpError(code)
        return UserProxies(
            bool(config.detect), self._taken(config.script), self._taken(config.proxy), self._taken(config.bypass)
        )

    def of_computer(self) -> NamedProxies:
        """Return what an administrator set for every program (``netsh winhttp``). Raises ``OSError``."""
        info = _ProxyInfo()
        if not self.library.call(_OF_COMPUTER, ctypes.byref(info)):
            raise WinHttpError(self.library.last_error())
        return self._named(info)

    def ask(self, url: str, script: str, wait_s: float) -> NamedProxies:
        """Return what a PAC file answers for an address; ``script`` empty: the one that the network announces.

        Windows fetches and runs the file; ``wait_s`` bounds each step of the fetch, in seconds. Call it in a thread.
        Raises ``WinHttpError``.
        """
        with self._session(wait_s) as session:
            try:
                return self._ask(session, url, script, logs_on=False)
            except WinHttpError as error:
                # Microsoft's advice: the session's identity is offered only to a server of the file that asks for it.
                # And to one that somebody named: what the network announces by itself may be anyone's.
                if error.code != _LOGIN_FAILURE or not script:
                    raise
                return self._ask(session, url, script, logs_on=True)

    def _ask(self, session: int, url: str, script: str, *, logs_on: bool) -> NamedProxies:
        options = _AutoOptions(flags=_BY_URL if script else _BY_DETECTION, logs_on=int(logs_on))
        kept = _utf16(script)
        if script:
            options.script = ctypes.addressof(kept)
        else:
            options.detection = _DHCP_AND_DNS
        info = _ProxyInfo()
        if not self.library.call(
            _FOR_URL, session, ctypes.addressof(asked := _utf16(url)), ctypes.byref(options), ctypes.byref(info)
        ):
            raise WinHttpError(self.library.last_error())
        del asked
        return self._named(info)

    @contextmanager
    def _session(self, wait_s: float) -> Iterator[int]:
        agent = _utf16("enn-desktop")
        session = self.library.call(_OPEN, ctypes.addressof(agent), _NO_PROXY, None, None, 0)
        if not session:
            raise WinHttpError(self.library.last_error())
        try:
            self.library.call(_TIMES, session, *[int(wait_s * 1000)] * 4)
            yield session
        finally:
            self.library.call(_CLOSE, session)

    def _named(self, info: _ProxyInfo) -> NamedProxies:
        proxy, bypass = self._taken(info.proxy), self._taken(info.bypass)
        return NamedProxies(proxy, bypass) if info.access == _NAMED_PROXY else NamedProxies()

    def _taken(self, pointer: int | None) -> str:
        """Return a text that Windows gave us, and give its memory back."""
        if not pointer:
            return ""
        try:
            raw = b""
            while len(raw) < _LONGEST_TEXT and (sign := ctypes.string_at(pointer + len(raw), 2)) != b"\0\0":
                raw += sign
            return raw.decode("utf-16-le", "replace")
        finally:
            self.kernel.call(_FREE, pointer)


def _utf16(text: str) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")
