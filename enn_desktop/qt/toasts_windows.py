"""Windows' own notifications, with buttons, through the library windows-toasts (WinRT)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from enn_desktop.qt.toasts import Toast, Toaster

if TYPE_CHECKING:
    from types import ModuleType

log = logging.getLogger(__name__)
APP_ID = "fr.enn.desktop"
"""AppUserModelID: the installer gives it to the Start-menu shortcut, without which Windows shows no button."""
SEPARATOR = "|"


def windows_toaster() -> list[Toaster]:
    """Return the toaster of this session, nothing where WinRT cannot be reached."""
    try:
        import windows_toasts
    except (ImportError, OSError):
        return []
    try:
        return [WindowsToaster(windows_toasts)]
    except Exception as error:  # noqa: BLE001 - WinRT raises its own kinds; another way of telling is there
        log.info("Notifications de Windows indisponibles (%s)", type(error).__name__)
        return []


class WindowsToaster(Toaster):
    """Shows toasts; Windows calls back on a thread of its own, so what it says is queued to the main one."""

    _called = Signal(str)

    def __init__(self, library: ModuleType, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._toaster: Any = library.InteractableWindowsToaster("enn-desktop", APP_ID)
        self._shown: dict[str, Any] = {}
        self._called.connect(self._heard, Qt.ConnectionType.QueuedConnection)

    def show(self, toast: Toast) -> bool:
        """Show it, in place of the one of the same id."""
        self.remove(toast.toast_id)
        made = self._library.Toast([toast.title, toast.text], suppress_popup=toast.silent)
        for action_id, text in toast.actions:
            made.AddAction(self._library.ToastButton(text, f"{toast.toast_id}{SEPARATOR}{action_id}"))
        # A click on the toast itself comes without arguments.
        clicked = f"{toast.toast_id}{SEPARATOR}"
        made.on_activated = lambda event: self._called.emit(str(event.arguments or clicked))
        try:
            self._toaster.show_toast(made)
        except Exception as error:  # noqa: BLE001 - WinRT raises its own kinds; another way of telling is there
            log.info("Notification non montrée (%s)", type(error).__name__)
            return False
        self._shown[toast.toast_id] = made
        return True

    def remove(self, toast_id: str) -> None:
        """Take it away, from the notification centre too."""
        shown = self._shown.pop(toast_id, None)
        if shown is None:
            return
        try:
            self._toaster.remove_toast(shown)
        except Exception as error:  # noqa: BLE001 - one that Windows removed itself is gone all the same
            log.info("Notification déjà retirée (%s)", type(error).__name__)

    def describe(self) -> str:
        """Return what this is."""
        return "notifications de Windows"

    def _heard(self, arguments: str) -> None:
        toast_id, _, action_id = arguments.partition(SEPARATOR)
        self.activated.emit(toast_id, action_id)
