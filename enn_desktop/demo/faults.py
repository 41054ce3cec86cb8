"""Faults on demand: what to break, for which requests, how many times."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias

from enn_desktop.demo.exchange import Exchange
from enn_desktop.demo.requests_seen import RequestSeen

Effect: TypeAlias = Callable[[Exchange], Awaitable[None]]
"""Answers a request in the place of the healthy platform."""
Matcher: TypeAlias = str | re.Pattern[str] | Callable[[RequestSeen], bool]


@dataclass(slots=True)
class Fault:
    """One fault that waits for its requests."""

    effect: Effect
    matches: Callable[[RequestSeen], bool]
    times: int | None
    after: int
    struck: int = 0
    """How many requests it has hit."""
    skipped: int = 0

    @property
    def spent(self) -> bool:
        """Tell whether it will strike no more."""
        return self.times is not None and self.struck >= self.times


@dataclass(slots=True)
class Faults:
    """The faults of a server; any thread may add and remove them."""

    _lock: Lock = field(default_factory=Lock)
    _waiting: list[Fault] = field(default_factory=list)

    def add(
        self, effect: Effect, path: Matcher = "", *, method: str | None = None, times: int | None = 1, after: int = 0
    ) -> Fault:
        """Make `effect` answer the requests that match, `times` times (`None`: for ever), skipping the first `after`.

        `path` is a regular expression searched in `path?query`, or a test on the request.
        """
        found = Fault(effect, _test(path, method), times, after)
        with self._lock:
            self._waiting.append(found)
        return found

    def remove(self, fault: Fault) -> None:
        """Take a fault away; one that is already gone is ignored."""
        with self._lock:
            if fault in self._waiting:
                self._waiting.remove(fault)

    def clear(self) -> None:
        """Take every fault away."""
        with self._lock:
            self._waiting.clear()

    def take(self, seen: RequestSeen) -> Effect | None:
        """Return the effect that strikes this request, and count it."""
        with self._lock:
            for fault in self._waiting:
                if fault.spent or not fault.matches(seen):
                    continue
                if fault.skipped < fault.after:
                    fault.skipped += 1
                    continue
                fault.struck += 1
                return fault.effect
            return None


def _test(path: Matcher, method: str | None) -> Callable[[RequestSeen], bool]:
    expression = re.compile(path) if isinstance(path, (str, re.Pattern)) else None

    def found(seen: RequestSeen) -> bool:
        if method is not None and seen.method != method:
            return False
        if expression is not None:
            return expression.search(seen.target) is not None
        return callable(path) and path(seen)

    return found
