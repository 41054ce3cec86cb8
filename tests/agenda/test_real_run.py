"""What the screens say after real runs against the make-believe platform is what is true there and on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from enn_desktop.agenda.outlook import build_outlook
from enn_desktop.agenda.places import CataloguePlace, known_places
from enn_desktop.agenda.sheet import DossierSheet, read_open_failures, read_runs, read_sheet
from enn_desktop.agenda.shelf import Shelf, ShelfQuery
from enn_desktop.agenda.values import Outlook
from enn_desktop.backup.report import Outcome
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.paths import profile_paths
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import visible

EVERYTHING = 1_000


@pytest.fixture(params=["2.0", "4.1"])
def town_hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TownHall]:
    """Give a town hall whose platform is of an old or of a recent line."""
    with DemoServer(build_world(seed=1, dossiers=40, profile=request.param)) as server:
        yield TownHall(server, tmp_path)


class StopAfter:
    """Asks for a stop once some dossiers are done."""

    def __init__(self, town_hall: TownHall, dossiers: int) -> None:
        self._town_hall, self._dossiers = town_hall, dossiers

    def update(self, state: ProgressState) -> None:
        if state.stage is Stage.FETCHING and state.dossiers_done >= self._dossiers:
            self._town_hall.cancel.cancel()


def on_platform(town_hall: TownHall) -> set[str]:
    return {document.id_d for document in visible(town_hall.server.world, town_hall.login)}


def place_of(town_hall: TownHall) -> CataloguePlace:
    [place] = known_places(profile_paths(town_hall.profile), [town_hall.folder])
    return place


def looked(town_hall: TownHall) -> Outlook:
    workshop = town_hall.workshop()
    return build_outlook([place_of(town_hall)], workshop.policy, workshop.clock.now(), limit=EVERYTHING)


def sheets(town_hall: TownHall) -> list[DossierSheet]:
    workshop, place, shelf = town_hall.workshop(), place_of(town_hall), Shelf()
    shelf.fill([place], workshop.policy, workshop.clock.now(), CancelToken())
    rows = shelf.search(ShelfQuery(), first=EVERYTHING).rows
    shelf.close()
    found = [read_sheet(place, row.ref, workshop.policy, workshop.clock.now()) for row in rows]
    return [sheet for sheet in found if sheet is not None]


def test_after_a_whole_run_each_dossier_of_the_platform_is_counted_once_and_has_its_sheet(town_hall: TownHall) -> None:
    report = town_hall.back_up()
    outlook, listed = looked(town_hall), on_platform(town_hall)
    assert (outlook.known, outlook.here + outlook.away) == (len(listed), len(listed))
    assert {sheet.ref.id_d for sheet in sheets(town_hall)} == listed
    assert (outlook.last_outcome, outlook.last_good_at) == (report.outcome.name, report.ended_at.replace(microsecond=0))
    assert [past.run.outcome for past in read_runs([place_of(town_hall)])] == [report.outcome.name]


def test_nothing_is_called_away_without_a_reason_nor_here_with_an_open_failure(town_hall: TownHall) -> None:
    town_hall.back_up()
    outlook = looked(town_hall)
    failing = {failure.ref.id_d for failure in read_open_failures([place_of(town_hall)])}
    away = {row.ref.id_d for row in outlook.at_risk.rows}
    assert failing <= away
    assert all(row.cause or row.copy in {"à confirmer", "incomplet"} for row in outlook.at_risk.rows)
    shown = [row.ref.id_d for s in (outlook.waiting, outlook.troubled, outlook.in_progress) for row in s.rows]
    assert len(shown) == len(set(shown))
    assert away.isdisjoint(shown)


def test_every_file_of_every_sheet_is_on_the_disk_where_it_says(town_hall: TownHall) -> None:
    town_hall.back_up()
    files = [file for sheet in sheets(town_hall) for file in (*sheet.files, *sheet.versions)]
    assert files
    assert [file.path.stat().st_size for file in files] == [file.size for file in files]
    assert all(sheet.verified_on is None or sheet.complete for sheet in sheets(town_hall))


def test_a_run_stopped_at_once_leaves_the_rest_at_risk_with_its_commune_and_its_word(town_hall: TownHall) -> None:
    town_hall.progress = StopAfter(town_hall, 3)
    assert town_hall.back_up().outcome is Outcome.CANCELLED
    outlook = looked(town_hall)
    assert outlook.known == len(on_platform(town_hall))
    assert outlook.away == outlook.at_risk.total > 0
    assert all(row.entity and row.word and row.family for row in outlook.at_risk.rows)
    assert (outlook.last_outcome, outlook.last_good_at) == ("CANCELLED", None)
    days = [row.removable_from for row in outlook.at_risk.rows if row.removable_from is not None]
    assert days == sorted(days)
