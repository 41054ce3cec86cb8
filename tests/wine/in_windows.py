"""What pytest is told inside the Windows of the suite: what to leave out there, and to write what became of each test.

Given to pytest with ``-p``; ``--became FILE`` names where that is written, as JSON.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.wine.left_out import is_named, left_out, names

INTERNAL_ERROR, STARTS_AGAIN = 1359, 3
FEWER_EXAMPLES = 20
"""A property is searched at length on Linux; here it is seen to hold on Windows too."""


class Became:
    """Notes what became of each test."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._tests: dict[str, str] = {}
        self._out: list[str] = []

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self._out += [item.nodeid for item in items]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            worse = self._tests.get(report.nodeid, "passed")
            self._tests[report.nodeid] = report.outcome if worse == "passed" else worse

    def pytest_sessionfinish(self) -> None:
        self._file.write_text(json.dumps({"tests": self._tests, "out": self._out}), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--became", help="where to write what became of each test")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Became(Path(config.getoption("--became"))))
    fewer = hypothesis.settings(deadline=None, derandomize=True, max_examples=FEWER_EXAMPLES)
    hypothesis.settings.register_profile("windows", fewer)
    hypothesis.settings.load_profile("windows")
    windows: Any = importlib.import_module("_winapi")
    if hasattr(windows, "CopyFile2"):
        # Wine 8 has no such function, and ends the process that calls it; shutil has another way, and we do not copy.
        delattr(windows, "CopyFile2")
    windows.CreateProcess = _patient(windows.CreateProcess)


def _patient(start: Callable[..., object]) -> Callable[..., object]:
    """Return how to start a process where, one time in thousands, Wine 8 answers « internal error » and made none."""

    def started(*given: object) -> object:
        for _ in range(STARTS_AGAIN):
            try:
                return start(*given)
            except OSError as problem:
                if getattr(problem, "winerror", 0) != INTERNAL_ERROR:
                    raise
        return start(*given)

    return started


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    listed = set(names(left_out("wine", "long")))
    out = [item for item in items if is_named(item.nodeid, listed)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]
