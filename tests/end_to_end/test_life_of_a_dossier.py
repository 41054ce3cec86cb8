"""What the server does to a dossier over months, and what is still here afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.demo import DemoServer, World, build_world
from tests.end_to_end.conftest import TownHall
from tests.end_to_end.truth import assert_home, assert_no_document_twice, descriptions, digest

PDF = b"%PDF-1.4\noriginal\n%%EOF\n"
COMMUNE = 2


@pytest.fixture(params=["2.0", "4.1"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    world = build_world(seed=9, dossiers=30, profile=request.param)
    with DemoServer(world) as server:
        yield TownHall(server, tmp_path)


def add_act(world: World, state: str = "modification", title: str = "Budget primitif") -> str:
    """Add one act with a PDF; return its id."""
    kind = "actes-generique"
    values = {"numero_de_lacte": "DEL_2026_012", "date_de_lacte": "2026-03-12", "objet": title}
    document = world.add_document(
        kind, COMMUNE, title=title, state=state, files={"arrete": [("deliberation.pdf", PDF)]}, values=values
    )
    return str(document.id_d)


def described(hall: TownHall, id_d: str) -> tuple[Path, dict[str, Any]]:
    """Return one dossier's folder and description."""
    return next((folder, found) for folder, found in descriptions(hall.folder) if found["id_d"] == id_d)


def files_asked(hall: TownHall, id_d: str) -> int:
    """Return how many files of a dossier were asked for since the log was cleared."""
    return len([seen for seen in hall.server.requests if f"/document/{id_d}/file/" in seen.path])


