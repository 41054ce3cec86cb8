"""NetworkManager and logind as far as they are asked, on a bus of the tests; what happens goes to the output.

A line « metered N » or « locked 0 » on the input changes what they say.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NETWORK, LOGIN = "org.freedesktop.NetworkManager", "org.freedesktop.login1"
STATE = {"metered": 0, "locked": 0}


def main() -> None:
    """Serve until the input ends."""
    bus = open_dbus_connection(bus="SYSTEM", enable_fds=True)
    for name in (NETWORK, LOGIN):
        bus.send_and_get_reply(message_bus.RequestName(name))
    _tell("ready")
    threading.Thread(target=_obey, daemon=True).start()
    while True:
        message = bus.receive()
        if message.header.message_type is MessageType.method_call:
            _answer(bus, message)


def _answer(bus: DBusConnection, message: Any) -> None:
    fields = message.header.fields
    what = (fields.get(HeaderFields.path), fields.get(HeaderFields.member), *message.body)
    if what == ("/org/freedesktop/NetworkManager", "Get", NETWORK, "Metered"):
        bus.send(new_method_return(message, "v", (("u", STATE["metered"]),)))
    elif what == ("/org/freedesktop/login1/session/auto", "Get", f"{LOGIN}.Session", "LockedHint"):
        bus.send(new_method_return(message, "v", (("b", bool(STATE["locked"])),)))
    elif what[:2] == ("/org/freedesktop/login1", "Inhibit"):
        kind, who, _, mode = message.body
        _tell(f"inhibit {kind} {who} {mode}")
        kept, given = os.pipe()
        bus.send(new_method_return(message, "h", (given,)))
        os.close(given)
        threading.Thread(target=_wait_for_release, args=(kept,), daemon=True).start()
    else:
        bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))


def _wait_for_release(kept: int) -> None:
    os.read(kept, 1)
    os.close(kept)
    _tell("released")


def _obey() -> None:
    for line in sys.stdin:
        name, value = line.split()
        STATE[name] = int(value)
        _tell("done")
    os._exit(0)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
