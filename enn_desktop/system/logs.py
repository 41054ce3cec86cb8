"""The log: codes and numbers, never a name, an object, a file name or a secret; thirty days, on this computer only."""

from __future__ import annotations

import logging
from logging.handlers import TimedRotatingFileHandler

from enn_desktop.system.paths import ProfilePaths

KEPT_DAYS = 30


def open_log(paths: ProfilePaths) -> logging.Handler | None:
    """Start the log file; ``None`` when the profile cannot be written (the program works without)."""
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
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("enn_desktop")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler
