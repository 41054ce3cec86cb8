"""Whether the connection is paid by volume, asked of the system itself: the command line has no Qt.

On Windows, INetworkCostManager (netlistmgr.h); on Linux, NetworkManager.
"""

from __future__ import annotations

import ctypes
import sys
import uuid
from collections.abc import Callable
from ctypes import POINTER, c_uint32, c_void_p

from enn_desktop.system.windows_calls import Dll, Dword, DwordOut, Handle, HandleOut
from enn_desktop.system.windows_dll import Prototype, SystemDll

LIST_MANAGER = uuid.UUID("DCB00C01-570F-4A9B-8D69-199FDBA5723B").bytes_le
COST_MANAGER = uuid.UUID("DCB00008-570F-4A9B-8D69-199FDBA5723B").bytes_le
FIXED, VARIABLE, OVER_LIMIT, ROAMING, NEAR_LIMIT = 0x2, 0x4, 0x1_0000, 0x4_0000, 0x8_0000
PAID = FIXED | VARIABLE | OVER_LIMIT | ROAMING | NEAR_LIMIT
"""NLM_CONNECTION_COST; 0 is « unknown », 1 « unrestricted »."""
RELEASE, GET_COST = 2, 3
"""Places in the table of an INetworkCostManager, after IUnknown's QueryInterface and AddRef."""
APARTMENT, ANY_CONTEXT = 0x2, 0x17
BEGUN = (0, 1)
"""S_OK, S_FALSE: COM was begun here, and has to be ended here."""

INITIALIZE = Prototype("CoInitializeEx", Dword, (Handle, Dword))
UNINITIALIZE = Prototype("CoUninitialize", None, ())
CREATE = Prototype("CoCreateInstance", Dword, (Handle, Handle, Dword, Handle, HandleOut))


def is_metered() -> bool | None:
    """Whether the connection is paid by volume; ``None`` where the system does not say. Some milliseconds."""
    said: bool | None = None
    if sys.platform == "win32":
        said = paid_by_volume(SystemDll("ole32.dll"))
    elif sys.platform == "linux":
        said = _network_manager_says()
    return said


def paid_by_volume(ole: Dll) -> bool | None:
    """Ask Windows; ``None`` when it does not know, or has no such service."""
    try:
        begun = ole.call(INITIALIZE, None, APARTMENT)
    except OSError:
        return None
    try:
        cost = _cost(ole)
    finally:
        if begun in BEGUN:
            ole.call(UNINITIALIZE)
    return bool(cost & PAID) if cost else None


def _cost(ole: Dll) -> int:
    manager = c_void_p()
    refused = ole.call(CREATE, LIST_MANAGER, None, ANY_CONTEXT, COST_MANAGER, ctypes.byref(manager))
    if refused or not manager.value:
        return 0
    cost = c_uint32()
    try:
        refused = _method(manager, GET_COST, DwordOut, c_void_p)(manager, ctypes.byref(cost), None)
    finally:
        _method(manager, RELEASE)(manager)
    return 0 if refused else cost.value


def _method(thing: c_void_p, place: int, *arguments: type) -> Callable[..., int]:
    """Return one method of a COM object; 64-bit Windows has one way of calling only, the one of C."""
    table = ctypes.cast(thing, POINTER(POINTER(c_void_p))).contents
    return ctypes.CFUNCTYPE(c_uint32, c_void_p, *arguments)(table[place] or 0)


def _network_manager_says() -> bool | None:
    from enn_desktop.system.linux_bus import Thing, read_property

    name = "org.freedesktop.NetworkManager"
    # NMMetered: 1 yes, 2 no, 3 guessed yes, 4 guessed no.
    answer = read_property(Thing(name, "/org/freedesktop/NetworkManager", name), "Metered")
    return {1: True, 2: False, 3: True, 4: False}.get(answer) if isinstance(answer, int) else None
