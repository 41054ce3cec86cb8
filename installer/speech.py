"""Prints French sentences on any console. Plain syntax: Python 3.6 must be able to read this file."""

import sys
import unicodedata

_PLAIN = {0x202F: " ", 0xA0: " ", 0x2019: "'", 0x2026: "...", 0xAB: '"', 0xBB: '"', 0x152: "OE", 0x153: "oe"}


def in_signs_of(encoding: str, text: str) -> str:
    """Return the text with its typographic signs made plain, and its accents too where they do not exist."""
    text = text.translate(_PLAIN)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = unicodedata.normalize("NFKD", text).encode(encoding, "ignore").decode(encoding)
    return text


def say(text: str) -> None:
    """Print a sentence at once; signs that the console does not have become plain ones, never an error."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = in_signs_of(encoding, text)
    print(text)
    sys.stdout.flush()
