"""Texts become typed values through one door, that two threads may go through at the same time."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from enn_desktop.core.typed_reading import from_builtins, from_json, from_toml
from tests.house.source_tree import PROJECT

RACE = """
import sys, threading
import msgspec
from enn_desktop.core.typed_reading import from_json

sys.setswitchinterval(1e-6)
TEXT = b'{"a": {"x": 1}, "b": [{"x": "2"}]}'

def first_looks():
    class Inner(msgspec.Struct):
        x: int | str | None = None

    class Outer(msgspec.Struct):
        a: Inner | list[object] | None = None
        b: list[Inner] | None = None

    start = threading.Barrier(4)

    def read():
        start.wait()
        READ

    threads = [threading.Thread(target=read) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

for _ in range(1500):
    first_looks()
"""


class Town(msgspec.Struct, frozen=True):
    name: str
    people: int = 0


def race(read: str) -> int:
    """Let threads look at new classes for the first time, together; return how the process ended."""
    command = [sys.executable, "-c", RACE.replace("READ", read)]
    return subprocess.run(command, cwd=PROJECT, stderr=subprocess.DEVNULL, timeout=80, check=False).returncode


def test_two_threads_may_look_at_the_same_class_for_the_first_time() -> None:
    assert race("from_json(TEXT, Outer, strict=False)") == 0


def test_the_library_alone_still_cannot() -> None:
    """When this fails, the library was mended: the door needs its lock no more."""
    assert race("msgspec.json.decode(TEXT, type=Outer, strict=False)") != 0


def test_each_kind_of_text_becomes_the_same_value() -> None:
    town = Town("Valbrume", 412)
    assert from_json(b'{"name": "Valbrume", "people": 412}', Town) == town
    assert from_toml('name = "Valbrume"\npeople = 412', Town) == town
    assert from_builtins({"name": "Valbrume", "people": "412"}, Town, strict=False) == town


def test_what_is_not_of_that_shape_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        from_json(b'{"name": 3}', Town)
    with pytest.raises(msgspec.ValidationError):
        from_builtins({"name": "Valbrume", "people": "412"}, Town)
    with pytest.raises(msgspec.DecodeError):
        from_toml("name = ", Town)
