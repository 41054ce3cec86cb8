"""One command brings everything home, proves it, and asks nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enn_desktop.backup.report import Outcome
from enn_desktop.demo import DemoServer, build_world
from tests.archive.sha256_check import checked
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import (
    assert_home,
    assert_no_document_twice,
    assert_sound,
    descriptions,
    held,
    visible,
)


def file_requests(server: DemoServer) -> list[str]:
    return [seen.path for seen in server.requests if "/file/" in seen.path]


@pytest.mark.parametrize("profile", ["2.0", "3.1", "4.0", "4.1", "5.0"])
def test_everything_of_any_pastell_line_comes_home(profile: str, tmp_path: Path) -> None:
    world = build_world(seed=3, dossiers=60, profile=profile)
    with DemoServer(world) as server:
        town_hall = TownHall(server, tmp_path)
        report = town_hall.back_up()
    assert report.stopped_by is None
    assert report.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)
    assert_home(town_hall.folder, world, "secretaire")
    assert_no_document_twice(town_hall.folder)


def test_a_second_run_downloads_nothing_again(town_hall: TownHall) -> None:
    town_hall.back_up()
    town_hall.server.clear_requests()
    report = town_hall.back_up()
    again = file_requests(town_hall.server)
    # What the platform announces without having it may be asked for again, nothing else.
    absent = {f"{file.id_d}/file/{file.field}" for d in visible(town_hall.server.world, "secretaire")
              for file in held(d) if file.content is None}  # fmt: skip
    assert [path for path in again if not any(part in path for part in absent)] == []
    assert report.tally.kept_versions == 0


def test_the_real_sha256sum_accepts_every_manifest(town_hall: TownHall) -> None:
    town_hall.back_up()
    for folder, _ in descriptions(town_hall.folder):
        done = checked(folder)
        assert done.returncode == 0, (folder, done.stdout)


def test_no_more_than_two_percent_of_requests_are_not_details_or_files(tmp_path: Path) -> None:
    world = build_world(seed=5, dossiers=1500, profile="4.1")
    with DemoServer(world) as server:
        town_hall = TownHall(server, tmp_path)
        report = town_hall.back_up()
        details = sum(1 for seen in server.requests if "/document/" in seen.path)
    assert report.requests - details <= 0.02 * details, (report.requests, details)


def test_the_command_line_says_it_in_json_and_by_its_exit_code(town_hall: TownHall) -> None:
    done = town_hall.run(*town_hall.backup_arguments())
    said = json.loads(done.stdout)
    assert done.returncode == said["exit_code"]
    assert said["state"]["complete"] > 0
    assert said["error"] is None
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")


def test_the_program_writes_only_in_its_profile_and_in_the_folder(town_hall: TownHall) -> None:
    before = {path for path in town_hall.home.parent.rglob("*") if town_hall.home not in path.parents}
    town_hall.run(*town_hall.backup_arguments())
    after = {path for path in town_hall.home.parent.rglob("*") if town_hall.home not in path.parents}
    assert after == before
    assert {path.name for path in town_hall.home.iterdir()} == {"profil", "Dossiers de la mairie"}


def test_two_communes_on_two_platforms_share_a_folder_and_never_mix(tmp_path: Path) -> None:
    first, second = build_world(seed=11, dossiers=35), build_world(seed=12, dossiers=35)
    with DemoServer(first) as one, DemoServer(second) as other:
        mine, theirs = TownHall(one, tmp_path), TownHall(other, tmp_path)
        mine.back_up()
        theirs.back_up()
        again = mine.back_up()
    assert_sound_per_platform(tmp_path / "Dossiers de la mairie", one.url, other.url)
    assert again.tally.newly_gone == 0


def assert_sound_per_platform(root: Path, *urls: str) -> None:
    """Each town hall's folder holds the dossiers of one platform only."""
    owners: dict[str, set[str]] = {}
    for folder, described in descriptions(root):
        owners.setdefault(folder.relative_to(root).parts[0], set()).add(described["plateforme"])
    assert all(len(platforms) == 1 for platforms in owners.values()), owners
    assert {url for platforms in owners.values() for url in platforms} == set(urls)


def test_the_same_platform_under_a_new_address_is_recognised(tmp_path: Path) -> None:
    world = build_world(seed=1, dossiers=35)
    with DemoServer(world) as server:
        TownHall(server, tmp_path).back_up()
    with DemoServer(world) as server:
        town_hall = TownHall(server, tmp_path)
        report = town_hall.back_up()
        assert_sound(town_hall.folder)
        assert report.tally.kept_versions == 0
        assert len(file_requests(server)) <= 2
    assert_no_document_twice(town_hall.folder)
