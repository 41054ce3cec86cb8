"""Electric power: whether the computer spares its battery, and no idle sleep while a run goes on."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_ubyte, c_uint32

from enn_desktop.system.windows_calls import Bool, Dll, Dword
from enn_desktop.system.windows_dll import Prototype, SystemDll

WHY = "Une récupération de dossiers est en cours"
"""What the system may show as the reason."""
SPARING = 1
"""SystemStatusFlag: battery saver is on (winbase.h, SYSTEM_POWER_STATUS, Windows 10 and later)."""
CONTINUOUS, SYSTEM_REQUIRED = 0x8000_0000, 0x0000_0001
"""ES_CONTINUOUS, ES_SYSTEM_REQUIRED (SetThreadExecutionState): the screen may go dark, the computer may not sleep."""


class PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS, 12 bytes."""

    _fields_ = (
        ("line", c_ubyte),
        ("battery", c_ubyte),
        ("percent", c_ubyte),
        ("sparing", c_ubyte),
        ("seconds_left", c_uint32),
        ("seconds_full", c_uint32),
    )


GET_STATUS = Prototype("GetSystemPowerStatus", Bool, (POINTER(PowerStatus),))
SET_STATE = Prototype("SetThreadExecutionState", Dword, (Dword,))


def on_battery_saver() -> bool | None:
    """Whether the computer spares its battery; ``None`` where the system does not say (elsewhere than on Windows)."""
    return sparing(SystemDll("kernel32.dll")) if sys.platform == "win32" else None


def sparing(kernel: Dll) -> bool | None:
    """Read Windows' power status; ``None`` when it does not say."""
    status = PowerStatus()
    try:
        known = kernel.call(GET_STATUS, ctypes.byref(status))
    except OSError:
        return None
    return status.sparing == SPARING if known else None


class KeepAwake:
    """Keeps the computer from falling asleep by idleness; this one knows no way to.

    Call both verbs from the same thread: Windows counts by thread.
    """

    def hold(self) -> bool:
        """Keep it awake until :meth:`release`; whether the system took it. The screen may go dark."""
        return False

    def release(self) -> None:
        """Let it sleep again."""


class WindowsAwake(KeepAwake):
    """SetThreadExecutionState; Windows takes it back by itself when the thread ends."""

    def __init__(self, kernel: Dll) -> None:
        self._kernel = kernel

    def hold(self) -> bool:
        """Keep it awake."""
        return bool(self._kernel.call(SET_STATE, CONTINUOUS | SYSTEM_REQUIRED))

    def release(self) -> None:
        """Let it sleep again."""
        self._kernel.call(SET_STATE, CONTINUOUS)


class LogindAwake(KeepAwake):
    """An « idle » inhibitor of logind; it ends with the process, too."""

    def __init__(self) -> None:
        self._held: int | None = None

    def hold(self) -> bool:
        """Keep it awake."""
        if self._held is None:
            from enn_desktop.system.linux_bus import take_inhibitor

            self._held = take_inhibitor("idle", WHY)
        return self._held is not None

    def release(self) -> None:
        """Let it sleep again."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


def own_keep_awake() -> KeepAwake:
    """Return this system's way."""
    own = KeepAwake()
    if sys.platform == "win32":
        own = WindowsAwake(SystemDll("kernel32.dll"))
    elif sys.platform == "linux":
        own = LogindAwake()
    return own
