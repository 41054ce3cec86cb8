"""A contained program on Windows: put into a job that ends it; the calls are recorded, the structure measured."""

from __future__ import annotations

import ctypes

import pytest

from enn_desktop.system import contained
from enn_desktop.system.contained import job_with
from enn_desktop.system.windows_dll import Prototype

JOB, PROCESS = 0x40, 0x44
KILL_ON_CLOSE_AT, KILL_ON_CLOSE = 16, 0x2000
"""Where 64-bit Windows has the limits' flags, and the one that is wanted."""


class Kernel:
    """kernel32, as far as jobs go."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.closed: list[object] = []
        self.limits = b""

    def call(self, function: Prototype, *arguments: object) -> int:
        if function.name == self.refuses:
            return 0
        match function.name:
            case "CreateJobObjectW":
                return JOB
            case "OpenProcess":
                assert arguments == (0x0101, 0, 4242)
                return PROCESS
            case "SetInformationJobObject":
                job, kind, limits, size = arguments
                assert (job, kind, size) == (JOB, 9, 144)
                self.limits = bytes(limits._obj)  # type: ignore[attr-defined] # what byref points to
            case "AssignProcessToJobObject":
                assert arguments == (JOB, PROCESS)
            case "CloseHandle":
                self.closed.append(arguments[0])
        return 1

    def last_error(self) -> int:
        return 0


def test_a_program_is_put_into_a_job_that_ends_it_when_closed() -> None:
    kernel = Kernel()
    assert job_with(4242, kernel) == JOB
    assert int.from_bytes(kernel.limits[KILL_ON_CLOSE_AT : KILL_ON_CLOSE_AT + 4], "little") == KILL_ON_CLOSE
    assert sum(kernel.limits) == KILL_ON_CLOSE >> 8, "No other limit is set."
    assert kernel.closed == [PROCESS]


@pytest.mark.parametrize(
    ("refuses", "closed"),
    [
        ("CreateJobObjectW", [PROCESS]),
        ("SetInformationJobObject", [PROCESS, JOB]),
        ("AssignProcessToJobObject", [PROCESS, JOB]),
    ],
)
def test_where_windows_refuses_a_job_there_is_none_and_nothing_stays_open(refuses: str, closed: list[int]) -> None:
    kernel = Kernel(refuses)
    assert job_with(4242, kernel) == 0
    assert kernel.closed == closed


def test_the_structure_is_that_of_windows() -> None:
    assert ctypes.sizeof(contained._ExtendedLimits) == 144
    assert ctypes.sizeof(contained._BasicLimits) == 64
