"""A notification server on a real session bus, in a process of its own; what it was told goes to its output.

``python -m tests.qt.notification_server [CAPABILITY…]``; a line « click N ACTION » on its input makes it say that the
user clicked, « close N why » that she closed it, « refuse 1 on » makes it refuse everything from then on.
"""

from __future__ import annotations

import json
import sys
import threading

from jeepney import HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusAddress

REFUSING: list[str] = []
NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


def main() -> None:
    """Serve until the input ends."""
    bus = open_dbus_connection(bus="SESSION")
    bus.send_and_get_reply(message_bus.RequestName(NAME))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Thread(target=_obey, args=(bus,), daemon=True).start()
    capabilities = sys.argv[1:] or ["actions", "body", "body-markup"]
    number = 0
    while True:
        message = bus.receive()
        member = message.header.fields.get(HeaderFields.member)
        if message.header.message_type is not MessageType.method_call:
            continue
        sys.stdout.write(json.dumps([member, *message.body]) + "\n")
        sys.stdout.flush()
        if REFUSING:
            bus.send(new_error(message, "org.freedesktop.Notifications.Error.ExcessNotificationGeneration"))
        elif member == "GetCapabilities":
            bus.send(new_method_return(message, "as", (capabilities,)))
        elif member == "Notify":
            number = message.body[1] or number + 1
            bus.send(new_method_return(message, "u", (number,)))
        elif member == "CloseNotification":
            bus.send(new_method_return(message))
        else:
            bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))


def _obey(bus: DBusConnection) -> None:
    address = DBusAddress(PATH, interface=NAME)
    for line in sys.stdin:
        what, number, action = line.split()
        if what == "refuse":
            REFUSING.append(number)
            sys.stdout.write(json.dumps(["refusing"]) + "\n")
            sys.stdout.flush()
        elif what == "close":
            bus.send(new_signal(address, "NotificationClosed", "uu", (int(number), 2)))
        else:
            bus.send(new_signal(address, "ActionInvoked", "us", (int(number), action)))


if __name__ == "__main__":
    main()
