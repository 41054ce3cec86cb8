"""Waits for what another program does, and tells nobody of: looked for often, and for a bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.screen.processes import LOOK_S

COMES_S = 10.0


def until(seen: Callable[[], bool], what: str) -> None:
    """Go on once this is seen. Raises ``AssertionError`` when it never is."""
    end = time.monotonic() + COMES_S
    while not seen():
        assert time.monotonic() < end, f"Never seen: {what}."
        time.sleep(LOOK_S)
