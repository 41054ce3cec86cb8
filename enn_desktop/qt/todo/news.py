"""The line at the foot of « À faire » that says, once, that a newer version exists."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, button, row, words

WHO = "Votre prestataire peut l’installer\u202f; rien ne presse."
TOO_OLD = "Elle demande un Windows plus récent que celui de ce poste\u00a0: parlez-en à votre prestataire."


class NewsLine(QFrame):
    """Says which version, whom to call, where to read about it; closed, it does not come back for that version."""

    closed = Signal(str)
    """The version that she does not want to hear of again."""
    notes_wanted = Signal(str)
    """A web address."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version = self._notes = ""
        self.text = words(role="muted")
        self.notes_button = button("Ce qui change", lambda: self.notes_wanted.emit(self._notes), "link")
        self.close_button = button("Ne plus afficher", self._close, "link")
        layout = row(self.text, self.notes_button, self.close_button)
        layout.setStretch(0, 1)
        layout.setContentsMargins(GAP, SMALL_GAP, GAP, SMALL_GAP)
        self.setLayout(layout)
        with_role(self, "card")
        self.hide()

    def tell(self, version: str, notes: str, *, fits: bool) -> None:
        """Show a version; an empty one hides the line."""
        self._version, self._notes = version, notes
        said = f"Une nouvelle version existe\u00a0: {version}. {WHO if fits else TOO_OLD}"
        self.text.setText(said)
        self.setAccessibleName(said)
        self.notes_button.setAccessibleName(f"Ce qui change dans la version {version}")
        self.close_button.setAccessibleName(f"Ne plus afficher la version {version}")
        self.notes_button.setVisible(bool(notes))
        self.setVisible(bool(version))

    def _close(self) -> None:
        self.hide()
        self.closed.emit(self._version)
