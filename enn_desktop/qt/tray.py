"""The icon near the clock: the state in one shape and one sentence, « Tout récupérer maintenant » first."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from enn_desktop.agenda.values import Activity, Doing, Health
from enn_desktop.core.french import NBSP
from enn_desktop.qt.marks import health_icon

FETCH, PAUSE, RESUME = "Tout récupérer maintenant", "Mettre en pause", "Reprendre"


class Tray(QObject):
    """Shows the state, and sends what is asked for from the menu."""

    fetch_wanted = Signal()
    pause_wanted = Signal()
    resume_wanted = Signal()
    open_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.icon = QSystemTrayIcon(health_icon(Health.NO_ACCOUNT), self)
        self._menu = QMenu(window)
        self._fetch = self._menu.addAction(FETCH, self.fetch_wanted.emit)
        self._pause = self._menu.addAction(PAUSE, self._pause_or_resume)
        self._menu.addSeparator()
        self._open = self._menu.addAction("Ouvrir enn-desktop", self.open_wanted.emit)
        self._menu.addAction("Quitter", self.quit_wanted.emit)
        self._health = Health.NO_ACCOUNT
        self._doing = Doing.NOTHING
        self.icon.setContextMenu(self._menu)
        self.icon.setToolTip("enn-desktop")
        self.icon.activated.connect(self._activated)
        self.show_activity(Activity())

    @staticmethod
    def possible() -> bool:
        """Whether this desktop shows such icons."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Appear near the clock."""
        self.icon.show()

    def hide(self) -> None:
        """Leave."""
        self.icon.hide()

    @property
    def menu(self) -> QMenu:
        """The menu, for tests and pictures."""
        return self._menu

    def show_health(self, health: Health, sentence: str) -> None:
        """Show the state: shape, word and sentence."""
        if health is not self._health:
            self._health = health
            self.icon.setIcon(health_icon(health))
        self.icon.setToolTip(f"enn-desktop{NBSP}: {health.value}\n{sentence}")
        self._fetch.setEnabled(self._doing is Doing.NOTHING and health is not Health.NO_ACCOUNT)

    def show_activity(self, activity: Activity) -> None:
        """Offer what can be done now."""
        self._doing = activity.doing
        self._fetch.setEnabled(activity.idle and self._health is not Health.NO_ACCOUNT)
        self._pause.setText(RESUME if activity.doing is Doing.PAUSED else PAUSE)
        self._pause.setEnabled(activity.doing in {Doing.FETCHING, Doing.PAUSED})

    def _pause_or_resume(self) -> None:
        (self.resume_wanted if self._doing is Doing.PAUSED else self.pause_wanted).emit()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_wanted.emit()
