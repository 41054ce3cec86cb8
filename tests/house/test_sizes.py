"""Files and functions stay small enough to be read in one go, and are named for what they hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source_tree import PROJECT, in_plain_signs, own_files, parsed, python_files, where

FILE_LINES = 400
FUNCTION_LINES = 40
EXCUSE = "# one piece:"
"""Says at the top of a file or a function why one piece reads better than two."""
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "stuff"}
READ = (PROJECT / "enn_desktop", PROJECT / "installer", PROJECT / "tests")


def too_long(path: Path, root: Path = PROJECT) -> list[str]:
    """Return what is too long in a file without saying why."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    if len(lines) > FILE_LINES and not _excused(lines[:12]):
        found.append(f"{where(path, 0, root)} has {len(lines)} lines")
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES and not _excused(lines[node.lineno - 2 : node.body[0].lineno + 1]):
                found.append(f"{where(path, node.lineno, root)} {node.name} has {length} lines")
    return found


def _excused(lines: list[str]) -> bool:
    return any(EXCUSE in line and line.partition(EXCUSE)[2].strip() for line in lines)


@pytest.mark.parametrize("path", python_files(*READ), ids=where)
def test_this_file_and_its_functions_can_be_read_in_one_go(path: Path) -> None:
    assert too_long(path) == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    named = {
        where(path)
        for path in own_files()
        if {in_plain_signs(part) for part in (path.stem, *path.parent.parts)} & EMPTY_NAMES
    }
    assert named == set()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 1\n" * 400, 0),
        ("x = 1\n" * 401, 1),
        ("# one piece: a table\n" + "x = 1\n" * 401, 0),
        ("# one piece:\n" + "x = 1\n" * 401, 1),
        ("def f():\n" + "    x = 1\n" * 39, 0),
        ("def f():\n" + "    x = 1\n" * 40, 1),
        ("# one piece: a table\ndef f():\n" + "    x = 1\n" * 40, 0),
        ("class A:\n    def f(self):\n" + "        x = 1\n" * 40, 1),
    ],
)
def test_the_checker_counts_lines_and_reads_excuses(tmp_path: Path, code: str, found: int) -> None:
    path = tmp_path / "long.py"
    path.write_text(code, encoding="utf-8")
    assert len(too_long(path, tmp_path)) == found
