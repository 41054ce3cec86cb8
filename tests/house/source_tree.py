"""Reads the project's own files: which ones there are, what they import, call and say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "enn_desktop"
_NOT_OURS = {"__pycache__", "build", "dist", "node_modules"}


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the module it names and the line where it stands."""

    module: str
    line: int


def python_files(*folders: Path) -> list[Path]:
    """Return every Python file below these folders, in order."""
    return sorted(path for folder in folders for path in folder.rglob("*.py") if not _NOT_OURS & set(path.parts))


def own_files(root: Path = PROJECT) -> list[Path]:
    """Return every file that belongs to the project: no environment, no cache, nothing built."""
    found: list[Path] = []
    for item in sorted(root.iterdir()):
        if item.is_dir() and (item.name == ".ci" or not item.name.startswith(".")) and item.name not in _NOT_OURS:
            found += own_files(item)
        elif item.is_file() and item.suffix not in {".log", ".pyc"}:
            found.append(item)
    return found


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path, package_root: Path) -> Iterator[Import]:
    """Yield every import of a file, wherever it stands; ``from a import b`` names ``a.b`` when that is a module."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path, package_root)
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                yield Import(deeper if _is_module(deeper, package_root) else base, node.lineno)
        elif isinstance(node, ast.Call) and dotted(node.func).endswith(("import_module", "__import__")):
            yield Import(_named(node, path, package_root), node.lineno)


def _named(call: ast.Call, path: Path, package_root: Path) -> str:
    """Return the module that a call imports; ``?`` where it cannot be read, unless it stays in its own package."""
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            return name
        case [
            ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id="__name__")), ast.Constant(value=str(rest)), *_])
        ]:
            own = path.relative_to(package_root.parent).with_suffix("").parts
            return ".".join(own) if path.name == "__init__.py" and rest.startswith(".") else "?"
        case _:
            return "?"


def _absolute(node: ast.ImportFrom, path: Path, package_root: Path) -> str:
    if not node.level:
        return node.module or ""
    inside = path.relative_to(package_root.parent).with_suffix("").parts
    return ".".join([*inside[: len(inside) - node.level], *([node.module] if node.module else [])])


def _is_module(name: str, package_root: Path) -> bool:
    path = package_root.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression; an unnamed beginning is left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    """Yield every call of a file."""
    yield from (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call))


def texts(path: Path, *, docstrings: bool = False) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string, docstrings only if asked; the pieces of an f-string come joined."""
    tree = parsed(path)
    silent = set() if docstrings else {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [part for part in node.values if isinstance(part, ast.Constant)]
            silent |= {id(piece) for piece in pieces}
            yield node.lineno, "…".join(str(piece.value) for piece in pieces)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def in_plain_signs(text: str) -> str:
    """Return the text in lower case, with plain spaces and apostrophes, to be searched for words."""
    return re.sub(r"\s+", " ", text.replace("’", "'")).casefold()


def where(path: Path, line: int = 0, root: Path = PROJECT) -> str:
    """Return ``folder/file.py:12``, as an editor opens it."""
    return f"{path.relative_to(root).as_posix()}:{line}" if line else path.relative_to(root).as_posix()
