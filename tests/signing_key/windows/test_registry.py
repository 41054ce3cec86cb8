"""Whose driver is registered for a card, by its ATR, in the two views of the registry."""

from __future__ import annotations

import pytest

from enn_desktop.signing_key.windows.registry import CALAIS, Registration, registered_driver
from enn_desktop.system.windows_registry import machine_registry
from tests.signing_key.windows.fake_windows import FakeMachineKeys

ATR = bytes.fromhex("3BD5180081313A7D8073C8211030")
OTHER = bytes.fromhex("3B7A18000000487970734944205333")
ETOKEN: dict[str, str | bytes] = {
    "ATR": ATR,
    "ATRMask": b"\xff" * len(ATR),
    "80000001": "eTOKMD.dll",
    "Crypto Provider": "eToken Base Cryptographic Provider",
    "Smart Card Key Storage Provider": "SafeNet Smart Card Key Storage Provider",
}
FOUND = Registration(
    "eToken", "eTOKMD.dll", "eToken Base Cryptographic Provider", "SafeNet Smart Card Key Storage Provider"
)


def registry(*cards: tuple[int, str, dict[str, str | bytes]]) -> FakeMachineKeys:
    """Return a registry in which these cards are registered: width, name, values."""
    return FakeMachineKeys({(bits, f"{CALAIS}\\{name}"): values for bits, name, values in cards})


def test_a_registered_card_tells_its_minidriver_and_providers() -> None:
    assert registered_driver(ATR, registry((64, "eToken", ETOKEN))) == FOUND


def test_a_card_registered_for_32_bit_programs_only_says_so() -> None:
    found = registered_driver(ATR, registry((32, "eToken", ETOKEN)))
    assert found is not None
    assert (found.name, found.bits) == ("eToken", 32)


def test_the_64_bit_registration_comes_first() -> None:
    both = registry((32, "old", ETOKEN), (64, "new", ETOKEN))
    found = registered_driver(ATR, both)
    assert found is not None
    assert (found.name, found.bits) == ("new", 64)


def test_a_card_nobody_registered_has_no_driver() -> None:
    assert registered_driver(OTHER, registry((64, "eToken", ETOKEN))) is None
    assert registered_driver(ATR, registry()) is None


def test_only_the_bits_under_the_mask_count() -> None:
    values = ETOKEN | {"ATRMask": b"\xff" * (len(ATR) - 2) + b"\xf0\x00"}
    seen = ATR[:-2] + bytes([ATR[-2] ^ 0x0F, ATR[-1] ^ 0xFF])
    assert registered_driver(seen, registry((64, "eToken", values))) is not None
    wrong = ATR[:-2] + bytes([ATR[-2] ^ 0x10, ATR[-1]])
    assert registered_driver(wrong, registry((64, "eToken", values))) is None


def test_bits_of_the_registered_answer_outside_the_mask_do_not_count_either() -> None:
    values = ETOKEN | {"ATR": ATR[:-1] + b"\xaa", "ATRMask": b"\xff" * (len(ATR) - 1) + b"\x00"}
    assert registered_driver(ATR, registry((64, "eToken", values))) is not None


@pytest.mark.parametrize("mask", [None, b"\x00", "text"])
def test_a_mask_that_cannot_be_one_lets_every_byte_count(mask: str | bytes | None) -> None:
    values = {name: value for name, value in ETOKEN.items() if name != "ATRMask"}
    values |= {} if mask is None else {"ATRMask": mask}
    assert registered_driver(ATR, registry((64, "eToken", values))) is not None
    assert registered_driver(ATR[:-1] + b"\x00", registry((64, "eToken", values))) is None


@pytest.mark.parametrize("wrong", [{}, {"ATR": "text"}, {"ATR": b""}, {"ATR": ATR[:-1]}, {"ATR": ATR + b"\x00"}])
def test_a_registration_without_a_fitting_answer_is_passed_over(wrong: dict[str, str | bytes]) -> None:
    assert registered_driver(ATR, registry((64, "broken", wrong), (64, "eToken", ETOKEN))) == FOUND


def test_a_card_that_said_nothing_is_registered_nowhere() -> None:
    assert registered_driver(b"", registry((64, "empty", {"ATR": b"", "ATRMask": b""}))) is None


def test_a_registration_may_name_no_provider() -> None:
    found = registered_driver(ATR, registry((64, "eToken", {"ATR": ATR, "Crypto Provider": b"\x01"})))
    assert found == Registration("eToken")


def test_there_is_no_registry_elsewhere() -> None:
    with pytest.raises(OSError, match="a part of Windows"):
        machine_registry()
