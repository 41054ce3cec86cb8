"""What stands in the way of the first start, said in place: what happened, what to do, a way round if there is one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QVBoxLayout

from enn_desktop.core.errors import EnnError
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, announce, button, row, selectable, words

OFFLINE = (
    "Si ce poste n’a pas d’Internet en ce moment, continuez\u00a0: l’adresse et le compte seront essayés "
    "à la première récupération."
)


class Problem(QFrame):
    """A card that is hidden while all is well."""

    def __init__(self, go_on: Callable[[], object]) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, SMALL_GAP, GAP, SMALL_GAP)
        layout.setSpacing(SMALL_GAP)
        self._title, self._message = words(), words()
        self.detail = selectable(words(role="muted"))
        self._offline = words(OFFLINE)
        self.go_on_button = button("Continuer sans essayer", go_on)
        self.detail_button = button("Détail", self._show_detail, "link", name="Voir le détail technique")
        for part in (self._title, self._message, self._offline, self.detail):
            layout.addWidget(part)
        layout.addLayout(row(self.go_on_button, self.detail_button, None))
        self.hide()

    def show_error(self, error: EnnError, *, may_go_on: bool) -> None:
        """Show a refusal; ``may_go_on`` offers to continue without a test."""
        self._fill("bad", error.title, f"{error.message} {error.advice}")
        self.detail.setText(f"{error.code}\u00a0: {error.detail}" if error.detail else "")
        self.detail_button.setVisible(bool(error.detail))
        self._offline.setVisible(may_go_on)
        self.go_on_button.setVisible(may_go_on)
        announce(self, f"{error.title}. {error.message} {error.advice}", urgent=True)

    def show_sentence(self, sentence: str) -> None:
        """Say what is missing."""
        self._fill("warn", "", sentence)
        announce(self, sentence, urgent=True)

    def show_done(self, sentence: str) -> None:
        """Say what is done."""
        self._fill("good", "", sentence)
        announce(self, sentence)

    def said(self) -> str:
        """Return everything that is shown, empty while hidden."""
        if self.isHidden():
            return ""
        parts = (self._title, self._message, self._offline)
        return " ".join(part.text() for part in parts if not part.isHidden() and part.text())

    def _fill(self, role: str, title: str, message: str) -> None:
        with_role(self, role)
        with_role(self._title, role)
        for part, text in ((self._title, title), (self._message, message)):
            part.setText(text)
            part.setVisible(bool(text))
        for extra in (self.detail, self._offline, self.go_on_button, self.detail_button):
            extra.hide()
        self.show()

    def _show_detail(self) -> None:
        self.detail.setVisible(self.detail.isHidden())
