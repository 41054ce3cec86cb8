"""« Comptes »: one card for each account, with what can be done about it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from enn_desktop.agenda.values import Tone
from enn_desktop.core.french import NBSP
from enn_desktop.core.settings import METHODS, AccountSettings, Settings
from enn_desktop.qt.look import with_role
from enn_desktop.qt.pieces import GAP, SMALL_GAP, ElidedLabel, announce, button, row, words
from enn_desktop.qt.settings.parts import SectionPage, muted

METHOD_WORDS = dict(
    zip(METHODS, ("Par identifiant et mot de passe", "Par jeton", "Par fichier de certificat"), strict=True),
)
NO_ACCOUNT = "Aucun compte pour l’instant. Ajoutez celui de votre commune pour récupérer ses dossiers."
TRYING = "Essai en cours…"
ROLES = {Tone.GOOD: "good", Tone.PLAIN: "", Tone.WARN: "warn", Tone.BAD: "bad"}


def account_line(account: AccountSettings) -> str:
    """Say with what an account is opened."""
    method = METHOD_WORDS.get(account.method, account.method)
    return f"{method}{NBSP}: {account.user}" if account.user else method


class AccountCard(QFrame):
    """One account; asks before it goes."""

    edit_wanted = Signal(object)
    test_wanted = Signal(object)
    removed = Signal(object)

    def __init__(self, account: AccountSettings) -> None:
        super().__init__()
        with_role(self, "card")
        self.account = account
        name = account.name
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(SMALL_GAP)
        title = ElidedLabel(name)
        with_role(title, "section")
        layout.addWidget(title)
        layout.addWidget(ElidedLabel(account.address))
        self.said_by = muted(account_line(account))
        layout.addWidget(self.said_by)
        self.result = words()
        self.result.hide()
        layout.addWidget(self.result)
        self.try_button = button("Essayer", self._try, name=f"Essayer le compte {name}")
        self.edit_button = button(
            "Modifier", lambda: self.edit_wanted.emit(self.account), name=f"Modifier le compte {name}"
        )
        self.remove_button = button("Retirer…", self._ask, name=f"Retirer le compte {name}")
        self._acts, acts = QWidget(), row(self.edit_button, self.try_button, self.remove_button, None)
        acts.setContentsMargins(0, 0, 0, 0)
        self._acts.setLayout(acts)
        layout.addWidget(self._acts)
        self._question = self._make_question(name)
        layout.addWidget(self._question)
        self._question.hide()

    def _make_question(self, name: str) -> QWidget:
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL_GAP)
        self.question = words(
            f"Retirer le compte «{NBSP}{name}{NBSP}»{NBSP}? Les documents déjà récupérés restent sur ce poste, "
            "et rien n’est effacé de la plateforme. Les nouveaux dossiers de ce compte ne seront plus récupérés."
        )
        layout.addWidget(self.question)
        self.confirm_button = button("Retirer", self._remove, name=f"Retirer vraiment le compte {name}")
        self.keep_button = button("Garder", self._keep, name=f"Garder le compte {name}")
        layout.addLayout(row(self.confirm_button, self.keep_button, None))
        return part

    def show_test(self, text: str, tone: Tone) -> None:
        """Show how the try ended; nothing when the text is empty."""
        self.result.setText(text)
        with_role(self.result, ROLES[tone])
        self.result.setVisible(bool(text))
        if text and self.isVisible():
            announce(self, f"{self.account.name}{NBSP}: {text}")

    def controls(self) -> tuple[QWidget, ...]:
        """Return what can be pressed, in order."""
        return self.edit_button, self.try_button, self.remove_button, self.confirm_button, self.keep_button

    def trying(self) -> bool:
        """Whether a try goes on."""
        return self.result.text() == TRYING

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Escape answer the question, not close the window."""
        if event.key() == Qt.Key.Key_Escape and not self._question.isHidden():
            self._keep()
        else:
            super().keyPressEvent(event)

    def _try(self) -> None:
        self.show_test(TRYING, Tone.PLAIN)
        self.test_wanted.emit(self.account)

    def _ask(self) -> None:
        self._question.show()
        self.keep_button.setFocus()
        self._acts.hide()
        announce(self, self.question.text())

    def _keep(self) -> None:
        self._acts.show()
        self.remove_button.setFocus()
        self._question.hide()

    def _remove(self) -> None:
        self.removed.emit(self.account)


class AccountsPage(SectionPage):
    """The accounts, and where their passwords are kept."""

    add_wanted = Signal()
    edit_wanted = Signal(object)
    test_wanted = Signal(object)
    removed = Signal(object)
    title = "Comptes"

    def __init__(self, vault_words: str) -> None:
        super().__init__()
        self._shown: tuple[AccountSettings, ...] | None = None
        self.cards: dict[str, AccountCard] = {}
        self.add_button = button("Ajouter…", self.add_wanted.emit, name="Ajouter un compte")
        self.heading.addWidget(self.add_button)
        self._none = words(NO_ACCOUNT)
        self.body.addWidget(self._none)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP)
        self.body.addLayout(self._list)
        if vault_words:
            self.body.addWidget(muted(vault_words))
        self.body.addStretch(1)

    def fill(self, settings: Settings) -> None:
        """Show one card for each account; a card whose account did not change stays as it is."""
        if settings.accounts == self._shown:
            return
        self._shown = settings.accounts
        before = {card.account: card for card in self.cards.values()}
        while self._list.takeAt(0) is not None:
            pass
        self.cards = {
            account.name: before.pop(account) if account in before else self._card(account)
            for account in settings.accounts
        }
        for card in self.cards.values():
            self._list.addWidget(card)
        for card in before.values():
            card.hide()
            card.deleteLater()
        self._none.setVisible(not settings.accounts)
        controls = [self.add_button, *(control for card in self.cards.values() for control in card.controls())]
        for one, after in pairwise(controls):
            QWidget.setTabOrder(one, after)

    def show_test(self, name: str, text: str, tone: Tone) -> None:
        """Show how the try of one account ended."""
        if (card := self.cards.get(name)) is not None:
            card.show_test(text, tone)

    def _card(self, account: AccountSettings) -> AccountCard:
        card = AccountCard(account)
        card.edit_wanted.connect(self.edit_wanted)
        card.test_wanted.connect(self._test)
        card.removed.connect(self._removed)
        return card

    def _test(self, account: AccountSettings) -> None:
        # One try at a time: a newer one makes an older one useless, whose end will not be told.
        for card in self.cards.values():
            if card.account != account and card.trying():
                card.show_test("", Tone.PLAIN)
        self.test_wanted.emit(account)

    def _removed(self, account: AccountSettings) -> None:
        self.add_button.setFocus()
        self.removed.emit(account)
