"""« Réseau »: how to leave the town hall's network, and how long to wait for an answer."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout

from enn_desktop.core.settings import (
    LONGEST_DELAY_S,
    PROXY_MODES,
    SHORTEST_DELAY_S,
    NetworkSettings,
    ProxySettings,
    Settings,
)
from enn_desktop.qt.first_start.fields import SecretField, label_for, line
from enn_desktop.qt.pieces import row, words
from enn_desktop.qt.settings.checks import proxy_problem, tidy_proxy_address
from enn_desktop.qt.settings.parts import DelayField, Remark, SectionPage, muted, show_ticked, tick, under_a_tick
from enn_desktop.system.paths import on_windows

SYSTEM, NONE, MANUAL = PROXY_MODES
CHOICES = {
    SYSTEM: "Comme Windows (conseillé)" if on_windows() else "Comme cet ordinateur (conseillé)",
    NONE: "Aucun",
    MANUAL: "Celui indiqué ici",
}
WHAT = (
    "Certaines mairies passent par un serveur mandataire (proxy) pour aller sur Internet. "
    "Votre prestataire informatique le sait\u00a0; dans le doute, ne changez rien."
)
SECRET = "Gardé dans le trousseau de l’ordinateur, jamais dans un fichier. Laissez vide pour ne pas le changer."  # noqa: S105 - an explanation
IDENTITY = (
    "À cocher seulement si votre prestataire vous a donné un identifiant pour lui. "
    + ("Sinon, votre session Windows suffit le plus souvent\u00a0: rien ne vous sera demandé." if on_windows() else "")
).strip()
DELAYS = "Plus long sur une ligne lente. Au-delà, la récupération s’arrête et le dit\u00a0; elle reprendra plus tard."


class NetworkPage(SectionPage):
    """Proxy and delays."""

    secret_changed = Signal(str)
    title = "Réseau"

    def __init__(self) -> None:
        super().__init__()
        self._proxy: ProxySettings | None = None
        self._network: NetworkSettings | None = None
        self.body.addWidget(words("Serveur mandataire (proxy)", "section"))
        self.body.addWidget(muted(WHAT))
        self.modes = {mode: QRadioButton(text) for mode, text in CHOICES.items()}
        self._group = QButtonGroup(self)
        choices = QVBoxLayout()
        choices.setSpacing(0)
        for mode, radio in self.modes.items():
            radio.setAccessibleName(f"Serveur mandataire\u00a0: {CHOICES[mode].lower()}")
            self._group.addButton(radio)
            choices.addWidget(radio)
        self.body.addLayout(choices)
        self._make_manual()
        self._make_identity()
        self.body.addWidget(words("Patience", "section"))
        self._make_delays()
        self.body.addStretch(1)
        self._group.buttonClicked.connect(lambda _: self._tell())

    def _make_manual(self) -> None:
        self._manual, layout = under_a_tick()
        self.address = line("Adresse et port du serveur mandataire", hint="proxy.mairie.fr:3128")
        self.remark = Remark(self.address)
        layout.addWidget(label_for(self.address, "Adresse et port"))
        layout.addWidget(self.address)
        layout.addWidget(self.remark)
        self.address.editingFinished.connect(self._tell)
        self.body.addWidget(self._manual)

    def _make_identity(self) -> None:
        self.asks = tick("Il demande un identifiant", description="Identifiant et mot de passe du serveur mandataire")
        self.body.addWidget(self.asks)
        self._when = muted(IDENTITY)
        self.body.addWidget(self._when)
        self._identity, layout = under_a_tick()
        self.user = line("Identifiant pour le serveur mandataire")
        self.secret = SecretField("Mot de passe du serveur mandataire")
        layout.addWidget(label_for(self.user, "Identifiant"))
        layout.addWidget(self.user)
        layout.addWidget(label_for(self.secret.edit, "Mot de passe"))
        layout.addWidget(self.secret)
        self.kept = muted(SECRET)
        layout.addWidget(self.kept)
        self.asks.toggled.connect(lambda _: self._tell())
        self.user.editingFinished.connect(self._tell)
        self.secret.edit.editingFinished.connect(self._tell_secret)
        self.body.addWidget(self._identity)

    def _make_delays(self) -> None:
        self.connect_s = DelayField("Attente d’une connexion", SHORTEST_DELAY_S, LONGEST_DELAY_S)
        self.answer_s = DelayField("Attente d’une réponse", SHORTEST_DELAY_S, LONGEST_DELAY_S)
        for text, field in (("Attendre une connexion", self.connect_s), ("Attendre une réponse", self.answer_s)):
            self.body.addLayout(row(words(text, wrap=False), field, None))
            field.valueChanged.connect(lambda _: self._tell_delays())
        self.body.addWidget(muted(DELAYS))

    @property
    def mode(self) -> str:
        """The mode that is ticked."""
        return next((mode for mode, radio in self.modes.items() if radio.isChecked()), SYSTEM)

    def fill(self, settings: Settings) -> None:
        """Show proxy and delays; what is being typed stays while its own setting has not changed."""
        if settings.proxy != self._proxy:
            self._proxy = settings.proxy
            self.modes[settings.proxy.mode].setChecked(True)
            self.address.setText(settings.proxy.address)
            self.user.setText(settings.proxy.user or self.user.text())
            show_ticked(self.asks, bool(settings.proxy.user) or (self.asks.isChecked() and not self.user.text()))
            self.remark.say(proxy_problem(settings.proxy.address) if self.mode == MANUAL else "")
        if settings.network != self._network:
            self._network = settings.network
            self.connect_s.show_value(settings.network.connect_s)
            self.answer_s.show_value(settings.network.answer_s)
        self._show_what_applies()

    def commit(self) -> None:
        """Take what is typed."""
        self.connect_s.interpretText()
        self.answer_s.interpretText()
        self._tell()
        self._tell_secret()

    def _show_what_applies(self) -> None:
        self._manual.setVisible(self.mode == MANUAL)
        self.asks.setVisible(self.mode != NONE)
        self._when.setVisible(self.mode != NONE and not self.asks.isChecked())
        self._identity.setVisible(self.mode != NONE and self.asks.isChecked())

    def _tell(self) -> None:
        self._show_what_applies()
        address = tidy_proxy_address(self.address.text())
        problem = proxy_problem(address) if self.mode == MANUAL else ""
        self.remark.say(problem)
        if problem or self._proxy is None:
            return
        if self.mode != MANUAL and proxy_problem(address):
            address = self._proxy.address
        user = self.user.text().strip() if self.asks.isChecked() else ""
        proxy = ProxySettings(mode=self.mode, address=address, user=user)
        if proxy != self._proxy:
            self.changed.emit(msgspec.structs.replace(self.settings, proxy=proxy))

    def _tell_secret(self) -> None:
        secret = self.secret.text()
        if secret and self.mode != NONE and self.asks.isChecked():
            self.secret.edit.clear()
            self.secret.hide_text()
            self.kept.setText("Mot de passe enregistré.")
            self.secret_changed.emit(secret)

    def _tell_delays(self) -> None:
        network = msgspec.structs.replace(
            self.settings.network, connect_s=self.connect_s.value(), answer_s=self.answer_s.value()
        )
        self.changed.emit(msgspec.structs.replace(self.settings, network=network))
