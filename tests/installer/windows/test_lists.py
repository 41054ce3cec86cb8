"""The lists by which the product is made: what is kept of Qt, what is left out, what is Windows' own."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.failures import Outcome, SetupError
from installer.windows import pruning
from installer.windows.foreign_files import STUBS, demand_nothing_of_the_tests, foreign_files
from installer.windows.pruning import kept_modules, prune
from installer.windows.publishers import UNSIGNED
from installer.windows.workshop import listed
from tests.house.source_tree import PACKAGE, imports, python_files


@pytest.fixture
def components(tmp_path: Path) -> Path:
    for name in ("PySide6/QtCore.pyi", "PySide6/kept.py", "PySide6/qml/big.qml", "shiboken6/a.py", "bin/x", "p/l/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "p" / "l" / "b.py").write_bytes(b"")
    return tmp_path


def use_lists(monkeypatch: pytest.MonkeyPatch, kept: list[str], left_out: list[str]) -> None:
    """Have other lists for one test."""
    lists = {pruning.KEPT: kept, pruning.LEFT_OUT: left_out}
    monkeypatch.setattr(pruning, "listed", lambda name: [(line, "") for line in lists[name]])


def test_every_module_of_qt_that_the_program_imports_is_kept_and_no_other() -> None:
    modules = {
        one.module.split(".")[1] for path in python_files(PACKAGE) for one in imports(path, PACKAGE) if is_qt(one)
    }
    assert modules == kept_modules()


def is_qt(one: object) -> bool:
    """Whether an import is one of a module of Qt."""
    return str(getattr(one, "module", "")).startswith("PySide6.")


def test_of_qt_only_what_is_named_stays_and_of_the_others_all_but_what_is_named(
    components: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_lists(monkeypatch, ["PySide6/kept.py"], ["bin", "**/*.pyi", "p/l/*.py", "+p/l/b.py"])
    prune(components)
    left = {path.relative_to(components).as_posix() for path in components.rglob("*") if path.is_file()}
    assert left == {"PySide6/kept.py", "p/l/b.py"}
    assert not (components / "PySide6" / "qml").exists()


@pytest.mark.parametrize(("kept", "left_out"), [(["PySide6/gone.dll"], ["bin"]), (["PySide6/kept.py"], ["gone"])])
def test_a_line_that_names_nothing_any_more_stops_the_build(
    components: Path, monkeypatch: pytest.MonkeyPatch, kept: list[str], left_out: list[str]
) -> None:
    use_lists(monkeypatch, kept, left_out)
    with pytest.raises(SetupError) as stop:
        prune(components)
    assert stop.value.outcome is Outcome.BUILD
    assert "gone" in stop.value.sentence


@pytest.mark.parametrize("name", [pruning.KEPT, pruning.LEFT_OUT, "windows-dlls.txt", UNSIGNED])
def test_no_list_says_a_thing_twice(name: str) -> None:
    lines = [line for line, _ in listed(name)]
    assert lines
    assert len(lines) == len(set(lines))


def test_windows_own_libraries_are_named_in_small_letters() -> None:
    assert all(name == name.lower() and name.endswith(".dll") for name, _ in listed("windows-dlls.txt"))


def test_each_file_of_python_that_no_signature_proves_has_its_hash_and_its_reason() -> None:
    for _, rest in listed(UNSIGNED):
        digest, _, reason = rest.partition(" ")
        assert len(digest) == 64
        assert reason.strip()


@pytest.mark.parametrize("name", sorted(STUBS))
def test_a_stub_of_the_tests_is_never_shipped(tmp_path: Path, name: str) -> None:
    (tmp_path / name.upper()).write_bytes(b"MZ")
    assert foreign_files(tmp_path) == [name.upper()]


@pytest.mark.parametrize("sign", [b"Wine builtin DLL", b"Wine placeholder DLL"])
def test_a_file_of_wine_is_never_shipped(tmp_path: Path, sign: bytes) -> None:
    (tmp_path / "user32.dll").write_bytes(b"MZ" + bytes(62) + sign)
    (tmp_path / "sound.dll").write_bytes(b"MZ" + bytes(62))
    assert foreign_files(tmp_path) == ["user32.dll"]
    with pytest.raises(SetupError, match=r"user32\.dll"):
        demand_nothing_of_the_tests(tmp_path)
