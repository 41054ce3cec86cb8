"""Imports go one way: __main__ → app → qt, cli → agenda → engine → borders → system → core."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, dotted, imports, parsed, python_files, where

FLOORS = (
    {"core"},
    {"system"},
    {"pastell", "archive", "catalogue"},
    {"backup", "reading", "signing_key", "services"},
    {"agenda"},
    {"qt", "cli"},
    {"app"},
    {"__main__"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
DEMO, ROOT = "demo", "__init__"
MAY_KNOW_DEMO = {"cli", "app"}
QT = {"PySide6", "PySide2", "shiboken6", "PyQt6", "PyQt5", "qtpy"}
MAY_KNOW_QT = {"qt", "app"}
OS_MODULES = {"platform", "msvcrt", "fcntl", "winreg", "_winapi", "pwd", "grp"}
OS_NAMES = {"sys.platform", "sys.getwindowsversion", "os.name", "os.uname"}


def room_of(module: str) -> str:
    """Return the room of one of our modules: the first name below the package."""
    return [*module.split("."), ROOT][1]


def refusal(source: str, target: str) -> str:
    """Return why a room may not know another; empty when it may."""
    if target in (source, ROOT) and source != ROOT:
        return ""
    if source == ROOT:
        return "the package itself imports nothing of ours"
    if source == DEMO:
        return "" if target == "core" else "demo knows core only"
    if target == DEMO:
        return "" if source in MAY_KNOW_DEMO else "only cli, app and the tests know demo"
    if source not in FLOOR_OF or target not in FLOOR_OF:
        return "a room that is not in the plan"
    return "" if FLOOR_OF[target] < FLOOR_OF[source] else "that arrow turns back"


def wrong_arrows(package: Path) -> list[str]:
    """Return every import of a package that the plan refuses."""
    found = []
    for path in python_files(package):
        source = room_of(".".join(path.relative_to(package.parent).with_suffix("").parts))
        for one in imports(path, package):
            top = one.module.partition(".")[0]
            place = where(path, one.line, package.parent)
            if top == package.name and (reason := refusal(source, room_of(one.module))):
                found.append(f"{place} {source} → {room_of(one.module)}: {reason}")
            if top in QT and source not in MAY_KNOW_QT:
                found.append(f"{place} only qt/ and app.py import Qt")
            if top in OS_MODULES and source != "system":
                found.append(f"{place} only system/ imports {top}")
            if top == "?":
                found.append(f"{place} an import whose name cannot be read")
    return found


def asks_which_system(package: Path) -> list[str]:
    """Return every place outside system/ that asks which operating system this is."""
    found = []
    for path in python_files(package):
        if path.relative_to(package).parts[0] == "system":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and dotted(node) in OS_NAMES:
                found.append(f"{where(path, node.lineno, package.parent)} asks {dotted(node)}")
            elif isinstance(node, ast.ImportFrom) and node.module in {"sys", "os"}:
                names = {f"{node.module}.{alias.name}" for alias in node.names} & OS_NAMES
                found += [f"{where(path, node.lineno, package.parent)} asks {name}" for name in sorted(names)]
    return found


def rooms_built() -> list[str]:
    """Return the rooms that exist today."""
    return sorted({path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in python_files(PACKAGE)})


@pytest.mark.parametrize("room", rooms_built())
def test_no_arrow_of_this_room_turns_back(room: str) -> None:
    ours = [
        line for line in wrong_arrows(PACKAGE) if line.startswith((f"enn_desktop/{room}/", f"enn_desktop/{room}.py"))
    ]
    assert ours == []


def test_only_the_system_room_asks_which_system_it_is() -> None:
    assert asks_which_system(PACKAGE) == []


@pytest.mark.parametrize(
    ("file", "code", "reason"),
    [
        ("core/names.py", "from pack.archive import folder", "turns back"),
        ("core/names.py", "def late():\n    import pack.system.disk", "turns back"),
        ("pastell/wire.py", "from pack.catalogue.store import Catalogue", "turns back"),
        ("pastell/wire.py", "from ..archive import folder", "turns back"),
        ("archive/folder.py", "import importlib\nimportlib.import_module('pack.backup.run')", "turns back"),
        ("archive/folder.py", "import importlib\nimportlib.import_module(name)", "cannot be read"),
        ("archive/folder.py", "import importlib\nimportlib.import_module(f'{__name__}.{name}')", "cannot be read"),
        ("backup/run.py", "from pack import cli", "turns back"),
        ("backup/run.py", "from pack.agenda import places", "turns back"),
        ("agenda/outlook.py", "from pack.qt import look", "turns back"),
        ("backup/run.py", "from pack.demo import serve", "only cli, app and the tests"),
        ("demo/server.py", "from pack.pastell import wire", "core only"),
        ("cellar/wine.py", "from pack.core import names", "not in the plan"),
        ("__init__.py", "from pack.core import names", "imports nothing of ours"),
        ("backup/run.py", "from PySide6 import QtCore", "import Qt"),
        ("backup/run.py", "import fcntl", "only system/"),
    ],
)
def test_the_checker_catches_an_arrow_that_is_refused(tmp_path: Path, file: str, code: str, reason: str) -> None:
    found = wrong_arrows(_package(tmp_path, file, code))
    assert len(found) == 1
    assert reason in found[0]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("cli/main.py", "from pack.demo import serve\nfrom pack.core import names\nfrom pack import __version__"),
        (
            "backup/run.py",
            "from pack.pastell import wire\nfrom pack.archive.folder import here\nimport pack.core.names",
        ),
        ("app.py", "import PySide6\nfrom pack.cli import main"),
        ("system/disk.py", "import fcntl, sys\nsys.platform"),
        ("demo/server.py", "from pack.core import names"),
        ("demo/__init__.py", "import importlib\nimportlib.import_module(f'{__name__}.{name}')"),
    ],
)
def test_the_checker_lets_the_planned_arrows_pass(tmp_path: Path, file: str, code: str) -> None:
    package = _package(tmp_path, file, code)
    assert wrong_arrows(package) + asks_which_system(package) == []


@pytest.mark.parametrize(
    "code", ["import sys\nif sys.platform == 'win32': pass", "import os\nos.name", "from sys import platform"]
)
def test_the_checker_catches_a_room_that_asks_which_system_it_is(tmp_path: Path, code: str) -> None:
    assert len(asks_which_system(_package(tmp_path, "archive/folder.py", code))) == 1


def _package(tmp_path: Path, file: str, code: str) -> Path:
    package = tmp_path / "pack"
    for name in (
        "core/names",
        "system/disk",
        "pastell/wire",
        "archive/folder",
        "catalogue/store",
        "backup/run",
        "cli/main",
    ):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text("here = 1\n", encoding="utf-8")
    (package / file).parent.mkdir(parents=True, exist_ok=True)
    (package / file).write_text(code, encoding="utf-8")
    return package
