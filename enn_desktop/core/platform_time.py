"""The platform's own time: its dates are naive and local; ours are aware and UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PLATFORM_ZONE = ZoneInfo("Europe/Paris")
"""Pastell's default zone; its dates carry none (Pastell API, dates)."""


def from_platform(moment: datetime) -> datetime:
    """Return a naive platform date as an aware UTC instant."""
    return moment.replace(tzinfo=PLATFORM_ZONE).astimezone(UTC)


def to_platform(moment: datetime) -> datetime:
    """Return an aware instant as the platform's naive date."""
    return moment.astimezone(PLATFORM_ZONE).replace(tzinfo=None)
