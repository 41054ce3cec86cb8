"""The program's own tests, run by a Windows Python under Wine: names, disk, locks, catalogue, vault, commands.

Run with ``.venv/bin/python -m pytest -m wine -o faulthandler_timeout=1500 tests/wine/test_windows_suite.py``.
``left_out.toml`` says what it does not prove, and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.house.source_tree import PROJECT
from tests.wine.left_out import LeftOut, is_named, left_out, names
from tests.wine.prefix import Wine
from tests.wine.windows_suite import Became, WindowsSuite, lock_for_windows

KILLED = "tests/end_to_end/test_crashes.py::test_a_kill_at_any_point_of_a_write_loses_nothing"
PARTS = {
    "words": (
        *("tests/core", "tests/system", "tests/backup", "tests/catalogue", "tests/pastell"),
        *("tests/cli/test_commands.py", "tests/on_windows"),
        *(f"{KILLED}[{example}]" for example in ("old-version-moved-1", "renamed-7", "sealed-row-written-1")),
    ),
    "disk": ("tests/archive", "tests/end_to_end/test_main_job.py"),
}
"""One process for each core of a small machine, about as long as the other."""
AT_LEAST = 1700
"""How many tests that is, or more: a folder that is not collected any more would go unseen."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowsSuite]:
    """Make a Windows with the project in it."""
    wine = Wine(tmp_path_factory.mktemp("windows"))
    try:
        wine.prepare()
        made = WindowsSuite(wine)
        made.prepare()
        yield made
    finally:
        wine.end()


@pytest.fixture(scope="module")
def became(suite: WindowsSuite) -> dict[str, Became]:
    """Run the parts, side by side; return what became of each."""
    with ThreadPoolExecutor(len(PARTS)) as pool:
        running = {name: pool.submit(suite.run, name, tests) for name, tests in PARTS.items()}
    return {name: one.result() for name, one in running.items()}


@pytest.mark.wine
@pytest.mark.parametrize("part", PARTS)
def test_every_test_of_this_part_passes_on_windows(became: dict[str, Became], part: str) -> None:
    done = became[part]
    assert done.not_passed == [], done.said[-20_000:]
    assert done.tests, done.said[-20_000:]


@pytest.mark.wine
def test_as_many_tests_ran_as_there_should_be(became: dict[str, Became]) -> None:
    assert sum(len(one.tests) for one in became.values()) >= AT_LEAST


@pytest.mark.wine
def test_what_was_left_out_is_what_is_listed(became: dict[str, Became]) -> None:
    listed = set(names(left_out()))
    out = [name for one in became.values() for name in one.out]
    assert [name for name in out if not is_named(name, listed)] == []
    assert [name for name in listed if not any(is_named(test, {name}) for test in out)] == [], "Not among the tests."


@pytest.mark.wine
@pytest.mark.parametrize("one", left_out("wine"), ids=lambda one: one.reason)
def test_what_wine_does_not_do_as_windows_it_still_does_not(suite: WindowsSuite, one: LeftOut) -> None:
    assert one.measured
    assert suite.holds(one.still), "Wine does as Windows now: write the test, or give it back to the suite."


@pytest.mark.parametrize("one", left_out(), ids=lambda one: one.reason)
def test_what_is_left_out_has_a_reason_and_is_a_test(one: LeftOut) -> None:
    assert one.reason
    for name in one.tests:
        file, _, function = name.partition("::")
        assert f"def {function.partition('[')[0]}(" in (PROJECT / file).read_text(encoding="utf-8")


def test_the_lock_for_windows_holds_what_windows_needs_and_no_condition() -> None:
    lock = lock_for_windows((PROJECT / "installer" / "requirements-dev.txt").read_text(encoding="utf-8"))
    named = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    assert {
        "colorama",
        "pywin32-ctypes",
        "tzdata",
        "windows-toasts",
        "pytest",
        "trustme",
        "pyside6-essentials",
    } <= named
    assert not {"secretstorage", "jeepney", "setuptools", "ruff"} & named
    assert " ; " not in lock
