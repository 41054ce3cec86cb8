"""A stop that was asked for is obeyed at once, from any thread, and only once it was asked for."""

from __future__ import annotations

import threading
import time

import pytest

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled


def test_until_a_stop_is_asked_for_work_goes_on() -> None:
    cancel = CancelToken()
    cancel.check()
    cancel.wait(0)
    assert not cancel.cancelled


def test_once_asked_for_it_stays_asked_for() -> None:
    cancel = CancelToken()
    cancel.cancel()
    cancel.cancel()
    assert cancel.cancelled
    for _ in range(2):
        with pytest.raises(Cancelled):
            cancel.check()
        with pytest.raises(Cancelled):
            cancel.wait(0)


def test_a_stop_asked_for_by_another_thread_ends_a_long_wait() -> None:
    cancel = CancelToken()
    waiting = threading.Event()

    def ask() -> None:
        waiting.wait(10)
        cancel.cancel()

    asking = threading.Thread(target=ask)
    asking.start()
    started = time.monotonic()
    waiting.set()
    with pytest.raises(Cancelled):
        cancel.wait(60)
    asking.join()
    assert time.monotonic() - started < 10


def test_one_stop_does_not_stop_other_work() -> None:
    stopped, other = CancelToken(), CancelToken()
    stopped.cancel()
    other.check()
    assert not other.cancelled
