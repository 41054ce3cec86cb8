"""Short questions to Linux' system bus: what is paid by volume, whether the session is locked, no sleep for now."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney.low_level import Message

ANSWER_S = 0.5
"""A bus that hangs must not be felt: the main thread may be asking."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of a service, seen through one of its interfaces."""

    service: str
    path: str
    interface: str


def read_property(thing: Thing, name: str) -> object:
    """Return a property, ``None`` where there is no bus, no such service, or no answer in :data:`ANSWER_S`."""
    answer = _ask(Thing(thing.service, thing.path, "org.freedesktop.DBus.Properties"), "Get", (thing.interface, name))
    # A variant: its signature, then its value.
    return None if answer is None else answer.body[0][1]


def take_inhibitor(what: str, why: str) -> int | None:
    """Return an open descriptor for as long as which logind holds ``what`` (« idle »), ``None`` if it cannot be had.

    freedesktop.org, org.freedesktop.login1(5), ``Inhibit``. Close it to let go.
    """
    manager = Thing("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
    answer = _ask(manager, "Inhibit", (what, "enn-desktop", why, "block"))
    if answer is None:
        return None
    (given,) = answer.body
    return int(given.to_raw_fd())


def _ask(thing: Thing, method: str, words: tuple[str, ...]) -> Message | None:
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    question = new_method_call(DBusAddress(thing.path, thing.service, thing.interface), method, "s" * len(words), words)
    try:
        with closing(open_dbus_connection(bus="SYSTEM", enable_fds=True)) as bus:
            answer = bus.send_and_get_reply(question, timeout=ANSWER_S)
    except (OSError, TimeoutError, ValueError, KeyError, RuntimeError):
        return None
    return answer if answer.header.message_type is MessageType.method_return else None
