"""Setting up a machine: done once, taken up again after a cut, and a sentence for everything that is missing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from installer.failures import Outcome
from installer.preparation import Kind, Place, is_ready, pinned, place_from, prepare
from tests.installer.conftest import ScriptedTools, refusal


def test_a_first_set_up_installs_the_lock_with_its_hashes_then_the_project_without_any_download(
    place: Place, tools: ScriptedTools, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(place, "runtime", tools)
    venv, lock, project = tools.commands
    assert f"-m venv --clear {place.venv}" in venv
    assert "--require-hashes" in lock
    assert lock.endswith("requirements.txt")
    assert "--no-index --no-deps --no-build-isolation --editable" in project
    steps = [line for line in capsys.readouterr().out.splitlines() if "/4" in line]
    assert [line.split()[1] for line in steps] == ["1/4", "2/4", "3/4", "4/4"]


HASH = f"    --hash=sha256:{'0' * 64}"
LOCK = f"""\
pyscard==2.3.1 ; sys_platform == 'linux' \\
{HASH}
    # via enn-desktop (pyproject.toml)
setuptools==84.2.1 ; sys_platform == 'linux' \\
{HASH} \\
{HASH}
    # via enn-desktop (pyproject.toml)
typer==0.29.2 \\
{HASH}
"""


def test_what_is_compiled_for_the_tests_is_compiled_by_what_the_lock_names(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    (place.root / "installer" / "requirements-dev.txt").write_text(LOCK, encoding="utf-8")
    prepare(place, "dev", tools)
    compiler, lock = (command for command in tools.commands if "--require-hashes" in command)
    assert compiler.endswith("--require-hashes --only-binary :all: --requirement " + str(place.venv / "compiler.txt"))
    assert (place.venv / "compiler.txt").read_text(encoding="utf-8") == "".join(LOCK.splitlines(keepends=True)[3:6])
    assert "--only-binary :all: --no-binary pyscard --no-build-isolation --requirement" in lock
    assert lock.endswith("requirements-dev.txt")


@pytest.mark.parametrize(("system", "kind"), [("win32", "dev"), ("linux", "runtime")])
def test_nothing_else_is_ever_compiled(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch, system: str, kind: Kind
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (place.root / "installer" / name).write_text(LOCK, encoding="utf-8")
    prepare(place, kind, tools)
    (lock,) = (command for command in tools.commands if "--require-hashes" in command)
    assert "--no-binary" not in lock


def test_a_lock_is_read_to_the_last_hash_of_a_package_and_no_further() -> None:
    assert pinned(LOCK, "typer") == f"typer==0.29.2 \\\n{HASH}\n"
    assert pinned(LOCK, "tools") == ""


def test_the_second_set_up_runs_nothing(place: Place, tools: ScriptedTools) -> None:
    prepare(place, "runtime", tools)
    tools.commands.clear()
    prepare(place, "runtime", tools)
    assert tools.commands == []


def test_what_is_ready_for_development_is_ready_to_run_and_not_the_reverse(place: Place, tools: ScriptedTools) -> None:
    prepare(place, "runtime", tools)
    assert not is_ready(place, "dev")
    prepare(place, "dev", tools)
    assert is_ready(place, "runtime")


@pytest.mark.parametrize("changed", ["installer/requirements.txt", "pyproject.toml"])
def test_a_change_of_the_lock_or_of_the_project_file_installs_again_in_the_same_environment(
    place: Place, tools: ScriptedTools, changed: str
) -> None:
    prepare(place, "runtime", tools)
    (place.root / changed).write_text("# other\n", encoding="utf-8")
    prepare(place, "runtime", tools)
    assert tools.ran("-m venv") == 1
    assert tools.ran("--require-hashes") == 2


def test_an_environment_cut_short_while_installing_is_completed(place: Place, tools: ScriptedTools) -> None:
    tools.answer("--require-hashes", 1, "Killed")
    refusal(place, tools)
    tools.answers.clear()
    prepare(place, "runtime", tools)
    assert is_ready(place, "runtime")
    assert tools.ran("-m venv") == 1


@pytest.mark.parametrize("left", [(), ("include",), ("lib", "pyvenv.cfg"), ("Lib", "Include", "pyvenv.cfg")])
def test_an_environment_cut_short_while_being_made_is_made_again(
    place: Place, tools: ScriptedTools, left: tuple[str, ...]
) -> None:
    place.venv.mkdir()
    for name in left:
        (place.venv / name).touch()
    prepare(place, "runtime", tools)
    assert tools.ran("-m venv --clear") == 1


def test_an_environment_of_another_python_is_made_again(place: Place, tools: ScriptedTools) -> None:
    prepare(place, "runtime", tools)
    (place.root / "pyproject.toml").write_text("# other\n", encoding="utf-8")
    tools.answer("sys.version_info", 1)
    prepare(place, "runtime", tools)
    assert tools.ran("-m venv --clear") == 2


def test_a_stamp_that_cannot_be_read_is_no_proof(place: Place, tools: ScriptedTools) -> None:
    prepare(place, "runtime", tools)
    place.stamp.write_bytes(b"\xff{")
    assert not is_ready(place, "runtime")


def test_an_environment_whose_python_is_gone_is_not_ready(place: Place, tools: ScriptedTools) -> None:
    prepare(place, "runtime", tools)
    place.python.unlink()
    assert not is_ready(place, "runtime")


def test_a_folder_that_holds_something_else_is_never_touched(place: Place, tools: ScriptedTools) -> None:
    place.venv.mkdir()
    (place.venv / "lettre au maire.odt").write_bytes(b"importante")
    stop = refusal(place, tools)
    assert stop.outcome is Outcome.FOLDER_TAKEN
    assert "il n’a pas été touché" in stop.sentence
    assert tools.ran("-m venv") == 0


def test_the_environment_can_be_put_elsewhere(tmp_path: Path) -> None:
    root = place_from({}).root
    assert place_from({}).venv == root / ".venv"
    assert place_from({"ENN_VENV": ".venv-3.12"}).venv == root / ".venv-3.12"
    assert place_from({"ENN_VENV": str(tmp_path)}).venv == tmp_path


def test_the_python_of_the_environment_is_found_in_both_layouts(place: Place) -> None:
    assert place.python == place.venv / "bin" / "python"
    (place.venv / "Scripts").mkdir(parents=True)
    assert place.python == place.venv / "Scripts" / "python.exe"


@pytest.mark.parametrize(("kind", "wanted"), [("runtime", 600), ("dev", 800)])
def test_a_disk_too_small_is_said_before_anything_is_installed(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch, kind: Kind, wanted: int
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=wanted * 1_000_000 - 1))
    stop = refusal(place, tools, kind)
    assert stop.outcome is Outcome.DISK_FULL
    assert f"Il reste {wanted - 1} Mo sur ce disque\u00a0: il en faut {wanted}." in stop.sentence
    assert tools.commands == []


def test_a_disk_that_fills_up_is_recognised_whatever_the_tool_said(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter([600_000_000, 4096])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=next(left)))
    tools.answer("-m venv", 1, "Error: Command '-m ensurepip' returned non-zero exit status 1.")
    assert refusal(place, tools).outcome is Outcome.DISK_FULL


def test_a_file_where_the_environment_should_go_is_a_sentence(place: Place, tools: ScriptedTools) -> None:
    place.venv.write_bytes(b"")
    stop = refusal(place, tools)
    assert stop.outcome is Outcome.NO_RIGHT
    assert "le chemin est faux, ou un fichier porte ce nom" in stop.sentence


def test_a_folder_that_refuses_writing_is_a_sentence(
    place: Place, tools: ScriptedTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    stop = refusal(place, tools)
    assert stop.outcome is Outcome.NO_RIGHT
    assert "copiez le projet dans un dossier à vous" in stop.sentence
