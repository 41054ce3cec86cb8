"""Which tests a Windows leaves out, and why: ``left_out.toml`` names each of them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("left_out.toml")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Some tests and the one reason for which they are left out.

    ``still`` is an expression of Python, true for as long as the reason holds; empty where it always does.
    """

    kind: str
    reason: str
    tests: tuple[str, ...]
    measured: str = ""
    still: str = ""


def left_out(*kinds: str) -> list[LeftOut]:
    """Return the reasons of these kinds (``not_on_windows``, ``wine``, ``long``); of all, if none is given."""
    read = tomllib.loads(LIST.read_text(encoding="utf-8"))
    wanted = kinds or tuple(read)
    return [LeftOut(kind, **{**one, "tests": tuple(one["tests"])}) for kind in wanted for one in read[kind]]


def names(reasons: Collection[LeftOut]) -> Iterator[str]:
    """Yield the tests that these reasons leave out."""
    for one in reasons:
        yield from one.tests


def is_named(test: str, listed: Collection[str]) -> bool:
    """Whether a test is listed, by its whole name or by the name that its examples share."""
    return test in listed or test.partition("[")[0] in listed
