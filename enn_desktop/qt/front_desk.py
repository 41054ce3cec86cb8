"""Where the pages' intentions are answered: rows acted upon, folders opened, errors shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from enn_desktop.agenda import places
from enn_desktop.agenda.contacts import contact_for
from enn_desktop.agenda.values import Act, Activity, DossierRef, KeyBadge, Outlook, TodoRow
from enn_desktop.core.errors import EnnError, StorageError
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.main_window import MainWindow, Place
from enn_desktop.qt.steering import NOT_YET, Steering

if TYPE_CHECKING:
    from enn_desktop.agenda.health import Headline
    from enn_desktop.agenda.sheet import OpenFailure, PastRun
    from enn_desktop.backup.checking import CheckedRoot
    from enn_desktop.backup.rounds import RoundReport
    from enn_desktop.qt.bridge import Bridge
    from enn_desktop.qt.dossiers.page import DossiersPage
    from enn_desktop.qt.key.desk import KeyDesk
    from enn_desktop.qt.key.keeper import KeyKeeper
    from enn_desktop.qt.saving.page import SavingPage
    from enn_desktop.qt.todo.page import TodoPage
    from enn_desktop.services.update_notice import Newer


class FrontDesk(QObject):
    """Makes the four pages when they are first shown, keeps them told, and answers what they ask."""

    error_raised = Signal(object)
    """An ``EnnError`` to be shown to her."""
    contact_wanted = Signal(object)
    """A ``TodoRow`` for which someone has to be called."""
    schedule_wanted = Signal()
    account_wanted = Signal()
    news_closed = Signal(str)
    """A version of which nothing more is to be said."""

    def __init__(self, bridge: Bridge, steering: Steering, engine: EngineRoom, memory: QSettings) -> None:
        super().__init__()
        self._bridge, self._steering, self._engine, self._memory = bridge, steering, engine, memory
        self._todo: TodoPage | None = None
        self._saving: SavingPage | None = None
        self._dossiers: DossiersPage | None = None
        self._key: KeyDesk | None = None
        self._key_badge: KeyBadge | None = None
        self._headline: Headline | None = None
        self._news: Newer | None = None
        self._ledger: tuple[tuple[PastRun, ...], tuple[OpenFailure, ...]] = ((), ())
        self._next_run = ""
        self.window = MainWindow(self._makers(), demo=steering.office.demo)
        self._listen()

    def _makers(self) -> dict[Place, Callable[[], QWidget]]:
        return {
            Place.TODO: self._make_todo,
            Place.DOSSIERS: self._make_dossiers,
            Place.SAVING: self._make_saving,
            Place.KEY: self._make_key,
        }

    def _listen(self) -> None:
        self._steering.outlook_changed.connect(self.outlook_changed)
        self._steering.health_changed.connect(self.window.show_health)
        self._steering.ledger_changed.connect(self._ledger_changed)
        self._steering.failed.connect(self.show_error)
        self._bridge.failed.connect(self.show_error)
        self._engine.activity_changed.connect(self.activity_changed)
        self._engine.round_ended.connect(self._round_ended)
        self._engine.checked.connect(self._checked)
        self.window.fetch_wanted.connect(self.fetch)

    # -- the pages, made when first shown ------------------------------------------------------------------

    def _make_todo(self) -> QWidget:
        from enn_desktop.qt.todo.page import TodoPage

        page = self._todo = TodoPage()
        page.fetch_wanted.connect(self.fetch)
        page.account_wanted.connect(self.account_wanted)
        page.progress_wanted.connect(lambda: self.window.show_place(Place.SAVING))
        page.row_acted.connect(self._act)
        page.row_opened.connect(lambda row: self.show_dossier(row.ref))
        page.all_wanted.connect(self.show_all)
        page.week_wanted.connect(lambda week: self._show_preset("week", week))
        page.news.closed.connect(self.news_closed)
        page.news.notes_wanted.connect(self.open_web)
        self.show_news(self._news)
        if self._key_badge is not None:
            page.show_key(self._key_badge)
        if self._headline is not None:
            page.show_outlook(self._steering.outlook, self._headline)
        page.show_activity(self._engine.activity)
        return page

    def _make_dossiers(self) -> QWidget:
        from enn_desktop.qt.dossiers.librarian import Librarian
        from enn_desktop.qt.dossiers.page import DossiersPage

        office = self._steering.office
        librarian = Librarian(self._bridge, office, parent=self)
        page = self._dossiers = DossiersPage(self._bridge, librarian, self._memory)
        page.folder_wanted.connect(self.open_folder)
        page.file_wanted.connect(self.open_file)
        page.web_wanted.connect(self.open_web)
        page.fetch_wanted.connect(self.fetch)
        librarian.failed.connect(self.show_error)
        if self._key_badge is not None:
            page.show_key(self._key_badge)
        return page

    @property
    def dossiers_page(self) -> DossiersPage | None:
        """The page of dossiers, if it was ever shown."""
        return self._dossiers

    def _make_saving(self) -> QWidget:
        from enn_desktop.qt.saving.page import SavingPage

        page = self._saving = SavingPage()
        page.fetch_wanted.connect(self.fetch)
        page.pause_wanted.connect(self._engine.pause)
        page.resume_wanted.connect(self._engine.resume)
        page.cancel_wanted.connect(self._engine.stop)
        page.verify_wanted.connect(self.verify)
        page.failure_retry_wanted.connect(lambda _: self.fetch())
        page.dossier_wanted.connect(self.show_dossier)
        page.schedule_wanted.connect(self.schedule_wanted)
        page.index_wanted.connect(self.open_file)
        page.folder_wanted.connect(self.open_folder)
        page.show_activity(self._engine.activity)
        page.show_next_run(self._next_run)
        if self._steering.outlook is not NOT_YET:
            page.show_outlook(self._steering.outlook)
        self._steering.refresh_ledger()
        return page

    def _make_key(self) -> QWidget:
        return self._key_desk().make_page()

    def _key_desk(self) -> KeyDesk:
        if self._key is None:
            from enn_desktop.qt.key.desk import KeyDesk

            self._key = KeyDesk(self._bridge, self._steering, self.window)
            self._key.badge_changed.connect(self._key_changed)
            self._key.told.connect(self.show_error)
        return self._key

    def use_keeper(self, keeper: KeyKeeper) -> None:
        """Show how the signing key is, as this keeper finds it, from now on."""
        self._key_desk().use(keeper)

    # -- what is known, told to the pages ------------------------------------------------------------------

    def outlook_changed(self, outlook: Outlook, headline: Headline) -> None:
        """Show what is known now, on every page that is there."""
        self._headline = headline
        if self._todo is not None:
            self._todo.show_outlook(outlook, headline)
        if self._saving is not None:
            self._saving.show_outlook(outlook)
            self._steering.refresh_ledger()
        if self._dossiers is not None:
            self._dossiers.refresh()
        self.window.show_badge(Place.TODO, outlook.at_risk.total + outlook.waiting.total + outlook.troubled.total)

    def _ledger_changed(self, runs: tuple[PastRun, ...], failures: tuple[OpenFailure, ...]) -> None:
        if self._saving is not None:
            self._saving.show_runs(runs)
            self._saving.show_failures(failures)

    def activity_changed(self, activity: Activity) -> None:
        """Show what goes on, on every page that is there."""
        for page in (self._todo, self._saving):
            if page is not None:
                page.show_activity(activity)

    def _key_changed(self, badge: KeyBadge) -> None:
        self._key_badge = badge
        self.window.show_key(badge)
        if self._todo is not None:
            self._todo.show_key(badge)
        if self._dossiers is not None:
            self._dossiers.show_key(badge)

    def _round_ended(self, report: RoundReport) -> None:
        if self._saving is not None:
            self._saving.show_round(report)

    def _checked(self, results: tuple[CheckedRoot, ...]) -> None:
        if self._saving is not None:
            self._saving.show_checked(results)
        self._steering.refresh()

    def show_news(self, news: Newer | None) -> None:
        """Say that a newer version exists, quietly, or no longer."""
        self._news = news
        if self._todo is not None:
            version, notes, fits = (news.version, news.notes, news.fits) if news is not None else ("", "", True)
            self._todo.news.tell(version, notes, fits=fits)

    def show_next_run(self, sentence: str) -> None:
        """Say when the next automatic run is."""
        self._next_run = sentence
        if self._saving is not None:
            self._saving.show_next_run(sentence)

    # -- what is asked for ---------------------------------------------------------------------------------

    def fetch(self) -> None:
        """Bring everything home now, and show how it goes; without an account, ask for one first."""
        office = self._steering.office
        if not office.settings.accounts and not office.demo:
            self.account_wanted.emit()
            return
        if self._engine.fetch() and self.window.place() is not Place.TODO:
            self.window.show_place(Place.SAVING)

    def verify(self) -> None:
        """Read every document again."""
        self._engine.verify()

    def show_dossier(self, ref: DossierRef) -> None:
        """Show one dossier among all of them."""
        self.window.show_place(Place.DOSSIERS)
        if self._dossiers is not None:
            self._dossiers.show_dossier(ref)

    def show_all(self, section: str) -> None:
        """Show every dossier of a section of the first screen."""
        self._show_preset(section)

    def _show_preset(self, preset: str, week: object = None) -> None:
        self.window.show_place(Place.DOSSIERS)
        if self._dossiers is not None:
            self._dossiers.show_preset(preset, week)

    def _act(self, row: TodoRow, act: Act) -> None:
        if act in {Act.FETCH, Act.RETRY}:
            self.fetch()
        elif act is Act.SEE_KEY:
            self.window.show_place(Place.KEY)
        elif act is Act.WHOM_TO_CALL:
            self.contact_wanted.emit(row)
        elif act is Act.SHOW:
            self.show_dossier(row.ref)
        else:
            self._open_from_sheet(row.ref, act)

    def _open_from_sheet(self, ref: DossierRef, act: Act) -> None:
        from enn_desktop.agenda.sheet import DossierSheet, read_sheet

        office = self._steering.office

        def read() -> DossierSheet | None:
            found = places.known_places(office.paths, office.roots)
            place = next((one for one in found if one.root == ref.root), None)
            return read_sheet(place, ref, office.policy, office.clock.now()) if place else None

        def opened(sheet: DossierSheet | None) -> None:
            if sheet is None:
                return
            if act is Act.OPEN_PASTELL and sheet.web_address:
                self.open_web(sheet.web_address)
            elif sheet.folder is not None:
                self.open_folder(sheet.folder)

        self._bridge.read(read, opened)

    def open_folder(self, folder: Path) -> None:
        """Show a folder in the file explorer; say so when it is not there."""
        self._open_on_disk(folder, folder=True)

    def open_file(self, file: Path) -> None:
        """Open a document with its usual program; one that could run is shown in its folder instead."""
        self._open_on_disk(file, folder=False)

    def _open_on_disk(self, path: Path, *, folder: bool) -> None:
        from enn_desktop.qt import desktop

        def there(found: bool) -> None:  # noqa: FBT001 - what the look at the disk gave
            if not found:
                advice = "Vérifiez que le disque est branché. Une vérification dira ce qui manque."
                self.show_error(StorageError("Ce document n’est plus à sa place sur ce poste.", advice=advice))
            elif folder:
                desktop.open_folder(path)
            else:
                desktop.open_file(path)

        self._bridge.look_at_disk(path.exists, there)

    @staticmethod
    def open_web(address: str) -> None:
        """Open a page of the platform in the browser."""
        from enn_desktop.qt import desktop

        desktop.open_web(address)

    def show_error(self, error: EnnError) -> None:
        """Have an error shown, beside what it is about when that page is there."""
        if self._saving is not None and self.window.place() is Place.SAVING:
            policy = self._steering.office.policy
            self._saving.show_error(error, contact_for(error, policy))
            return
        self.error_raised.emit(error)
