"""« Copier pour l’informaticien »: the text is read before it is copied, and nothing is sent."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from enn_desktop.qt.pieces import GAP, announce, button, row, words

TITLE = "Copier pour l’informaticien"
WHAT = (
    "Ce texte dit à votre informaticien, ou à ENN, ce que le programme a vu de la clé. Il ne contient ni nom, "
    "ni numéro de série, ni code. Relisez-le, puis copiez-le dans un message. Rien n’est envoyé."
)
COPIED = "Copié. Collez-le dans votre message."
WIDTH, LINES = 560, 12


class ReportBox(QDialog):
    """Shows the text; copies it on demand; closed with Escape."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setModal(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(words(WHAT))
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Texte à copier")
        self.text.setMinimumHeight(self.text.fontMetrics().lineSpacing() * 4)
        layout.addWidget(self.text, 1)
        self.state = words(role="muted")
        layout.addWidget(self.state)
        self.copy_button = button("Copier", self._copy, "primary", name="Copier le texte")
        self.close_button = button("Fermer", self.accept)
        layout.addLayout(row(None, self.close_button, self.copy_button))
        self.copy_button.setDefault(True)
        self.resize(WIDTH, self.text.fontMetrics().lineSpacing() * LINES + 160)
        self.copy_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.state.setText(COPIED)
        announce(self, COPIED)
