"""Everything public in the package says what it promises."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, parsed, python_files, where

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def silent(path: Path, root: Path) -> list[str]:
    """Return the public names of a file that have no docstring."""
    tree = parsed(path)
    found = [] if ast.get_docstring(tree) else [where(path, 1, root)]
    return found + [
        f"{where(path, node.lineno, root)} {node.name}" for node in _public(tree) if not ast.get_docstring(node)
    ]


def _public(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from _public(child)


@pytest.mark.parametrize("path", python_files(PACKAGE), ids=where)
def test_every_public_name_of_this_file_has_its_docstring(path: Path) -> None:
    assert silent(path, PACKAGE.parent) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 1", 1),
        ('"""Here."""\ndef f(): ...', 1),
        ('"""Here."""\ndef _f(): ...', 0),
        ('"""Here."""\nclass A:\n    """A."""\n    def f(self): ...', 1),
        ('"""Here."""\nclass A:\n    """A."""\n    def f(self):\n        """F."""', 0),
    ],
)
def test_the_checker_sees_a_silent_name(tmp_path: Path, code: str, found: int) -> None:
    path = tmp_path / "quiet.py"
    path.write_text(code, encoding="utf-8")
    assert len(silent(path, tmp_path)) == found
