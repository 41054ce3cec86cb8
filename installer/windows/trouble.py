"""What stops the making of the setup: an exception whose text is the French sentence to show."""

from __future__ import annotations


class ProductError(RuntimeError):
    """A product could not be made, signed or released; the sentence says what and why."""
