"""Typed reading goes through one door (core/typed_reading.py): two threads in the library itself end the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, calls, dotted, python_files, where

DOOR = "core/typed_reading.py"
READING = ("decode", "convert", "Decoder")


def around_the_door(package: Path) -> list[str]:
    """Return every call of msgspec that looks at a class, outside the door."""
    return [
        f"{where(path, call.lineno, package.parent)} {name}"
        for path in python_files(package)
        if path.relative_to(package).as_posix() != DOOR
        for call in calls(path)
        if (name := dotted(call.func)).startswith("msgspec.") and name.endswith(READING)
    ]


def test_nothing_reads_typed_values_around_the_door() -> None:
    assert around_the_door(PACKAGE) == []


@pytest.mark.parametrize(
    "code", ["msgspec.json.decode(text, type=Town)", "msgspec.convert(tree, Town)", "msgspec.json.Decoder(Town)"]
)
def test_the_checker_sees_who_goes_around(tmp_path: Path, code: str) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "reader.py").write_text(code, encoding="utf-8")
    assert len(around_the_door(tmp_path / "pack")) == 1
