"""« Notifications »: whether, between which hours, what is said and what never is."""

from __future__ import annotations

import msgspec

from enn_desktop.core.settings import DAY_HOURS, Settings
from enn_desktop.qt.pieces import row, words
from enn_desktop.qt.settings.checks import hours_problem
from enn_desktop.qt.settings.parts import NumberField, Remark, SectionPage, muted, show_ticked, tick, under_a_tick

SAID = (
    "Au plus une notification par jour, les jours ouvrés\u00a0: combien de dossiers, de quels flux, et à partir de "
    "quel jour la plateforme peut les supprimer. Rien s’il n’y a rien à faire."
)
NEVER_SAID = (
    "Jamais l’objet d’un dossier, ni un nom, ni un nom de fichier\u00a0: l’écran peut être vu par d’autres. "
    "Jamais une notification par fichier."
)
OFF = "Le logiciel ne dira plus rien de lui-même\u00a0: pensez à l’ouvrir chaque semaine."


class NotificationsPage(SectionPage):
    """Whether and when to speak."""

    title = "Notifications"

    def __init__(self) -> None:
        super().__init__()
        self.enabled = tick("Recevoir des notifications", description=SAID)
        self.body.addWidget(self.enabled)
        self._details, details = under_a_tick()
        self.from_hour = NumberField("À partir de, heure du jour", 0, DAY_HOURS - 1, "h")
        self.to_hour = NumberField("Jusqu’à, heure du jour", 1, DAY_HOURS, "h")
        details.addLayout(
            row(words("De", wrap=False), self.from_hour, words("à", wrap=False), self.to_hour, None),
        )
        self.remark = Remark(self.to_hour)
        details.addWidget(self.remark)
        self.body.addWidget(self._details)
        self.off = words(OFF, "warn")
        self.body.addWidget(self.off)
        self.body.addWidget(words("Ce qui est dit", "section"))
        self.body.addWidget(words(SAID))
        self.body.addWidget(words("Ce qui n’est jamais dit", "section"))
        self.body.addWidget(words(NEVER_SAID))
        self.body.addWidget(
            muted("Le mode «\u00a0Ne pas déranger\u00a0» de l’ordinateur est respecté."),
        )
        self.body.addStretch(1)
        self.enabled.toggled.connect(lambda _: self._tell())
        for field in (self.from_hour, self.to_hour):
            field.valueChanged.connect(lambda _: self._tell())

    def fill(self, settings: Settings) -> None:
        """Show whether and when; hours that are refused stay on the screen with their remark."""
        notifications = settings.notifications
        show_ticked(self.enabled, notifications.enabled)
        if not self.remark.text():
            self.from_hour.show_value(notifications.from_hour)
            self.to_hour.show_value(notifications.to_hour)
        self._details.setEnabled(notifications.enabled)
        self.off.setVisible(not notifications.enabled)

    def commit(self) -> None:
        """Take the hours as they are typed."""
        self.from_hour.interpretText()
        self.to_hour.interpretText()

    def _tell(self) -> None:
        before = self.settings.notifications
        first, last = self.from_hour.value(), self.to_hour.value()
        problem = hours_problem(first, last)
        self.remark.say(problem)
        if problem:
            first, last = before.from_hour, before.to_hour
        notifications = msgspec.structs.replace(before, enabled=self.enabled.isChecked(), from_hour=first, to_hour=last)
        if notifications != before:
            self.changed.emit(msgspec.structs.replace(self.settings, notifications=notifications))
