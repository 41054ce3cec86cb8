"""« Récupération automatique »: whether, how often, what makes it wait, and when a silence becomes a delay."""

from __future__ import annotations

import msgspec

from enn_desktop.core.settings import WEEK_HOURS, YEAR_DAYS, Settings
from enn_desktop.qt.pieces import row, words
from enn_desktop.qt.settings.parts import NumberField, SectionPage, muted, show_ticked, tick, under_a_tick

OFF = "Rien ne sera récupéré tant que vous ne cliquez pas sur «\u00a0Tout récupérer\u00a0»."
MISSED = "Une récupération manquée, ordinateur éteint ou en veille, est rattrapée au retour."
METERED = "Partage de connexion d’un téléphone, 4G payée au volume\u00a0: ce que l’ordinateur signale comme limité."
SPARING = "L’économiseur de batterie de Windows est activé, ou s’active quand la batterie est faible."
OVERDUE = "Passé ce délai sans récupération complète, le logiciel le signale, une fois par jour."


class SchedulePage(SectionPage):
    """When dossiers come home by themselves."""

    title = "Récupération automatique"

    def __init__(self) -> None:
        super().__init__()
        self.automatic = tick("Récupérer automatiquement", description=MISSED)
        self.body.addWidget(self.automatic)
        self._details, details = under_a_tick()
        details.addWidget(muted(MISSED))
        self.at_start = tick("Au démarrage du logiciel")
        details.addWidget(self.at_start)
        self.every_hours = NumberField("Puis toutes les", 1, WEEK_HOURS, "heure", "heures")
        details.addLayout(row(words("Puis toutes les", wrap=False), self.every_hours, None))
        self.on_metered = tick("Même en connexion limitée", description=METERED)
        details.addWidget(self.on_metered)
        details.addWidget(muted(METERED))
        self.on_battery_saver = tick("Même en économie de batterie", description=SPARING)
        details.addWidget(self.on_battery_saver)
        details.addWidget(muted(SPARING))
        self.body.addWidget(self._details)
        self.off = words(OFF, "warn")
        self.body.addWidget(self.off)
        self.overdue_days = NumberField("En retard après", 1, YEAR_DAYS, "jour", "jours")
        self.body.addLayout(row(words("En retard après", wrap=False), self.overdue_days, None))
        self.body.addWidget(muted(OVERDUE))
        self.body.addStretch(1)
        for box in (self.automatic, self.at_start, self.on_metered, self.on_battery_saver):
            box.toggled.connect(lambda _: self._tell())
        for field in (self.every_hours, self.overdue_days):
            field.valueChanged.connect(lambda _: self._tell())

    def fill(self, settings: Settings) -> None:
        """Show the schedule."""
        schedule = settings.schedule
        show_ticked(self.automatic, schedule.automatic)
        show_ticked(self.at_start, schedule.at_start)
        show_ticked(self.on_metered, schedule.on_metered)
        show_ticked(self.on_battery_saver, schedule.on_battery_saver)
        self.every_hours.show_value(schedule.every_hours)
        self.overdue_days.show_value(schedule.overdue_days)
        self._details.setEnabled(schedule.automatic)
        self.off.setVisible(not schedule.automatic)

    def commit(self) -> None:
        """Take the numbers as they are typed."""
        self.every_hours.interpretText()
        self.overdue_days.interpretText()

    def _tell(self) -> None:
        schedule = msgspec.structs.replace(
            self.settings.schedule,
            automatic=self.automatic.isChecked(),
            at_start=self.at_start.isChecked(),
            on_metered=self.on_metered.isChecked(),
            on_battery_saver=self.on_battery_saver.isChecked(),
            every_hours=self.every_hours.value(),
            overdue_days=self.overdue_days.value(),
        )
        self.changed.emit(msgspec.structs.replace(self.settings, schedule=schedule))
