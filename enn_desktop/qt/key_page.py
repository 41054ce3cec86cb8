"""The place « Ma clé »: it exists, and says honestly what it cannot tell yet."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from enn_desktop.core.policy import Policy
from enn_desktop.qt.error_box import contact_words
from enn_desktop.qt.pieces import card, page_layout, scrolled, selectable, words

TITLE = "La vérification de la clé de signature n’est pas encore disponible dans cette version."
MEANWHILE = (
    "Branchez la clé avant la venue du signataire, et attendez que son voyant s’allume.",
    "Ouvrez i-Parapheur et essayez une signature sans valeur, la veille plutôt que le jour même.",
    "Ne tapez jamais le code au hasard\u00a0: trois erreurs bloquent la clé.",
)
CALLED = ("enn", "prestataire")


class KeyPage(QWidget):
    """Says what to do meanwhile, and whom to call."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content = QWidget()
        layout = page_layout(content)
        layout.addWidget(words(TITLE, "section"))
        frame, inside = card()
        inside.addWidget(words("En attendant", "section"))
        for sentence in MEANWHILE:
            inside.addWidget(words(f"•\u00a0\u00a0{sentence}"))
        layout.addWidget(frame)
        self._contacts, self._contact_lines = card()
        self._contacts.hide()
        layout.addWidget(self._contacts)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(content))

    def set_policy(self, policy: Policy) -> None:
        """Show whom to call."""
        if self._contact_lines.count():
            return
        for contact_id in CALLED:
            contact = policy.contact(contact_id)
            if contact is not None:
                self._contact_lines.addWidget(selectable(words(contact_words(contact))))
        self._contacts.setVisible(self._contact_lines.count() > 0)
