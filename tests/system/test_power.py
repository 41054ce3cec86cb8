"""The battery is spared when Windows says so, and the computer does not fall asleep over a run."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from enn_desktop.system import power
from enn_desktop.system.power import CONTINUOUS, SYSTEM_REQUIRED, KeepAwake, WindowsAwake, own_keep_awake, sparing
from tests.signing_key.windows.fake_dll import FakeDll, write


def saying(flag: int, *, known: bool = True) -> FakeDll:
    def status(given: Any) -> int:
        # On battery (0), charge high (1), 42 %, the flag, one hour left, unknown when full.
        content = bytes((0, 1, 42, flag)) + (3600).to_bytes(4, "little") + b"\xff\xff\xff\xff"
        write(ctypes.addressof(given.contents), content)
        return int(known)

    return FakeDll(GetSystemPowerStatus=status)


@pytest.mark.parametrize(("flag", "said"), [(0, False), (1, True)])
def test_windows_battery_saver_is_read(flag: int, said: bool) -> None:  # noqa: FBT001 - what is said
    assert sparing(saying(flag)) is said


def test_a_windows_that_does_not_know_is_not_guessed() -> None:
    assert sparing(saying(1, known=False)) is None


def test_elsewhere_nothing_is_said() -> None:
    assert power.on_battery_saver() is None


def test_the_computer_is_kept_awake_and_its_screen_is_not() -> None:
    asked: list[int] = []

    def set_state(state: int) -> int:
        asked.append(state)
        return CONTINUOUS

    kernel = FakeDll(SetThreadExecutionState=set_state)
    awake = WindowsAwake(kernel)
    assert awake.hold()
    awake.release()
    assert asked == [CONTINUOUS | SYSTEM_REQUIRED, CONTINUOUS]


def test_a_system_that_knows_no_way_is_no_failure() -> None:
    assert not KeepAwake().hold()
    KeepAwake().release()


def test_this_very_computer_may_be_asked() -> None:
    own = own_keep_awake()
    own.hold()
    own.release()
    own.release()
