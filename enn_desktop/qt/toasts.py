"""Notifications of the desktop: Windows' own with buttons, D-Bus on Linux, the tray's bubble as the last resort."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from enn_desktop.system.paths import on_windows

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Toast:
    """One notification. ``actions``: (id, text) of its buttons. ``silent``: straight to the centre, no pop-up."""

    toast_id: str
    title: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()
    silent: bool = False


class Toaster(QObject):
    """Shows and removes notifications; this one shows nothing at all."""

    activated = Signal(str, str)
    """Id of the toast, id of its button (empty for a click on the toast itself)."""

    def show(self, toast: Toast) -> bool:  # noqa: ARG002 - what the others do
        """Show a notification, in place of the one of the same id; ``False`` when another way has to be tried."""
        return False

    def remove(self, toast_id: str) -> None:
        """Take a notification away: its matter is settled."""

    def describe(self) -> str:
        """Return what this is, for a diagnostic."""
        return "aucune"

    def close(self) -> None:
        """Let go of what is held; nothing is shown after that."""


class TrayToaster(Toaster):
    """The bubble of the tray icon: no buttons, a click is all it knows."""

    def __init__(self, icon: QSystemTrayIcon) -> None:
        super().__init__(icon)
        self._icon = icon
        self._shown = ""
        icon.messageClicked.connect(lambda: self.activated.emit(self._shown, ""))

    def show(self, toast: Toast) -> bool:
        """Show the bubble; never for a silent toast, since a bubble always pops up."""
        if toast.silent or not self._icon.isVisible() or not self._icon.supportsMessages():
            return False
        self._shown = toast.toast_id
        self._icon.showMessage(toast.title, toast.text, self._icon.icon())
        return True

    def describe(self) -> str:
        """Return what this is."""
        return "bulle de l’icône"


class MadeWhenNeeded(Toaster):
    """A way that costs something to open: nothing is loaded before there is something to say or to take away."""

    def __init__(self, make: Callable[[], list[Toaster]]) -> None:
        super().__init__()
        self._make = make
        self._made: list[Toaster] | None = None

    def show(self, toast: Toast) -> bool:
        """Show it, if this way exists here."""
        return any(_shown(one, toast) for one in self._opened())

    def remove(self, toast_id: str) -> None:
        """Take it away; it may be of another start of the program."""
        for one in self._opened():
            one.remove(toast_id)

    def close(self) -> None:
        """Let go of it, if it was ever opened."""
        for one in self._made or ():
            one.close()
        self._made = []

    def describe(self) -> str:
        """Return what this is."""
        return next((one.describe() for one in self._made or ()), "pas encore ouverte")

    def _opened(self) -> list[Toaster]:
        if self._made is None:
            self._made = self._make()
            for one in self._made:
                one.activated.connect(self.activated)
        return self._made


class FirstThatWorks(Toaster):
    """Asks each toaster in turn; one that fails leaves its place to the next."""

    def __init__(self, toasters: list[Toaster]) -> None:
        super().__init__()
        self._toasters = toasters
        for one in toasters:
            one.activated.connect(self.activated)

    def show(self, toast: Toast) -> bool:
        """Show it the best way that works."""
        return any(_shown(one, toast) for one in self._toasters)

    def remove(self, toast_id: str) -> None:
        """Take it away, wherever it was shown."""
        for one in self._toasters:
            one.remove(toast_id)

    def close(self) -> None:
        """Let go of every way."""
        for one in self._toasters:
            one.close()

    def describe(self) -> str:
        """Return the best way."""
        return self._toasters[0].describe() if self._toasters else super().describe()


def _shown(toaster: Toaster, toast: Toast) -> bool:
    try:
        return toaster.show(toast)
    except Exception as error:  # noqa: BLE001 - a desktop that answers nonsense must not stop the reminder, nor us
        log.info("Notification non montrée, %s (%s)", toaster.describe(), type(error).__name__)
        return False


def warm_up() -> None:
    """Load, in a thread, what a notification needs: Windows' library takes seconds on a slow disk. Never raises."""
    if on_windows():
        with suppress(ImportError, OSError):
            import windows_toasts  # noqa: F401 - loaded for those who come


def best_toaster(icon: QSystemTrayIcon | None) -> Toaster:
    """Return the toaster of this desktop; ``icon`` is the tray's, if there is one."""
    found: list[Toaster] = [MadeWhenNeeded(_own_ways)]
    if icon is not None:
        found.append(TrayToaster(icon))
    return FirstThatWorks(found)


def _own_ways() -> list[Toaster]:
    if on_windows():
        from enn_desktop.qt.toasts_windows import windows_toaster

        return windows_toaster()
    from enn_desktop.qt.toasts_dbus import dbus_toaster

    return dbus_toaster()
