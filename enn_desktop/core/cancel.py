"""One flag that stops a run: set once, looked at before every request and every chunk."""

from __future__ import annotations

import threading

from enn_desktop.core.errors import Cancelled


class CancelToken:
    """Carries « please stop » from whoever asks to whoever works, across threads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._going = threading.Event()
        self._going.set()

    def cancel(self) -> None:
        """Ask for a stop; calling it again changes nothing. A pause ends too."""
        self._event.set()
        self._going.set()

    def pause(self) -> None:
        """Ask that nothing more be begun until :meth:`resume`; what is under way is finished."""
        self._going.clear()
        if self._event.is_set():
            self._going.set()

    def resume(self) -> None:
        """Go on after a pause."""
        self._going.set()

    @property
    def paused(self) -> bool:
        """Whether a pause was asked for."""
        return not self._going.is_set()

    def wait_while_paused(self) -> None:
        """Return once there is no pause; raise ``Cancelled`` if a stop was asked for meanwhile."""
        self._going.wait()
        self.check()

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
