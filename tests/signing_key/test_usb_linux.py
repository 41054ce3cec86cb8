"""The USB devices of a Linux computer, from a bus of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from enn_desktop.signing_key.usb_linux import devices
from enn_desktop.signing_key.values import UsbDevice
from tests.signing_key.rigs.usb_key import ETOKEN, STORAGE_CLASS, Key, UsbRig


def put(root: Path, name: str, **files: str) -> None:
    folder = root / "sys/bus/usb/devices" / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text + "\n", encoding="ascii")


def test_a_computer_without_usb_has_no_device(tmp_path: Path) -> None:
    assert devices(tmp_path) == ()


def test_a_known_key_is_named(tmp_path: Path) -> None:
    put(tmp_path, "1-1", idVendor="0529", idProduct="0620", serial="0123456789")
    put(tmp_path, "1-1:1.0", bInterfaceClass="ff")
    assert devices(tmp_path) == (UsbDevice(0x0529, 0x0620, "SafeNet eToken 5100/5110"),)


@pytest.mark.parametrize("written", ["0b", "0B"])
def test_an_unknown_device_of_the_card_class_counts(tmp_path: Path, written: str) -> None:
    put(tmp_path, "3-2", idVendor="abcd", idProduct="0001")
    put(tmp_path, "3-2:1.0", bInterfaceClass="03")
    put(tmp_path, "3-2:1.1", bInterfaceClass=written)
    assert devices(tmp_path) == (UsbDevice(0xABCD, 0x0001, card_class=True),)


def test_a_mouse_does_not_count_even_beside_a_key(tmp_path: Path) -> None:
    put(tmp_path, "1-1", idVendor="046d", idProduct="c077")
    put(tmp_path, "1-1:1.0", bInterfaceClass="03")
    put(tmp_path, "1-10", idVendor="abcd", idProduct="0001")
    put(tmp_path, "1-10:1.0", bInterfaceClass="0b")
    assert [one.vendor for one in devices(tmp_path)] == [0xABCD]


def test_two_keys_alike_come_out_once(tmp_path: Path) -> None:
    put(tmp_path, "1-1", idVendor="0529", idProduct="0620")
    put(tmp_path, "1-2", idVendor="0529", idProduct="0620")
    put(tmp_path, "1-2:1.0", bInterfaceClass="0b")
    assert devices(tmp_path) == (UsbDevice(0x0529, 0x0620, "SafeNet eToken 5100/5110", card_class=True),)


def test_numbers_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "1-1", idVendor="zzzz", idProduct="0620")
    put(tmp_path, "1-2", idVendor="0529")
    assert devices(tmp_path) == ()


def test_a_key_that_is_plugged_in_is_seen_and_one_that_is_pulled_out_is_not(usb_rig: UsbRig) -> None:
    root = usb_rig.root
    assert devices(root) == ()
    usb_rig.plug(ETOKEN)
    usb_rig.plug(Key("abcd", "0001", "Essai", "Mémoire", interface_class=STORAGE_CLASS, place="1-9"))
    assert [(one.vendor, one.card_class) for one in devices(root)] == [(0x0529, True)]
    usb_rig.unplug(ETOKEN)
    assert devices(root) == ()
