"""Windows' own notifications, with buttons, through the library windows-toasts (WinRT).

Windows gives a click to the process that showed the notification; once that has ended, a click on what is left in the
notification centre only takes it away. So what was shown is removed when the program leaves: a button that does
nothing would be a lie. After a crash it stays until the next start replaces or removes it.
« Ne pas déranger » is Windows' own affair: it puts the notification straight into the centre, and no error is raised.
"""

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
SWITCHED_OFF = (1, 2, 3)
"""NotificationSetting of WinRT: switched off for this program, for this user, by a policy of the contractor."""


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
        self._in_centre: set[str] = set()
        self._called.connect(self._heard, Qt.ConnectionType.QueuedConnection)

    def show(self, toast: Toast) -> bool:
        """Show it, in place of the one of the same id; where she wants none, no other way may pop up instead."""
        if self._unwanted():
            log.info("Notification non montrée, elles sont coupées dans les réglages de Windows")
            return True
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
        self._in_centre.add(toast.toast_id)
        return True

    def remove(self, toast_id: str) -> None:
        """Take it away, from the notification centre too."""
        self._in_centre.discard(toast_id)
        try:
            self._toaster.remove_toast(self._made(toast_id))
        except Exception as error:  # noqa: BLE001 - one that Windows removed itself is gone all the same
            log.debug("Notification déjà retirée (%s)", type(error).__name__)

    def close(self) -> None:
        """Take away what was shown: nobody would hear its buttons."""
        for toast_id in sorted(self._in_centre):
            self.remove(toast_id)

    def describe(self) -> str:
        """Return what this is."""
        return "notifications de Windows"

    def _unwanted(self) -> bool:
        try:
            return int(self._toaster.toastNotifier.setting) in SWITCHED_OFF
        except Exception as error:  # noqa: BLE001 - WinRT raises its own kinds; Windows may not know the program yet
            log.debug("Réglage des notifications inconnu (%s)", type(error).__name__)
            return False

    def _made(self, toast_id: str) -> Any:  # noqa: ANN401 - the library has its own types, on Windows alone
        made = self._library.Toast()
        made.tag = made.group = toast_id
        return made

    def _heard(self, arguments: str) -> None:
        toast_id, _, action_id = arguments.partition(SEPARATOR)
        self.activated.emit(toast_id, action_id)
