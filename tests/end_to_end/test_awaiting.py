"""What is on the platform and not here yet is known even when a run was stopped at its first dossier."""

from __future__ import annotations

from enn_desktop.backup.report import Outcome
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.core.progress import ProgressState, Stage
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import visible


class StopAfter:
    """Asks for a stop once some dossiers are done."""

    def __init__(self, town_hall: TownHall, dossiers: int) -> None:
        self._town_hall, self._dossiers = town_hall, dossiers

    def update(self, state: ProgressState) -> None:
        if state.stage is Stage.FETCHING and state.dossiers_done >= self._dossiers:
            self._town_hall.cancel.cancel()


def awaited(town_hall: TownHall) -> list[KnownDossier]:
    with town_hall.workshop().look(town_hall.folder) as opened:
        return opened.catalogue.awaiting()


def here(town_hall: TownHall) -> set[str]:
    with town_hall.workshop().look(town_hall.folder) as opened:
        return {dossier.id_d for dossier in opened.catalogue.dossiers("sealed")}


def test_after_a_run_stopped_half_way_every_dossier_is_either_here_or_awaited(town_hall: TownHall) -> None:
    town_hall.progress = StopAfter(town_hall, 5)
    assert town_hall.back_up().outcome is Outcome.CANCELLED
    listed = {document.id_d for document in visible(town_hall.server.world, town_hall.login)}
    waiting = {dossier.id_d for dossier in awaited(town_hall)}
    assert waiting
    assert waiting | here(town_hall) == listed
    assert waiting & here(town_hall) == set()


def test_what_is_awaited_says_its_commune_its_flow_and_its_state(town_hall: TownHall) -> None:
    town_hall.progress = StopAfter(town_hall, 1)
    town_hall.back_up()
    for dossier in awaited(town_hall):
        assert dossier.entity
        assert dossier.family
        assert dossier.word
        assert dossier.created or dossier.state_date


def test_once_everything_came_home_only_what_cannot_come_is_awaited(town_hall: TownHall) -> None:
    report = town_hall.back_up()
    troubled = {failure.id_d for failure in report.failures}
    assert {dossier.id_d for dossier in awaited(town_hall)} <= troubled
