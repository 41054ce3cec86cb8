"""The help window: five short sections."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from enn_desktop import __version__
from enn_desktop.core.french import NBSP, long_date
from enn_desktop.core.policy import Policy
from enn_desktop.qt.help import texts
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, page_layout, row, scrolled, words

USUAL_SIZE = QSize(720, 460)
SECTIONS = ("beginning", "accessibility", "log", "diagnostic", "about")
NO_LOG = "Le journal est vide."


class HelpWindow(QDialog):
    """Shows texts; asks for the log and the diagnostic when they are looked at."""

    log_wanted = Signal()
    diagnostic_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Aide")
        self.resize(USUAL_SIZE)
        self._log, self._diagnostic = _text("Journal"), _text("Diagnostic")
        self._policy = words(role="muted")
        self._contact = words()
        self.tabs = QTabWidget()
        for name, page in (
            ("Prise en main", scrolled(self._beginning())),
            ("Accessibilité", scrolled(_page(words(texts.ACCESSIBILITY), self._contact))),
            ("Journal", self._copied(self._log, "Ce que le programme a fait. Ni nom, ni objet, ni mot de passe.")),
            ("Diagnostic", self._copied(self._diagnostic, "À copier pour le support. Aucun nom, aucun objet.")),
            ("À propos", scrolled(_page(words(texts.ABOUT.format(version=__version__)), self._policy))),
        ):
            self.tabs.addTab(page, name)
        self.tabs.currentChanged.connect(self._changed)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row(None, button("Fermer", self.accept, "primary")))

    def open_at(self, section: str) -> None:
        """Show one of :data:`SECTIONS`."""
        self.tabs.setCurrentIndex(SECTIONS.index(section))

    def show_log(self, text: str) -> None:
        """Show the end of the log."""
        self._log.setPlainText(text or NO_LOG)
        self._log.verticalScrollBar().setValue(self._log.verticalScrollBar().maximum())

    def show_diagnostic(self, text: str) -> None:
        """Show the diagnostic, to be read before it is copied."""
        self._diagnostic.setPlainText(text)

    def set_policy(self, policy: Policy) -> None:
        """Say which rules are in force, and whom to call."""
        since = long_date(policy.effective)
        self._policy.setText(f"Règles en vigueur{NBSP}: {policy.source}, depuis le {since} (version {policy.version}).")
        contact = policy.contact("enn")
        if contact is not None:
            how = " · ".join(part for part in (contact.phone, contact.email) if part)
            self._contact.setText(f"{contact.name}{f' ({how})' if how else ''}")

    def _beginning(self) -> QWidget:
        page = _page(words(texts.BEGINNING), words("Au clavier", "section"))
        keys = QGridLayout()
        keys.setHorizontalSpacing(GAP)
        for rank, (key, effect) in enumerate(texts.KEYS):
            keys.addWidget(words(key, wrap=False), rank, 0)
            keys.addWidget(words(effect, "muted"), rank, 1)
        keys.setColumnStretch(1, 1)
        layout = page.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertLayout(layout.count() - 1, keys)
        return page

    def _copied(self, text: QPlainTextEdit, what: str) -> QWidget:
        page = QWidget()
        layout = page_layout(page)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(words(what, "muted"))
        layout.addWidget(text, 1)

        def copy() -> None:
            QGuiApplication.clipboard().setText(text.toPlainText())
            announce(self, "Copié")

        layout.addLayout(row(button("Copier", copy, name=f"Copier{NBSP}: {text.accessibleName()}"), None))
        return page

    def _changed(self, place: int) -> None:
        if SECTIONS[place] == "log":
            self.log_wanted.emit()
        elif SECTIONS[place] == "diagnostic" and not self._diagnostic.toPlainText():
            self._diagnostic.setPlainText("Préparation…")
            self.diagnostic_wanted.emit()


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    layout = page_layout(page)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return page


def _text(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    made.setAccessibleName(name)
    return made
