"""What happens by itself: the next retrieval, the one reminder of the day. One slow timer, nothing else awake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from enn_desktop.agenda.values import Doing
from enn_desktop.core.errors import AuthenticationRefused, EnnError, ServerUnreachable
from enn_desktop.core.schedule import Facts, NextRun, next_run
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.engine_room import EngineRoom
from enn_desktop.qt.steering import Steering

if TYPE_CHECKING:
    from enn_desktop.agenda.reminders import Decision
    from enn_desktop.backup.rounds import RoundReport
    from enn_desktop.qt.session_watch import SessionWatch
    from enn_desktop.qt.toasts import Toaster

TICK_MS = 60_000
"""A minute is exact enough for hours, and costs nothing."""
ASLEEP = timedelta(milliseconds=3 * TICK_MS)
"""Between two looks: longer than that, the computer slept, or somebody moved its clock."""
REMINDER = "rappel"
"""The one toast of ours: a newer one takes its place."""
FETCH_NOW, LATER = "recuperer", "plus-tard"


@dataclass(frozen=True, slots=True)
class Around:
    """What makes an automatic run wait."""

    metered: bool = False
    sparing: bool = False


class Clockwork(QObject):
    """Looks at the clock once a minute, after a wake-up too, and starts what is due."""

    next_run_changed = Signal(str)
    row_wanted = Signal()
    """The reminder was clicked: show what it is about."""
    key_wanted = Signal()
    """The reminder was clicked, and it was about the signing key."""

    def __init__(
        self,
        bridge: Bridge,
        steering: Steering,
        engine: EngineRoom,
        watch: SessionWatch | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._steering, self._engine, self._watch = bridge, steering, engine, watch
        self._started_at = steering.office.clock.now()
        self._last_attempt: datetime | None = None
        self._failures = 0
        self._refused = False
        self._around = Around()
        self._woke_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._slept = self._cut_by_sleep = False
        self._deciding = False
        self._said = ""
        self._said_of_dossiers = True
        self._toaster: Toaster | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.tick)
        engine.round_began.connect(self._round_began)
        engine.round_ended.connect(self._round_ended)
        steering.settings_changed.connect(self._settings_changed)
        if watch is not None:
            watch.woke.connect(self._woke)
            watch.unlocked.connect(self.tick)

    def begin(self, toaster: Toaster) -> None:
        """Start looking at the clock."""
        self._toaster = toaster
        toaster.activated.connect(self._answered)
        self._timer.start()
        self.tick()

    def tick(self) -> None:
        """Start a run that is due; say what is worth saying. What makes it wait is asked for first, in a thread."""
        now = self._steering.office.clock.now()
        if self._looked_at is not None and now - self._looked_at > ASLEEP:
            self._slept = True
        self._looked_at = now
        schedule, demo = self._steering.office.settings.schedule, self._steering.office.demo
        ask_cost, ask_power = not (schedule.on_metered or demo), not (schedule.on_battery_saver or demo)
        if schedule.automatic and (ask_cost or ask_power):
            self._bridge.read(
                lambda: _look_around(ask_cost=ask_cost, ask_power=ask_power), self._go_on, slot="surroundings"
            )
        else:
            self._go_on(Around())

    def _go_on(self, around: Around) -> None:
        self._around = around
        plan = self._plan()
        self._tell(plan)
        now = self._steering.office.clock.now()
        if plan.at is not None and plan.at <= now and self._engine.free:
            self._engine.fetch()
        elif self._engine.activity.doing is Doing.NOTHING:
            self._remind()
        if plan.at is not None and plan.at > now:
            # The first run comes seconds after the start: a whole minute would be felt.
            left_ms = round((plan.at - now).total_seconds() * 1000)
            if left_ms < TICK_MS:
                self._soon.start(left_ms + 50)

    def _woke(self) -> None:
        self._woke_at, self._slept = self._steering.office.clock.now(), True
        self.tick()

    def _plan(self) -> NextRun:
        office = self._steering.office
        facts = Facts(
            now=office.clock.now(),
            started_at=self._started_at,
            last_attempt=self._last_attempt or self._steering.outlook.last_run_at,
            has_accounts=bool(office.settings.accounts),
            paused=self._engine.activity.doing is Doing.PAUSED,
            metered=self._around.metered,
            sparing=self._around.sparing,
            refused=self._refused,
            failures=self._failures,
            woke_at=self._woke_at,
            cut_by_sleep=self._cut_by_sleep,
        )
        return next_run(office.settings.schedule, facts)

    def _tell(self, plan: NextRun) -> None:
        sentence = plan.sentence(self._steering.office.clock.now().astimezone())
        if sentence != self._said:
            self._said = sentence
            self.next_run_changed.emit(sentence)

    def _round_began(self) -> None:
        self._last_attempt = self._steering.office.clock.now()
        self._slept = self._cut_by_sleep = False

    def _round_ended(self, report: RoundReport) -> None:
        error = report.first_error
        # A connection of before a sleep is dead: that is no failure, and the run is taken up again.
        self._cut_by_sleep = self._slept and isinstance(error, ServerUnreachable)
        if not self._cut_by_sleep:
            self._failures = self._failures + 1 if error is not None else 0
        self._refused = isinstance(error, AuthenticationRefused)
        self._steering.round_ended(error)
        self._tell(self._plan())

    def _settings_changed(self) -> None:
        self._refused, self._failures = False, 0
        self._tell(self._plan())

    # -- the reminder --------------------------------------------------------------------------------------

    def _remind(self) -> None:
        office = self._steering.office
        if office.demo or self._steering.outlook.empty or self._deciding:
            return
        health, watch = self._steering.health, self._watch

        def decide_now() -> Decision | None:
            if watch is not None and watch.locked():
                # Nobody would see it, and it would count as said: it is for when she is back.
                return None
            from enn_desktop.agenda import key_memory, places, reminder_log
            from enn_desktop.agenda.reminders import decide, read_pressing
            from enn_desktop.qt import toasts

            now = office.clock.now()
            log = reminder_log.read_log(office.paths)
            pressing = read_pressing(places.known_places(office.paths, office.roots), office.policy, now)
            pressing += key_memory.pressing_ends(office.paths, now)
            decision = decide(pressing, log, office.settings.notifications, now.astimezone(), health)
            if decision.log != log:
                # Noted before it is shown: a crash must not make it nag.
                reminder_log.write_log(office.paths, decision.log)
            if decision.remove or decision.reminder is not None:
                toasts.warm_up()
            return decision

        # A decision is noted where it is taken: dropped for a newer one, it would count as said, and nobody saw it.
        self._deciding = True
        self._bridge.read(decide_now, self._decided, self._could_not_decide)

    def _could_not_decide(self, error: EnnError) -> None:
        self._deciding = False
        self._bridge.failed.emit(error)

    def _decided(self, decision: Decision | None) -> None:
        self._deciding = False
        if self._toaster is None or decision is None:
            return
        if decision.remove:
            self._toaster.remove(REMINDER)
        if decision.reminder is not None:
            from enn_desktop.qt.toasts import Toast

            self._said_of_dossiers = decision.reminder.of_dossiers
            actions = ((FETCH_NOW, "Récupérer maintenant"), (LATER, "Plus tard"))[0 if self._said_of_dossiers else 1 :]
            self._toaster.show(Toast(REMINDER, decision.reminder.title, decision.reminder.text, actions))

    def _answered(self, toast_id: str, action: str) -> None:
        if toast_id != REMINDER or action == LATER:
            return
        if action == FETCH_NOW:
            self._engine.fetch()
        (self.row_wanted if self._said_of_dossiers else self.key_wanted).emit()


def _look_around(*, ask_cost: bool, ask_power: bool) -> Around:
    from enn_desktop.system.metered import is_metered
    from enn_desktop.system.power import on_battery_saver

    return Around(
        metered=ask_cost and is_metered() is True,
        sparing=ask_power and on_battery_saver() is True,
    )
