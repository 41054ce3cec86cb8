"""Step 1: where Pastell is; or a demonstration first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from enn_desktop.qt.first_start.draft import travels_in_clear, with_scheme
from enn_desktop.qt.first_start.fields import column, label_for, line, muted
from enn_desktop.qt.pieces import SMALL_GAP, button, card, page_layout, row, words

HELP = "C’est l’adresse que vous tapez pour ouvrir Pastell dans votre navigateur."
IN_CLEAR = (
    "Cette adresse n’est pas chiffrée (http)\u00a0: le mot de passe pourrait être lu en chemin. "
    "Demandez à ENN l’adresse en https."
)
PROPOSED = "Proposée par votre prestataire. Gardez-la, sauf si ENN vous en a donné une autre."
DEMO = "Une commune imaginaire et une plateforme fictive, sur ce poste\u00a0: rien de réel, aucun compte à donner."


class AddressStep(QWidget):
    """Asks for the address; adds ``https://`` where it is missing, warns when it is http."""

    title = "L’adresse de votre plateforme"
    edited = Signal()
    demo_wanted = Signal()

    def __init__(self, *, demo: bool) -> None:
        super().__init__()
        layout = page_layout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            words("enn-desktop copie sur ce poste les dossiers que vous avez dans Pastell, et les y garde.")
        )
        self.field = line("Adresse de Pastell", description=HELP, hint="https://pastell.exemple.fr")
        part, fields = column()
        fields.addWidget(label_for(self.field, "Adresse de Pastell"))
        fields.addWidget(self.field)
        self._help = muted(HELP)
        fields.addWidget(self._help)
        layout.addWidget(part)
        self._warning, inside = card("warn")
        inside.addWidget(words(IN_CLEAR))
        self._warning.hide()
        layout.addWidget(self._warning)
        self.demo_button = button("Essayer avec une commune de démonstration", self.demo_wanted.emit)
        self.demo_button.setAccessibleDescription(DEMO)
        self._demo, offer = column()
        offer.addSpacing(SMALL_GAP)
        offer.addWidget(words("Pour voir d’abord", "section"))
        offer.addWidget(muted(DEMO))
        offer.addLayout(row(self.demo_button, None))
        layout.addWidget(self._demo)
        self._demo.setVisible(demo)
        layout.addStretch(1)
        self._prepared = ""
        self.field.textEdited.connect(lambda _text: self._changed())
        self.field.editingFinished.connect(self.complete)

    def address(self) -> str:
        """Return the address, with its scheme; empty while nothing was typed."""
        return with_scheme(self.field.text())

    def set_address(self, address: str) -> None:
        """Show an address."""
        self.field.setText(address)
        self._warn()

    def propose(self, address: str, *, prepared: bool) -> None:
        """Fill in an address to begin with; ``prepared``: say that a contractor did, as long as it stays as it is."""
        self._prepared = address if prepared else ""
        self.set_address(address)

    def help_words(self) -> str:
        """Return what is written under the field."""
        return self._help.text()

    def warning_words(self) -> str:
        """Return the warning about the address, empty when there is none."""
        return "" if self._warning.isHidden() else IN_CLEAR

    def begin_again(self) -> None:
        """Ask for another address: no demonstration is needed any more."""
        self._demo.hide()

    def complete(self) -> None:
        """Write the address as it will be used."""
        if self.field.text() != self.address():
            self.field.setText(self.address())

    def missing(self) -> tuple[str, QWidget] | None:
        """Return what is not filled in and where, ``None`` when all is."""
        return None if self.address() else ("Tapez l’adresse de Pastell.", self.field)

    def _changed(self) -> None:
        self._warn()
        self.edited.emit()

    def _warn(self) -> None:
        self._warning.setVisible(travels_in_clear(self.address()))
        proposed = bool(self._prepared) and self.address() == with_scheme(self._prepared)
        said = PROPOSED if proposed else HELP
        self._help.setText(said)
        self.field.setAccessibleDescription(said)
