"""Asks for the secret of one account, for this session, when the vault does not have it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from enn_desktop.core.french import NBSP
from enn_desktop.core.settings import METHODS, AccountSettings
from enn_desktop.qt.first_start.fields import SecretField, label_for
from enn_desktop.qt.pieces import GAP, SMALL_GAP, button, fit_height, row, words
from enn_desktop.qt.settings.parts import Remark, muted

SIGNS = 52
"""Of one line of text: the width of the window."""
NAMES = dict(zip(METHODS, ("mot de passe", "jeton", "mot de passe du certificat"), strict=True))
KEEP = "Garder dans le trousseau"
NO_VAULT = "Pas de trousseau sûr sur cet ordinateur\u00a0: il sera redemandé."


class PasswordPrompt(QDialog):
    """Asks once; tells the secret, or that it is not given now."""

    given = Signal(str, bool)
    """The secret, and whether to put it in the vault."""
    refused = Signal()

    def __init__(self, account: AccountSettings, *, may_keep: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kind = NAMES.get(account.method, NAMES[METHODS[0]])
        shown = kind[:1].upper() + kind[1:]
        self.setWindowTitle(f"{shown} de {account.name}")
        self._given = False
        self._missing = f"Tapez le {kind}."
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(SMALL_GAP)
        layout.addWidget(
            words(
                f"Le {kind} de «{NBSP}{account.name}{NBSP}» n’est pas dans le trousseau{NBSP}: "
                "il sera gardé en mémoire jusqu’à la fermeture."
            )
        )
        if account.user:
            layout.addWidget(muted(f"Identifiant{NBSP}: {account.user}"))
        self.secret = SecretField(shown)
        self.remark = Remark(self.secret.edit)
        self.keep = QCheckBox(KEEP)
        self.keep.setEnabled(may_keep)
        layout.addWidget(label_for(self.secret.edit, shown))
        layout.addWidget(self.secret)
        layout.addWidget(self.remark)
        layout.addWidget(self.keep)
        if not may_keep:
            layout.addWidget(muted(NO_VAULT))
            self.keep.setAccessibleDescription(NO_VAULT)
        layout.addStretch(1)
        self.go_button = button("Continuer", self._give, "primary")
        self.later_button = button("Plus tard", self.reject)
        self.go_button.setDefault(True)
        layout.addLayout(row(None, self.later_button, self.go_button))
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * SIGNS)
        self.secret.edit.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take the height of the texts, as they wrap."""
        super().showEvent(event)
        fit_height(self)

    def done(self, result: int) -> None:
        """Close, whatever way; without a secret, that is a refusal."""
        self.secret.edit.clear()
        super().done(result)
        if not self._given:
            self.refused.emit()

    def _give(self) -> None:
        secret = self.secret.text()
        if not secret:
            self.remark.say(self._missing)
            self.secret.edit.setFocus()
            fit_height(self)
            return
        self._given = True
        keep = self.keep.isEnabled() and self.keep.isChecked()
        self.accept()
        self.given.emit(secret, keep)
