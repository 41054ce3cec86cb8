"""The rooms behind the keeper, as it asks them; loaded in the bridge's threads, so that the window never waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from enn_desktop.core.cancel import CancelToken

if TYPE_CHECKING:
    from enn_desktop.signing_key.stop import StopFlag
    from enn_desktop.signing_key.surroundings import Surroundings
    from enn_desktop.signing_key.values import Choice, Look, Verdict
    from enn_desktop.signing_key.watcher import WatchEvent


class KeyRooms(Protocol):
    """What the keeper asks of the rooms behind."""

    def watch(self, publish: Callable[[WatchEvent], None]) -> None:
        """Tell what the readers do, until :meth:`stop`; blocks."""
        ...

    def stop(self) -> None:
        """End :meth:`watch`, from any thread, at once; for good."""
        ...

    def check(self, cancel: CancelToken, told: Callable[[Look], None]) -> Look:
        """Look at every rung, ``told`` after each; takes seconds."""
        ...

    def judge(self, look: Look, now: datetime, choice: Choice) -> Verdict:
        """Return the verdict of a look; pure, takes no time."""
        ...


class RealRooms:
    """This computer's own service, readers, drivers and certificates."""

    def __init__(self) -> None:
        self._here: Surroundings | None = None
        self._flag: StopFlag | None = None
        self._ended = False

    def watch(self, publish: Callable[[WatchEvent], None]) -> None:
        """Tell what the readers do, until :meth:`stop`; blocks."""
        from enn_desktop.signing_key import watcher
        from enn_desktop.signing_key.pcsc import system_pcsc
        from enn_desktop.signing_key.stop import StopFlag

        flag = self._flag = StopFlag()
        # Whichever of the two threads comes second sees what the first one wrote.
        if not self._ended:
            watcher.watch(system_pcsc(), publish, flag)

    def stop(self) -> None:
        """End :meth:`watch`, from any thread, at once; for good."""
        self._ended = True
        if self._flag is not None:
            self._flag.set()

    def check(self, cancel: CancelToken, told: Callable[[Look], None]) -> Look:
        """Look at every rung, ``told`` after each; takes seconds."""
        from enn_desktop.signing_key.check import check_key
        from enn_desktop.signing_key.surroundings import of_this_computer

        # One for the life of the window: it remembers the drivers that failed, and the last answer.
        if self._here is None:
            self._here = of_this_computer()
        return check_key(self._here, cancel, told)

    def judge(self, look: Look, now: datetime, choice: Choice) -> Verdict:
        """Return the verdict of a look; pure, takes no time."""
        from enn_desktop.signing_key.judgement import judge

        return judge(look, now, choice)
