"""What the server was asked, for tests that count requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic


@dataclass(slots=True)
class RequestSeen:
    """One request as the server saw it. `status` is 0 until an answer is sent, and stays so when none is."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Those of `cookie`, `accept-encoding`, `host`, `range`, `user-agent`, `connection` that were sent;
    of `authorization`, the scheme only."""
    user: str | None
    status: int = 0
    under_way: int = 0
    """How many other requests were being answered when this one came."""
    at: float = field(default_factory=monotonic)

    @property
    def target(self) -> str:
        """Path and query, as faults match them."""
        return f"{self.path}?{self.query}" if self.query else self.path


class RequestLog:
    """Requests seen, in order; any thread may read it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: list[RequestSeen] = []

    def add(self, seen: RequestSeen) -> None:
        """Take one more."""
        with self._lock:
            self._seen.append(seen)

    def all(self) -> list[RequestSeen]:
        """Return a copy of the list."""
        with self._lock:
            return list(self._seen)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._seen.clear()
