"""The plug is pulled, at every named point of a write and at random moments; the next run makes everything whole."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from enn_desktop.archive import points
from enn_desktop.archive.points import POINTS
from enn_desktop.core.errors import StorageError
from enn_desktop.core.exits import ExitCode
from enn_desktop.demo import DemoServer, World, build_world
from tests.end_to_end.conftest import PROJECT, TownHall
from tests.end_to_end.truth import assert_home, assert_no_document_twice, assert_sound, descriptions
from tests.sudden_death import KILLED

KILLER = "tests.end_to_end.killed_run"


TIMES = count()


def change_everything(world: World) -> None:
    """Have the platform replace some files and edit some titles, so that versions and new names are needed."""
    time_now = next(TIMES)
    for id_d in sorted(world.documents)[:12]:
        document = world.documents[id_d]
        for field, value in list(document.content.items()):
            if isinstance(value, list) and value and value[0].source is not None:
                world.replace_file(id_d, field, 0, f"%PDF-1.4\n{id_d} {time_now}\n%%EOF\n".encode())
                world.edit_title(id_d, f"Objet revu {time_now} {id_d}")
                break


@pytest.fixture
def small(tmp_path: Path) -> Iterator[TownHall]:
    world = build_world(seed=2, dossiers=30, profile="2.0")
    with DemoServer(world) as server:
        yield TownHall(server, tmp_path)


@pytest.mark.parametrize("nth", [1, 7])
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_of_a_write_loses_nothing(point: str, nth: int, small: TownHall) -> None:
    if point in ("old-version-moved", "dossier-folder-renamed"):
        small.back_up()
        change_everything(small.server.world)
    killed = small.run(*small.backup_arguments(), module=KILLER, before=(point, str(nth)))
    assert killed.returncode in (KILLED, 0, ExitCode.PARTIAL), killed.stderr
    assert_sound(small.folder)
    small.back_up()
    assert_home(small.folder, small.server.world, "secretaire")
    assert_no_document_twice(small.folder)


def test_every_point_is_really_passed_in_a_run(small: TownHall) -> None:
    seen: set[str] = set()
    points.observe(seen.add)
    try:
        small.back_up()
        change_everything(small.server.world)
        small.back_up()
    finally:
        points.observe(None)
    assert seen >= set(POINTS)


def kill_after(town_hall: TownHall, seconds: float) -> None:
    """Start the real program and kill it after a while, wherever it is."""
    command = town_hall.command(*town_hall.backup_arguments())
    process = subprocess.Popen(
        command, env=town_hall.environment(), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def random_kills(town_hall: TownHall, times: int, seed: int) -> None:
    """Kill a run at random moments of its life, checking the folder after each."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    start = time.monotonic()
    town_hall.run(*town_hall.backup_arguments())
    whole = time.monotonic() - start
    for number in range(times):
        if number % 10 == 0:
            change_everything(town_hall.server.world)
        if number % 4 == 0 and town_hall.folder.exists():
            town_hall.folder.rename(town_hall.home / f"ancien-{number}")
        kill_after(town_hall, chance.uniform(0.3, whole))
        assert_sound(town_hall.folder)
        if number % 5 == 4:
            town_hall.back_up()
            assert_home(town_hall.folder, town_hall.server.world, "secretaire")
    town_hall.back_up()
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")
    assert_no_document_twice(town_hall.folder)


def test_ten_kills_at_random_moments_lose_nothing(small: TownHall) -> None:
    random_kills(small, 10, seed=20261123)


@pytest.mark.torture
def test_a_hundred_kills_at_random_moments_lose_nothing(small: TownHall) -> None:
    random_kills(small, 100, seed=int(os.environ.get("ENN_TORTURE_SEED", "1")))


def test_a_deleted_catalogue_is_rebuilt_and_nothing_is_downloaded_again(small: TownHall) -> None:
    small.back_up()
    for path in small.profile.glob("catalogue-*"):
        path.unlink()
    small.server.clear_requests()
    report = small.back_up()
    assert any("reconstruit" in warning for warning in report.tally.warnings)
    assert len([seen for seen in small.server.requests if "/file/" in seen.path]) <= 2
    assert_home(small.folder, small.server.world, "secretaire")
    assert_no_document_twice(small.folder)


