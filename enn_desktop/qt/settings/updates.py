"""« Mises à jour »: whether to be told that a newer version exists, and by whom. Nothing is installed from here."""

from __future__ import annotations

import msgspec

from enn_desktop.core.settings import Settings
from enn_desktop.qt.pieces import words
from enn_desktop.qt.settings.parts import Remark, SectionPage, muted, show_ticked, tick

ASK = "Me prévenir d’une nouvelle version"
WHAT = (
    "Une fois par jour au plus, le logiciel demande à l’adresse ci-dessous quelle est la dernière version. Il n’envoie "
    "rien sur vous ni sur la mairie, ne télécharge rien et n’installe rien. La nouvelle s’affiche au bas de la page "
    "«\u00a0À faire\u00a0», sans notification\u202f; fermée, elle ne revient pas."
)
WHERE = "Adresse où demander\u00a0: {address}"
NOT_HTTPS = "L’adresse où demander doit commencer par https\u00a0: dites-le à votre prestataire."


class UpdatesPage(SectionPage):
    """Whether to ask; ``reason`` says why nobody can be asked, ``state`` how the last question ended."""

    title = "Mises à jour"

    def __init__(self, reason: str, state: str) -> None:
        super().__init__()
        self._reason = reason
        self.enabled = tick(ASK, description=WHAT)
        self.body.addWidget(self.enabled)
        self.remark = Remark(self.enabled)
        self.body.addWidget(self.remark)
        self.body.addWidget(words(WHAT, "muted"))
        self.where = muted()
        self.body.addWidget(self.where)
        self.state = words(state)
        self.body.addWidget(self.state)
        self.body.addStretch(1)
        self.enabled.toggled.connect(self._tell)

    def fill(self, settings: Settings) -> None:
        """Show whether to ask, and where."""
        notice = settings.notice
        reason = self._reason or ("" if notice.address.startswith("https://") else NOT_HTTPS)
        if not self._reason and not notice.address:
            reason = "Votre prestataire n’a pas indiqué où demander."
        show_ticked(self.enabled, notice.enabled and not reason)
        self.enabled.setEnabled(not reason)
        self.remark.say(reason)
        self.where.setText(WHERE.format(address=notice.address))
        self.where.setVisible(bool(notice.address))
        self.state.setVisible(bool(self.state.text()) and notice.enabled and not reason)

    def _tell(self, ticked: bool) -> None:  # noqa: FBT001 - Qt's own signal
        notice = msgspec.structs.replace(self.settings.notice, enabled=ticked)
        self.changed.emit(msgspec.structs.replace(self.settings, notice=notice))
