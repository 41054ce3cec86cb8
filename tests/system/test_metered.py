"""A connection that is paid by volume is recognised, without Qt."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop.system.metered import is_metered, paid_by_volume
from enn_desktop.system.power import LogindAwake
from enn_desktop.system.session import LogindSession
from tests.screen.processes import finished
from tests.screen.session_bus import open_bus
from tests.system.fake_cost_manager import FakeCostManager

UNKNOWN, UNRESTRICTED, FIXED, VARIABLE, OVER, CONGESTED, ROAMING, NEAR = (
    0x0, 0x1, 0x2, 0x4, 0x1_0000, 0x2_0000, 0x4_0000, 0x8_0000,
)  # fmt: skip


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (UNKNOWN, None),
        (UNRESTRICTED, False),
        (UNRESTRICTED | CONGESTED, False),
        (FIXED, True),
        (VARIABLE, True),
        (UNRESTRICTED | ROAMING, True),
        (VARIABLE | OVER, True),
        (FIXED | NEAR, True),
    ],
)
def test_what_windows_says_of_the_cost(cost: int, said: bool | None) -> None:  # noqa: FBT001 - what is said
    manager = FakeCostManager(cost)
    assert paid_by_volume(manager.ole()) is said
    assert (manager.alive, manager.initialised) == (0, 0)


@pytest.mark.parametrize("broken", [{"refused": 0x8000_4005}, {"absent": 0x8004_0154}])
def test_a_windows_without_an_answer_is_not_guessed(broken: dict[str, int]) -> None:
    manager = FakeCostManager(FIXED, **broken)
    assert paid_by_volume(manager.ole()) is None
    assert (manager.alive, manager.initialised) == (0, 0)


def test_a_thread_where_com_is_of_another_kind_already_is_left_as_it_is() -> None:
    manager = FakeCostManager(FIXED, begun=0x8001_0106)
    ole = manager.ole()
    assert paid_by_volume(ole) is True
    assert "CoUninitialize" not in ole.called


# -- Linux: a system bus of our own --------------------------------------------------------------------------------


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with open_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def system(bus: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start NetworkManager and logind as far as they are asked; one line of input changes what they say."""
    del bus
    command = [sys.executable, "-m", "tests.system.system_services"]
    pipe = subprocess.PIPE
    with finished(subprocess.Popen(command, stdin=pipe, stdout=pipe)) as process:
        assert heard(process) == "ready"
        yield process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()


def heard(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()


def say(process: subprocess.Popen[bytes], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    process.stdin.flush()
    assert heard(process) == "done"


@pytest.mark.parametrize(("metered", "said"), [(0, None), (1, True), (2, False), (3, True), (4, False)])
def test_what_network_manager_says(system: subprocess.Popen[bytes], metered: int, said: bool | None) -> None:  # noqa: FBT001
    say(system, f"metered {metered}")
    assert is_metered() is said


@pytest.mark.usefixtures("bus")
def test_a_computer_without_network_manager_is_not_guessed() -> None:
    assert is_metered() is None
    assert not LogindSession().locked()


def test_a_computer_without_a_system_bus_is_not_guessed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    assert is_metered() is None
    assert not LogindAwake().hold()


def test_what_logind_says_of_the_lock(system: subprocess.Popen[bytes]) -> None:
    assert not LogindSession().locked()
    say(system, "locked 1")
    assert LogindSession().locked()


def test_linux_does_not_fall_asleep_as_long_as_it_is_held(system: subprocess.Popen[bytes]) -> None:
    awake = LogindAwake()
    assert awake.hold()
    assert awake.hold()
    assert heard(system) == "inhibit idle enn-desktop block"
    awake.release()
    assert heard(system) == "released"
    awake.release()
