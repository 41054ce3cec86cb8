"""The window never waits, never asks the clock or the disk by itself, and never reads a text as HTML."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, calls, dotted, parsed, python_files, where

Finding = tuple[int, str]
Checker = Callable[[Path], Iterator[Finding]]

MAY_THREAD = {"qt/bridge.py": "the only file that knows of threads"}
MAY_WAIT = {
    "qt/demo_platform.py": "a child that was killed ends at once; the window is hidden already",
    "qt/single_instance.py": "before there is a window; the other end is on this computer, and the wait is bounded",
}
MAY_TOUCH_THE_DISK = {
    "app.py": "where the demonstration puts its documents, before there is a window",
    "qt/dossiers/pdf_pages.py": "reads a file to be previewed, in the thread of the documents' disk",
    "qt/trial.py": "writes its result as its last act; nobody sits before that window",
}
LATE = {
    "agenda/diagnosis.py": "loaded in a thread, when a diagnostic is asked for",
    "agenda/update_watch.py": "loaded in a thread, when a newer version may be asked for",
}
"""Files that may load something heavy at once, because they are themselves loaded late: the same test sees to it."""

THREADS = {"threading", "_thread", "concurrent", "multiprocessing", "asyncio", "PySide6.QtConcurrent"}
THREAD_NAMES = {"QThread", "QThreadPool", "QRunnable", "QtConcurrent"}
HEAVY = (
    *("httpx", "keyring", "cryptography", "truststore", "pypdfium2", "uvicorn"),
    *("PySide6.QtNetwork", "PySide6.QtDBus", "PySide6.QtSvg", "PySide6.QtSvgWidgets"),
    "enn_desktop.backup.assembly",
)
DISK_METHODS = {
    *("read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file", "is_dir", "is_symlink", "stat"),
    *("lstat", "iterdir", "glob", "rglob", "walk", "unlink", "mkdir", "rmdir", "touch", "resolve", "samefile"),
    *("rename", "symlink_to", "hardlink_to", "chmod", "readlink"),
}
DISK_CALLS = re.compile(r"open|io\.open|shutil\.\w+|os\.(?!environ|fspath|getpid|path\.(?:join|basename|sep))\w[\w.]*")
DISK_CLASSES = {"QFile", "QSaveFile", "QDir", "QFileInfo", "QDirIterator", "QStorageInfo", "QFileSystemWatcher"}
FILE_MODE = re.compile(r"[rwax]b?t?\+?")
CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"),
    *("QDate.currentDate", "QDateTime.currentDateTime", "QDateTime.currentDateTimeUtc", "QTime.currentTime"),
}
RICH = {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "RichText", "AutoText", "MarkdownText"}
ASK_THE_BRIDGE = {"read", "look_at_disk", "ask_network", "work"}


# -- what each rule looks for ------------------------------------------------------------------------------


def names(path: Path, wanted: set[str]) -> Iterator[Finding]:
    """Yield where a file names one of these, imported or used."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in wanted)
        elif isinstance(node, ast.Attribute) and node.attr in wanted:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name) and node.id in wanted:
            yield node.lineno, node.id


def boxes(path: Path) -> Iterator[Finding]:
    """Yield message boxes of Qt's own."""
    yield from names(path, {"QMessageBox"})


def threads(path: Path) -> Iterator[Finding]:
    """Yield what begins a thread."""
    yield from names(path, THREAD_NAMES)
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            from_module = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules = from_module or [alias.name for alias in node.names]
            yield from ((node.lineno, name) for name in modules if {name, name.partition(".")[0]} & THREADS)


