"""A project to set up, and tools that answer as the test says instead of running."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from installer.failures import SetupError
from installer.preparation import Kind, Place, prepare


class ScriptedTools:
    """Stands in for Python, pip, sudo and apt-get: each command gets the first answer whose words it holds."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.commands: list[str] = []
        self.answers: list[tuple[str, int, str]] = []

    def answer(self, words: str, code: int, output: str = "") -> None:
        """Have commands that hold these words print this and end with this code."""
        self.answers.append((words, code, output))

    def __call__(self, command: Sequence[str], *, log: Path, minutes: float) -> int:
        assert minutes > 0
        line = " ".join(command)
        self.commands.append(line)
        code, output = next(((code, output) for words, code, output in self.answers if words in line), (0, ""))
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {line}\n{output}\n")
        if "-m venv" in line and code == 0:
            self.place.venv.joinpath("bin").mkdir(parents=True, exist_ok=True)
            self.place.venv.joinpath("bin", "python").touch()
            self.place.venv.joinpath("pyvenv.cfg").write_text(f"version = {sys.version}", encoding="utf-8")
        return code

    def ran(self, words: str) -> int:
        """Return how many commands held these words."""
        return sum(words in line for line in self.commands)


def refusal(place: Place, tools: ScriptedTools, kind: Kind = "runtime") -> SetupError:
    """Return how the set-up stops."""
    with pytest.raises(SetupError) as stop:
        prepare(place, kind, tools)
    return stop.value


@pytest.fixture
def place(tmp_path: Path) -> Place:
    root = tmp_path / "projet"
    (root / "installer").mkdir(parents=True)
    for name in ("installer/requirements.txt", "installer/requirements-dev.txt", "pyproject.toml"):
        (root / name).write_text(f"# {name}\n", encoding="utf-8")
    return Place(root, root / ".venv")


@pytest.fixture
def tools(place: Place) -> ScriptedTools:
    return ScriptedTools(place)
