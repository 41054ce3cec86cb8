"""An error said on the page itself: what happened, what to do, whom to call, the detail to copy."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout

from enn_desktop.core.errors import EnnError
from enn_desktop.core.rules import Contact
from enn_desktop.qt.error_box import contact_words, copied_detail
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, row, selectable, words

COPY, COPIED = "Copier le détail", "Détail copié"


class ErrorNote(QFrame):
    """Hidden while nothing is wrong; stays until it is closed or the next run begins."""

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "bad")
        self._title, self._said = words(role="bad"), words()
        self._contact = selectable(words())
        self._detail = ""
        self.copy_button = button(COPY, self._copy)
        self.close_button = button("Fermer", self.hide, name="Fermer ce message")
        told = QVBoxLayout()
        told.setSpacing(2)
        for part in (self._title, self._said, self._contact):
            told.addWidget(part)
        layout = row(self.copy_button, self.close_button)
        layout.insertLayout(0, told, 1)
        layout.setContentsMargins(GAP, SMALL_GAP, GAP, SMALL_GAP)
        self.setLayout(layout)
        self.hide()

    def show_error(self, error: EnnError | None, contact: Contact | None) -> None:
        """Show an error, or nothing for ``None``."""
        self.setVisible(error is not None)
        if error is None:
            return
        self._title.setText(error.title)
        self._said.setText(f"{error.message} {error.advice}")
        self._contact.setText(contact_words(contact) if contact is not None else "")
        self._contact.setVisible(contact is not None)
        self._detail = copied_detail(error)
        self.copy_button.setText(COPY)

    def said(self) -> str:
        """Return what is shown, empty while hidden."""
        if self.isHidden():
            return ""
        return " ".join(part.text() for part in (self._title, self._said, self._contact) if part.text())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._detail)
        self.copy_button.setText(COPIED)
        announce(self, COPIED)
