"""The only place that builds the window's parts and wires them: an ordered start, a staged stop."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from enn_desktop.core.errors import EnnError
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.launch import Launch
from enn_desktop.core.settings import AccountSettings, ScheduleSettings, Settings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.front_desk import FrontDesk
from enn_desktop.qt.interpreter import Interpreter
from enn_desktop.qt.look import Look, own_font
from enn_desktop.qt.main_window import Place
from enn_desktop.qt.marks import program_icon
from enn_desktop.qt.office import Office
from enn_desktop.qt.single_instance import LEAVE, RAISE, SingleInstance, have_it_leave
from enn_desktop.qt.steering import Steering
from enn_desktop.system.logs import note_bug, open_log
from enn_desktop.system.paths import ProfilePaths, documents_folder, on_windows, profile_paths

if TYPE_CHECKING:
    from enn_desktop.backup.rounds import RoundReport
    from enn_desktop.qt.counter import Counter
    from enn_desktop.qt.demo_platform import DemoPlatform
    from enn_desktop.qt.key.keeper import KeyKeeper
    from enn_desktop.qt.session_watch import SessionWatch
    from enn_desktop.qt.side_rooms import SideRooms
    from enn_desktop.qt.tray import Tray
    from enn_desktop.qt.trial import Trial

log = logging.getLogger(__name__)
DEMO_FOLDER = "Dossiers de démonstration"
DEMO_IDENTITY = "plateforme de démonstration"
DEMO_ACCOUNT = "Commune de démonstration"
SESSION_ENDS_MS = 4_000
"""For the run under way to stop: Windows ends the process after five seconds, or when it is told that all is done."""
LATEST_MS = 1_500
"""What can wait (log, tray, translations, network libraries) waits for the first screen, but no longer than that."""


def run(launch: Launch) -> int:
    """Open the window, and stay until it is left; return the exit code."""
    if launch.quit:
        return int(ExitCode.OK if have_it_leave(_paths(launch).settings) else ExitCode.BUSY)
    app = QApplication.instance() or QApplication([sys.argv[0]])
    if not isinstance(app, QApplication):
        return int(ExitCode.BUG)
    Interpreter(app)
    app.setApplicationName("enn-desktop")
    app.setDesktopFileName("enn-desktop")
    app.setQuitOnLastWindowClosed(False)
    app.setFont(own_font())
    app.setWindowIcon(program_icon())
    look = Look(app)
    look.dress()
    next_launch: Launch | None = launch
    code = ExitCode.OK
    while next_launch is not None:
        program = Program(app, look, next_launch)
        if not program.first():
            return int(program.exit_code)
        app.exec()
        next_launch, code = program.next_launch, program.exit_code
    return int(code)


class Program(QObject):
    """One profile in use, from its start to its stop."""

    def __init__(self, app: QApplication, look: Look, launch: Launch) -> None:
        super().__init__()
        self.next_launch: Launch | None = None
        self.exit_code = ExitCode.OK
        self._app, self._look, self._launch = app, look, launch
        self._paths = _paths(launch)
        self._instance = SingleInstance(self._paths.settings)
        self._leaving = self._started = self._gone = False
        self._log_handler: logging.Handler | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._finish_start)
        self._made_counter: Counter | None = None
        self._made_rooms: SideRooms | None = None
        self._tray: Tray | None = None
        self._watch: SessionWatch | None = None
        self._demo: DemoPlatform | None = None
        self._keeper: KeyKeeper | None = None
        self._trial: Trial | None = None

    def first(self) -> bool:
        """Build everything and show it; ``False`` when this profile is already open: its window was raised."""
        if not self._instance.claim("" if self._launch.tray else RAISE):
            from enn_desktop.qt.turned_away import turned_away

            self.exit_code = turned_away(self._instance.outcome, watched=self._launch.trial is None)
            return False
        self._hook_before = sys.excepthook
        sys.excepthook = self._fault
        self._build()
        self._hear()
        self._steering.outlook_changed.connect(self._first_screen)
        if self._launch.trial is not None:
            self._make_trial(self._launch.trial)
        self._appear()
        self._rest.start(LATEST_MS)
        return True

    def _make_trial(self, folder: Path) -> None:
        from enn_desktop.qt.trial import Trial

        trial = self._trial = Trial(folder, self._window, self._engine, self._office.clock)
        self._window.shown.connect(trial.shown)
        self._steering.outlook_changed.connect(trial.painted)
        self._desk.error_raised.connect(trial.note)
        self._steering.settings_changed.connect(trial.platform_ready)
        trial.ended.connect(self._tried)

    def _tried(self, code: ExitCode) -> None:
        self.exit_code = code
        self.leave()

    # -- the start, in order -------------------------------------------------------------------------------

    def _first_screen(self) -> None:
        self._rest.start(0)

    def _build(self) -> None:
        settings, self._settings_error = _settings(self._paths, self._launch)
        # A file that was moved aside is no longer there: one that could not be read still is.
        unread = self._settings_error is not None and self._paths.settings_file.exists()
        self._office = Office(
            self._paths,
            settings,
            unread=unread,
            identity=DEMO_IDENTITY if self._launch.demo else "",
            demo=self._launch.demo,
        )
        self._bridge = Bridge(self)
        self._engine = EngineRoom(self._bridge, self._office, self)
        self._steering = Steering(self._bridge, self._office, self._engine, self)
        memory = QSettings(str(self._paths.settings / "fenetre.ini"), QSettings.Format.IniFormat)
        self._desk = FrontDesk(self._bridge, self._steering, self._engine, memory)
        self._window = self._desk.window
        self._memory = memory

    def _hear(self) -> None:
        self._window.settings_wanted.connect(lambda: self._rooms().open_settings())
        self._window.help_wanted.connect(lambda: self._rooms().open_help())
        self._window.leave_demo_wanted.connect(lambda: self.leave(replace(self._launch, demo=False, to=None)))
        self._window.hidden_by_user.connect(self._hidden)
        self._desk.schedule_wanted.connect(lambda: self._rooms().open_settings("schedule"))
        self._desk.account_wanted.connect(lambda: self._counter().open_assistant())
        if not on_windows():
            # Windows asks everyone first, and the session may go on after all: its real end is heard elsewhere.
            self._app.commitDataRequest.connect(lambda _: self.leave())

    def _appear(self) -> None:
        geometry = self._memory.value("fenetre/geometrie")
        if geometry is not None:
            self._window.restoreGeometry(geometry)
        self._window.show_place(Place.TODO)
        if self._office.settings.accounts or self._launch.demo:
            self._steering.refresh()
        else:
            self._counter().open_assistant()
        if not self._launch.tray:
            self._window.show()

    def _finish_start(self) -> None:
        """Bring in what the first screen did not need."""
        from enn_desktop.qt.background import Background
        from enn_desktop.qt.translations import speak_french

        if self._leaving or self._started:
            return
        self._started = True
        self._log_handler = open_log(self._paths)
        speak_french(self._app)
        self._instance.told.connect(self._told)
        self._instance.listen()
        self._make_errors()
        self._make_tray()
        if self._settings_error is not None:
            self._errors.show_error(self._settings_error)
        if self._launch.demo:
            self._start_demo()
        if self._trial is not None:
            self._trial.begin(tray=self._window.keep_in_tray, toaster=self._toaster.describe())
        self._clockwork.begin(self._toaster)
        Background(self._bridge, self._steering, self._engine, self._desk, self._errors, self).begin()
        self._bridge.read(_load_key, lambda _: self._keep_key())
        log.info("Fenêtre prête")

    def _make_errors(self) -> None:
        from enn_desktop.qt.error_box import ErrorShower

        self._errors = ErrorShower(self._window, lambda: self._office.policy_at_hand)
        self._window.shown.connect(self._errors.window_came_back)
        self._desk.error_raised.connect(self._errors.show_error)
        self._desk.contact_wanted.connect(self._errors.show_contact)

    def _make_tray(self) -> None:
        from enn_desktop.qt.clockwork import Clockwork
        from enn_desktop.qt.toasts import best_toaster
        from enn_desktop.qt.tray import Tray

        tray = self._tray = Tray(self._window)
        tray.fetch_wanted.connect(self._desk.fetch)
        tray.pause_wanted.connect(self._engine.pause)
        tray.resume_wanted.connect(self._engine.resume)
        tray.open_wanted.connect(self._window.raise_up)
        tray.quit_wanted.connect(self.leave)
        self._steering.health_changed.connect(tray.show_health)
        self._engine.activity_changed.connect(tray.show_activity)
        self._window.keep_in_tray = tray.possible()
        if tray.possible():
            tray.show()
        elif self._launch.tray:
            # Nowhere to come back from: a program that cannot be seen cannot be used.
            self._window.showMinimized()
        self._steering.tell_again()
        self._toaster = best_toaster(tray.icon if tray.possible() else None)
        self._watch_session()
        self._clockwork = Clockwork(self._bridge, self._steering, self._engine, self._watch, self)
        self._clockwork.next_run_changed.connect(self._desk.show_next_run)
        self._clockwork.row_wanted.connect(lambda: self._show(Place.TODO))
        self._clockwork.key_wanted.connect(lambda: self._show(Place.KEY))
        self._engine.round_ended.connect(self._ask_missing_secrets)

    def _watch_session(self) -> None:
        from enn_desktop.qt.session_watch import SessionWatch

        self._watch = SessionWatch(self._bridge, self._engine, parent=self)
        self._watch.ending.connect(self._session_ends)
        self._watch.begin()

    def _keep_key(self) -> None:
        from enn_desktop.qt.key.keeper import KeyKeeper
        from enn_desktop.qt.key.rooms import RealRooms

        if self._leaving:
            return
        # In the demonstration too, it is the real key of this computer: nothing about a key can be made up.
        self._keeper = KeyKeeper(self._bridge, self._steering, RealRooms(), self)
        self._desk.use_keeper(self._keeper)
        if self._trial is not None:
            self._trial.watch(self._keeper)
        self._keeper.begin()

    def _start_demo(self) -> None:
        from enn_desktop.qt.demo_platform import DemoAccount, DemoPlatform
        from enn_desktop.system.launching import program_command

        def ready(found: DemoAccount) -> None:
            self._office.remember(DEMO_ACCOUNT, found.password)
            account = AccountSettings(name=DEMO_ACCOUNT, address=found.url, user=found.login)
            self._steering.apply(_demo_settings(self._launch, (account,)))

        self._demo = DemoPlatform(program_command(), self)
        self._demo.ready.connect(ready)
        self._demo.failed.connect(self._errors.show_error if self._trial is None else self._trial.give_up)
        self._demo.start()

    # -- what may be asked for at any moment ---------------------------------------------------------------

    def _counter(self) -> Counter:
        if self._made_counter is None:
            from enn_desktop.qt.counter import Counter

            counter = self._made_counter = Counter(self._bridge, self._steering, self._window)
            counter.fetch_wanted.connect(self._desk.fetch)
            counter.told.connect(self._desk.show_error)
            counter.demo_wanted.connect(lambda: self.leave(replace(self._launch, demo=True, tray=False)))
        return self._made_counter

    def _rooms(self) -> SideRooms:
        if self._made_rooms is None:
            from enn_desktop.qt.side_rooms import SideRooms

            self._made_rooms = SideRooms(self._bridge, self._steering, self._counter(), self._window)
            self._made_rooms.told.connect(self._desk.show_error)
            self._made_rooms.key_verdict = lambda: self._keeper.verdict if self._keeper is not None else None
            self._made_rooms.folder_wanted.connect(self._desk.open_folder)
        return self._made_rooms

    def _ask_missing_secrets(self, report: RoundReport) -> None:
        missing = [result.account_name for result in report.results if result.secret_missing]
        account = self._office.settings.account(missing[0]) if missing else None
        if account is not None:
            self._counter().ask_secret(account)

    def _told(self, message: str) -> None:
        if message == LEAVE:
            self.leave()
        elif message == RAISE:
            self._window.raise_up()

    def _show(self, place: Place) -> None:
        self._window.show_place(place)
        self._window.raise_up()

    def _hidden(self) -> None:
        self._memory.setValue("fenetre/geometrie", self._window.saveGeometry())
        if not self._window.keep_in_tray:
            self.leave()

    def _fault(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self.leave()
            return
        self._desk.show_error(note_bug(fault.with_traceback(trace)))

    # -- the stop, in stages -------------------------------------------------------------------------------

    def leave(self, next_launch: Launch | None = None) -> None:
        """Stop what goes on, then leave; with ``next_launch``, begin again that way in the same process."""
        if self._leaving:
            return
        self._leaving = True
        self._instance.stop_listening()
        self.next_launch = next_launch
        self._window.keep_in_tray = False
        self._memory.setValue("fenetre/geometrie", self._window.saveGeometry())
        self._window.hide()
        if self._tray is not None:
            self._tray.hide()
            self._toaster.close()
        if self._demo is not None:
            self._demo.stop()
        if self._keeper is not None:
            self._keeper.leave()
        self._bridge.leave(self._left)

    def _session_ends(self) -> None:
        self.leave()
        self._bridge.wait(SESSION_ENDS_MS)
        self._left()

    def _left(self) -> None:
        if self._gone:
            return
        self._gone = True
        if self._watch is not None:
            self._watch.close()
        log.info("Fenêtre fermée")
        sys.excepthook = self._hook_before
        self._instance.release()
        self._memory.sync()
        self._window.deleteLater()
        if self._log_handler is not None:
            logging.getLogger("enn_desktop").removeHandler(self._log_handler)
            self._log_handler.close()
        self._app.quit()


def _load_key() -> None:
    """Load, in a thread, what the key's part of the window is made of: the window does not wait for it."""
    import enn_desktop.qt.key.desk
    import enn_desktop.qt.key.keeper
    import enn_desktop.qt.key.rooms
    import enn_desktop.signing_key.judgement  # noqa: F401 - loaded for those who come


def _paths(launch: Launch) -> ProfilePaths:
    usual = profile_paths(launch.profile)
    return profile_paths(usual.data / "demonstration") if launch.demo else usual


def _settings(paths: ProfilePaths, launch: Launch) -> tuple[Settings, EnnError | None]:
    from enn_desktop.system.settings_store import load_settings

    if launch.demo:
        return _demo_settings(launch, ()), None
    try:
        return load_settings(paths), None
    except EnnError as error:
        return Settings(), error


def _demo_settings(launch: Launch, accounts: tuple[AccountSettings, ...]) -> Settings:
    documents = documents_folder()
    folder = launch.to or (documents if documents.is_dir() else Path.home()) / DEMO_FOLDER
    return Settings(folder=str(folder), accounts=accounts, schedule=ScheduleSettings(automatic=False))
