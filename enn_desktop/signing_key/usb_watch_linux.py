"""Hears the kernel announce USB devices: a key that no reader driver takes says nothing to the card service."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable

from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import UsbDevice

KOBJECT_UEVENT = 15
"""``NETLINK_KOBJECT_UEVENT``: where udev itself hears the kernel."""
KERNEL_GROUP = 1
LONGEST = 16_384
"""Bytes: the kernel's own limit of an announcement is 2,048 and its header."""
SETTLE_S = 0.3
"""A device is announced before its interfaces, and unplugging one makes several announcements: they count as one."""
Devices = tuple[UsbDevice, ...]


def watch_usb(
    look: Callable[[], Devices], publish: Callable[[Devices], None], stop: StopFlag, subsystem: str = "usb"
) -> None:
    """Publish the devices that may be a key each time they are others than before, until the stop; blocks.

    Nothing is asked between two announcements. Returns at once where the kernel lets nobody listen.
    """
    try:
        line = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, KOBJECT_UEVENT)
    except OSError:
        return
    with line:
        try:
            line.bind((0, KERNEL_GROUP))
        except OSError:
            return
        known = look()
        while not stop.is_set:
            if _announced(line, stop, subsystem) and not stop.wait(SETTLE_S):
                present = look()
                if present != known:
                    known = present
                    publish(present)


def is_about(announcement: bytes, subsystem: str) -> bool:
    """Whether a kernel's announcement is about this subsystem."""
    return f"SUBSYSTEM={subsystem}".encode() in announcement.split(b"\0")


def _announced(line: socket.socket, stop: StopFlag, subsystem: str) -> bool:
    """Wait for one announcement, or for the stop; tell whether it was about the subsystem."""
    hear, say = os.pipe()
    try:
        with stop.waking(lambda: _ring(say)):
            ready = [] if stop.is_set else select.select([line.fileno(), hear], [], [])[0]
    finally:
        os.close(hear)
        os.close(say)
    if line.fileno() not in ready:
        return False
    try:
        return is_about(line.recv(LONGEST), subsystem)
    except OSError:
        # More came than the kernel keeps: what was lost may have been about it.
        return True


def _ring(say: int) -> None:
    os.write(say, b"!")
