"""Windows' own notifications, with buttons, through the library windows-toasts (WinRT)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from enn_desktop.qt.toasts import Toast, Toaster
from enn_desktop.system.app_identity import APP_ID, APP_NAME, be_known

if TYPE_CHECKING:
    from types import ModuleType

log = logging.getLogger(__name__)
SEPARATOR = "|"


def windows_toaster() -> list[Toaster]:
    """Return the toaster of this session, nothing where WinRT cannot be reached."""
    try:
        import windows_toasts
    except (ImportError, OSError):
        return []
    be_known()
    try:
        return [WindowsToaster(windows_toasts)]
    except Exception as error:  # noqa: BLE001 - WinRT raises its own kinds; another way of telling is there
        log.info("Notifications de Windows indisponibles (%s)", type(error).__name__)
        return []


class WindowsToaster(Toaster):
    """Shows toasts; Windows calls back on a thread of its own, so what it says is queued to the main one.

    A toast is known to Windows by its own id: one that was shown before the program was started again is replaced, and
    taken away, all the same.
    """

    _called = Signal(str)

    def __init__(self, library: ModuleType, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._toaster: Any = library.InteractableWindowsToaster(APP_NAME, APP_ID)
        self._called.connect(self._heard, Qt.ConnectionType.QueuedConnection)

    def show(self, toast: Toast) -> bool:
        """Show it, in place of the one of the same id."""
        made = self._made(toast.toast_id)
        made.text_fields = [toast.title, toast.text]
        made.suppress_popup = toast.silent
        for action_id, text in toast.actions:
            made.AddAction(self._library.ToastButton(text, f"{toast.toast_id}{SEPARATOR}{action_id}"))
        # A click on the toast itself brings the tag, which is the toast's id.
        made.on_activated = lambda event: self._called.emit(str(event.arguments or toast.toast_id))
        try:
            self._toaster.show_toast(made)
        except Exception as error:  # noqa: BLE001 - WinRT raises its own kinds; another way of telling is there
            log.info("Notification non montrée (%s)", type(error).__name__)
            return False
        return True

    def remove(self, toast_id: str) -> None:
        """Take it away, from the notification centre too."""
        try:
            self._toaster.remove_toast(self._made(toast_id))
        except Exception as error:  # noqa: BLE001 - one that Windows removed itself is gone all the same
            log.debug("Notification déjà retirée (%s)", type(error).__name__)

    def describe(self) -> str:
        """Return what this is."""
        return "notifications de Windows"

    def _made(self, toast_id: str) -> Any:  # noqa: ANN401 - the library has its own types, on Windows alone
        made = self._library.Toast()
        made.tag = made.group = toast_id
        return made

    def _heard(self, arguments: str) -> None:
        toast_id, _, action_id = arguments.partition(SEPARATOR)
        self.activated.emit(toast_id, action_id)
