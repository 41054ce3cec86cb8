"""The log: codes and numbers, never a name, an object, a file name or a secret; thirty days, on this computer only."""

from __future__ import annotations

import contextlib
import logging
import traceback
from pathlib import Path

from enn_desktop.core.errors import EnnError
from enn_desktop.system.paths import ProfilePaths

KEPT_DAYS = 30


def open_log(paths: ProfilePaths) -> logging.Handler | None:
    """Start the log file; ``None`` when the profile cannot be written (the program works without)."""
    from logging.handlers import TimedRotatingFileHandler

    try:
        paths.logs.mkdir(parents=True, exist_ok=True)
        handler = TimedRotatingFileHandler(
            paths.logs / "enn-desktop.log",
            when="midnight",
            backupCount=KEPT_DAYS,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        return None
    handler.rotator = _set_aside
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("enn_desktop")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def _set_aside(file: str, older: str) -> None:
    """Begin a new file at midnight; on Windows, not while another of our programs writes there: it goes on in it."""
    with contextlib.suppress(OSError):
        Path(file).rename(older)


def note_bug(bug: BaseException) -> EnnError:
    """Log a fault of the program itself, and return the sentence for the user."""
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(traceback.extract_tb(bug.__traceback__)))
    # Only the kind and the places: an exception's text may hold a name or an object.
    logging.getLogger(__name__).error("Défaut du programme\u00a0: %s %s", type(bug).__name__, places)
    return EnnError(
        "Le programme a rencontré un défaut qui lui est propre. Vos documents sont intacts.",
        advice="Envoyez le détail au support ENN.",
        detail=f"{type(bug).__name__}\u00a0: {places}",
    )
