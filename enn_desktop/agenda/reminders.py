"""The one reminder of the day: decided here, pure; counts and flows only, never an object or a name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.values import Health
from enn_desktop.catalogue.standing import list_away
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.deadlines import Urgency, deadline, urgency
from enn_desktop.core.french import NBSP, count, join_words, long_date
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.policy import Policy
from enn_desktop.core.settings import NotificationSettings
from enn_desktop.core.working_days import may_speak

_RANK = {Urgency.FIRST: 1, Urgency.SECOND: 2, Urgency.LAST: 3, Urgency.PAST: 4}


@dataclass(frozen=True, slots=True)
class Pressing:
    """Something that cannot wait: ``key`` is a hash, ``flow`` its words (« Documents à signer »), ``level`` 1 to 4."""

    key: str
    flow: str
    removable_from: date
    level: int
    sentence: str = ""
    """What to say of it, where it is no dossier (a certificate that ends)."""


@dataclass(frozen=True, slots=True)
class ReminderLog:
    """What was said already: the day of the last reminder, the highest level told for each key."""

    last_day: date | None = None
    told: tuple[tuple[str, int], ...] = ()
    shown: bool = False
    """Whether a reminder may still be on the screen."""
    of_dossiers: bool = True
    """Whether that one spoke of dossiers."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What to say."""

    title: str
    text: str
    of_dossiers: bool = True
    """Whether bringing dossiers home answers it; the page of the key does otherwise."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now: say something, take away what was said, or nothing; and the log to keep."""

    reminder: Reminder | None
    remove: bool
    log: ReminderLog


def read_pressing(places: Iterable[CataloguePlace], policy: Policy, now: datetime) -> tuple[Pressing, ...]:
    """Return what is still only on the platform and has reached one of its lead times. ``now`` is aware."""
    today = to_platform(now).date()
    found: list[Pressing] = []
    for place in places:
        with Catalogue.for_reading(place.catalogue) as catalogue:
            for away in list_away(catalogue):
                flow = policy.flow_for(away.type_id, away.type_label)
                day = datetime.fromisoformat(away.base) if away.base else None
                due = deadline(day, day, flow, policy)
                level = _RANK.get(urgency(due, today, flow.lead_days), 0) if due else 0
                if due is not None and level:
                    found.append(Pressing(_hashed(away.server, away.id_d), flow.label, due.removable_from, level))
    return tuple(found)


def decide(
    pressing: Sequence[Pressing],
    log: ReminderLog,
    settings: NotificationSettings,
    now_local: datetime,
    health: Health,
) -> Decision:
    """Decide what to say now: at most once a day, in working hours, only what was not said yet at that level.

    ``now_local`` is aware, in the computer's zone. Being overdue is said every working day, in the same one reminder.
    Other matters (a certificate that ends) are ``pressing`` items with a sentence of their own.
    """
    today = now_local.date()
    told = dict(log.told)
    # What is here now, or was told at a level it no longer has, is forgotten: the log stays small.
    kept = tuple((one.key, told[one.key]) for one in pressing if one.key in told)
    log = replace(log, told=kept)
    overdue = health is Health.OVERDUE
    fresh = [one for one in pressing if one.level > told.get(one.key, 0)]
    dossiers = any(not one.sentence for one in pressing)
    settled = log.shown and not overdue and not (dossiers if log.of_dossiers else pressing)
    quiet = not settings.enabled or log.last_day == today or health in {Health.RUNNING, Health.PAUSED}
    if settled and not (fresh and not quiet):
        return Decision(None, remove=True, log=replace(log, shown=False))
    if quiet or not (fresh or overdue) or not may_speak(now_local, settings.from_hour, settings.to_hour):
        return Decision(None, remove=False, log=log)
    levels = {**dict(kept), **{one.key: one.level for one in pressing}}
    reminder = _words(pressing, fresh, today, overdue=overdue)
    after = ReminderLog(today, tuple(sorted(levels.items())), shown=True, of_dossiers=reminder.of_dossiers)
    return Decision(reminder, remove=False, log=after)


def _words(pressing: Sequence[Pressing], fresh: Sequence[Pressing], today: date, *, overdue: bool) -> Reminder:
    """Say all the dossiers that press, and the other matters only when they are new: they last for months."""
    dossiers = [one for one in pressing if not one.sentence]
    said = " ".join(one.sentence for one in fresh if one.sentence)
    if not dossiers and not overdue:
        return Reminder("Certificat de signature", said, of_dossiers=False)
    told = _dossier_words(dossiers, today, overdue=overdue)
    return Reminder(told.title, f"{told.text} {said}".strip())


def _dossier_words(pressing: Sequence[Pressing], today: date, *, overdue: bool) -> Reminder:
    late = "Aucune récupération n’est allée au bout depuis plusieurs jours. " if overdue else ""
    if not pressing:
        return Reminder("Récupération en retard", f"{late}Ouvrez enn-desktop pour voir pourquoi.")
    flows: dict[str, int] = {}
    for one in pressing:
        flows[one.flow] = flows.get(one.flow, 0) + 1
    parts = [f"{flow.lower()}{NBSP}: {number}" for flow, number in sorted(flows.items())]
    first = min(one.removable_from for one in pressing)
    verb = "peut" if len(pressing) == 1 else "peuvent"
    when = f"à partir du {long_date(first)}" if first > today else "dès maintenant"
    title = f"{count(len(pressing), 'dossier')} à récupérer"
    text = f"{late}{count(len(pressing), 'dossier')} ({join_words(parts)}) {verb} disparaître de la plateforme {when}."
    return Reminder(title if not overdue else "Récupération en retard", text)


def _hashed(server: str, id_d: str) -> str:
    return hashlib.sha256(f"{server}\n{id_d}".encode()).hexdigest()[:16]
