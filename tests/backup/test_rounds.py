"""One round over several accounts: each on its own, a stop for all, and a sentence at the end."""

from __future__ import annotations

from pathlib import Path

from enn_desktop.backup.assembly import Workshop
from enn_desktop.backup.report import Outcome
from enn_desktop.backup.rounds import RoundReport, run_round
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import AuthenticationRefused, StorageError
from enn_desktop.core.settings import AccountSettings
from enn_desktop.demo import DemoServer, build_world
from enn_desktop.system.paths import profile_paths


def account(server: DemoServer, name: str, user: str = "secretaire") -> AccountSettings:
    return AccountSettings(name=name, address=server.url, user=user)


def round_of(
    tmp_path: Path, accounts: tuple[AccountSettings, ...], secrets: dict[str, str], cancel: CancelToken | None = None
) -> RoundReport:
    workshop = Workshop(profile_paths(tmp_path / "profil"), cancel or CancelToken())
    return run_round(workshop, accounts, lambda one: tmp_path / one.name, lambda one: secrets.get(one.name))


def test_a_refused_account_and_one_without_password_do_not_keep_the_third_from_its_turn(tmp_path: Path) -> None:
    world = build_world(seed=2, dossiers=30)
    password = world.accounts["secretaire"].password
    with DemoServer(world) as server:
        accounts = tuple(account(server, name) for name in ("refusé", "muet", "bon"))
        found = round_of(tmp_path, accounts, {"refusé": "faux", "bon": password})
    refused, silent, good = found.results
    assert isinstance(refused.stopped_by, AuthenticationRefused)
    assert silent.secret_missing
    assert good.report is not None
    assert found.fetched_dossiers == good.report.tally.fetched_dossiers > 0
    assert found.outcome is Outcome.STOPPED
    assert isinstance(found.first_error, AuthenticationRefused)


def test_a_second_round_says_that_there_was_nothing_new(tmp_path: Path) -> None:
    world = build_world(seed=2, dossiers=30)
    secrets = {"a": world.accounts["secretaire"].password}
    with DemoServer(world) as server:
        first = round_of(tmp_path, (account(server, "a"),), secrets)
        again = round_of(tmp_path, (account(server, "a"),), secrets)
    assert "récupérés" in first.sentence()
    assert again.sentence().startswith("Rien de nouveau")


def test_a_stop_asked_for_stops_every_account(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    world = build_world(seed=2, dossiers=30)
    with DemoServer(world) as server:
        found = round_of(tmp_path, (account(server, "a"), account(server, "b")), {"a": "x", "b": "y"}, cancel)
        assert [seen for seen in server.requests if "document" in seen.path] == []
    assert found.outcome is Outcome.CANCELLED
    assert found.first_error is None


def test_a_folder_that_cannot_be_used_is_not_tried_again_for_another_account(tmp_path: Path) -> None:
    world = build_world(seed=2, dossiers=30)
    (tmp_path / "fichier").write_text("ni dossier ni disque", encoding="utf-8")
    with DemoServer(world) as server:
        workshop = Workshop(profile_paths(tmp_path / "profil"))
        accounts = (account(server, "a"), account(server, "b"))
        found = run_round(workshop, accounts, lambda _: tmp_path / "fichier", lambda _: "x")
    assert [type(result.stopped_by) for result in found.results] == [StorageError]
