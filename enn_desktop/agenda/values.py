"""What the screens show, as values: rows to do, weeks ahead, the state in one word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from enn_desktop.core.progress import ProgressState


class Tone(Enum):
    """How a fact is coloured; the words beside it always say the same."""

    GOOD = "good"
    PLAIN = "plain"
    WARN = "warn"
    BAD = "bad"


class Act(Enum):
    """The one obvious thing to do with a row; the value is the button's text."""

    FETCH = "Récupérer"
    RETRY = "Réessayer"
    OPEN_PASTELL = "Ouvrir dans Pastell"
    OPEN_FOLDER = "Ouvrir le dossier"
    SHOW = "Voir le dossier"
    WHOM_TO_CALL = "Qui appeler"
    SEE_KEY = "Voir ma clé"


@dataclass(frozen=True, slots=True)
class KeyBadge:
    """The signing key in one short word: « clé prête », « clé absente », « clé : pilote »; and its tone."""

    beside: str
    """What is written beside a dossier that needs the key."""
    tone: Tone

    @property
    def alone(self) -> str:
        """What is written where it stands alone."""
        return f"{self.beside[:1].upper()}{self.beside[1:]}"


@dataclass(frozen=True, slots=True)
class DossierRef:
    """Which dossier: its documents folder, the platform it is known under, its id there."""

    root: Path
    server: str
    id_d: str


@dataclass(frozen=True, slots=True)
class TodoRow:
    """One dossier that concerns her now.

    ``removable_from`` is the first day on which the platform may delete it (an estimate), ``None`` when unknown
    or when it is gone. ``cause`` says why it is here, in a sentence; empty when ``word`` says it all.
    ``here`` tells whether everything that exists is on this computer.
    """

    ref: DossierRef
    entity: str
    family: str
    number: str
    title: str
    word: str
    copy: str
    here: bool
    removable_from: date | None
    days_left: int | None
    tone: Tone
    cause: str
    act: Act
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class TodoSection:
    """The first rows of one kind, and how many there are in all."""

    rows: tuple[TodoRow, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """How many dossiers may be deleted from the platform, from ``first`` to ``last`` included.

    ``here``: those whose copy on this computer is whole; ``away``: the others.
    """

    first: date
    last: date
    here: int
    away: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The first screen: what may be lost and when, what waits for someone here, what goes on elsewhere.

    ``weeks`` begin with what could already be deleted today (``weeks[0]``), then twelve weeks; ``later`` counts
    what comes after them. ``known`` counts every dossier still on the platform, ``here`` those of them whose copy
    is whole, ``away`` the others, ``gone`` those that left the platform. ``last_run_at`` (aware UTC) is the end of the
    last run; ``last_good_at`` the end of the last one that went through to its end; ``last_outcome`` the name of
    :class:`enn_desktop.backup.report.Outcome`, empty before the first run.
    """

    today: date
    at_risk: TodoSection = TodoSection()
    waiting: TodoSection = TodoSection()
    troubled: TodoSection = TodoSection()
    in_progress: TodoSection = TodoSection()
    weeks: tuple[WeekAhead, ...] = ()
    later: WeekAhead | None = None
    known: int = 0
    here: int = 0
    away: int = 0
    gone: int = 0
    gone_incomplete: int = 0
    open_failures: int = 0
    last_run_at: datetime | None = None
    last_good_at: datetime | None = None
    last_outcome: str = ""
    missing_roots: tuple[Path, ...] = ()
    """Documents folders whose disk is not there now."""

    @property
    def empty(self) -> bool:
        """Whether nothing was ever brought home."""
        return self.known + self.gone == 0 and self.last_run_at is None


class Health(Enum):
    """The state in one word, for the tray and the foot of the window; the value is the French word."""

    NO_ACCOUNT = "aucun compte"
    UP_TO_DATE = "à jour"
    TO_FETCH = "à récupérer"
    RUNNING = "en cours"
    PAUSED = "en pause"
    BROKEN = "en panne"
    OVERDUE = "en retard"


class Doing(Enum):
    """What the engine is doing now."""

    NOTHING = "rien"
    FETCHING = "récupération"
    PAUSED = "pause"
    STOPPING = "arrêt"
    VERIFYING = "vérification"


@dataclass(frozen=True, slots=True)
class Activity:
    """What goes on now; ``account`` names whose dossiers, ``progress`` is ``None`` before anything is known."""

    doing: Doing = Doing.NOTHING
    progress: ProgressState | None = None
    account: str = ""

    @property
    def idle(self) -> bool:
        """Whether the engine rests."""
        return self.doing is Doing.NOTHING
