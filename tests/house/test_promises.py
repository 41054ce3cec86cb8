"""What the program never does: delete a document, ask the server to delete, read the time on the sly."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source_tree import PACKAGE, calls, dotted, python_files, texts, where

MAY_REMOVE = {
    "archive/incoming.py": "our own temporaries, whose bytes never got a name",
    "system/kept_copies.py": "its own temporary, when it could not take its place",
    "system/settings_store.py": "the temporary of the settings",
    "system/autostart.py": "the entry that starts the program with the session",
    "system/scheduled_task.py": "the timer of the scheduled task, our own two files",
}
MAY_REPLACE = {
    "archive/folder.py": "a dossier's folder gets a better name, where nothing stands yet",
    "system/disk.py": "renaming, with the waits that Windows needs",
    "system/logs.py": "yesterday's log gets its day in its name",
}
REMOVING = {"unlink", "rmdir", "rmtree", "remove", "removedirs", "truncate", "send2trash"}
READ_ONLY_METHODS = {"GET"}
CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.monotonic",
    "time.perf_counter",
}
WITHOUT_CLOCK = ("core", "backup", "archive", "catalogue")
CLOCK_ROOM = "core/clock.py"


def removals(package: Path) -> list[str]:
    """Return every call that removes, or overwrites, a file outside the few places where it is agreed."""
    found = []
    for path in python_files(package):
        name = path.relative_to(package).as_posix()
        for call in calls(path):
            what = dotted(call.func)
            last = what.rpartition(".")[2]
            if last in REMOVING and name not in MAY_REMOVE and not _of_a_container(call):
                found.append(f"{where(path, call.lineno, package.parent)} removes: {what}")
            if (what in {"os.replace", "os.rename", "shutil.move"} or _path_replace(call)) and name not in MAY_REPLACE:
                found.append(f"{where(path, call.lineno, package.parent)} replaces: {what}")
    return found


def _of_a_container(call: ast.Call) -> bool:
    # list.remove(x) takes an element; os.remove(path) is called on the module.
    return isinstance(call.func, ast.Attribute) and call.func.attr == "remove" and dotted(call.func.value) != "os"


def _path_replace(call: ast.Call) -> bool:
    # Path.replace takes one argument, str.replace two, datetime.replace names its own.
    last = dotted(call.func).rpartition(".")[2]
    return (
        isinstance(call.func, ast.Attribute)
        and last in {"replace", "rename"}
        and len(call.args) == 1
        and not call.keywords
    )


def server_changes(room: Path) -> list[str]:
    """Return everything in the server's border that could change or delete something there."""
    found = []
    for path in python_files(room):
        for line, text in texts(path):
            if any(word in text.casefold() for word in ("supression", "suppression", "delete")):
                found.append(f"{where(path, line, room.parent)} names a deletion: {text!r}")
        for call in calls(path):
            last = dotted(call.func).rpartition(".")[2]
            given = [one.value for one in call.args[:1] if isinstance(one, ast.Constant)]
            if last in {"delete", "put", "patch", "post"}:
                found.append(f"{where(path, call.lineno, room.parent)} asks for a change: {last}")
            if _is_a_request(call) and not set(given) & READ_ONLY_METHODS:
                found.append(f"{where(path, call.lineno, room.parent)} asks with a method that is not GET: {given}")
    return found


def _is_a_request(call: ast.Call) -> bool:
    # The HTTP client's own calls name the method first; our Transport.request only ever asks with GET.
    what = dotted(call.func).split(".")
    return what[-1] in {"stream", "build_request"} or (
        what[-1] == "request" and what[-2:-1] in (["client"], ["_client"])
    )


def hidden_clocks(package: Path, rooms: tuple[str, ...] = WITHOUT_CLOCK) -> list[str]:
    """Return every place of these rooms that reads the time, or sleeps, instead of being given a clock."""
    found = []
    for path in python_files(*(package / room for room in rooms)):
        if path.relative_to(package).as_posix() == CLOCK_ROOM:
            continue
        for call in calls(path):
            last_two = ".".join(dotted(call.func).split(".")[-2:])
            if last_two in CLOCK or last_two == "time.sleep":
                found.append(f"{where(path, call.lineno, package.parent)} {last_two}")
    return found


def test_no_document_is_ever_removed_or_overwritten() -> None:
    assert removals(PACKAGE) == []


def test_the_agreed_places_still_remove_and_replace_something() -> None:
    for name in {*MAY_REMOVE, *MAY_REPLACE}:
        used = {dotted(call.func).rpartition(".")[2] for call in calls(PACKAGE / name)}
        assert used & (REMOVING | {"replace", "rename"}), f"{name} needs no exception any more"


def test_the_server_is_only_ever_read() -> None:
    assert server_changes(PACKAGE / "pastell") == []


def test_the_engine_is_given_its_clock() -> None:
    assert hidden_clocks(PACKAGE) == []


@pytest.mark.parametrize(
    "code",
    [
        "import shutil\nshutil.rmtree(folder)",
        "import os\nos.remove(path)",
        "path.unlink(missing_ok=True)",
        "folder.rmdir()",
        "from shutil import rmtree\nrmtree(folder)",
        "import os\nos.replace(a, b)",
        "new.replace(path)",
        "path.rename(other)",
    ],
)
def test_the_checker_catches_a_removal(tmp_path: Path, code: str) -> None:
    assert len(removals(_package(tmp_path, "backup/run.py", code))) == 1


@pytest.mark.parametrize("code", ["names.remove(1)", "'a'.replace('a', 'b')", "day.replace(hour=0)"])
def test_the_checker_lets_harmless_namesakes_pass(tmp_path: Path, code: str) -> None:
    assert removals(_package(tmp_path, "backup/run.py", code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "client.delete(url)",
        "client.stream('DELETE', url)",
        "client.request(method, url)",
        "go('supression')",
        "client.post(url)",
    ],
)
def test_the_checker_catches_a_change_asked_of_the_server(tmp_path: Path, code: str) -> None:
    assert server_changes(_package(tmp_path, "pastell/client.py", code) / "pastell")


@pytest.mark.parametrize(
    "code", ["import time\ntime.sleep(1)", "datetime.now(UTC)", "import datetime\ndatetime.date.today()"]
)
def test_the_checker_catches_a_hidden_clock(tmp_path: Path, code: str) -> None:
    assert len(hidden_clocks(_package(tmp_path, "backup/run.py", code))) == 1


def _package(tmp_path: Path, file: str, code: str) -> Path:
    (tmp_path / "pack" / file).parent.mkdir(parents=True)
    (tmp_path / "pack" / file).write_text(code, encoding="utf-8")
    return tmp_path / "pack"
