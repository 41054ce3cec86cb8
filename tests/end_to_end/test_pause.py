"""A pause asks nothing more of the platform; the run goes on afterwards and ends whole."""

from __future__ import annotations

import threading

from enn_desktop.backup.report import Outcome, RunReport
from enn_desktop.core.progress import ProgressState, Stage
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home


class PauseAt:
    """Asks for a pause once some dossiers are done, once."""

    def __init__(self, town_hall: TownHall) -> None:
        self._town_hall, self.paused = town_hall, threading.Event()

    def update(self, state: ProgressState) -> None:
        if state.stage is Stage.FETCHING and state.dossiers_done >= 3 and not self.paused.is_set():
            self._town_hall.cancel.pause()
            self.paused.set()


def started(town_hall: TownHall) -> tuple[threading.Thread, list[RunReport], PauseAt]:
    reports: list[RunReport] = []
    pause = PauseAt(town_hall)
    town_hall.progress = pause
    run = threading.Thread(target=lambda: reports.append(town_hall.back_up()))
    run.start()
    assert pause.paused.wait(20)
    return run, reports, pause


def settled(town_hall: TownHall) -> int:
    """Return the number of requests once those under way have been answered."""
    seen = -1
    while seen != len(town_hall.server.requests):
        seen = len(town_hall.server.requests)
        threading.Event().wait(0.3)
    return seen


def test_while_paused_not_one_request_arrives_and_then_everything_comes_home(town_hall: TownHall) -> None:
    run, reports, _ = started(town_hall)
    before = settled(town_hall)
    # Longer than an answer may take (1 s here): the pause must not be taken for a server that is silent.
    run.join(1.5)
    assert run.is_alive()
    assert len(town_hall.server.requests) == before
    town_hall.cancel.resume()
    run.join(60)
    assert reports[0].stopped_by is None
    assert_home(town_hall.folder, town_hall.server.world, town_hall.login)


def test_a_paused_run_that_is_stopped_ends_at_once(town_hall: TownHall) -> None:
    run, reports, _ = started(town_hall)
    town_hall.cancel.cancel()
    run.join(10)
    assert not run.is_alive()
    assert reports[0].outcome is Outcome.CANCELLED
