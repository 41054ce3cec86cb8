"""One flag that stops a run: set once, looked at before every request and every chunk."""

from __future__ import annotations

import threading

from enn_desktop.core.errors import Cancelled


class CancelToken:
    """Carries « please stop » from whoever asks to whoever works, across threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask for a stop; calling it again changes nothing."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Go on, or raise :class:`~enn_desktop.core.errors.Cancelled` if a stop was asked for."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Wait that many seconds, or raise ``Cancelled`` as soon as a stop is asked for."""
        if self._event.wait(seconds):
            raise Cancelled
