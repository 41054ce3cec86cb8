"""The rooms behind the keeper, as it asks them; loaded in the bridge's threads, so that the window never waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from enn_desktop.core.cancel import CancelToken
from enn_desktop.system.paths import on_windows

if TYPE_CHECKING:
    from enn_desktop.signing_key.stop import StopFlag
    from enn_desktop.signing_key.surroundings import Surroundings
    from enn_desktop.signing_key.values import Choice, Look, UsbDevice, Verdict
    from enn_desktop.signing_key.watcher import WatchEvent


class KeyRooms(Protocol):
    """What the keeper asks of the rooms behind."""

    def watch(self, publish: Callable[[WatchEvent], None]) -> None:
        """Tell what the readers do, until :meth:`stop`; blocks."""
        ...

    def watch_usb(self, publish: Callable[[tuple[UsbDevice, ...]], None]) -> None:
        """Tell which USB devices may be a key, each time they change, until :meth:`stop`; blocks."""
        ...

    def stop(self) -> None:
        """End :meth:`watch` and :meth:`watch_usb`, from any thread, at once; for good."""
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
        self._flags: list[StopFlag] = []
        self._ended = False

    def watch(self, publish: Callable[[WatchEvent], None]) -> None:
        """Tell what the readers do, until :meth:`stop`; blocks."""
        from enn_desktop.signing_key import watcher
        from enn_desktop.signing_key.pcsc import system_pcsc

        flag = self._new_flag()
        # Whichever of the two threads comes second sees what the first one wrote.
        if not self._ended:
            watcher.watch(system_pcsc(), publish, flag)

    def watch_usb(self, publish: Callable[[tuple[UsbDevice, ...]], None]) -> None:
        """Tell which USB devices may be a key, each time they change, until :meth:`stop`; blocks.

        On Windows there is nothing to tell: the reader's driver comes with the system, and its service tells.
        """
        if on_windows():
            return
        from enn_desktop.signing_key import usb_linux
        from enn_desktop.signing_key.usb_watch_linux import watch_usb

        flag = self._new_flag()
        if not self._ended:
            watch_usb(usb_linux.devices, publish, flag)

    def _new_flag(self) -> StopFlag:
        from enn_desktop.signing_key.stop import StopFlag

        flag = StopFlag()
        self._flags.append(flag)
        return flag

    def stop(self) -> None:
        """End :meth:`watch` and :meth:`watch_usb`, from any thread, at once; for good."""
        self._ended = True
        for flag in tuple(self._flags):
            flag.set()

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
