"""One work at a time: bring home, verify, pause, stop; what goes on is told as a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from enn_desktop.agenda.values import Activity, Doing
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled, EnnError
from enn_desktop.core.progress import Progress, ProgressState
from enn_desktop.qt.bridge import Bridge, Work
from enn_desktop.qt.office import Office

if TYPE_CHECKING:
    from enn_desktop.backup.checking import CheckedRoot
    from enn_desktop.backup.rounds import RoundReport

T = TypeVar("T")
REST = Activity()


class EngineRoom(QObject):
    """Asks the bridge for the engine's works, and says how they go."""

    activity_changed = Signal(object)
    """An ``Activity``."""
    round_began = Signal()
    round_ended = Signal(object)
    """A ``RoundReport``."""
    checked = Signal(object)
    """A tuple of ``CheckedRoot``."""
    failed = Signal(object)
    """An ``EnnError`` that prevented or ended a work."""

    def __init__(self, bridge: Bridge, office: Office, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._office = bridge, office
        self._work: Work | None = None
        self.activity = REST

    @property
    def free(self) -> bool:
        """Whether a work may begin."""
        return not self._bridge.busy

    def fetch(self) -> bool:
        """Bring home what every account sees; ``False`` when the engine is busy or there is no account."""
        if not self.free or not self._office.settings.accounts:
            return False
        office = self._office

        def job(cancel: CancelToken, progress: Progress) -> RoundReport:
            from enn_desktop.backup.rounds import run_round

            return run_round(
                office.workshop(cancel, progress),
                office.settings.accounts,
                office.folder_of,
                office.secret,
                identity=office.identity,
            )

        self.round_began.emit()
        self._begin(job, self.round_ended.emit, Doing.FETCHING)
        return True

    def verify(self) -> bool:
        """Read every document again; ``False`` when the engine is busy."""
        if not self.free:
            return False
        office = self._office

        def job(cancel: CancelToken, progress: Progress) -> tuple[CheckedRoot, ...]:
            from enn_desktop.backup.checking import verify_roots

            return verify_roots(office.workshop(cancel, progress), office.roots)

        self._begin(job, self.checked.emit, Doing.VERIFYING)
        return True

    def pause(self) -> None:
        """Ask nothing more of the platform until :meth:`resume`."""
        if self._work is not None and self.activity.doing is Doing.FETCHING:
            self._work.cancel.pause()
            self._tell(Doing.PAUSED)

    def resume(self) -> None:
        """Go on after a pause."""
        if self._work is not None and self.activity.doing is Doing.PAUSED:
            self._work.cancel.resume()
            self._tell(Doing.FETCHING)

    def stop(self) -> None:
        """End the present work soon; what is here stays."""
        if self._work is not None:
            self._work.cancel.cancel()
            self._tell(Doing.STOPPING)

    def _begin(self, job: Callable[[CancelToken, Progress], T], done: Callable[[T], object], doing: Doing) -> None:
        def ended(value: T) -> None:
            self._rest()
            done(value)

        def gave_up(error: EnnError) -> None:
            self._rest()
            if not isinstance(error, Cancelled):
                self.failed.emit(error)

        self.activity = Activity(doing)
        self._work = self._bridge.work(job, ended, gave_up, self._progressed)
        self.activity_changed.emit(self.activity)

    def _progressed(self, state: ProgressState) -> None:
        self._tell(self.activity.doing, state)

    def _tell(self, doing: Doing, state: ProgressState | None = None) -> None:
        self.activity = Activity(doing, state or self.activity.progress)
        self.activity_changed.emit(self.activity)

    def _rest(self) -> None:
        self._work = None
        self.activity = REST
        self.activity_changed.emit(REST)
