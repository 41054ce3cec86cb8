"""The one component for errors: what happened, what it means, what to do, whom to call, the detail to copy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from enn_desktop import __version__
from enn_desktop.agenda.contacts import contact_for
from enn_desktop.agenda.values import TodoRow, Tone
from enn_desktop.core.errors import EnnError
from enn_desktop.core.french import NBSP
from enn_desktop.core.policy import Contact, Policy
from enn_desktop.qt.look import colours_of
from enn_desktop.qt.marks import OF_TONE, mark_pixmap
from enn_desktop.qt.pieces import GAP, announce, button, fit_height, row, selectable, words

WIDTH = 460
MARK = 28
KEPT = 3
"""Errors kept for when the window comes back; older ones are in the log and in the list of what is missing."""


def contact_words(contact: Contact) -> str:
    """Return whom to call, with what is known of how."""
    how = " · ".join(part for part in (contact.phone, contact.email) if part)
    return f"Qui appeler{NBSP}: {contact.name}{f' ({how})' if how else ''}. {contact.when}"


def copied_detail(error: EnnError) -> str:
    """Return what « Copier le détail » copies: codes and places, nothing of what the documents are about."""
    return f"enn-desktop {__version__} [{error.code}] {error.title}\n{error.message}\n{error.detail}".strip()


class ErrorBox(QDialog):
    """Shows one error; closed with Enter or Escape."""

    def __init__(self, error: EnnError, contact: Contact | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(error.title)
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP * 2, GAP * 2, GAP * 2, GAP)
        layout.setSpacing(GAP)
        mark = words(wrap=False)
        colours = colours_of(self)
        mark.setPixmap(mark_pixmap(OF_TONE[Tone.BAD], colours.bad, MARK, self.devicePixelRatioF()))
        title = words(f"{error.title}.", "section")
        head = row(mark)
        head.addWidget(title, 1)
        layout.addLayout(head)
        for text in (error.message, f"Que faire{NBSP}: {error.advice}"):
            layout.addWidget(selectable(words(text)))
        if contact is not None:
            layout.addWidget(selectable(words(contact_words(contact), "muted")))
        self._copy = button("Copier le détail", lambda: self._copy_detail(error))
        close = button("Fermer", self.accept, "primary")
        close.setDefault(True)
        layout.addSpacing(GAP)
        layout.addLayout(row(self._copy, None, close))
        self.setMinimumWidth(WIDTH)
        self.setAccessibleName(error.title)
        self.setAccessibleDescription(f"{error.message} {error.advice}")
        close.setFocus()

    def _copy_detail(self, error: EnnError) -> None:
        QGuiApplication.clipboard().setText(copied_detail(error))
        self._copy.setText("Détail copié")
        announce(self, "Détail copié")


class ContactBox(QDialog):
    """Says whom to call about a dossier, and what to tell them."""

    def __init__(self, title_row: TodoRow, contact: Contact | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Qui appeler")
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP * 2, GAP * 2, GAP * 2, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(words(contact.name if contact else "Support ENN", "section"))
        if contact is not None:
            layout.addWidget(words(contact.role))
            how = " · ".join(part for part in (contact.phone, contact.email) if part)
            absent = "Ses coordonnées ne sont pas dans la politique d’ENN\u00a0: elles sont sur votre charte."
            layout.addWidget(selectable(words(how or absent, "muted" if not how else "")))
        about = f"{title_row.family}{NBSP}: {title_row.title or 'sans objet'} ({title_row.word})."
        layout.addWidget(words(f"Dites de quel dossier il s’agit{NBSP}:", "muted"))
        layout.addWidget(selectable(words(f"{about} Dossier {title_row.ref.id_d}. {title_row.cause}".strip())))
        close = button("Fermer", self.accept, "primary")
        close.setDefault(True)
        layout.addLayout(row(None, close))
        self.setMinimumWidth(WIDTH)
        close.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the height of the texts, as they wrap."""
        super().showEvent(event)
        fit_height(self)


class ErrorShower(QObject):
    """Shows errors over the window: never twice the same at once, never while the window is hidden."""

    def __init__(self, window: QWidget, policy: Callable[[], Policy]) -> None:
        super().__init__(window)
        self._window, self._policy = window, policy
        self._open: dict[tuple[str, str], ErrorBox] = {}
        self._kept: list[EnnError] = []

    def show_error(self, error: EnnError) -> None:
        """Show an error now, or when the window comes back."""
        if not self._window.isVisible():
            self._kept = [*self._kept, error][-KEPT:]
            return
        key = (error.code, error.message)
        if key in self._open:
            self._open[key].raise_()
            return
        box = ErrorBox(error, contact_for(error, self._policy()), self._window)
        self._open[key] = box
        box.finished.connect(lambda _: self._open.pop(key, None))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def show_contact(self, about: TodoRow) -> None:
        """Say whom to call about a dossier."""
        policy = self._policy()
        box = ContactBox(about, policy.contact(about.contact_id or "enn"), self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def window_came_back(self) -> None:
        """Show what was kept while the window was hidden; the last one is enough when they are alike."""
        kept, self._kept = self._kept, []
        for error in kept:
            self.show_error(error)
