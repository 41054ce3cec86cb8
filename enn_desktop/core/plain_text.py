"""Texts made comparable: é is e, capitals are small, « 2 » comes before « 10 »."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"[0-9]{1,18}")
WIDEST = 18


class _WithoutMarks(dict[int, int | None]):
    """A table for ``str.translate`` that learns which characters are marks (accents) as they come."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        self[code] = kept
        return kept


_WITHOUT_MARKS = _WithoutMarks()


def plain(text: str) -> str:
    """Return a text without accents nor capitals, for comparing."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).translate(_WITHOUT_MARKS).casefold()


def sort_key(text: str) -> str:
    """Return a text that sorts as a person would: plain, numbers by value, blanks and signs at its ends ignored."""
    shown = plain(text).strip(" \u00a0\u202f«»\"'’-–—.")
    return _DIGITS.sub(lambda digits: digits.group().zfill(WIDEST), shown)
