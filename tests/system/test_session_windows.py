"""Windows' messages about the session are understood, and none of the others is."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import pytest

from enn_desktop.system.session import SessionEvent
from enn_desktop.system.session_windows import (
    CURRENT_SESSION,
    SESSION_INFO_EX,
    Procedure,
    WindowsSession,
    event_of,
    locked_now,
)
from tests.signing_key.windows.fake_dll import FakeDll, text_at

ENDSESSION, QUERYENDSESSION, POWER, SESSION, PAINT = 0x16, 0x11, 0x218, 0x2B1, 0xF


@pytest.mark.parametrize(
    ("message", "why", "said"),
    [
        (POWER, 0x12, SessionEvent.WOKE),
        (POWER, 0x4, None),
        (POWER, 0xA, None),
        (SESSION, 7, SessionEvent.LOCKED),
        (SESSION, 8, SessionEvent.UNLOCKED),
        (SESSION, 1, None),
        (ENDSESSION, 1, SessionEvent.ENDING),
        (ENDSESSION, 0, None),
        (QUERYENDSESSION, 1, None),
        (PAINT, 7, None),
    ],
)
def test_what_a_message_says(message: int, why: int, said: SessionEvent | None) -> None:
    assert event_of(message, why) is said


class FakeSystem:
    """A desktop with one window at most; ``send`` is what Windows would do."""

    def __init__(self, *, desktop: bool = True) -> None:
        self.desktop = desktop
        self.procedure: Any = None
        self.registered: list[int] = []
        self.user = FakeDll(
            RegisterClassExW=self._register, CreateWindowExW=self._create, DestroyWindow=self._destroy,
            DefWindowProcW=lambda *_: 2**64 - 1,
        )  # fmt: skip
        self.terminal = FakeDll(
            WTSRegisterSessionNotification=self._hear,
            WTSUnRegisterSessionNotification=self._hear_no_more,
            WTSQuerySessionInformationW=lambda *_: 0,
        )
        self.kernel = FakeDll(GetModuleHandleW=lambda _name: 0x7FF6_0000_0000)

    def session(self) -> WindowsSession:
        return WindowsSession(self.user, self.terminal, self.kernel)

    def send(self, message: int, why: int) -> int:
        return int(self.procedure(0x1_0002, message, why, 0))

    def _register(self, kind: Any) -> int:
        found = kind.contents
        assert found.size == ctypes.sizeof(found) == 80
        assert text_at(found.name) == "fr.enn.desktop.session"
        self.procedure = Procedure(ctypes.cast(found.procedure, ctypes.c_void_p).value or 0)
        return 0xC001

    def _hear(self, window: int, _all: int) -> int:
        self.registered.append(window)
        return 1

    def _hear_no_more(self, window: int) -> int:
        self.registered.remove(window)
        return 1

    def _create(self, *given: int) -> int:
        assert text_at(given[1]) == "fr.enn.desktop.session"
        return self.user.opened() if self.desktop else 0

    def _destroy(self, window: int) -> int:
        return self.user.close(window)


def test_what_windows_sends_to_the_hidden_window_is_told() -> None:
    system = FakeSystem()
    heard: list[SessionEvent] = []
    session = system.session()
    session.listen(heard.append)
    assert system.registered == [session.window]
    for message, why in ((POWER, 0x12), (SESSION, 7), (SESSION, 8), (ENDSESSION, 1)):
        assert system.send(message, why) == 0
    assert [event.name for event in heard] == ["WOKE", "LOCKED", "UNLOCKED", "ENDING"]
    assert system.send(QUERYENDSESSION, 0) == -1  # what Windows itself answers is given back as it is
    session.close()
    assert (system.registered, system.user.open) == ([], [])


def test_it_is_known_whether_the_session_is_locked() -> None:
    system = FakeSystem()
    session = system.session()
    session.listen(lambda _: None)
    assert not session.locked()
    system.send(SESSION, 7)
    assert session.locked()
    system.send(SESSION, 8)
    assert not session.locked()


def test_without_a_desktop_nothing_is_heard_and_nothing_fails() -> None:
    system = FakeSystem(desktop=False)
    session = system.session()
    session.listen(lambda _: None)
    session.close()
    assert (session.window, system.registered) == (0, [])


def test_elsewhere_than_on_windows_nothing_fails() -> None:
    session = WindowsSession()
    session.listen(lambda _: None)
    assert not session.locked()
    session.close()


@pytest.mark.parametrize(("flags", "locked"), [(0, True), (1, False), (-1, False)])
def test_at_the_start_windows_is_asked(flags: int, locked: bool) -> None:  # noqa: FBT001 - what is said
    # WTSINFOEXW: Level, then SessionId, SessionState and SessionFlags from the eighth byte on.
    info = ctypes.create_string_buffer(struct.pack("<IIIIi", 1, 0, 2, 0, flags), 240)
    freed: list[int] = []

    def query(_server: object, session: int, what: int, found: Any, size: Any) -> int:
        assert (session, what) == (CURRENT_SESSION, SESSION_INFO_EX)
        found.contents.value = ctypes.addressof(info)
        size.contents.value = 240
        return 1

    terminal = FakeDll(WTSQuerySessionInformationW=query, WTSFreeMemory=freed.append)
    assert locked_now(terminal) is locked
    assert freed == [ctypes.addressof(info)]
