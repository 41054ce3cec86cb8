"""What is known beforehand names things rightly, and never takes one thing for another."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.known_keys import (
    LINUX_MODULES,
    WINDOWS_MODULES,
    WINDOWS_MODULES_32_BITS,
    answer_of_code,
    atr_family,
    code_name,
    is_card_provider,
    is_ignored_reader,
    is_ignored_usb,
    p11_kit_module,
    reader_without_serial,
    state_of_code,
    usb_name,
)
from enn_desktop.signing_key.values import KeyAnswer, KeyState, Origin


@pytest.mark.parametrize(
    ("vendor", "product", "name"),
    [
        (0x0529, 0x0620, "SafeNet eToken 5100/5110"),
        (0x08E6, 0x3438, "Gemalto GemPC Key (IDBridge K30)"),
        (0x04E6, 0x5116, "Lecteur Identiv"),
        (0x04E6, 0x0001, "Lecteur Identiv"),
        (0x1050, 0x0407, ""),
        (0x1234, 0x5678, ""),
    ],
)
def test_a_usb_device_is_named_by_its_numbers(vendor: int, product: int, name: str) -> None:
    assert usb_name(vendor, product) == name


def test_a_security_key_that_signs_nothing_here_is_left_aside() -> None:
    assert is_ignored_usb(0x1050, 0x0407)
    assert not is_ignored_usb(0x0529, 0x0620)


@pytest.mark.parametrize(
    ("atr", "family"),
    [
        ("3BD518008131FE7D8073C82110F4", "SafeNet eToken Java (5100/5110 FIPS)"),
        ("3BFF9600008131FE4380318065B0846566FB12017882900085", "SafeNet eToken 5110+ FIPS"),
        ("3B7F96000080318065B0850300EF120FFE829000", "Thales IDPrime MD (830, 840, 940)"),
        ("3B7D94000080318065B08311C0A983009000", "Gemalto IDClassic (Classic TPC)"),
        ("3B7D96000080318065B083110000C883009000", "Gemalto IDClassic (Classic TPC)"),
        ("3B7F18000000310031B86404B0ECC173940180829000", "Carte IAS-ECC"),
        ("3B9F958131FE9F006646530523002571DF000003900096", "Feitian ePass2003"),
        ("3BDC18FF8191FE1FC38073C821136601061159000128", "Athena IDProtect"),
        ("3BD518FF8091FE1FC38073C82113AB", "Athena IDProtect"),
        ("3BFD1300008131FE158073C021C057597562694B657940", "YubiKey"),
        ("3BDB960080B1FE451F830031C0641A71010007900033", "Oberthur Cosmo v7 (ChamberSign)"),
        ("", ""),
        ("3B", ""),
        ("3BDB960080B1FE451F830031C0641A7101000790003300", ""),
        ("3BD518FF8091FE1FC38073C82113", ""),
        ("3B6500002063CB6800", ""),
    ],
)
def test_a_card_is_named_by_its_first_answer(atr: str, family: str) -> None:
    assert atr_family(bytes.fromhex(atr)) == family


def test_the_table_of_cards_is_short_and_written_in_half_bytes() -> None:
    masks = [mask for mask, _ in known_keys._ATR_WORDS]
    assert 20 <= len(masks) <= 30
    assert all(re.fullmatch(r"3B[0-9A-Fa-f?*]*", mask) for mask in masks)
    assert len(set(masks)) == len(masks)


@given(st.binary(max_size=40))
def test_any_first_answer_is_looked_up_calmly(atr: bytes) -> None:
    assert isinstance(atr_family(atr), str)


@pytest.mark.parametrize(
    "name",
    ["Windows Hello for Business 1", "Microsoft Virtual Smart Card 0", "Yubico YubiKey OTP+FIDO+CCID 00 00"],
)
def test_a_reader_that_is_none_is_left_aside(name: str) -> None:
    assert is_ignored_reader(name)


@pytest.mark.parametrize("name", ["Virtual PCD 00 00", "SafeNet eToken 5100 00 00", "AKS ifdh 0", ""])
def test_a_real_reader_and_the_virtual_one_of_the_tests_are_kept(name: str) -> None:
    assert not is_ignored_reader(name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Gemalto USB Shell Token V2 (8A2F00C1) 00 00", "Gemalto USB Shell Token V2 00 00"),
        ("Generic USB [Smart Card Reader Interface] (20070818000000000) 00 00", "Generic USB 00 00"),
        ("Virtual PCD 00 01", "Virtual PCD 00 01"),
        ("SafeNet Token JC 0", "SafeNet Token JC 0"),
        ("Alcor Micro AU9560 00 00", "Alcor Micro AU9560 00 00"),
        ("Reader 0A1B2C3D 0", "Reader 0"),
        ("Reader 20070818 0", "Reader 0"),
        ("Cut short (2007081800", "Cut short"),
        ("", ""),
    ],
)
def test_a_reader_is_named_without_its_serial_number(name: str, kept: str) -> None:
    assert reader_without_serial(name) == kept
    assert reader_without_serial(kept) == kept


@given(st.text(max_size=60), st.integers(10**6, 10**18))
def test_no_serial_number_in_brackets_is_ever_left(name: str, serial: int) -> None:
    assert str(serial) not in reader_without_serial(f"{name} ({serial}) 00 00")


def test_every_module_of_windows_stands_under_a_folder_of_the_system() -> None:
    folders = {one.folder for one in WINDOWS_MODULES}
    assert folders == {"system32", "program_files"}
    for one in (*WINDOWS_MODULES, *WINDOWS_MODULES_32_BITS):
        path = PureWindowsPath(one.relative)
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert path.suffix == ".dll"
    assert {one.folder for one in WINDOWS_MODULES_32_BITS} == {"syswow64", "program_files_x86"}
    assert len(set(WINDOWS_MODULES)) == len(WINDOWS_MODULES)


def test_every_module_of_windows_has_its_32_bit_twin() -> None:
    twins = {(one.middleware, one.relative) for one in WINDOWS_MODULES_32_BITS}
    assert {(one.middleware, one.relative) for one in WINDOWS_MODULES} <= twins


def test_every_module_of_linux_stands_under_the_folders_of_libraries() -> None:
    assert all(one.folder == "root" and one.relative.startswith("usr/lib") for one in LINUX_MODULES)
    assert "OpenSC" in {one.middleware for one in LINUX_MODULES}


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("# about\nmodule: opensc-pkcs11.so\n", "opensc-pkcs11.so"),
        ("module:/usr/lib/softhsm/libsofthsm2.so\nmanaged: yes", "/usr/lib/softhsm/libsofthsm2.so"),
        ("#module: x.so\n", ""),
        ("module: p11-kit-trust.so\npriority: 1", ""),
        ("module: /usr/lib/pkcs11/gnome-keyring-pkcs11.so", ""),
        ("module: x.so\nenable-in: firefox", ""),
        ("remote: |ssh host p11-kit remote x.so\nmodule: x.so", ""),
        ("", ""),
        ("no colon here", ""),
    ],
)
def test_a_module_told_to_p11_kit_is_found(text: str, module: str) -> None:
    assert p11_kit_module(text) == module


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft Smart Card Key Storage Provider",
        "Microsoft Base Smart Card Crypto Provider",
        "eToken Base Cryptographic Provider",
        "SafeNet Smart Card Key Storage Provider",
        "Gemalto Classic Card CSP",
        "Oberthur Card Systems Cryptographic Provider",
        "Idopte CSP",
        "EnterSafe ePass2003 CSP v1.0",
        "Bit4id Universal Middleware Provider",
        "SafeSign Standard Cryptographic Service Provider",
        "Athena IDProtect CSP",
    ],
)
def test_a_provider_of_cards_is_known(name: str) -> None:
    assert is_card_provider(name)
    assert is_card_provider(name.upper())


@pytest.mark.parametrize(
    "name",
    [
        "Microsoft Software Key Storage Provider",
        "Microsoft Enhanced Cryptographic Provider v1.0",
        "Microsoft Platform Crypto Provider",
        "",
    ],
)
def test_a_provider_of_software_is_not_one(name: str) -> None:
    assert not is_card_provider(name)


@pytest.mark.parametrize(
    ("code", "origin", "answer"),
    [
        (0, Origin.STORE, KeyAnswer.ANSWERS),
        (0x80090022, Origin.STORE, KeyAnswer.ANSWERS),
        (0x80090015, Origin.STORE, KeyAnswer.OTHER_KEY),
        (0x80090016, Origin.STORE, KeyAnswer.ABSENT),
        (0x8009000D, Origin.STORE, KeyAnswer.ABSENT),
        (0x8009200B, Origin.STORE, KeyAnswer.ABSENT),
        (0x8010001D, Origin.STORE, KeyAnswer.ABSENT),
        (0x8010000C, Origin.STORE, KeyAnswer.ABSENT),
        (0x80090014, Origin.STORE, KeyAnswer.FAILS),
        (0x8010006B, Origin.STORE, KeyAnswer.FAILS),
        (0x8010006E, Origin.STORE, KeyAnswer.NOT_ASKED),
        (1223, Origin.STORE, KeyAnswer.NOT_ASKED),
        (0xDEADBEEF, Origin.STORE, KeyAnswer.FAILS),
        (0, Origin.MODULE, KeyAnswer.ANSWERS),
        (0xE0, Origin.MODULE, KeyAnswer.ABSENT),
        (0x30, Origin.MODULE, KeyAnswer.FAILS),
        (0x80090022, Origin.MODULE, KeyAnswer.FAILS),
    ],
)
def test_a_code_means_an_answer(code: int, origin: Origin, answer: KeyAnswer) -> None:
    assert answer_of_code(code, origin) is answer


@pytest.mark.parametrize(
    ("code", "origin", "state"),
    [
        (0x8010000B, Origin.STORE, KeyState.CARD_BUSY),
        (0x80100066, Origin.STORE, KeyState.CARD_MUTE),
        (0x80100067, Origin.STORE, KeyState.CARD_MUTE),
        (0x80100069, Origin.STORE, KeyState.READER_EMPTY),
        (0x8010006C, Origin.STORE, KeyState.PIN_LOCKED),
        (0x80090014, Origin.STORE, KeyState.KEY_SILENT),
        (0xE1, Origin.MODULE, KeyState.DRIVER_ABSENT),
        (0xA4, Origin.MODULE, KeyState.PIN_LOCKED),
        (0xDEADBEEF, Origin.STORE, KeyState.KEY_SILENT),
    ],
)
def test_a_code_means_a_state(code: int, origin: Origin, state: KeyState) -> None:
    assert state_of_code(code, origin) is state


@pytest.mark.parametrize("code", [0x05, 0x06, 0x30, 0x32])
def test_a_general_failure_of_a_module_is_never_called_a_wrong_code(code: int) -> None:
    assert state_of_code(code, Origin.MODULE) is KeyState.KEY_SILENT
    assert code_name(code, Origin.MODULE).startswith("CKR_")


def test_a_known_code_has_its_technical_name_and_an_unknown_one_has_none() -> None:
    assert code_name(0x80090022) == "NTE_SILENT_CONTEXT"
    assert code_name(0x80090022, Origin.MODULE) == code_name(1) == ""
