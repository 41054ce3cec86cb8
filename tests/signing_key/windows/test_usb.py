"""What Windows says of the USB devices: numbers and class, never a serial."""

from __future__ import annotations

import pytest

from enn_desktop.signing_key.values import UsbDevice
from enn_desktop.signing_key.windows import usb
from tests.signing_key.windows.fake_windows import CARD_READERS, USB_CLASS, FakeDevice, setup_library

KEY = FakeDevice(r"USB\VID_0529&PID_0620\5&1A2B3C4D&0&2", CARD_READERS)
SERIAL = "AB12CD34EF"


def test_a_known_key_is_seen_with_its_name_and_class() -> None:
    setup = setup_library([KEY])
    assert usb.devices(setup) == (UsbDevice(0x0529, 0x0620, "SafeNet eToken 5100/5110", card_class=True),)
    assert setup.open == []


def test_a_mouse_is_no_key() -> None:
    assert usb.devices(setup_library([FakeDevice(r"USB\VID_046D&PID_C077\6&22", USB_CLASS)])) == ()


def test_a_yubikey_is_no_key_here() -> None:
    assert usb.devices(setup_library([FakeDevice(r"USB\VID_1050&PID_0407\6&22", CARD_READERS)])) == ()


def test_a_hub_without_numbers_is_passed_over() -> None:
    assert usb.devices(setup_library([FakeDevice(r"USB\ROOT_HUB30\4&1", USB_CLASS)])) == ()


def test_an_unknown_key_counts_when_windows_has_it_among_card_readers() -> None:
    found = usb.devices(setup_library([FakeDevice(r"USB\VID_1234&PID_ABCD\1", CARD_READERS)]))
    assert found == (UsbDevice(0x1234, 0xABCD, "", card_class=True),)


@pytest.mark.parametrize("word", [r"USB\Class_0B&SubClass_00&Prot_00", r"USB\CLASS_0b"])
def test_an_unknown_key_without_a_driver_counts_by_what_it_says_of_itself(word: str) -> None:
    device = FakeDevice(r"USB\VID_1234&PID_ABCD\1", compatible=[r"USB\DevClass_00", word])
    assert usb.devices(setup_library([device])) == (UsbDevice(0x1234, 0xABCD, "", card_class=True),)


def test_a_known_key_without_a_driver_is_seen_all_the_same() -> None:
    device = FakeDevice(r"USB\VID_08E6&PID_3438\2", compatible=[r"USB\Class_FF"])
    assert [(one.name, one.card_class) for one in usb.devices(setup_library([device]))] == [
        ("Gemalto GemPC Key (IDBridge K30)", False)
    ]


def test_a_key_of_several_functions_comes_out_once_and_is_of_the_card_class() -> None:
    plugged = [
        FakeDevice(rf"USB\VID_1234&PID_ABCD\{SERIAL}", USB_CLASS),
        FakeDevice(r"USB\VID_1234&PID_ABCD&MI_00\7&1&0000", CARD_READERS),
        FakeDevice(r"USB\VID_1234&PID_ABCD&MI_01\7&1&0001"),
    ]
    assert usb.devices(setup_library(plugged)) == (UsbDevice(0x1234, 0xABCD, "", card_class=True),)


def test_nothing_of_a_serial_number_comes_out() -> None:
    found = usb.devices(setup_library([FakeDevice(rf"USB\VID_0529&PID_0620\{SERIAL}", CARD_READERS)]))
    assert found
    assert SERIAL not in repr(found)


def test_a_device_pulled_out_while_being_asked_is_not_there() -> None:
    gone = FakeDevice(r"USB\VID_08E6&PID_3438\2", CARD_READERS, gone=True)
    assert [one.vendor for one in usb.devices(setup_library([gone, KEY]))] == [0x0529]


def test_no_usb_at_all_is_no_device() -> None:
    assert usb.devices(setup_library([])) == ()


def test_a_refusal_is_said_and_what_was_opened_is_closed() -> None:
    setup = setup_library([KEY], ends_with=8)
    with pytest.raises(OSError, match="SetupDiEnumDeviceInfo: 0x00000008"):
        usb.devices(setup)
    assert setup.open == []


def test_an_invalid_list_is_a_refusal() -> None:
    setup = setup_library([])
    setup.players["SetupDiGetClassDevsW"] = lambda *_: setup.fail(5) or 2**64 - 1
    with pytest.raises(OSError, match="SetupDiGetClassDevsW: 0x00000005"):
        usb.devices(setup)
