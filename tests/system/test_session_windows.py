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
CLASS_ALREADY_EXISTS, CLASS_HAS_WINDOWS = 1410, 1412
ABOVE_AN_ATOM = 0xABCD_0000
"""What a register may hold above the sixteen bits of an ATOM."""


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
    """A desktop; ``send`` is what Windows would do to the window made last.

    As Windows does, it keeps a class when its window goes, refuses a second one of that name, and gives a window the
    procedure of its class, whoever asks for the window.
    """

    def __init__(self, *, desktop: bool = True, classes: bool = True) -> None:
        self.desktop, self.takes_classes = desktop, classes
        self.classes: dict[int, tuple[str, Any]] = {}
        self.procedure: Any = None
        self.in_procedure = False
        self.registered: list[int] = []
        self._atom = 0xC000
        self.user = FakeDll(
            RegisterClassExW=self._register, UnregisterClassW=self._unregister,
            CreateWindowExW=self._create, DestroyWindow=self._destroy, DefWindowProcW=lambda *_: 2**64 - 1,
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
        self.in_procedure = True
        try:
            return int(self.procedure(0x1_0002, message, why, 0))
        finally:
            self.in_procedure = False

    def _register(self, kind: Any) -> int:
        found = kind.contents
        assert found.size == ctypes.sizeof(found) == 80
        name = text_at(found.name)
        assert name.startswith("fr.enn.desktop.session")
        if not self.takes_classes or name in {known for known, _ in self.classes.values()}:
            return ABOVE_AN_ATOM | self.user.fail(CLASS_ALREADY_EXISTS)
        self._atom += 1
        self.classes[self._atom] = name, Procedure(ctypes.cast(found.procedure, ctypes.c_void_p).value or 0)
        return ABOVE_AN_ATOM | self._atom

    def _unregister(self, given: int, instance: int) -> int:
        assert instance == 0x7FF6_0000_0000
        if self.in_procedure:
            return self.user.fail(CLASS_HAS_WINDOWS)
        del self.classes[self._class_of(given)]
        return 1

    def _class_of(self, given: int) -> int:
        """Return the class that is meant, by its atom or by its name."""
        if given <= 0xFFFF:
            return given
        return next(atom for atom, (name, _) in self.classes.items() if name == text_at(given))

    def _hear(self, window: int, _all: int) -> int:
        self.registered.append(window)
        return 1

    def _hear_no_more(self, window: int) -> int:
        self.registered.remove(window)
        return 1

    def _create(self, *given: int) -> int:
        _name, self.procedure = self.classes[self._class_of(given[1])]
        assert text_at(given[2]).startswith("fr.enn.desktop.session")
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
    assert (system.registered, system.user.open, system.classes) == ([], [], {})


def test_a_second_session_in_the_same_program_hears_as_the_first_did() -> None:
    system = FakeSystem()
    heard: list[tuple[int, SessionEvent]] = []
    first, second = sessions = system.session(), system.session()
    for number, session in enumerate(sessions):
        session.listen(lambda event, number=number: heard.append((number, event)))  # type: ignore[misc] # bound now
        system.send(POWER, 0x12)
        session.close()
    assert heard == [(0, SessionEvent.WOKE), (1, SessionEvent.WOKE)]
    assert (first.window, second.window, system.classes) == (0, 0, {})


def test_a_session_closed_by_what_it_hears_leaves_the_next_one_its_hearing() -> None:
    system = FakeSystem()
    first, second = system.session(), system.session()
    heard: list[SessionEvent] = []
    first.listen(lambda _: first.close())
    system.send(POWER, 0x12)
    assert len(system.classes) == 1  # its procedure was running: Windows keeps the class
    second.listen(heard.append)
    system.send(POWER, 0x12)
    assert heard == [SessionEvent.WOKE]
    first.listen(heard.append)
    system.send(SESSION, 7)
    assert heard[1:] == [SessionEvent.LOCKED]


def test_without_a_class_no_window_is_asked_for() -> None:
    system = FakeSystem(classes=False)
    session = system.session()
    session.listen(lambda _: None)
    session.close()
    assert (session.window, system.user.called) == (0, ["RegisterClassExW"])


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
    assert (session.window, system.registered, system.classes) == (0, [], {})


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
