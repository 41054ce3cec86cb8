"""What the kernel announces is heard, told when the keys are others than before, and the listening stops at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.usb_watch_linux import is_about, watch_usb
from enn_desktop.signing_key.values import UsbDevice

KEY = (UsbDevice(0x0529, 0x0620, "Token JC", card_class=True),)
ANNOUNCER = Path("/sys/class/mem/null/uevent")
"""Has the kernel announce a device again, when asked by root: no USB port is needed to hear it."""
SUBSYSTEM = "mem"
SOON_S = 10.0


class Port:
    """What is plugged, and a thread that listens."""

    def __init__(self) -> None:
        self.devices: tuple[UsbDevice, ...] = ()
        self.told: queue.SimpleQueue[tuple[UsbDevice, ...]] = queue.SimpleQueue()
        self.looks: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.stop = StopFlag()
        self.thread = threading.Thread(target=watch_usb, args=(self._look, self.told.put, self.stop, SUBSYSTEM))

    def _look(self) -> tuple[UsbDevice, ...]:
        self.looks.put("looked")
        return self.devices

    def announce(self) -> None:
        """Have the kernel say something, and wait until it was looked into."""
        ANNOUNCER.write_text("change", encoding="ascii")
        self.looks.get(timeout=SOON_S)


@pytest.fixture
def port() -> Iterator[Port]:
    made = Port()
    made.thread.start()
    made.looks.get(timeout=SOON_S)
    yield made
    made.stop.set()
    made.thread.join(SOON_S)
    assert not made.thread.is_alive()


def test_a_key_plugged_and_pulled_out_is_told(port: Port) -> None:
    for devices in (KEY, ()):
        port.devices = devices
        port.announce()
        assert port.told.get(timeout=SOON_S) == devices


def test_another_device_is_looked_at_and_not_told(port: Port) -> None:
    port.announce()
    assert port.told.empty()


def test_a_stop_is_heard_in_the_middle_of_the_silence(port: Port) -> None:
    port.stop.set()
    port.thread.join(SOON_S)
    assert not port.thread.is_alive()


@pytest.mark.parametrize(
    ("announcement", "expected"),
    [
        (b"add@/devices/usb1/1-1\0ACTION=add\0SUBSYSTEM=usb\0DEVTYPE=usb_device\0SEQNUM=7\0", True),
        (b"change@/devices/virtual/mem/null\0ACTION=change\0SUBSYSTEM=mem\0", False),
        (b"add@/x\0SUBSYSTEM=usbmisc\0", False),
        (b"", False),
    ],
)
def test_only_what_is_about_usb_counts(announcement: bytes, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert is_about(announcement, "usb") is expected


def test_where_nobody_may_listen_there_is_nothing_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    told: list[Callable[[], None]] = []
    monkeypatch.setattr("socket.socket", refuse)
    watch_usb(lambda: (), told.append, StopFlag())  # type: ignore[arg-type] # nothing is ever told
    assert told == []
