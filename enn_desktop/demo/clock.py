"""The platform's clock: Europe/Paris, written without a zone, set and moved at will."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

PLATFORM_ZONE: Final = ZoneInfo("Europe/Paris")
STAMP: Final = "%Y-%m-%d %H:%M:%S"


def stamp(moment: datetime) -> str:
    """Return the moment as Pastell writes it, `2026-03-12 20:20:22`, without a zone."""
    return moment.strftime(STAMP)


def moment_of(written: str) -> datetime:
    """Read what `stamp` wrote.

    Raises:
        ValueError: the text is no such date.
    """
    return datetime.strptime(written, STAMP)  # noqa: DTZ007 - the platform writes no zone


class Clock:
    """The time of the platform: it stands still when given a start, and runs with this machine's otherwise."""

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = Lock()
        self._anchor = _instant(start) if start is not None else datetime.now(UTC)
        self._since: float | None = None if start is not None else time.monotonic()
        self.skew = timedelta()
        """Added to the `Date` header only: a platform whose clock is wrong."""

    def instant(self) -> datetime:
        """Return the present moment in UTC."""
        with self._lock:
            if self._since is None:
                return self._anchor
            return self._anchor + timedelta(seconds=time.monotonic() - self._since)

    def now(self) -> datetime:
        """Return the platform's local time, without a zone and without a fraction of second."""
        return self.instant().astimezone(PLATFORM_ZONE).replace(microsecond=0, tzinfo=None)

    def stamp(self) -> str:
        """Return the platform's local time as it is written in rows."""
        return stamp(self.now())

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock forward (or back, with negative amounts)."""
        with self._lock:
            self._anchor += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Put the clock at this moment (local time of the platform when it has no zone); it keeps its pace."""
        with self._lock:
            self._anchor = _instant(moment)
            if self._since is not None:
                self._since = time.monotonic()

    def http_date(self) -> str:
        """Return the `Date` header, `skew` included."""
        return format_datetime((self.instant() + self.skew).replace(microsecond=0), usegmt=True)


def _instant(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=PLATFORM_ZONE)
    return moment.astimezone(UTC)
