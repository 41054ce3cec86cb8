"""The USB devices that may be a key, as Windows's device tree has them. No device is opened."""

from __future__ import annotations

import ctypes
import re
import uuid
from collections.abc import Iterator

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.values import UsbDevice
from enn_desktop.signing_key.windows import api
from enn_desktop.system.windows_dll import SystemDll

_PRESENT_OF_ALL_CLASSES = 0x2 | 0x4
_COMPATIBLE_IDS = 2
"""SPDRP_COMPATIBLEIDS."""
_CARD_READERS = uuid.UUID("{50DD5230-BA8A-11D1-BF5D-0000F805F530}").bytes_le
_CARD_INTERFACE = "USB\\CLASS_0B"
_NUMBERS = re.compile(r"USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})", re.IGNORECASE)
_NO_MORE = 259
_ID_SIZE = 400
"""MAX_DEVICE_ID_LEN is 200 signs."""
_IDS_SIZE = 4096


def devices(setup: api.Dll | None = None) -> tuple[UsbDevice, ...]:
    """Return the devices plugged in that are known as keys, or of the card class; ``OSError`` if Windows refuses.

    A device of several functions, or two alike, come out once: only their numbers are kept, no serial.
    """
    library = setup or SystemDll("setupapi")
    of_card_class: dict[tuple[int, int], bool] = {}
    for vendor, product, card_class in _plugged_in(library):
        of_card_class[vendor, product] = of_card_class.get((vendor, product), False) or card_class
    found = (
        UsbDevice(*numbers, known_keys.usb_name(*numbers), card_class)
        for numbers, card_class in sorted(of_card_class.items())
        if not known_keys.is_ignored_usb(*numbers)
    )
    return tuple(device for device in found if device.name or device.card_class)


def _plugged_in(library: api.Dll) -> Iterator[tuple[int, int, bool]]:
    listed = library.call(api.CLASS_DEVICES, None, api.wide("USB"), None, _PRESENT_OF_ALL_CLASSES)
    if listed in (0, api.INVALID_HANDLE):
        raise api.refused(library, api.CLASS_DEVICES)
    try:
        number = 0
        device = api.DeviceInfo(size=ctypes.sizeof(api.DeviceInfo))
        while library.call(api.NEXT_DEVICE, listed, number, ctypes.byref(device)):
            # The serial number ends here: nothing of the instance id but these two numbers leaves this function.
            if numbers := _NUMBERS.match(_instance_id(library, listed, device)):
                yield int(numbers[1], 16), int(numbers[2], 16), _is_of_card_class(library, listed, device)
            number += 1
        if library.last_error() != _NO_MORE:
            raise api.refused(library, api.NEXT_DEVICE)
    finally:
        library.call(api.END_DEVICES, listed)


def _instance_id(library: api.Dll, listed: int, device: api.DeviceInfo) -> str:
    buffer = ctypes.create_string_buffer(_ID_SIZE + 2)
    # One that has just been pulled out has no id any more: it is not there.
    if not library.call(api.INSTANCE_ID, listed, ctypes.byref(device), buffer, _ID_SIZE // 2, None):
        return ""
    return api.read_wide(ctypes.addressof(buffer))


def _is_of_card_class(library: api.Dll, listed: int, device: api.DeviceInfo) -> bool:
    """Whether Windows put it among card readers, or, its driver not being there yet, it says so itself."""
    if bytes(device.class_guid) == _CARD_READERS:
        return True
    buffer = ctypes.create_string_buffer(_IDS_SIZE)
    asked = library.call(
        api.DEVICE_PROPERTY, listed, ctypes.byref(device), _COMPATIBLE_IDS, None, buffer, _IDS_SIZE - 2, None
    )
    ids = buffer.raw.decode("utf-16-le", "replace").split("\0") if asked else []
    return any(one.upper().startswith(_CARD_INTERFACE) for one in ids)
