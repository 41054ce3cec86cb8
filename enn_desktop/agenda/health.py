"""The state in one word, and the answer to « qu’est-ce que je risque de perdre, et quand ? » in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from enn_desktop.agenda.values import Doing, Health, Outlook, Tone
from enn_desktop.core.errors import EnnError
from enn_desktop.core.french import NARROW, NBSP, clock_time, count, days_left, long_date
from enn_desktop.core.settings import Settings

STOPPED = "STOPPED"
"""Name of the outcome of a run that an error stopped (``backup.report.Outcome``)."""
CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Headline:
    """The big sentence of the first screen. ``action`` is the text of its one button, empty for none."""

    title: str
    text: str
    tone: Tone
    action: str = "Tout récupérer"
    for_account: bool = False
    """Whether the button is about an account, not about bringing dossiers home."""


DEMO_COMING = Headline(
    "La démonstration se prépare.",
    "La plateforme fictive démarre sur ce poste\u00a0: quelques secondes.",
    Tone.PLAIN,
    action="",
)
"""Before the make-believe platform answers there is no account yet: none is to be asked for."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the word depends on, beside the catalogues. ``since``: when the program started (aware)."""

    doing: Doing
    settings: Settings
    now: datetime
    since: datetime
    last_error: EnnError | None = None


def health_of(outlook: Outlook, around: Circumstances) -> Health:  # noqa: PLR0911 - one situation per line
    """Return the state in one word; what goes on comes first, then what is worst."""
    if around.doing is Doing.PAUSED:
        return Health.PAUSED
    if around.doing is not Doing.NOTHING:
        return Health.RUNNING
    if not around.settings.accounts:
        return Health.NO_ACCOUNT
    # A first run that never ended is late from the start of the program on, not since the beginning of time.
    late_from = outlook.last_good_at or around.since
    if around.now - late_from >= timedelta(days=around.settings.schedule.overdue_days):
        return Health.OVERDUE
    if around.last_error is not None or outlook.last_outcome == STOPPED:
        return Health.BROKEN
    if outlook.away or outlook.empty or outlook.last_outcome == CANCELLED:
        return Health.TO_FETCH
    return Health.UP_TO_DATE


def health_sentence(health: Health, outlook: Outlook, now: datetime) -> str:  # noqa: PLR0911 - one situation per line
    """Return one line for the tray and the foot of the window. ``now`` is aware, in the computer's zone."""
    if health is Health.RUNNING:
        return "Récupération en cours."
    if health is Health.PAUSED:
        return f"En pause{NBSP}: rien n’est demandé à la plateforme."
    if health is Health.NO_ACCOUNT:
        return f"Aucun compte{NBSP}: ajoutez-en un dans les réglages."
    last = _last_run(outlook, now)
    if health is Health.OVERDUE:
        return f"Récupération en retard. {last}"
    if health is Health.BROKEN:
        return f"La dernière récupération n’est pas allée au bout. {last}"
    if outlook.empty:
        return "Rien n’a encore été récupéré sur ce poste."
    if health is Health.TO_FETCH and outlook.away:
        return f"{_away(outlook.away)} {last}"
    if health is Health.TO_FETCH:
        return f"La dernière récupération a été arrêtée avant la fin. {last}"
    return f"{_known(outlook)} {last}"


def headline(  # noqa: PLR0911 - one situation per line
    outlook: Outlook, health: Health, now: datetime, last_error: EnnError | None = None
) -> Headline:
    """Return the answer for the first screen. ``now`` is aware, in the computer's zone."""
    last = _last_run(outlook, now)
    if health is Health.NO_ACCOUNT:
        return Headline(
            "Aucun compte n’est encore enregistré.",
            "Donnez l’adresse de Pastell et votre compte\u00a0: le programme fera le reste.",
            Tone.PLAIN,
            "Ajouter un compte",
            for_account=True,
        )
    if outlook.missing_roots:
        text = f"Le disque où sont vos dossiers n’est pas là. Branchez-le, puis relancez. {last}"
        return Headline("Votre dossier local est introuvable.", text, Tone.BAD)
    if last_error is not None:
        return Headline(f"{last_error.title}.", f"{last_error.message} {last_error.advice}", Tone.BAD, "Réessayer")
    if outlook.empty:
        text = "Un clic suffit\u00a0: tout ce que Pastell garde pour la mairie sera copié et contrôlé ici."
        return Headline("Rien n’a encore été récupéré sur ce poste.", text, Tone.WARN)
    if outlook.away:
        return _risk(outlook, health, last)
    if health is Health.OVERDUE:
        text = f"{last} Ce qui est arrivé depuis sur la plateforme n’est pas sur ce poste."
        return Headline("Aucune récupération depuis trop longtemps.", text, Tone.BAD)
    if outlook.last_outcome in {STOPPED, CANCELLED}:
        text = f"Il peut rester des dossiers à récupérer. {last}"
        return Headline("La dernière récupération n’est pas allée au bout.", text, Tone.WARN)
    text = f"{_known(outlook)} {last} Ce qui arrivera ensuite sur Pastell viendra à la prochaine."
    return Headline("Tout est sur ce poste.", text, Tone.GOOD)


def _risk(outlook: Outlook, health: Health, last: str) -> Headline:
    first = next((row.removable_from for row in outlook.at_risk.rows if row.removable_from is not None), None)
    late = f" {last}" if health is Health.OVERDUE else ""
    title = _away(outlook.away)
    if first is None:
        return Headline(title, f"La plateforme ne donne pas de date.{late}", Tone.WARN)
    left = (first - outlook.today).days
    if left <= 0:
        text = f"Au moins un peut déjà être supprimé de la plateforme (estimation).{late}"
        return Headline(title, text, Tone.BAD)
    text = f"Le premier peut être supprimé de la plateforme à partir du {_day(first, left)} (estimation).{late}"
    bad = health is Health.OVERDUE or any(row.tone is Tone.BAD for row in outlook.at_risk.rows)
    return Headline(title, text, Tone.BAD if bad else Tone.WARN)


def _day(day: date, left: int) -> str:
    return f"{long_date(day)}, {days_left(left)}"


def _away(number: int) -> str:
    subject = count(number, "dossier")
    return f"{subject} {'n’est' if number <= 1 else 'ne sont'} pas encore sur ce poste."


def _known(outlook: Outlook) -> str:
    total = outlook.here + outlook.gone - outlook.gone_incomplete
    copies = count(total, "dossier")
    if outlook.gone_incomplete:
        return f"{copies} ici{NARROW}; {count(outlook.gone_incomplete, 'copie incomplète', 'copies incomplètes')}."
    return f"{copies} ici."


def _last_run(outlook: Outlook, now: datetime) -> str:
    if outlook.last_good_at is None:
        return "Aucune récupération n’est encore allée au bout."
    there = outlook.last_good_at.astimezone(now.tzinfo)
    days = (now.date() - there.date()).days
    if days == 0:
        return f"Dernière récupération{NBSP}: aujourd’hui à {clock_time(there)}."
    if days == 1:
        return f"Dernière récupération{NBSP}: hier à {clock_time(there)}."
    return f"Dernière récupération{NBSP}: le {long_date(there.date())}, il y a {count(days, 'jour')}."
