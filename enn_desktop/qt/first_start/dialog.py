"""The same three steps in a window of their own, for the settings: another account, or one to correct."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from enn_desktop.qt.first_start.assistant import FirstStart
from enn_desktop.qt.first_start.draft import AccountDraft

USUAL_SIZE = QSize(780, 470)


class AccountDialog(QDialog):
    """Gathers one account; :attr:`assistant` has the signals and methods of the test."""

    account_given = Signal(object, bool)
    """An ``AccountDraft``, and whether to fetch now; the dialog is closed then."""
    account_added = Signal(object)
    """An ``AccountDraft`` to keep; the dialog stays for another one."""

    def __init__(
        self,
        default_folder: Path,
        *,
        taken_names: Iterable[str] = (),
        draft: AccountDraft | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Ajouter un compte" if draft is None else f"Compte «\u00a0{draft.name}\u00a0»")
        self.resize(USUAL_SIZE)
        self.assistant = FirstStart(default_folder, taken_names=taken_names, first=False)
        if draft is not None:
            self.assistant.prefill(draft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.assistant)
        self.assistant.finished.connect(self._given)
        self.assistant.account_added.connect(self.account_added)
        self.assistant.cancelled.connect(self.reject)

    def reject(self) -> None:
        """Close; a test that goes on is given up first."""
        self.assistant.cancel_test()
        super().reject()

    def _given(self, draft: AccountDraft, fetch: bool) -> None:  # noqa: FBT001 - Qt's own signal
        self.accept()
        self.account_given.emit(draft, fetch)
