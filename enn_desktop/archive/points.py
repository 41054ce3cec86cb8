"""Named points of a write, so that a test can pull the plug at each of them."""

from __future__ import annotations

from collections.abc import Callable

POINTS = (
    "folder-made",
    "provisional-metadata-temporary-written",
    "provisional-metadata-renamed",
    "temporary-opened",
    "bytes-half-written",
    "bytes-written",
    "temporary-flushed",
    "temporary-closed",
    "old-version-moved",
    "renamed",
    "reread",
    "row-written",
    "dossier-folder-renamed",
    "metadata-temporary-written",
    "metadata-renamed",
    "manifest-temporary-written",
    "manifest-renamed",
    "sealed-row-written",
)

_observer: Callable[[str], None] | None = None


def observe(observer: Callable[[str], None] | None) -> None:
    """Have ``observer`` called with the name of each point passed; ``None`` stops it. For tests."""
    global _observer  # noqa: PLW0603 - one switch for the whole process, set by crash tests alone
    _observer = observer


def passed(name: str) -> None:
    """Tell that a named point of a write is passed."""
    if _observer is not None:
        _observer(name)
