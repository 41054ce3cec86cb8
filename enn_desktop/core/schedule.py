"""When the next retrieval is, and why: pure, the time is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from enn_desktop.core.french import NARROW, NBSP, clock_time, long_date
from enn_desktop.core.settings import ScheduleSettings

AFTER_START = timedelta(seconds=20)
"""The window comes first, then the network."""
LATE = timedelta(minutes=10)
"""Later than that, the computer was off or asleep: the run is made up for."""
AFTER_WAKE = timedelta(seconds=15)
"""A computer that has just woken up has no network yet."""
AFTER_FAILURE = (timedelta(minutes=15), timedelta(hours=1))
"""Waits after the first and the second failure in a row; then the usual period."""


class Reason(Enum):
    """Why a run comes, or why none does."""

    START = "au démarrage"
    PERIOD = "à l’heure prévue"
    CAUGHT_UP = "rattrapage"
    RETRY = "nouvel essai"
    OFF = "désactivée"
    PAUSED = "en pause"
    NO_ACCOUNT = "aucun compte"
    REFUSED = "identification refusée"
    METERED = "connexion limitée"
    SPARING = "économiseur de batterie"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision depends on; instants are aware. ``failures``: runs in a row that were stopped by an error.

    ``woke_at``: when the computer last woke up, where the system says so. ``cut_by_sleep``: the last run lost the
    platform because the computer slept meanwhile.
    """

    now: datetime
    started_at: datetime
    last_attempt: datetime | None = None
    has_accounts: bool = True
    paused: bool = False
    metered: bool = False
    sparing: bool = False
    refused: bool = False
    failures: int = 0
    woke_at: datetime | None = None
    cut_by_sleep: bool = False


@dataclass(frozen=True, slots=True)
class NextRun:
    """The next run; ``at`` is ``None`` where none will come by itself."""

    at: datetime | None
    reason: Reason

    def sentence(self, now_local: datetime) -> str:
        """Say it; ``now_local`` is aware, in the computer's own zone."""
        if self.at is None:
            return _WITHOUT[self.reason]
        there = self.at.astimezone(now_local.tzinfo)
        if there <= now_local:
            return "Prochaine récupération automatique dans un instant."
        if there.date() == now_local.date():
            return f"Prochaine récupération automatique à {clock_time(there)}."
        return f"Prochaine récupération automatique le {long_date(there.date())} à {clock_time(there)}."


_WITHOUT = {
    Reason.OFF: f"La récupération automatique est désactivée{NBSP}: pensez à récupérer vous-même.",
    Reason.PAUSED: "En pause, à votre demande.",
    Reason.NO_ACCOUNT: "Aucun compte.",
    Reason.REFUSED: f"Pas de récupération automatique{NBSP}: l’identification a été refusée. Corrigez le compte.",
    Reason.METERED: f"Connexion limitée{NBSP}: la récupération attend{NARROW}; vous pouvez la lancer vous-même.",
    Reason.SPARING: (
        f"L’ordinateur économise sa batterie{NBSP}: la récupération attend{NARROW}; vous pouvez la lancer vous-même."
    ),
}


def next_run(settings: ScheduleSettings, facts: Facts) -> NextRun:
    """Return when the next automatic run is due; an instant already past means now."""
    for stops, reason in (
        (not facts.has_accounts, Reason.NO_ACCOUNT),
        (not settings.automatic, Reason.OFF),
        (facts.paused, Reason.PAUSED),
        # Another try with a refused password would lock the account.
        (facts.refused, Reason.REFUSED),
        (facts.metered and not settings.on_metered, Reason.METERED),
        (facts.sparing and not settings.on_battery_saver, Reason.SPARING),
    ):
        if stops:
            return NextRun(None, reason)
    found = _due(settings, facts)
    if facts.woke_at is None or found.at is None:
        return found
    return NextRun(max(found.at, min(facts.woke_at, facts.now) + AFTER_WAKE), found.reason)


def _due(settings: ScheduleSettings, facts: Facts) -> NextRun:
    period = timedelta(hours=settings.every_hours)
    # A clock set back must not make an attempt of « tomorrow » hold the next one for ever.
    last = None if facts.last_attempt is None else min(facts.last_attempt, facts.now)
    if last is None or (settings.at_start and last < facts.started_at):
        soon = min(facts.started_at, facts.now) + AFTER_START
        if settings.at_start or last is None:
            return NextRun(soon, Reason.START)
    if facts.cut_by_sleep:
        return NextRun(last, Reason.RETRY)
    if 0 < facts.failures <= len(AFTER_FAILURE):
        return NextRun(last + min(AFTER_FAILURE[facts.failures - 1], period), Reason.RETRY)
    due = last + period
    return NextRun(due, Reason.CAUGHT_UP if facts.now - due > LATE else Reason.PERIOD)
