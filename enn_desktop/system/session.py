"""The user's session: locked or not, woken up, about to end. What the system says, as four words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum


class SessionEvent(Enum):
    """What may be heard."""

    WOKE = "réveil"
    LOCKED = "verrouillage"
    UNLOCKED = "déverrouillage"
    ENDING = "fin de session"
    """The process is ended when the listener returns: Windows waits five seconds for it."""


Told = Callable[[SessionEvent], None]


class Session:
    """What is known of the session; this one knows nothing and hears nothing."""

    def locked(self) -> bool:
        """Whether nobody sees the screen now. May wait half a second: ask in a thread."""
        return False

    def listen(self, told: Told) -> None:
        """Say events from now on, in the thread that calls this, which must have an event loop."""

    def close(self) -> None:
        """Hear nothing more."""


class LogindSession(Session):
    """Linux: whether logind has the session locked. Wake-ups are seen by the jump of the clock alone."""

    def locked(self) -> bool:
        """Whether the desktop told logind that it is locked."""
        from enn_desktop.system.linux_bus import Thing, read_property

        name = "org.freedesktop.login1"
        mine = Thing(name, "/org/freedesktop/login1/session/auto", f"{name}.Session")
        return read_property(mine, "LockedHint") is True


def own_session() -> Session:
    """Return this computer's session."""
    own = Session()
    if sys.platform == "win32":
        from enn_desktop.system.session_windows import WindowsSession

        own = WindowsSession()
    elif sys.platform == "linux":
        own = LogindSession()
    return own
