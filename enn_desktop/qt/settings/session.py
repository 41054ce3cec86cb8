"""« Session »: whether the program starts, near the clock, with the user's session."""

from __future__ import annotations

import msgspec

from enn_desktop.core.settings import Settings
from enn_desktop.qt.pieces import words
from enn_desktop.qt.settings.parts import SectionPage, muted, show_ticked, tick

WHY = (
    "Le logiciel se place près de l’horloge sans ouvrir de fenêtre, et récupère ce qui est nouveau. "
    "Sans cela, pensez à l’ouvrir\u00a0: ordinateur allumé mais logiciel fermé, rien n’est récupéré."
)


class SessionPage(SectionPage):
    """Start with the session."""

    title = "Session"

    def __init__(self, reason: str, *, possible: bool) -> None:
        super().__init__()
        self.with_session = tick("Démarrer avec la session", description=WHY if possible else reason)
        self.with_session.setEnabled(possible)
        self.body.addWidget(self.with_session)
        self.reason = words(reason, "warn")
        self.reason.setVisible(not possible)
        self.body.addWidget(self.reason)
        self.body.addWidget(muted(WHY))
        self.body.addStretch(1)
        self.with_session.toggled.connect(self._tell)

    def fill(self, settings: Settings) -> None:
        """Show whether it does."""
        show_ticked(self.with_session, settings.with_session)

    def _tell(self, ticked: bool) -> None:  # noqa: FBT001 - Qt's own signal
        self.changed.emit(msgspec.structs.replace(self.settings, with_session=ticked))
