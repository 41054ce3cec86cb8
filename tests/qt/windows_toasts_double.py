"""Stands for windows-toasts 1.3.1 where there is no Windows: same names, same parameters, as :data:`CONTRACT` says.

As the library's source says: the tag of a toast is also its « launch » argument, which a click on the toast itself
brings back; a tag shown again takes the place of the first.
"""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

CONTRACT: dict[str, tuple[str, ...]] = {
    "InteractableWindowsToaster": ("applicationText", "notifierAUMID"),
    "InteractableWindowsToaster.show_toast": ("self", "toast"),
    "InteractableWindowsToaster.remove_toast": ("self", "toast"),
    "Toast": (),
    "Toast.AddAction": ("self", "action"),
    "ToastButton": ("content", "arguments"),
}
"""What is called in the library: its name, and the parameters that are given in that order."""
ATTRIBUTES = frozenset({"tag", "group", "text_fields", "suppress_popup", "on_activated"})
"""What is set on a toast of the library."""


class Notifier:
    """What the library holds of WinRT: whether notifications are switched off, and for whom."""

    def __init__(self, windows: FakeWindows) -> None:
        self._windows = windows

    @property
    def setting(self) -> int:
        if self._windows.setting is None:
            raise OSError(-2147023728, "element not found")
        return self._windows.setting


class FakeWindows:
    """The notification centre; ``broken`` refuses everything, as a computer without that service.

    ``setting`` is a NotificationSetting of WinRT, 0 when nothing is switched off; ``None``: an unknown program.
    """

    def __init__(self) -> None:
        self.centre: dict[tuple[str, str], Any] = {}
        self.names: list[tuple[str, str]] = []
        self.broken = False
        self.setting: int | None = 0

    def click(self, toast: Any, action: str = "") -> None:
        """Have the user click on a button, or on the toast itself."""
        found = [one.arguments for one in toast.actions if one.content == action]
        toast.on_activated(SimpleNamespace(arguments=found[0] if found else toast.tag, inputs=None))

    def module(self) -> ModuleType:
        """Return what stands for the library."""
        fake = self

        class Toast:
            def __init__(self) -> None:
                self.tag, self.group = "a number that never comes back", None
                self.text_fields: list[str] = []
                self.suppress_popup, self.on_activated = False, None
                self.actions: list[Any] = []

            def AddAction(self, action: Any) -> None:  # noqa: N802 - the library's name
                self.actions.append(action)

        class ToastButton:
            def __init__(self, content: str = "", arguments: str = "") -> None:
                self.content, self.arguments = content, arguments

        class InteractableWindowsToaster:
            def __init__(self, applicationText: str, notifierAUMID: str | None = None) -> None:  # noqa: N803 - idem
                fake.names.append((applicationText, notifierAUMID or ""))
                self.toastNotifier = Notifier(fake)

            def show_toast(self, toast: Any) -> None:
                if fake.broken:
                    raise OSError(-2143420140, "disabled by policy")
                fake.centre[toast.group, toast.tag] = toast

            def remove_toast(self, toast: Any) -> None:
                if fake.broken or (toast.group, toast.tag) not in fake.centre:
                    raise OSError(-2147023728, "element not found")
                del fake.centre[toast.group, toast.tag]

        found = ModuleType("windows_toasts")
        vars(found).update(
            Toast=Toast, ToastButton=ToastButton, InteractableWindowsToaster=InteractableWindowsToaster
        )  # fmt: skip
        return found
