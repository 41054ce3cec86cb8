"""A USB bus that does not exist, held by umockdev. Run by the system's Python, which has its bindings; it speaks JSON.

One line in, one line out: ``{"plug": {…}}`` or ``{"unplug": "1-7"}``, answered by ``{}``. The first line out says where
the pretended ``/sys`` and ``/dev`` are. It ends with its standard input.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402 - its version is asked for before


def plugged(bed: Any, key: dict[str, Any]) -> list[str]:
    """Add a device with one interface to the bus; return the paths of both, the interface first."""
    place, vendor, product = key["place"], key["vendor"], key["product"]
    numbers = f"{int(vendor, 16):x}/{int(product, 16):x}/100"
    address = f"{int(place.partition('-')[2]):03d}"
    attributes = {
        "busnum": "1",
        "devnum": str(int(address)),
        "idVendor": vendor,
        "idProduct": product,
        "bcdDevice": "0100",
        "manufacturer": key["maker"],
        "product": key["name"],
        "bConfigurationValue": "1",
        "bNumInterfaces": " 1",
    }
    if key["serial"]:
        attributes["serial"] = key["serial"]
    properties = {
        "DEVTYPE": "usb_device",
        "DEVNAME": f"/dev/bus/usb/001/{address}",
        "BUSNUM": "001",
        "DEVNUM": address,
        "PRODUCT": numbers,
    }
    device = bed.add_device("usb", place, None, _flat(attributes), _flat(properties))
    kind = {"bInterfaceNumber": "00", "bInterfaceClass": key["interface_class"]}
    own = {"DEVTYPE": "usb_interface", "PRODUCT": numbers, "INTERFACE": f"{int(key['interface_class'], 16)}/0/0"}
    return [bed.add_device("usb", f"{place}:1.0", device, _flat(kind), _flat(own)), device]


def _flat(pairs: dict[str, str]) -> list[str]:
    return [word for pair in pairs.items() for word in pair]


def serve() -> None:
    """Hold the bus until nobody speaks to it any more."""
    bed = UMockdev.Testbed.new()
    paths: dict[str, list[str]] = {}
    _say({"root": bed.get_root_dir()})
    for line in sys.stdin:
        order = json.loads(line)
        if "plug" in order:
            paths[order["plug"]["place"]] = plugged(bed, order["plug"])
        else:
            for path in paths.pop(order["unplug"]):
                bed.uevent(path, "remove")
                bed.remove_device(path)
        _say({})


def _say(answer: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
