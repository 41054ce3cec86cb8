"""The server cuts, lies, hangs or hides: each time a clear sentence, nothing lost, and the rest goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from enn_desktop.backup.report import Outcome, RunReport
from enn_desktop.core.errors import (
    AuthenticationRefused,
    EnnError,
    PortalInTheWay,
    ServerBroken,
    ServerUnreachable,
    TooManyRequests,
)
from enn_desktop.core.exits import ExitCode
from enn_desktop.demo import DemoServer, World, effects
from enn_desktop.demo.faults import Effect
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home, assert_no_document_twice, assert_sound, descriptions, visible

A_FILE = r"/file/document/0|/file/arrete/0|/file/fichier_pes/0"


def assert_clear(report: RunReport) -> None:
    """Every failure has its sentence: what happened and what to do."""
    for failure in report.failures:
        assert failure.message.endswith((".", "!"))
        assert failure.advice
        assert "HTTP" not in failure.message


def assert_whole_after_one_more_run(town_hall: TownHall) -> None:
    """Once the server is healthy again, one more run brings everything home."""
    town_hall.server.faults.clear()
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")
    assert_no_document_twice(town_hall.folder)


ONCE: list[tuple[str, Effect]] = [
    ("cut", effects.cut_body(300)),
    ("cut by a reset", effects.cut_body(300, reset=True)),
    ("longer length", effects.wrong_length(+500)),
    ("shorter length", effects.wrong_length(-500)),
    ("hang", effects.hang()),
    ("reset", effects.connection_reset()),
    ("500", effects.status(500)),
    ("empty 500", effects.empty_500()),
    ("502 page", effects.status(502, "html")),
    ("429", effects.status(429, "json", retry_after=0)),
    ("stack trace", effects.stack_trace()),
]


@pytest.mark.parametrize("path", [A_FILE, r"/document/[A-Za-z0-9]{7}$", r"/document\?", "/document/count", "/journal"])
@pytest.mark.parametrize("effect", [effect for _, effect in ONCE], ids=[name for name, _ in ONCE])
def test_a_fault_that_passes_costs_nothing(effect: Effect, path: str, town_hall: TownHall) -> None:
    fault = town_hall.server.faults.add(effect, path)
    report = town_hall.back_up()
    assert fault.struck == 1
    assert report.stopped_by is None
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")


LASTING: list[tuple[str, Effect]] = [
    *[(name, effect) for name, effect in ONCE if name not in ("429", "shorter length")],
    ("login page", effects.portal_html()),
    ("redirect", effects.portal_redirect()),
    ("html before the pdf", effects.html_before_pdf()),
    ("json failure", effects.json_encode_failure()),
    ("drip", effects.slow_drip(300)),
]


@pytest.mark.parametrize("effect", [effect for _, effect in LASTING], ids=[name for name, _ in LASTING])
def test_one_file_that_never_comes_does_not_stop_the_others(effect: Effect, town_hall: TownHall) -> None:
    victim = next(d for d in visible(town_hall.server.world, "secretaire") if d.files("arrete"))
    town_hall.server.faults.add(effect, f"{victim.id_d}/file/arrete", times=None)
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert report.outcome is Outcome.PARTIAL
    assert_clear(report)
    assert [failure.id_d for failure in report.failures].count(victim.id_d) == 1
    assert_sound(town_hall.folder)
    here = {described["id_d"]: described for _, described in descriptions(town_hall.folder)}
    assert not here[victim.id_d].get("complet")
    assert set(here) == {document.id_d for document in visible(town_hall.server.world, "secretaire")}
    assert_whole_after_one_more_run(town_hall)


def test_an_endless_file_is_given_up_and_leaves_no_trace(town_hall: TownHall) -> None:
    victim = next(d for d in visible(town_hall.server.world, "secretaire") if d.files("arrete"))
    town_hall.server.faults.add(effects.endless_body(), f"{victim.id_d}/file/arrete", times=None)
    policy = town_hall.profile / "politique-enn.toml"
    policy.parent.mkdir(parents=True)
    policy.write_text("[general]\ntaille_max_fichier = 5000000\n", encoding="utf-8")
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert "sans fin" in next(f.message for f in report.failures if f.id_d == victim.id_d)
    assert not list(town_hall.folder.rglob("*.part"))
    assert_whole_after_one_more_run(town_hall)


def test_a_file_shortened_by_a_lying_length_is_never_called_complete(town_hall: TownHall) -> None:
    victim = next(d for d in visible(town_hall.server.world, "secretaire") if d.files("arrete"))
    town_hall.server.faults.add(effects.wrong_length(-200), f"{victim.id_d}/file/arrete", times=None)
    town_hall.back_up()
    here = {described["id_d"]: described for _, described in descriptions(town_hall.folder)}
    assert not here[victim.id_d].get("complet")


def test_a_401_in_the_middle_stops_at_once_and_the_next_run_goes_on(town_hall: TownHall) -> None:
    town_hall.server.faults.add(effects.status(401), A_FILE, times=None, after=5)
    report = town_hall.back_up()
    assert isinstance(report.stopped_by, AuthenticationRefused)
    seen = town_hall.server.requests
    first = next(number for number, request in enumerate(seen) if request.status == 401)
    # The other thread's request may already be under way; nothing is sent after that.
    assert len(seen) - first <= 2
    assert_sound(town_hall.folder)
    assert_whole_after_one_more_run(town_hall)


@pytest.mark.parametrize(
    ("effect", "kind", "code"),
    [
        (effects.portal_html(), PortalInTheWay, ExitCode.AUTHENTICATION),
        (effects.portal_redirect(), PortalInTheWay, ExitCode.AUTHENTICATION),
        (effects.status(401), AuthenticationRefused, ExitCode.AUTHENTICATION),
        (effects.status(503, "html"), ServerBroken, ExitCode.NETWORK),
        (effects.hang(), ServerUnreachable, ExitCode.NETWORK),
        (effects.status(429, "json", retry_after=3600), TooManyRequests, ExitCode.NETWORK),
    ],
)
def test_a_platform_that_is_not_there_is_said_at_once(
    effect: Effect, kind: type[EnnError], code: ExitCode, town_hall: TownHall
) -> None:
    town_hall.server.faults.add(effect, times=None)
    report = town_hall.back_up()
    assert isinstance(report.stopped_by, kind)
    assert report.exit_code is code
    assert len(town_hall.server.requests) <= 4


def test_a_server_that_goes_down_half_way_stops_the_run_soon(town_hall: TownHall) -> None:
    town_hall.server.faults.add(effects.status(503, "html"), times=None, after=40)
    report = town_hall.back_up()
    assert isinstance(report.stopped_by, ServerBroken)
    assert len(town_hall.server.requests) < 40 + 60
    assert_sound(town_hall.folder)
    assert_whole_after_one_more_run(town_hall)


def test_credentials_never_follow_a_redirect_to_another_host(town_hall: TownHall, world: World) -> None:
    with DemoServer(world) as stranger:
        location = f"{stranger.url}/api/v2/version"
        town_hall.server.faults.add(effects.portal_redirect(location), "/api/v2/version", times=None)
        report = town_hall.back_up()
        assert isinstance(report.stopped_by, PortalInTheWay)
        assert stranger.requests == []


def test_php_warnings_before_every_json_change_nothing(town_hall: TownHall) -> None:
    town_hall.server.faults.add(effects.php_warning_before_json(), r"/api/v2/(?!.*/file/)", times=None)
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")


def test_a_list_that_moves_during_paging_is_complete_all_the_same(tmp_path: Path) -> None:
    from enn_desktop.demo import build_world

    world = build_world(seed=4, dossiers=700, profile="2.0")
    with DemoServer(world) as server:
        for seed in range(4):
            server.faults.add(effects.move_rows_during_paging(seed=seed), r"/document\?.*offset=", times=1, after=seed)
        town_hall = TownHall(server, tmp_path)
        town_hall.back_up()
        assert_home(town_hall.folder, world, "secretaire")


def test_titles_edited_during_paging_lose_no_dossier(tmp_path: Path) -> None:
    from enn_desktop.demo import build_world

    world = build_world(seed=6, dossiers=700, profile="4.1")
    ids = sorted(world.documents)

    def retitle(_: object) -> None:
        for number, id_d in enumerate(ids[::7]):
            world.edit_title(id_d, f"{'zz' if number % 2 else 'aa'} revu {number}")

    with DemoServer(world) as server:
        server.faults.add(effects.callback(retitle), r"/document\?.*offset=200", times=1)
        town_hall = TownHall(server, tmp_path)
        town_hall.back_up()
        report = town_hall.back_up()
        assert report.stopped_by is None
        assert_home(town_hall.folder, world, "secretaire")


def test_a_dossier_deleted_between_list_and_download_is_said_and_the_rest_goes_on(town_hall: TownHall) -> None:
    victim = next(d.id_d for d in visible(town_hall.server.world, "secretaire") if d.files("arrete"))
    town_hall.server.faults.add(effects.delete_between_list_and_download(victim), rf"/document/{victim}$")
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert report.tally.gone_before_fetch == 1
    assert "disparu" in next(failure.message for failure in report.failures if failure.id_d == victim)
    assert_home(town_hall.folder, town_hall.server.world, "secretaire")
    again = town_hall.back_up()
    assert victim not in [failure.id_d for failure in again.failures]


def test_names_that_climb_out_of_the_folder_stay_inside(town_hall: TownHall) -> None:
    world = town_hall.server.world
    victim = next(d for d in visible(world, "secretaire") if d.files("arrete"))
    names = [
        "../../../evade.pdf",
        "..\\..\\evade.pdf",
        "/etc/evade.pdf",
        "C:\\evade.pdf",
        "CON.pdf",
        "..",
        "",
        "a/b.pdf",
    ]
    for number, name in enumerate(names):
        world.replace_file(victim.id_d, "arrete", 0, f"%PDF-1.4 {number}\n%%EOF\n".encode(), name=name)
        world.clock.advance(minutes=1)
        world.change_state(victim.id_d, "modification")
        report = town_hall.back_up()
        assert report.stopped_by is None, name
        assert_sound(town_hall.folder)
    outside = [p for p in town_hall.home.parent.rglob("*evade*") if town_hall.folder not in p.parents]
    assert outside == []
    assert_home(town_hall.folder, world, "secretaire")


def test_a_read_only_account_is_told_which_right_it_lacks_without_asking_a_thousand_times(town_hall: TownHall) -> None:
    town_hall.login = "lecteur"
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert any("édition" in failure.advice for failure in report.failures)
    details = [r for r in town_hall.server.requests if "/document/" in r.path and "count" not in r.path]
    types = {d.type for d in town_hall.server.world.documents.values()}
    assert len(details) <= 4 * len(types) + 16


@pytest.mark.parametrize("login", ["aucun", "sansentite"])
def test_an_account_that_sees_nothing_is_told_so(login: str, town_hall: TownHall) -> None:
    town_hall.login = login
    report = town_hall.back_up()
    assert report.stopped_by is None
    assert any("aucune collectivité" in warning for warning in report.tally.warnings)


def test_ctrl_c_keeps_what_was_stored_and_answers_within_seconds(town_hall: TownHall) -> None:
    import signal
    import subprocess

    from tests.end_to_end.conftest import PROJECT

    town_hall.server.faults.add(effects.hang(), A_FILE, times=None, after=10)
    process = subprocess.Popen(
        town_hall.command(*town_hall.backup_arguments()),
        env=town_hall.environment(), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not [r for r in town_hall.server.requests if "/file/" in r.path and not r.status]:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=15)
    assert process.returncode == ExitCode.CANCELLED, err
    assert json.loads(out)["outcome"] == "cancelled"
    assert_sound(town_hall.folder)
    assert_whole_after_one_more_run(town_hall)
