"""Run by a Windows Python under Wine: a task bar that comes after the first one died, and notes who comes to it.

Shell_NotifyIcon sends its orders to the window of class Shell_TrayWnd, as WM_COPYDATA; a new task bar tells everybody
that it is there by the registered message TaskbarCreated. Prints the orders that came within the given seconds.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from ctypes import POINTER, c_int, c_ssize_t, c_uint, c_void_p, c_wchar_p
from typing import Any

# Checked where it runs: elsewhere, Python has no such modules.
assert sys.platform == "win32"

COPY_DATA, BROADCAST, REMOVE = 0x4A, 0xFFFF, 1
ADD, MODIFY = 0, 1
"""NIM_ADD, NIM_MODIFY (shellapi.h). A task bar that has just started knows nothing to modify."""
TOOL_WINDOW, POPUP = 0x80, 0x8000_0000
Procedure = ctypes.WINFUNCTYPE(c_ssize_t, c_void_p, c_uint, c_void_p, c_void_p)


class CopyData(ctypes.Structure):
    """COPYDATASTRUCT."""

    _fields_ = (("kind", c_void_p), ("size", c_uint), ("data", c_void_p))


class WindowClass(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = (
        ("style", c_uint), ("procedure", Procedure), ("class_extra", c_int), ("window_extra", c_int),
        ("instance", c_void_p), ("icon", c_void_p), ("cursor", c_void_p), ("background", c_void_p),
        ("menu", c_wchar_p), ("name", c_wchar_p),
    )  # fmt: skip


def main() -> None:
    """Be the task bar for a while."""
    user = ctypes.WinDLL("user32")
    user.DefWindowProcW.argtypes, user.DefWindowProcW.restype = (c_void_p, c_uint, c_void_p, c_void_p), c_ssize_t
    user.CreateWindowExW.restype = c_void_p
    user.CreateWindowExW.argtypes = (c_uint, c_wchar_p, c_wchar_p, c_uint, *(c_int,) * 4, *(c_void_p,) * 4)
    orders: list[int] = []

    def heard(window: int, message: int, who: int, what: int) -> int:
        if message == COPY_DATA:
            found: Any = ctypes.cast(what, POINTER(CopyData)).contents
            orders.append(int(found.kind or 0))
            return int(orders[-1] != MODIFY)
        return int(user.DefWindowProcW(window, message, who, what))

    procedure = Procedure(heard)
    kind = WindowClass(procedure=procedure, name="Shell_TrayWnd")
    user.RegisterClassW(ctypes.byref(kind))
    window = user.CreateWindowExW(TOOL_WINDOW, "Shell_TrayWnd", "", POPUP, 0, 0, 10, 10, None, None, None, None)
    user.FindWindowW.restype = c_void_p
    first = user.FindWindowW("Shell_TrayWnd", None) == window
    user.SendNotifyMessageW(BROADCAST, user.RegisterWindowMessageW("TaskbarCreated"), 0, 0)
    end = time.monotonic() + float(sys.argv[1])
    message = ctypes.create_string_buffer(64)
    while time.monotonic() < end and ADD not in orders:
        while user.PeekMessageW(message, None, 0, 0, REMOVE):
            user.DispatchMessageW(message)
        time.sleep(0.02)
    sys.stdout.write(json.dumps({"in front": first, "orders": orders}) + "\n")


if __name__ == "__main__":
    main()
