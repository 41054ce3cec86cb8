"""How French is written on screen: dates, sizes, counts, durations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
"""No-break space: before a colon, inside « », between a number and its unit."""
NARROW = "\u202f"
"""Narrow no-break space: before ; ! ? and between groups of three digits."""

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
UNITS = ("ko", "Mo", "Go", "To")
STEP = 1000
HOUR = 3600
MINUTE = 60
WHOLE_FROM = 100
"""From this value on, a size is written without decimal."""


def long_date(day: date) -> str:
    """Return « 12 mars 2026 », « 1er mars 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Return « 12/03/2026 »."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def clock_time(moment: time | datetime, *, table: bool = False) -> str:
    """Return « 9 h 05 », or « 09:05 » for a table. The moment is written as it is, without zone."""
    if table:
        return f"{moment.hour:02}:{moment.minute:02}"
    return f"{moment.hour}{NBSP}h{NBSP}{moment.minute:02}"


def number(value: int) -> str:
    """Return « 1 234 567 », groups joined by narrow no-break spaces."""
    return f"{value:,}".replace(",", NARROW)


def count(amount: int, singular: str, plural: str | None = None) -> str:
    """Return « 0 dossier », « 1 dossier », « 2 dossiers »; plural is singular + s unless given."""
    many = f"{singular}s" if plural is None else plural
    return f"{number(amount)} {singular if abs(amount) <= 1 else many}"


def size(n_bytes: int) -> str:
    """Return a size in decimal units: « 512 octets », « 1,5 Mo », « 2,1 Go »."""
    if n_bytes < STEP:
        return f"{n_bytes}{NBSP}{'octet' if n_bytes <= 1 else 'octets'}"
    rank, shown = 0, _rounded(Decimal(n_bytes) / STEP)
    while shown >= STEP and rank < len(UNITS) - 1:
        rank += 1
        shown = _rounded(Decimal(n_bytes) / STEP ** (rank + 1))
    whole = shown == shown.to_integral_value()
    return f"{number(int(shown)) if whole else str(shown).replace('.', ',')}{NBSP}{UNITS[rank]}"


def _rounded(value: Decimal) -> Decimal:
    """Round to one decimal below 100, to a whole number from there on."""
    tenths = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return tenths if tenths < WHOLE_FROM else value.quantize(Decimal(1), ROUND_HALF_UP)


def duration(seconds: float) -> str:
    """Return « 45 s », « 3 min », « 1 h 05 », rounded to what matters."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole}{NBSP}s"
    minutes = (whole + MINUTE // 2) // MINUTE
    if minutes < HOUR // MINUTE:
        return f"{minutes}{NBSP}min"
    return f"{minutes // MINUTE}{NBSP}h{NBSP}{minutes % MINUTE:02}"


def days_left(days: int) -> str:
    """Return « aujourd’hui », « demain », « dans 12 jours », « depuis 3 jours » (negative: days ago)."""
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "demain"
    if days == -1:
        return "depuis hier"
    return f"{'dans' if days > 0 else 'depuis'} {count(abs(days), 'jour')}"


def join_words(words: Sequence[str]) -> str:
    """Return « a », « a et b », « a, b et c »; empty if there is nothing."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no « et »
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"