@pytest.mark.parametrize("damage", ["header", "middle", "truncated", "text"])
def test_a_damaged_catalogue_is_set_aside_and_rebuilt(damage: str, small: TownHall) -> None:
    small.back_up()
    (path,) = small.profile.glob("catalogue-*.sqlite")
    content = path.read_bytes()
    damaged = {
        "header": b"not a database!!" + content[16:],
        "middle": content[:8192] + b"\xff" * 8192 + content[16384:],
        "truncated": content[: len(content) // 2],
        "text": b"bonjour",
    }[damage]
    path.write_bytes(damaged)
    done = small.run(*small.backup_arguments())
    assert done.returncode in (ExitCode.OK, ExitCode.PARTIAL), done.stderr
    assert [p for p in small.profile.iterdir() if p.name.startswith("abime-")]
    assert_home(small.folder, small.server.world, "secretaire")
    assert_no_document_twice(small.folder)


def test_a_catalogue_of_a_newer_program_is_refused_untouched(small: TownHall) -> None:
    small.back_up()
    (path,) = small.profile.glob("catalogue-*.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = path.read_bytes()
    done = small.run(*small.backup_arguments())
    assert done.returncode == ExitCode.CATALOGUE
    assert "plus récente" in done.stderr
    assert path.read_bytes() == before


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """Mount a small disk of its own; the tests run as root in continuous integration."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_stops_with_a_sentence_and_the_rest_comes_later(small: TownHall) -> None:
    with mounted(small.folder, "size=34m"):
        (small.folder / "mes photos.bin").write_bytes(b"x" * 11_500_000)
        done = small.run(*small.backup_arguments())
        assert done.returncode in (ExitCode.STORAGE, ExitCode.OK, ExitCode.PARTIAL)
        (small.folder / "mes photos.bin").write_bytes(b"x" * 23_000_000)
        done = small.run(*small.backup_arguments())
        assert done.returncode == ExitCode.STORAGE
        assert "Que faire" in done.stderr
        assert_sound(small.folder)
        (small.folder / "mes photos.bin").unlink()
        small.back_up()
        assert_home(small.folder, small.server.world, "secretaire")


def test_a_disk_that_fills_up_half_way_keeps_what_was_stored(tmp_path: Path) -> None:
    from enn_desktop.demo import build_bench_world

    world = build_bench_world(40, 2, 400_000)
    with DemoServer(world) as server:
        town_hall = TownHall(server, tmp_path)
        with mounted(town_hall.folder, "size=36m"):
            report = town_hall.back_up()
            assert isinstance(report.stopped_by, StorageError)
            assert report.state.complete > 0
            assert_sound(town_hall.folder)
            stored = {described["id_d"] for _, described in descriptions(town_hall.folder) if described.get("complet")}
            subprocess.run(["mount", "-o", "remount,size=120m", str(town_hall.folder)], check=True)
            asked_before = len(server.requests)
            town_hall.back_up()
            asked = {
                seen.path.split("/document/")[1][:7] for seen in server.requests[asked_before:] if "/file/" in seen.path
            }
            assert not asked & stored
            assert_home(town_hall.folder, world, "secretaire")


def test_a_folder_made_read_only_is_said_and_loses_nothing(small: TownHall) -> None:
    with mounted(small.folder, "size=200m"):
        small.back_up()
        before = {p: p.read_bytes() for p in small.folder.rglob("*") if p.is_file()}
        subprocess.run(["mount", "-o", "remount,ro", str(small.folder)], check=True)
        done = small.run(*small.backup_arguments())
        assert done.returncode == ExitCode.STORAGE
        assert "protégé" in done.stderr
        assert {p: p.read_bytes() for p in small.folder.rglob("*") if p.is_file()} == before


def test_a_second_run_in_the_same_folder_says_that_one_is_under_way(small: TownHall) -> None:
    small.back_up()
    with small.workshop().work(small.folder):
        done = small.run(*small.backup_arguments())
    assert done.returncode == ExitCode.BUSY
    assert json.loads(done.stdout)["error"]["code"] == "deja-en-cours"
