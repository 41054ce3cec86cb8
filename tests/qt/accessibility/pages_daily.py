"""The pages of every day, fed with an invented commune: the first screen, the dossiers, the help."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from enn_desktop.agenda.health import Headline
from enn_desktop.agenda.sheet import DossierSheet, SheetEvent, SheetFile
from enn_desktop.agenda.shelf import Facets, ShelfAnswer, ShelfQuery, ShelfRow
from enn_desktop.agenda.values import (
    Act,
    Activity,
    Doing,
    DossierRef,
    KeyBadge,
    Outlook,
    TodoRow,
    TodoSection,
    Tone,
    WeekAhead,
)
from enn_desktop.qt.bridge import Bridge, Ticket
from enn_desktop.qt.dossiers.page import DossiersPage
from enn_desktop.qt.help.window import SECTIONS, HelpWindow
from enn_desktop.qt.todo.page import TodoPage
from tests.qt import samples_settings

Maker = Callable[[], QWidget]
TODAY = date(2026, 11, 24)
ROOT = Path("/mairie/Documents/Dossiers de la mairie")
HOSTILE = "<b>Budget</b> <img src='file:///secret.png'> & <a href='x'>suite</a>"
TITLES = (
    "Budget primitif de la commune pour l’exercice 2026 et vote des taux d’imposition",
    "Bordereau de mandats n° 1847",
    "Convocation du conseil municipal du 3 juin",
)


def ref(rank: int) -> DossierRef:
    return DossierRef(ROOT, "https://pastell.exemple.fr", f"abc{rank}")


def todo_row(rank: int, title: str, act: Act = Act.FETCH) -> TodoRow:
    return TodoRow(
        ref=ref(rank),
        entity="Commune de Valbrume",
        family="Actes",
        number=f"2026_0{rank}",
        title=title,
        word="À récupérer",
        copy="aucune",
        here=False,
        removable_from=TODAY + timedelta(days=rank * 5),
        days_left=rank * 5,
        tone=Tone.BAD if not rank else Tone.WARN,
        cause="Fichier absent du serveur.",
        act=act,
    )


def outlook(titles: Sequence[str] = TITLES) -> Outlook:
    rows = tuple(todo_row(rank, title) for rank, title in enumerate(titles))
    waiting = tuple(todo_row(rank + 3, title, Act.OPEN_PASTELL) for rank, title in enumerate(titles))
    weeks = tuple(
        WeekAhead(TODAY + timedelta(days=7 * n), TODAY + timedelta(days=7 * n + 6), n, n % 3) for n in range(13)
    )
    return Outlook(
        today=TODAY,
        at_risk=TodoSection(rows, 12),
        waiting=TodoSection(waiting, len(waiting)),
        weeks=weeks,
        known=312,
        here=300,
        away=12,
    )


def todo(titles: Sequence[str] = TITLES, activity: Activity | None = None) -> TodoPage:
    page = TodoPage()
    page.show_outlook(
        outlook(titles), Headline("12 dossiers ne sont pas sur ce poste.", "Le premier peut disparaître.", Tone.BAD)
    )
    if activity is not None:
        page.show_activity(activity)
    return page


def todo_key() -> TodoPage:
    page = todo()
    rows = (todo_row(1, TITLES[0], Act.SEE_KEY), todo_row(2, TITLES[1], Act.OPEN_PASTELL))
    page.show_key(KeyBadge("clé absente", Tone.PLAIN))
    page.show_outlook(
        replace(outlook(), at_risk=TodoSection(), waiting=TodoSection(rows, 2)),
        Headline("Tout est sur ce poste.", "Rien à faire.", Tone.GOOD, ""),
    )
    return page


def todo_quiet() -> TodoPage:
    page = TodoPage()
    calm = replace(outlook(), at_risk=TodoSection(), waiting=TodoSection(), away=0)
    page.show_outlook(calm, Headline("Tout est sur ce poste.", "Rien à faire.", Tone.GOOD, ""))
    return page


class StillBridge(Bridge):
    """Has nothing done: a preview is asked for, and never comes."""

    def look_at_disk(self, job: object, done: object, failed: object = None, *, slot: str = "") -> Ticket:
        assert callable(job)
        assert callable(done)
        assert failed is None
        assert slot
        return Ticket()


class StillLibrarian(QObject):
    """Answers at once, always the same."""

    answered = Signal(object)
    rows_arrived = Signal(object, object)
    facets_arrived = Signal(object)
    sheet_arrived = Signal(object)
    found = Signal(object, int)
    failed = Signal(object)

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.titles = titles

    def fill(self) -> None:
        amounts = Facets((("Valbrume", 2), ("CCAS", 1)), (("Actes", 3),), ((2026, 3),), (("Terminé", 3),), (), 3)
        self.facets_arrived.emit(amounts if self.titles else Facets())

    def search(self, query: ShelfQuery) -> None:
        rows = tuple(shelf_row(rank, title) for rank, title in enumerate(self.titles))
        self.answered.emit(ShelfAnswer(query, array("q", range(1, len(rows) + 1)), rows))

    def fetch_rows(self, keys: Sequence[int]) -> None:
        assert not keys

    def find(self, wanted: DossierRef) -> None:
        self.found.emit(wanted, int(wanted.id_d.removeprefix("abc")) + 1)

    def read_sheet(self, wanted: DossierRef) -> None:
        self.sheet_arrived.emit(sheet(wanted, self.titles[int(wanted.id_d.removeprefix("abc"))]))


def shelf_row(rank: int, title: str) -> ShelfRow:
    return ShelfRow(
        ref=ref(rank),
        entity="Commune de Valbrume",
        family="Actes",
        number=f"2026_0{rank}",
        title=title,
        word="Terminé",
        copy="complète",
        here=rank > 0,
        complete=rank > 0,
        gone=False,
        day=TODAY,
        removable_from=TODAY,
        days_left=rank,
        files=3,
        size=1_400_000,
        tone=Tone.WARN,
    )


def sheet(wanted: DossierRef, title: str) -> DossierSheet:
    files = tuple(
        SheetFile(f"{title[:20]} {n}.pdf", ROOT / f"{n}.pdf", 140_000, checked_at=None, listed=True, doubt="")
        for n in range(3)
    )
    return DossierSheet(
        ref=wanted,
        entity="Commune de Valbrume",
        family="Actes",
        number="2026_01",
        title=title,
        word="Terminé",
        copy="complète",
        complete=True,
        gone_at=None,
        state_date=datetime(2026, 11, 20, 10, 0),  # noqa: DTZ001 - the platform's own time
        verified_on=TODAY,
        limit_sentence="Peut être supprimé de la plateforme à partir du 11 mai 2027 (estimation).",
        folder=ROOT,
        web_address="https://pastell.exemple.fr/document/detail?id_d=abc",
        events=(SheetEvent(datetime(2026, 11, 20, 10, 0), "Terminé", title, "A. Martin"),),  # noqa: DTZ001 - idem
        files=files,
        versions=(),
        failures=(),
    )


def dossiers(titles: Sequence[str] = TITLES, *, panel: int | None = None) -> DossiersPage:
    """Return the list, or where it is given the detail of the first dossier at one of its tabs."""
    librarian, bridge = StillLibrarian(titles), StillBridge()
    page = DossiersPage(bridge, librarian, QSettings("", QSettings.Format.IniFormat))  # type: ignore[arg-type] # answers the same questions
    for kept in (librarian, bridge):
        kept.setParent(page)
    if panel is not None:
        page.panel.tabs.setCurrentIndex(panel)
        QTimer.singleShot(0, page, lambda: page.show_dossier(ref(0)))
    return page


def help_at(section: str) -> Maker:
    def make() -> QWidget:
        window = HelpWindow()
        window.set_policy(samples_settings.policy_changed_here())
        window.show_log("2026-11-24 08:09 enn_desktop.backup INFO Récupération terminée, 14 dossiers\n" * 40)
        window.show_diagnostic(samples_settings.DIAGNOSTIC)
        window.open_at(section)
        return window

    return make


DAILY: dict[str, Maker] = {
    "todo": todo,
    "todo-running": lambda: todo(activity=Activity(Doing.FETCHING)),
    "todo-quiet": todo_quiet,
    "todo-key": todo_key,
    "todo-hostile": lambda: todo((HOSTILE, HOSTILE * 3)),
    "dossiers": dossiers,
    "dossiers-panel": lambda: dossiers(panel=0),
    "dossiers-files": lambda: dossiers(panel=1),
    "dossiers-history": lambda: dossiers(panel=2),
    "dossiers-none": lambda: dossiers(()),
    "dossiers-hostile": lambda: dossiers((HOSTILE, HOSTILE * 3)),
    "dossiers-hostile-files": lambda: dossiers((HOSTILE, HOSTILE * 3), panel=1),
    **{f"help-{section}": help_at(section) for section in SECTIONS},
}