def waits(path: Path) -> Iterator[Finding]:
    """Yield what holds the main thread until something else happens."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name == "sleep")
    for call in calls(path):
        name = dotted(call.func)
        last = name.rpartition(".")[2]
        if last in {"sleep", "msleep", "usleep", "processEvents"} or last.startswith("waitFor"):
            yield call.lineno, name


def clocks(path: Path) -> Iterator[Finding]:
    """Yield what reads the clock of the computer: time comes from the clock that the window was given."""
    for call in calls(path):
        name = dotted(call.func)
        if any(name == clock or name.endswith(f".{clock}") for clock in CLOCKS):
            yield call.lineno, name


def rich(path: Path) -> Iterator[Finding]:
    """Yield what would read a text as HTML or Markdown; a label made of an unknown text guesses by itself."""
    yield from names(path, RICH)
    for function in ast.walk(parsed(path)):
        if isinstance(function, ast.FunctionDef):
            made = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            plain = any(dotted(call.func).endswith(".setTextFormat") for call in made)
            yield from ((call.lineno, "QLabel(text)") for call in made if not plain and _guesses(call))


def _guesses(call: ast.Call) -> bool:
    return dotted(call.func).endswith("QLabel") and bool(call.args) and not isinstance(call.args[0], ast.Constant)


def disk(path: Path) -> Iterator[Finding]:
    """Yield what touches the disk, but in what is given to the bridge to be done elsewhere."""
    for node in _outside_jobs(parsed(path), _jobs(parsed(path))):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            last = name.rpartition(".")[2]
            with_mode = last == "open" and any(_is_mode(argument) for argument in node.args)
            if DISK_CALLS.fullmatch(name) or last in DISK_METHODS or last in DISK_CLASSES or with_mode:
                yield node.lineno, name or last


def _is_mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(FILE_MODE.fullmatch(node.value))


def _jobs(tree: ast.Module) -> set[str]:
    """Return the names of the functions that a file gives to the bridge, and those that they call by ``self``."""
    given = {
        dotted(call.args[0]).rpartition(".")[2]
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _asks_the_bridge(call) and call.args
    }
    return given - {""}


def _asks_the_bridge(call: ast.Call) -> bool:
    owner, _, verb = dotted(call.func).rpartition(".")
    return verb in ASK_THE_BRIDGE and owner.lower().endswith("bridge")


def _outside_jobs(node: ast.AST, jobs: set[str]) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef) and child.name in jobs:
            continue
        if isinstance(node, ast.Call) and _asks_the_bridge(node) and isinstance(child, ast.Lambda):
            continue
        yield child
        yield from _outside_jobs(child, jobs)


def loaded_at_once(path: Path) -> Iterator[Finding]:
    """Yield the modules that a file imports as soon as it is imported itself."""
    for node in _at_load(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, node.module or ""
                yield node.lineno, f"{node.module}.{alias.name}"


def _at_load(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and dotted(child.test).endswith("TYPE_CHECKING"):
            continue
        yield child
        yield from _at_load(child)


def heavy(path: Path, package: Path) -> Iterator[Finding]:
    """Yield what is heavy among all that importing a file brings in, through our own files too."""
    seen: set[Path] = {path}
    found: set[Finding] = set()
    for line, module in loaded_at_once(path):
        for name in _all_loaded(module, package, seen):
            found |= {(line, one) for one in HEAVY if name == one or name.startswith(f"{one}.")}
    yield from sorted(found)


def _all_loaded(module: str, package: Path, seen: set[Path]) -> Iterator[str]:
    yield module
    file = _file_of(module, package)
    if file is None or file in seen:
        return
    seen.add(file)
    for _, deeper in loaded_at_once(file):
        yield from _all_loaded(deeper, package, seen)


def _file_of(module: str, package: Path) -> Path | None:
    place = package.parent.joinpath(*module.split("."))
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in candidates if module.startswith(package.name) and file.is_file()), None)


def broken(checker: Checker, package: Path, rooms: tuple[str, ...], allowed: dict[str, str]) -> list[str]:
    """Return every place of these rooms where a rule is broken without being allowed to."""
    return [
        f"{where(path, line, package.parent)} {what}"
        for path in files_of(package, rooms)
        if path.relative_to(package).as_posix() not in allowed
        for line, what in checker(path)
    ]


def files_of(package: Path, rooms: tuple[str, ...]) -> list[Path]:
    """Return the files of some rooms; ``app`` is one file."""
    return [path for path in python_files(package) if path.relative_to(package).parts[0].removesuffix(".py") in rooms]


# -- the rules, on our own files ---------------------------------------------------------------------------

QT, QT_AND_AGENDA = ("qt", "app"), ("qt", "app", "agenda")
RULES: tuple[tuple[Checker, tuple[str, ...], dict[str, str]], ...] = (
    (boxes, QT, {}),
    (threads, QT, MAY_THREAD),
    (waits, QT_AND_AGENDA, MAY_WAIT),
    (clocks, QT_AND_AGENDA, {}),
    (rich, QT, {}),
    (disk, QT, MAY_TOUCH_THE_DISK),
)


@pytest.mark.parametrize(("checker", "rooms", "allowed"), RULES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_window_keeps_its_rules(checker: Checker, rooms: tuple[str, ...], allowed: dict[str, str]) -> None:
    assert broken(checker, PACKAGE, rooms, allowed) == []


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    found = broken(lambda path: heavy(path, PACKAGE), PACKAGE, QT_AND_AGENDA, LATE)
    assert found == []


@pytest.mark.parametrize("allowed", [MAY_THREAD, MAY_WAIT, MAY_TOUCH_THE_DISK, LATE])
def test_every_allowance_has_its_reason_and_its_file(allowed: dict[str, str]) -> None:
    for name, reason in allowed.items():
        assert len(reason.split()) >= 4, name
        assert (PACKAGE / name).is_file(), name


@pytest.mark.parametrize(("checker", "rooms", "allowed"), RULES, ids=lambda value: getattr(value, "__name__", ""))
def test_no_allowance_is_useless(checker: Checker, rooms: tuple[str, ...], allowed: dict[str, str]) -> None:
    breaking = {line.partition(":")[0] for line in broken(checker, PACKAGE, rooms, {})}
    assert [name for name in allowed if f"{PACKAGE.name}/{name}" not in breaking] == []


# -- the checkers themselves -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("checker", "code"),
    [
        (boxes, "from PySide6.QtWidgets import QMessageBox"),
        (boxes, "from PySide6 import QtWidgets\nQtWidgets.QMessageBox.warning(None, '', '')"),
        (threads, "import threading"),
        (threads, "from concurrent.futures import ThreadPoolExecutor"),
        (threads, "from PySide6.QtCore import QThread"),
        (threads, "from PySide6 import QtCore\nQtCore.QThreadPool.globalInstance()"),
        (waits, "import time\ntime.sleep(1)"),
        (waits, "from time import sleep"),
        (waits, "process.waitForFinished(1000)"),
        (waits, "QApplication.processEvents()"),
        (clocks, "from datetime import datetime\ndatetime.now()"),
        (clocks, "import datetime as dt\ndt.date.today()"),
        (clocks, "from datetime import date\ndate.today()"),
        (clocks, "QDate.currentDate()"),
        (rich, "browser.setHtml(text)"),
        (rich, "label.setTextFormat(Qt.TextFormat.RichText)"),
        (rich, "def f(text):\n    return QLabel(text)"),
        (rich, "def f(text):\n    return QtWidgets.QLabel(f'{text}')"),
        (disk, "open('x')"),
        (disk, "path.open('rb')"),
        (disk, "Path('x').read_text()"),
        (disk, "if folder.exists(): pass"),
        (disk, "import os\nos.listdir('x')"),
        (disk, "import os\nos.path.exists('x')"),
        (disk, "QFileInfo(path).size()"),
        (disk, "class A:\n    def f(self):\n        self._bridge.read(self._job, done)\n        self.path.stat()"),
        (disk, "def job():\n    pass\nbook.read(job, done)\ndef other():\n    x.stat()"),
        (disk, "bridge.read(job, lambda value: value.unlink())\nvalue.unlink()"),
    ],
)
def test_a_checker_catches_what_breaks_its_rule(tmp_path: Path, checker: Checker, code: str) -> None:
    assert broken(checker, _package(tmp_path, "qt/page.py", code), ("qt",), {})


@pytest.mark.parametrize(
    ("checker", "code"),
    [
        (boxes, "from enn_desktop.qt.error_box import ErrorShower"),
        (threads, "from enn_desktop.qt.bridge import Bridge"),
        (waits, "QTimer.singleShot(20, act)"),
        (clocks, "office.clock.now()"),
        (rich, "def f(text):\n    label = QLabel(text)\n    label.setTextFormat(Qt.TextFormat.PlainText)"),
        (rich, "def f(text):\n    return QLabel('') or words(text)"),
        (disk, "dialog.open()\ntext.replace('a', 'b')\nmsgspec.structs.replace(a, b=1)\nPath('x') / 'y'"),
        (disk, "def f(self):\n    def job():\n        return path.stat()\n    self._bridge.read(job, done)"),
        (disk, "class A:\n    def f(self):\n        bridge.work(self._do, done)\n    def _do(self):\n        p.stat()"),
        (disk, "self._bridge.look_at_disk(lambda: path.exists(), done)"),
    ],
)
def test_a_checker_lets_the_rest_pass(tmp_path: Path, checker: Checker, code: str) -> None:
    assert broken(checker, _package(tmp_path, "qt/page.py", code), ("qt",), {}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import httpx",
        "from PySide6.QtNetwork import QLocalServer",
        "from PySide6 import QtNetwork",
        "class A:\n    import keyring",
        "try:\n    import truststore\nexcept ImportError:\n    pass",
        "from pack.backup.run import Run",
        "import pack.backup.run",
        "from pack.backup import run",
    ],
)
def test_something_heavy_loaded_at_once_is_caught_even_through_another_file(tmp_path: Path, code: str) -> None:
    package = _package(tmp_path, "qt/page.py", code)
    assert broken(lambda path: heavy(path, package), package, ("qt",), {})


@pytest.mark.parametrize(
    "code",
    [
        "def late():\n    import httpx",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx",
        "from pack.core.names import name",
        "from PySide6.QtCore import QObject",
    ],
)
def test_what_is_loaded_late_or_light_passes(tmp_path: Path, code: str) -> None:
    package = _package(tmp_path, "qt/page.py", code)
    assert broken(lambda path: heavy(path, package), package, ("qt",), {}) == []


def test_an_allowance_holds_for_its_file_only(tmp_path: Path) -> None:
    package = _package(tmp_path, "qt/page.py", "import threading")
    _package(tmp_path, "qt/bridge.py", "import threading")
    assert broken(threads, package, ("qt",), MAY_THREAD) == ["pack/qt/page.py:1 threading"]


def _package(tmp_path: Path, file: str, code: str) -> Path:
    package = tmp_path / "pack"
    for name, content in (("core/names.py", "name = 1\n"), ("backup/run.py", "import httpx\n"), (file, code)):
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return package
