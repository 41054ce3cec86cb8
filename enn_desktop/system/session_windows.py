"""Windows' messages about the session, heard by a window of our own that is never shown.

A window rather than a filter on Qt's: it hears its own few messages, and Python is not called for every other one.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
from ctypes import POINTER, c_int, c_int32, c_ssize_t, c_uint32, c_void_p

from enn_desktop.system.session import Session, SessionEvent, Told
from enn_desktop.system.windows_calls import Bool, Dll, Dword, DwordOut, Handle, HandleOut, Text, wide
from enn_desktop.system.windows_dll import Prototype, SystemDll

END_SESSION, POWER_BROADCAST, SESSION_CHANGE = 0x0016, 0x0218, 0x02B1
"""WM_ENDSESSION, WM_POWERBROADCAST, WM_WTSSESSION_CHANGE (winuser.h)."""
RESUME_AUTOMATIC, SESSION_LOCK, SESSION_UNLOCK = 0x12, 0x7, 0x8
"""PBT_APMRESUMEAUTOMATIC: said at every wake-up, whoever caused it. WTS_SESSION_LOCK, WTS_SESSION_UNLOCK."""
CLASS = "fr.enn.desktop.session"
_numbers = itertools.count(1)
THIS_SESSION = 0
CURRENT_SESSION, SESSION_INFO_EX = 0xFFFF_FFFF, 25
FLAGS_AT, FLAG_LOCKED = 16, 0
"""WTSINFOEXW: SessionFlags after Level, SessionId and SessionState; 0 is locked, 1 is not, -1 is unknown."""

Procedure = ctypes.CFUNCTYPE(c_ssize_t, c_void_p, c_uint32, c_void_p, c_void_p)


class WindowClass(ctypes.Structure):
    """WNDCLASSEXW, 80 bytes."""

    _fields_ = (
        ("size", c_uint32),
        ("style", c_uint32),
        ("procedure", Procedure),
        ("class_extra", c_int),
        ("window_extra", c_int),
        ("instance", c_void_p),
        ("icon", c_void_p),
        ("cursor", c_void_p),
        ("background", c_void_p),
        ("menu", c_void_p),
        ("name", c_void_p),
        ("small_icon", c_void_p),
    )


REGISTER_CLASS = Prototype("RegisterClassExW", Dword, (POINTER(WindowClass),))
CREATE_WINDOW = Prototype(
    "CreateWindowExW",
    Handle,
    (Dword, Text, Text, Dword, c_int, c_int, c_int, c_int, Handle, Handle, Handle, Handle),
)
UNREGISTER_CLASS = Prototype("UnregisterClassW", Bool, (Text, Handle))
DESTROY_WINDOW = Prototype("DestroyWindow", Bool, (Handle,))
DEFAULT = Prototype("DefWindowProcW", Handle, (Handle, Dword, Handle, Handle))
MODULE = Prototype("GetModuleHandleW", Handle, (Text,))
REGISTER = Prototype("WTSRegisterSessionNotification", Bool, (Handle, Dword))
UNREGISTER = Prototype("WTSUnRegisterSessionNotification", Bool, (Handle,))
QUERY = Prototype("WTSQuerySessionInformationW", Bool, (Handle, Dword, Dword, HandleOut, DwordOut))
FREE = Prototype("WTSFreeMemory", None, (Handle,))


def event_of(message: int, why: int) -> SessionEvent | None:
    """Return what a message says, ``None`` when it is about something else."""
    if message == END_SESSION:
        # 0 takes the announcement back: another program would not end.
        return SessionEvent.ENDING if why else None
    return {
        (POWER_BROADCAST, RESUME_AUTOMATIC): SessionEvent.WOKE,
        (SESSION_CHANGE, SESSION_LOCK): SessionEvent.LOCKED,
        (SESSION_CHANGE, SESSION_UNLOCK): SessionEvent.UNLOCKED,
    }.get((message, why))


def locked_now(terminal: Dll) -> bool:
    """Ask Windows whether the session is locked; what it does not know is not locked."""
    found, size = c_void_p(), c_uint32()
    try:
        known = terminal.call(QUERY, None, CURRENT_SESSION, SESSION_INFO_EX, ctypes.byref(found), ctypes.byref(size))
    except OSError:
        return False
    if not known or not found.value:
        return False
    try:
        flags = c_int32.from_address(found.value + FLAGS_AT).value
        return size.value >= FLAGS_AT + 4 and flags == FLAG_LOCKED
    finally:
        terminal.call(FREE, found)


class WindowsSession(Session):
    """A hidden window; without it (a very old Windows, a service), nothing is heard and nothing fails."""

    def __init__(self, user: Dll | None = None, terminal: Dll | None = None, kernel: Dll | None = None) -> None:
        self._user = user or SystemDll("user32.dll")
        self._terminal = terminal or SystemDll("wtsapi32.dll")
        self._kernel = kernel or SystemDll("kernel32.dll")
        self._window = self._class = self._instance = 0
        self._told: Told | None = None
        self._locked: bool | None = None
        # Windows keeps its address: it lives as long as this.
        self._procedure = Procedure(self._heard)

    @property
    def window(self) -> int:
        """The window's handle, 0 without one."""
        return self._window

    def locked(self) -> bool:
        """Whether it is locked: what was heard last, or what Windows says when nothing was heard yet."""
        return locked_now(self._terminal) if self._locked is None else self._locked

    def listen(self, told: Told) -> None:
        """Say events from now on."""
        self._told = told
        with contextlib.suppress(OSError):
            self._window = self._make()
            if self._window:
                self._terminal.call(REGISTER, self._window, THIS_SESSION)

    def close(self) -> None:
        """Take the window away."""
        window, self._window, self._told = self._window, 0, None
        if window:
            with contextlib.suppress(OSError):
                self._terminal.call(UNREGISTER, window)
                self._user.call(DESTROY_WINDOW, window)
        self._forget_class()

    def _make(self) -> int:
        self._instance = self._kernel.call(MODULE, None)
        # A class may outlive its window: by its name, another object would be given a procedure that is no more.
        text = ctypes.create_string_buffer(wide(f"{CLASS}.{next(_numbers)}"))
        name = ctypes.addressof(text)
        kind = WindowClass(procedure=self._procedure, instance=self._instance, name=name)
        kind.size = ctypes.sizeof(kind)
        # ATOM has 16 bits, and stands for the name from now on (MAKEINTATOM); what is above them is anything.
        self._class = self._user.call(REGISTER_CLASS, ctypes.byref(kind)) & 0xFFFF
        if not self._class:
            return 0
        nothing = (0, 0, 0, 0, 0, None, None, self._instance, None)
        window = self._user.call(CREATE_WINDOW, 0, self._class, name, *nothing)
        if not window:
            self._forget_class()
        return window

    def _forget_class(self) -> None:
        """Take the class away; refused while its procedure runs, it stays, and no other window ever has its name."""
        kind, self._class = self._class, 0
        if kind:
            with contextlib.suppress(OSError):
                self._user.call(UNREGISTER_CLASS, kind, self._instance)

    def _heard(self, window: int, message: int, why: int | None, more: int | None) -> int:
        event = event_of(message, why or 0)
        if event is None or self._told is None:
            result = self._user.call(DEFAULT, window, message, why, more)
            return result - 2**64 if result >= 2**63 else result
        if event in {SessionEvent.LOCKED, SessionEvent.UNLOCKED}:
            self._locked = event is SessionEvent.LOCKED
        self._told(event)
        return 0
