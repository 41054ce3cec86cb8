"""« Diagnostic »: a text for support, read before it is copied; the log."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from enn_desktop.qt.pieces import announce, button, row, words
from enn_desktop.qt.settings.parts import SectionPage, muted

WHAT = (
    "Si vous appelez ENN ou votre prestataire, ce texte leur dit l’état du logiciel\u00a0: versions, réglages, codes "
    "d’erreur. Ni nom, ni objet de dossier, ni nom de fichier, ni mot de passe."
)
MAKING = "Préparation du diagnostic…"
READ_IT = "Relisez ce texte, puis copiez-le pour le coller dans un message."
COPIED = "Copié. Collez-le dans votre message."
LOG = "Le journal dit ce que le logiciel a fait, jour après jour, sans nom ni objet de dossier."
SHOWN_LINES = 7


class DiagnosticPage(SectionPage):
    """Shows the diagnostic, copies it on demand."""

    diagnostic_wanted = Signal()
    log_wanted = Signal()
    title = "Diagnostic"

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(words(WHAT))
        self.make_button = button("Copier le diagnostic…", self._make, name="Préparer le diagnostic, pour le copier")
        self.log_button = button("Voir le journal", self.log_wanted.emit)
        self.body.addLayout(row(self.make_button, None))
        self.state = muted()
        self.body.addWidget(self.state)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setAccessibleName("Texte du diagnostic")
        self.text.setMinimumHeight(self.text.fontMetrics().lineSpacing() * SHOWN_LINES)
        self.body.addWidget(self.text, 1)
        self.copy_button = button("Copier", self._copy, "primary", name="Copier le texte du diagnostic")
        self.body.addLayout(row(self.copy_button, None))
        self.body.addWidget(muted(LOG))
        self.body.addLayout(row(self.log_button, None))
        self.body.addStretch(0)
        for part in (self.state, self.text, self.copy_button):
            part.hide()

    def show_diagnostic(self, text: str) -> None:
        """Show the text, to be read before it is copied."""
        self.text.setPlainText(text)
        for part in (self.text, self.copy_button):
            part.show()
        self._say(READ_IT)

    def _make(self) -> None:
        self._say(MAKING)
        self.diagnostic_wanted.emit()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())
        self._say(COPIED)

    def _say(self, text: str) -> None:
        self.state.setText(text)
        self.state.show()
        if self.isVisible():
            announce(self, text)