def everywhere(folder: Path) -> set[str]:
    """Return the hashes of every file of a dossier, kept versions included."""
    return {digest(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_a_signed_file_that_replaces_the_original_under_the_same_name_keeps_both(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world)
    hall.back_up()
    world.clock.advance(hours=2)
    signed = world.sign_in_place(id_d)
    report = hall.back_up()
    folder, _ = described(hall, id_d)
    assert {digest(PDF), digest(signed)} <= everywhere(folder)
    assert_home(hall.folder, world, "secretaire")
    if world.profile.signed_keeps_name:
        assert report.tally.kept_versions >= 1
        assert (folder / "deliberation.pdf").read_bytes() == signed


def test_a_state_written_before_its_files_is_not_called_complete_too_soon(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world)
    hall.back_up()
    world.clock.advance(minutes=5)
    world.acquit(id_d)
    world.clock.advance(minutes=1)
    hall.back_up()
    assert not described(hall, id_d)[1].get("complet")
    world.deliver_pending_files()
    world.clock.advance(minutes=20)
    hall.back_up()
    _, found = described(hall, id_d)
    assert found["complet"]
    assert {file["champ"] for file in found["fichiers"]} >= {"arrete", "aractes"}
    assert_home(hall.folder, world, "secretaire")


def test_a_list_of_files_read_long_after_the_last_action_is_proven_at_once(hall: TownHall) -> None:
    id_d = add_act(hall.server.world, state="acquiter-tdt")
    hall.server.world.clock.advance(minutes=30)
    hall.back_up()
    assert described(hall, id_d)[1]["complet"]


def test_silent_rewrites_are_caught_some_days_after_the_end_and_once_before_the_deadline(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world, state="acquiter-tdt")
    world.clock.advance(hours=1)
    hall.back_up()
    moments = []
    for _day in range(0, 720, 4):
        world.clock.advance(days=4)
        world.replace_file(id_d, "arrete", 0, f"%PDF-1.4\n{world.clock.stamp()}\n%%EOF\n".encode())
        hall.server.clear_requests()
        hall.back_up()
        if files_asked(hall, id_d):
            moments.append((world.clock.now() - world.clock.now().min).days)
    first, last = moments[0], moments[-1]
    assert len(moments) == 2, moments
    assert last - first >= 600
    folder, found = described(hall, id_d)
    assert found["complet"]
    assert len(list((folder / "versions").rglob("*.pdf"))) == 2


def test_a_history_rewritten_at_each_poll_is_fetched_again_after_the_next_state(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world)
    world.sign_in_place(id_d)
    hall.back_up()
    world.rewrite_history(id_d)
    world.clock.advance(hours=3)
    world.acquit(id_d, with_files=True)
    world.clock.advance(hours=1)
    hall.back_up()
    assert_home(hall.folder, world, "secretaire")


def test_a_purged_dossier_stays_here_complete_and_is_said_gone(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world, state="acquiter-tdt")
    world.clock.advance(hours=1)
    hall.back_up()
    before = {p: p.read_bytes() for p in described(hall, id_d)[0].glob("*.pdf")}
    world.clock.advance(days=800)
    assert id_d in world.purge("GLOBAL", days=700)
    report = hall.back_up()
    _, found = described(hall, id_d)
    assert report.tally.newly_gone >= 1
    assert found["absent_de_la_plateforme_depuis"]
    assert found["complet"]
    assert {p: p.read_bytes() for p in before} == before


def test_a_terminal_dossier_that_comes_back_is_followed_again(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world, state="acquiter-tdt")
    world.clock.advance(hours=1)
    hall.back_up()
    assert described(hall, id_d)[1]["complet"]
    world.clock.advance(days=30)
    world.reopen(id_d)
    hall.back_up()
    assert not described(hall, id_d)[1].get("complet")
    assert described(hall, id_d)[1]["historique"][0]["etat"] == "acquiter-tdt"


def test_a_letter_from_the_prefecture_months_later_comes_home(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world, state="acquiter-tdt")
    world.clock.advance(hours=1)
    hall.back_up()
    world.clock.advance(days=120)
    world.prefecture_letter(id_d)
    hall.back_up()
    assert_home(hall.folder, world, "secretaire")


def test_a_draft_without_title_gets_its_readable_folder_once_it_has_one(hall: TownHall) -> None:
    world = hall.server.world
    document = world.create("actes-generique", COMMUNE)
    hall.back_up()
    first, _ = described(hall, document.id_d)
    assert "sans objet" in first.name
    world.clock.advance(minutes=10)
    world.edit_title(document.id_d, "Règlement du cimetière", quietly=False)
    world.change_state(document.id_d, "modification")
    hall.back_up()
    second, _ = described(hall, document.id_d)
    assert "Règlement du cimetière" in second.name
    assert not first.exists()
    assert_no_document_twice(hall.folder)


def test_a_removed_annex_shifts_the_others_and_nothing_is_lost_nor_doubled(hall: TownHall) -> None:
    world = hall.server.world
    annexes = [(f"annexe {n}.pdf", f"%PDF-1.4\n{n}\n%%EOF\n".encode()) for n in range(3)]
    document = world.add_document(
        "actes-generique",
        COMMUNE,
        title="Trois annexes",
        files={"arrete": [("a.pdf", PDF)], "autre_document_attache": annexes},
    )
    hall.back_up()
    world.clock.advance(minutes=5)
    world.remove_file(document.id_d, "autre_document_attache", 0)
    world.change_state(document.id_d, "modification")
    hall.back_up()
    folder, _ = described(hall, document.id_d)
    assert {digest(content) for _, content in annexes} <= everywhere(folder)
    assert_home(hall.folder, world, "secretaire")
    assert_no_document_twice(hall.folder)


def test_a_document_shared_by_two_entities_is_kept_once(tmp_path: Path) -> None:
    world = build_world(seed=9, dossiers=30, profile="2.0")
    id_d = add_act(world)
    world.share(id_d, 6, role="lecteur")
    with DemoServer(world) as server:
        hall = TownHall(server, tmp_path)
        hall.back_up()
        homes = [folder for folder, found in descriptions(hall.folder) if found["id_d"] == id_d]
        assert len(homes) == 1
        assert "Valbrume" in homes[0].relative_to(hall.folder).parts[0]
        hall.server.clear_requests()
        hall.back_up()
        assert files_asked(hall, id_d) == 0


def test_a_file_deleted_or_damaged_here_comes_back_and_what_she_wrote_is_kept(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world, state="acquiter-tdt")
    world.clock.advance(hours=1)
    hall.back_up()
    folder, _ = described(hall, id_d)
    (folder / "deliberation.pdf").write_bytes(b"mes notes par-dessus")
    (folder / "mes notes.txt").write_bytes("à relire".encode())
    hall.back_up()
    assert (folder / "deliberation.pdf").read_bytes() == PDF
    assert b"mes notes par-dessus" in {p.read_bytes() for p in (folder / "versions").rglob("*") if p.is_file()}
    assert (folder / "mes notes.txt").exists()
    (folder / "deliberation.pdf").unlink()
    hall.back_up()
    assert (folder / "deliberation.pdf").read_bytes() == PDF


def test_a_folder_moved_by_hand_is_found_again_and_not_fetched_twice(hall: TownHall) -> None:
    id_d = add_act(hall.server.world, state="acquiter-tdt")
    hall.server.world.clock.advance(hours=1)
    hall.back_up()
    folder, _ = described(hall, id_d)
    elsewhere = hall.folder / "Classé par moi" / "budget"
    elsewhere.parent.mkdir()
    folder.rename(elsewhere)
    hall.server.clear_requests()
    hall.back_up()
    assert files_asked(hall, id_d) == 0
    assert described(hall, id_d)[0] == elsewhere


def test_the_journal_comes_home_with_the_dossier_before_it_leaves_the_server(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world)
    hall.back_up()
    world.clock.advance(days=1)
    world.acquit(id_d, with_files=True)
    world.clock.advance(hours=1)
    hall.back_up()
    world.clock.advance(days=100)
    hall.back_up()
    actions = [event["action"] for event in described(hall, id_d)[1]["journal"]]
    assert "acquiter-tdt" in actions
    assert "Consulté" not in actions


def test_a_clock_that_is_wrong_is_said(tmp_path: Path) -> None:
    world = build_world(seed=9, dossiers=30)
    world.clock.skew = timedelta(hours=3)
    with DemoServer(world) as server:
        report = TownHall(server, tmp_path).back_up()
    assert any("horloge" in warning for warning in report.tally.warnings)


def test_a_flow_that_the_account_lost_is_hidden_not_gone(hall: TownHall) -> None:
    world = hall.server.world
    id_d = add_act(world, state="acquiter-tdt")
    world.clock.advance(hours=1)
    hall.back_up()
    for name, role in list(world.roles.items()):
        kept = frozenset(right for right in role.rights if not right.startswith("actes-generique:"))
        world.roles[name] = replace(role, rights=kept)
    report = hall.back_up()
    assert "absent_de_la_plateforme_depuis" not in described(hall, id_d)[1]
    assert any("ne voit plus" in warning for warning in report.tally.warnings)
