"""What only Windows has, recorded: the event that its card service sets, and pyscard's error without a code."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from smartcard import scard

from enn_desktop.signing_key.pcsc import PNP, Code, PcscError, Seen
from enn_desktop.signing_key.pcsc_windows import WindowsPcsc
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.system.windows_dll import Prototype

STARTED, HALT = 0x44, 0x48
SOON_S = 5.0


class Kernel:
    """Events of kernel32 and winscard: the handle that is set ends the wait."""

    def __init__(self, *, started: bool = False, refuses: str = "") -> None:
        self.set = threading.Event()
        self.began = threading.Event()
        self.started, self.refuses = started, refuses
        self.calls: list[str] = []

    def call(self, function: Prototype, *arguments: object) -> int:
        self.calls.append(function.name)
        if function.name == self.refuses:
            raise OSError(127, function.name)
        match function.name:
            case "SCardAccessStartedEvent":
                return STARTED
            case "CreateEventW":
                return HALT
            case "SetEvent":
                assert arguments == (HALT,)
                self.set.set()
                return 1
            case "WaitForMultipleObjects":
                return self._wait(*arguments)
        return 1

    def _wait(self, count: object, handles: object, every: object, milliseconds: object) -> int:
        assert (count, list(handles), every, milliseconds) == (2, [STARTED, HALT], 0, 5000)  # type: ignore[call-overload] # a C array
        self.began.set()
        if self.started:
            return 0
        return 1 if self.set.wait(SOON_S) else 0x102

    def last_error(self) -> int:
        return 0


def port(kernel: Kernel) -> WindowsPcsc:
    return WindowsPcsc(winscard=kernel, kernel=kernel)


def test_a_service_that_starts_is_heard_and_its_event_given_back() -> None:
    kernel = Kernel(started=True)
    assert port(kernel).await_service(StopFlag(), SOON_S)
    assert kernel.calls[-2:] == ["CloseHandle", "SCardReleaseStartedEvent"]


def test_a_wait_for_the_service_can_be_given_up() -> None:
    kernel, stop = Kernel(), StopFlag()
    heard: list[bool] = []
    waiter = threading.Thread(target=lambda: heard.append(port(kernel).await_service(stop, SOON_S)))
    waiter.start()
    assert kernel.began.wait(SOON_S)
    stop.set()
    waiter.join(SOON_S)
    assert heard == [False]
    assert kernel.calls[-2:] == ["CloseHandle", "SCardReleaseStartedEvent"]


@pytest.mark.parametrize("missing", ["SCardAccessStartedEvent", "CreateEventW"])
def test_without_such_an_event_the_time_limit_is_all_there_is(missing: str) -> None:
    stop = StopFlag()
    stop.set()
    assert not port(Kernel(refuses=missing)).await_service(stop, SOON_S)


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("SCardListReaders", lambda asked: asked.list_readers(1)),
        ("SCardGetStatusChange", lambda asked: asked.get_status_change(1, 0, [Seen(PNP)])),
        ("SCardEstablishContext", lambda asked: asked.establish()),
    ],
)
def test_an_error_of_pyscard_without_a_code_means_that_there_is_no_service(
    monkeypatch: pytest.MonkeyPatch, name: str, ask: Callable[[WindowsPcsc], object]
) -> None:
    def broken(*_given: object) -> None:
        raise SystemError("returned NULL without setting an exception")

    monkeypatch.setattr(scard, name, broken)
    with pytest.raises(PcscError) as refused:
        ask(WindowsPcsc())
    assert refused.value.code == Code.NO_SERVICE


def test_a_context_that_is_given_although_the_service_refused_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what happened to stand in memory."""
    monkeypatch.setattr(scard, "SCardEstablishContext", lambda _scope: (Code.SERVICE_STOPPED - 2**32, 140356065076374))
    with pytest.raises(PcscError) as refused:
        WindowsPcsc().establish()
    assert refused.value.code == Code.SERVICE_STOPPED


def test_codes_and_states_with_a_sign_lose_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A C long of Windows has 32 bits: codes come negative, and a high counter must go in negative."""
    given: list[object] = []

    def status(
        _context: int, _timeout: int, states: list[tuple[str, int]]
    ) -> tuple[int, list[tuple[str, int, list[int]]]]:
        given.extend(states)
        return 0, [("Lecteur", -0x7FFF_FFDE, [0x3B, 0x00])]

    monkeypatch.setattr(scard, "SCardGetStatusChange", status)
    seen = WindowsPcsc().get_status_change(1, 0, [Seen("Lecteur", 0x8001_0020)])
    assert given == [("Lecteur", 0x8001_0020 - 2**32)]
    assert seen == (Seen("Lecteur", 0x8000_0022, b"\x3b\x00"),)
