"""A program started to be watched and, if need be, ended with all that it started: no window, nothing inherited."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from ctypes import c_int, c_uint32, c_void_p
from pathlib import Path
from typing import Protocol

from enn_desktop.system.windows_dll import Prototype, SystemDll

ENDS_S = 2.0
"""How long the system may take to bury a program that was killed."""

_KILL_ON_CLOSE = 0x2000
_EXTENDED_LIMITS = 9
_NEW_JOB = Prototype("CreateJobObjectW", c_void_p, (c_void_p, c_void_p))
_LIMIT_JOB = Prototype("SetInformationJobObject", c_int, (c_void_p, c_int, c_void_p, c_uint32))
_INTO_JOB = Prototype("AssignProcessToJobObject", c_int, (c_void_p, c_void_p))
_OPEN_PROCESS = Prototype("OpenProcess", c_void_p, (c_uint32, c_int, c_uint32))
_CLOSE = Prototype("CloseHandle", c_int, (c_void_p,))
_MAY_BE_GIVEN_A_JOB = 0x0100 | 0x0001


class Library(Protocol):
    """A library of Windows: the real one, or a test's."""

    def call(self, function: Prototype, *arguments: object) -> int:
        """Call a function."""
        ...


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION of 64-bit Windows."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", c_uint32),
        ("scheduling", c_uint32),
    )
    flags: int


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, 144 bytes."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )
    basic: _BasicLimits


class Contained:
    """One child program, its standard output a pipe, its input and its errors nowhere. ``OSError`` if it cannot start.

    Used with ``with``: what is still running at the end, its own children included, is killed. Who reads the pipe
    closes it.
    """

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.process = subprocess.Popen(  # noqa: S603 # only ever our own program
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            close_fds=True,
            start_new_session=True,
            creationflags=_without_a_window(),
        )
        self._job = _job_with(self.process.pid)

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.end_all()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(ENDS_S)

    def end_all(self) -> None:
        """End the program and all that it started; it may be called again."""
        job, self._job = self._job, 0
        if job:
            SystemDll("kernel32").call(_CLOSE, job)
        if sys.platform == "win32":
            self.process.kill()
            return
        # The group outlives its leader: what a driver's module started ends here too.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _without_a_window() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def _job_with(pid: int) -> int:
    """Put a program into a job that Windows ends when its handle is closed, by us or by our own death; 0 for none."""
    if sys.platform == "win32":
        return job_with(pid, SystemDll("kernel32"))
    return 0


def job_with(pid: int, kernel: Library) -> int:
    """Do so with this library; 0 when Windows refuses, and then the program alone is ended."""
    job = kernel.call(_NEW_JOB, None, None)
    process = kernel.call(_OPEN_PROCESS, _MAY_BE_GIVEN_A_JOB, 0, pid)
    limits = _ExtendedLimits()
    limits.basic.flags = _KILL_ON_CLOSE
    size = ctypes.sizeof(limits)
    held = (
        job
        and kernel.call(_LIMIT_JOB, job, _EXTENDED_LIMITS, ctypes.byref(limits), size)
        and kernel.call(_INTO_JOB, job, process)
    )
    if process:
        kernel.call(_CLOSE, process)
    if job and not held:
        kernel.call(_CLOSE, job)
    return job if held else 0
