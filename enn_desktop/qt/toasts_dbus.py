"""Notifications through D-Bus (freedesktop.org, Desktop Notifications Specification 1.2).

Through jeepney, not QtDBus: the Python binding of QtDBus cannot write the unsigned numbers that ``Notify`` demands.
"""

from __future__ import annotations

import html
import os
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from enn_desktop.qt.toasts import Toast, Toaster

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection
    from jeepney.low_level import Message

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
BODY = "default"
"""The action's name for a click on the notification itself, in the specification."""
LOW, NORMAL = 0, 1
ANSWER_S = 1.0
"""The main thread asks: a server of notifications that hangs must not be felt."""


def dbus_toaster() -> list[Toaster]:
    """Return the toaster of this session, nothing where there is no bus or nobody who shows notifications."""
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return []
    from jeepney.io.blocking import open_dbus_connection

    try:
        connection = open_dbus_connection(bus="SESSION")
    except (OSError, ValueError, KeyError, RuntimeError):
        return []
    try:
        return [DBusToaster(connection)]
    except (OSError, TimeoutError, ValueError, IndexError):
        connection.close()
        return []


class DBusToaster(Toaster):
    """Talks to the notification server of the session. Raises ``OSError`` or ``TimeoutError`` when there is none."""

    def __init__(self, connection: DBusConnection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._numbers: dict[str, int] = {}
        self._heard: deque[Message] = deque()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._hear_all)
        self._can = frozenset(str(one) for one in self._call("GetCapabilities")[0])
        self._subscribe()
        self._notifier = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_: self._read())

    def show(self, toast: Toast) -> bool:
        """Show it, in place of the one of the same id."""
        actions = [BODY, "Ouvrir"]
        for action_id, text in toast.actions if "actions" in self._can else ():
            actions += [action_id, text]
        body = html.escape(toast.text, quote=False) if "body-markup" in self._can else toast.text
        hints = {
            "desktop-entry": ("s", "enn-desktop"),
            "suppress-sound": ("b", toast.silent),
            "urgency": ("y", LOW if toast.silent else NORMAL),
        }
        replaced = self._numbers.get(toast.toast_id, 0)
        arguments = ("enn-desktop", replaced, "enn-desktop", toast.title, body, actions, hints, -1)
        try:
            (number,) = self._call("Notify", "susssasa{sv}i", arguments)
        except (OSError, TimeoutError, ValueError):
            return False
        self._numbers[toast.toast_id] = int(number)
        return True

    def remove(self, toast_id: str) -> None:
        """Take it away."""
        number = self._numbers.pop(toast_id, None)
        if number is not None:
            with suppress(OSError, TimeoutError, ValueError):
                self._call("CloseNotification", "u", (number,))

    def close(self) -> None:
        """Leave the bus."""
        self._notifier.setEnabled(False)
        self._connection.close()

    def describe(self) -> str:
        """Return what this is."""
        return f"D-Bus ({'avec' if 'actions' in self._can else 'sans'} boutons)"

    def _call(self, method: str, signature: str | None = None, arguments: tuple[object, ...] = ()) -> tuple[Any, ...]:
        from jeepney import DBusAddress, MessageType, new_method_call

        question = new_method_call(DBusAddress(PATH, SERVICE, SERVICE), method, signature, arguments)
        answer = self._connection.send_and_get_reply(question, timeout=ANSWER_S)
        # A signal that came meanwhile is in the queue, and its bytes are read: nothing would wake us up for it.
        self._later.start()
        if answer.header.message_type is not MessageType.method_return:
            raise OSError(method)
        return tuple(answer.body)

    def _subscribe(self) -> None:
        from jeepney import MatchRule, message_bus

        for member in ("ActionInvoked", "NotificationClosed"):
            rule = MatchRule(type="signal", interface=SERVICE, member=member, path=PATH)
            self._connection.filter(rule, queue=self._heard)
            self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_S)

    def _read(self) -> None:
        try:
            while True:
                self._connection.recv_messages(timeout=0)
        except TimeoutError:
            self._hear_all()
        except (OSError, EOFError):
            # The session's bus is gone: so is every notification.
            self._notifier.setEnabled(False)

    def _hear_all(self) -> None:
        while self._heard:
            self._hear(self._heard.popleft())

    def _hear(self, message: Message) -> None:
        from jeepney import HeaderFields

        member = message.header.fields.get(HeaderFields.member)
        if member == "ActionInvoked":
            number, action = message.body
            for toast_id, shown in list(self._numbers.items()):
                if shown == number:
                    self.activated.emit(toast_id, "" if action == BODY else str(action))
        elif member == "NotificationClosed":
            self._numbers = {one: shown for one, shown in self._numbers.items() if shown != message.body[0]}
