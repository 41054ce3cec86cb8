"""The USB devices that may be a key, as the kernel shows them in its files. No device is opened, no serial is read."""

from __future__ import annotations

from pathlib import Path

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.values import UsbDevice

CARD_CLASS = "0b"
_DEVICES = "sys/bus/usb/devices"


def devices(root: Path = Path("/")) -> tuple[UsbDevice, ...]:
    """Return the devices plugged in that are known as keys, or of the card class; two alike come out once.

    ``root``: where ``sys`` is; a computer without USB has none.
    """
    of_card_class: dict[tuple[int, int], bool] = {}
    folder = root / _DEVICES
    for device in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            numbers = (_number(device / "idVendor"), _number(device / "idProduct"))
        except (OSError, ValueError):
            # An interface, a hub being pulled out: no device, or not any more.
            continue
        of_card_class[numbers] = of_card_class.get(numbers, False) or _is_of_card_class(folder, device.name)
    found = (
        UsbDevice(vendor, product, known_keys.usb_name(vendor, product), card_class)
        for (vendor, product), card_class in sorted(of_card_class.items())
    )
    return tuple(device for device in found if device.name or device.card_class)


def _number(file: Path) -> int:
    return int(file.read_text(encoding="ascii").strip(), 16)


def _is_of_card_class(folder: Path, device: str) -> bool:
    for interface in folder.glob(f"{device}:*/bInterfaceClass"):
        try:
            if interface.read_text(encoding="ascii").strip().lower() == CARD_CLASS:
                return True
        except OSError:
            continue
    return False
