"""What happens on the platform while a client looks at it."""

import time
from datetime import datetime, timedelta
from threading import Thread

import pytest

from enn_desktop.demo import DemoServer, World, build_world
from tests.demo.asking import ask
from tests.demo.conftest import NOW, Serve

PDF = b"%PDF-1.4\n%%EOF\n"


def draft(world: World, state: str = "modification") -> str:
    files = {"document": [("courrier.pdf", PDF)]}
    return world.add_document("document-a-signer", 2, title="Courrier", files=files, state=state).id_d


@pytest.mark.parametrize(
    ("profile", "signed", "original"),
    [
        ("2.0", "courrier_signe.pdf", "courrier.pdf"),
        ("3.1", "courrier.pdf", "courrier_orig.pdf"),
        ("4.1", "courrier.pdf", "courrier_orig.pdf"),
    ],
)
def test_the_signed_file_takes_the_place_of_the_original(
    serve: Serve, profile: str, signed: str, original: str
) -> None:
    world = build_world(profile=profile, now=NOW)
    id_d = draft(world, state="send-iparapheur")
    server = serve(world)
    data = world.sign_in_place(id_d)
    detail = ask(server, f"/entite/2/document/{id_d}").json
    assert detail["data"]["document"] == [signed]
    assert detail["data"]["document_orignal"] == [original]
    assert detail["last_action"]["action"] == "recu-iparapheur"
    assert ask(server, f"/entite/2/document/{id_d}/file/document/0").body == data != PDF
    assert ask(server, f"/entite/2/document/{id_d}/file/document_orignal/0").body == PDF


def test_the_history_is_rewritten_without_a_trace(world: World, server: DemoServer) -> None:
    id_d = draft(world, state="send-iparapheur")
    world.rewrite_history(id_d)
    path = f"/entite/2/document/{id_d}"
    first, detail = ask(server, f"{path}/file/iparapheur_historique/0").body, ask(server, path).body
    world.clock.advance(hours=1)
    world.rewrite_history(id_d)
    assert ask(server, f"{path}/file/iparapheur_historique/0").body != first
    assert ask(server, path).body == detail


def test_an_act_is_stamped_again_without_a_trace(server: DemoServer, world: World) -> None:
    id_d = world.add_document("actes-generique", 2, title="Délibération 12", values={"numero_de_lacte": "DEL_12"}).id_d
    world.acquit(id_d, with_files=True)
    path = f"/entite/2/document/{id_d}"
    first, detail = ask(server, f"{path}/file/acte_tamponne/0").body, ask(server, path).body
    world.clock.advance(days=3)
    world.restamp(id_d)
    assert ask(server, f"{path}/file/acte_tamponne/0").body != first
    assert ask(server, path).body == detail


def test_an_act_is_acknowledged_before_its_files_come(server: DemoServer, world: World) -> None:
    id_d = world.add_document("actes-generique", 2, title="Délibération 12", state="send-tdt").id_d
    path = f"/entite/2/document/{id_d}"
    world.acquit(id_d)
    early = ask(server, path).json
    assert early["last_action"]["action"] == "acquiter-tdt"
    assert "aractes" not in early["data"]
    assert world.deliver_pending_files() == 1
    late = ask(server, path).json
    assert late["last_action"] == early["last_action"]
    assert {"aractes", "bordereau", "acte_tamponne", "date_ar"} <= set(late["data"])
    assert b"ARActe" in ask(server, f"{path}/file/aractes/0").body


def test_late_files_come_by_themselves_when_their_delay_has_passed(server: DemoServer, world: World) -> None:
    id_d = world.add_document("helios-generique", 2, title="PES", state="send-tdt").id_d
    path = f"/entite/2/document/{id_d}"
    world.acquit(id_d, files_delay=timedelta(minutes=5))
    assert "fichier_reponse" not in (ask(server, path).json["data"] or {})
    world.clock.advance(minutes=5)
    shown = ask(server, path).json["data"]
    assert (shown["fichier_reponse"], shown["etat_ack"]) == (["retour.xml"], "1")


def test_a_terminal_document_can_come_back(server: DemoServer, world: World) -> None:
    id_d = draft(world, state="termine")
    world.clock.advance(days=2)
    world.reopen(id_d)
    last = ask(server, f"/entite/2/document/{id_d}").json["last_action"]
    assert (last["action"], last["date"]) == ("modification", "2026-11-25 12:00:00")


def test_a_letter_of_the_prefecture_lands_in_the_act_in_2_0(server: DemoServer, world: World) -> None:
    id_d = world.add_document("actes-generique", 2, title="Délibération 12", state="acquiter-tdt").id_d
    world.clock.advance(days=40)
    assert world.prefecture_letter(id_d).id_d == id_d
    detail = ask(server, f"/entite/2/document/{id_d}").json
    assert detail["last_action"]["action"] == "attente-reponse-prefecture"
    assert detail["data"]["courrier_simple"] == ["courrier_simple.tar.gz"]


def test_a_letter_of_the_prefecture_is_a_document_of_its_own_later(serve: Serve) -> None:
    world = build_world(profile="3.1", now=NOW)
    act = world.add_document(
        "actes-generique", 2, title="Délibération 12", state="acquiter-tdt", values={"numero_de_lacte": "DEL_12"}
    )
    letter = world.prefecture_letter(act.id_d)
    assert (letter.type, letter.titre) == ("actes-reponse-prefecture", "DEL_12")
    shown = ask(serve(world), f"/entite/2/document/{letter.id_d}").json
    assert shown["last_action"]["action"] == "attente-reponse-prefecture"
    assert act.memberships[0].last_action == "acquiter-tdt"


def test_a_deleted_document_leaves_its_journal(server: DemoServer, world: World) -> None:
    id_d = draft(world)
    world.delete(id_d)
    assert ask(server, f"/entite/2/document/{id_d}").status == 403
    assert ask(server, f"/entite/2/document/{id_d}/file/document/0").message.count("droit=:") == 1
    rows = ask(server, f"/journal?id_e=2&id_d={id_d}").json
    assert rows[0]["action"] == "suppression"
    assert rows[0]["message"] == f"Le document « Courrier » ({id_d}) a été supprimé"
    assert {row["titre"] for row in rows} == {None}
    assert rows[-1]["action"] == "creation"


def test_a_seeded_document_keeps_its_past_in_the_journal_when_deleted(server: DemoServer, world: World) -> None:
    row = ask(server, "/entite/2/document?limit=1&type=actes-generique").json[0]
    before = ask(server, f"/journal?id_e=2&id_d={row['id_d']}").json
    world.delete(row["id_d"])
    after = ask(server, f"/journal?id_e=2&id_d={row['id_d']}").json
    assert [event["id_j"] for event in after[1:]] == [event["id_j"] for event in before]


def test_files_are_replaced_and_renumbered(server: DemoServer, world: World) -> None:
    annexes = [(f"{rank}.pdf", bytes([65 + rank])) for rank in range(3)]
    id_d = world.add_document("document-a-signer", 2, files={"autre_document_attache": annexes}).id_d
    path = f"/entite/2/document/{id_d}"
    world.replace_file(id_d, "autre_document_attache", 2, b"Z")
    assert ask(server, f"{path}/file/autre_document_attache/2").body == b"Z"
    world.remove_file(id_d, "autre_document_attache", 0)
    assert ask(server, path).json["data"]["autre_document_attache"] == ["1.pdf", "2.pdf"]
    assert ask(server, f"{path}/file/autre_document_attache/0").body == b"B"
    world.lose_file(id_d, "autre_document_attache", 1)
    assert ask(server, f"{path}/file/autre_document_attache/1").status == 400


def test_a_title_is_edited_with_or_without_a_trace(server: DemoServer, world: World) -> None:
    id_d = draft(world)
    world.clock.advance(days=1)
    world.edit_title(id_d, "Autre titre")
    detail = ask(server, f"/entite/2/document/{id_d}").json
    assert (detail["info"]["titre"], detail["data"]["libelle"]) == ("Autre titre", "Autre titre")
    assert detail["last_action"]["date"] == "2026-11-23 12:00:00"
    world.edit_title(id_d, "-", quietly=False)
    detail = ask(server, f"/entite/2/document/{id_d}").json
    assert (detail["info"]["titre"], detail["data"]["libelle"]) == ("", "-")
    assert detail["last_action"]["date"] == "2026-11-24 12:00:00"


def test_opening_a_mail_moves_its_state_and_rewrites_its_notice(serve: Serve) -> None:
    world = build_world(1, 700, profile="4.1", now=NOW)
    mail = next(
        item
        for item in world.documents.values()
        if item.type == "ls-mailsec" and item.memberships[0].last_action == "send-mailsec"
    )
    server, id_e = serve(world), mail.memberships[0].id_e
    world.open_mail(mail.id_d, 0)
    first = mail.files("accuse_notification")[0].read()
    assert mail.memberships[0].last_action == "reception-partielle"
    world.open_mail(mail.id_d, 1)
    assert mail.memberships[0].last_action == "reception"
    body = ask(server, f"/entite/{id_e}/document/{mail.id_d}/file/accuse_notification/0", user="admin").body
    assert body not in {first, b""}


def test_things_may_happen_from_several_threads(server: DemoServer, world: World) -> None:
    def work(name: str) -> None:
        for _ in range(20):
            world.change_state(draft(world), "termine")
            ask(server, f"/entite/2/document?search={name}")

    threads = [Thread(target=work, args=(f"t{rank}",)) for rank in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        len(
            ask(
                server, "/entite/2/document?search=Courrier&lastetat=termine&limit=1000&last_state_begin=2026-11-23"
            ).json
        )
        == 60
    )


def test_the_global_purge_counts_calendar_days_and_any_state(server: DemoServer, world: World) -> None:
    world.clock.set(datetime(2026, 9, 24, 23, 59))  # noqa: DTZ001 - local time
    late, kept = draft(world), draft(world)
    world.clock.set(datetime(2026, 9, 25, 0, 1))  # noqa: DTZ001 - local time
    world.change_state(kept, "send-iparapheur")
    world.clock.set(datetime(2026, 11, 23, 0, 1))  # noqa: DTZ001 - local time
    gone = world.purge("GLOBAL", days=60, type="document-a-signer")
    assert late in gone
    assert kept not in gone
    row = ask(server, f"/journal?id_e=2&id_d={late}").json[0]
    assert row["message"].endswith("a été supprimé par le connecteur de purge global")


def test_the_global_purge_takes_both_rows_of_a_shared_document(world: World) -> None:
    id_d = draft(world)
    world.clock.advance(days=100)
    world.share(id_d, 3)
    world.change_state(id_d, "termine", id_e=3)
    assert id_d in world.purge("GLOBAL", days=60)
    assert all(row.document.id_d != id_d for id_e in (2, 3) for row in world.rows_of(id_e))


def test_the_entity_purge_looks_at_the_last_state_or_at_a_passage(world: World) -> None:
    id_d = draft(world, state="recu-iparapheur")
    world.clock.advance(days=30)
    world.change_state(id_d, "termine")
    world.clock.advance(days=31)
    assert id_d not in world.purge("IN_STATE", days=60, state="termine", id_e=2)
    assert id_d not in world.purge("IN_STATE", days=60, state="recu-iparapheur", id_e=2)
    assert id_d not in world.purge("GO_TROUGH_STATE", days=60, state="recu-iparapheur", id_e=3)
    assert id_d in world.purge("GO_TROUGH_STATE", days=60, state="recu-iparapheur", id_e=2)


def test_the_entity_purge_respects_the_workflow_and_the_spared_state(world: World) -> None:
    waiting, spared = draft(world, state="send-iparapheur"), draft(world, state="recu-iparapheur")
    world.clock.advance(days=61)
    assert waiting not in world.purge("IN_STATE", days=60, state="send-iparapheur", id_e=2)
    gone = world.purge("GO_TROUGH_STATE", days=60, state="recu-iparapheur", id_e=2, excluded="recu-iparapheur")
    assert spared not in gone
    assert spared in world.purge("GO_TROUGH_STATE", days=60, state="recu-iparapheur", id_e=2)


def test_a_large_platform_is_purged_in_a_moment() -> None:
    world = build_world(1, 20_000, now=NOW)
    start = time.monotonic()
    gone = world.purge("GLOBAL", days=60)
    assert 10_000 < len(gone) < 20_000
    assert len(world.documents) == 20_000 - len(gone)
    assert time.monotonic() - start < 60


def test_the_clock_follows_paris_through_its_changes(world: World) -> None:
    world.clock.set(datetime(2026, 10, 25, 2, 59, 59))  # noqa: DTZ001 - local time, before the change
    world.clock.advance(seconds=1)
    assert world.clock.stamp() == "2026-10-25 02:00:00"
    world.clock.set(datetime(2026, 7, 1, 12, 0))  # noqa: DTZ001 - local time
    assert world.clock.http_date() == "Wed, 01 Jul 2026 10:00:00 GMT"


def test_a_clock_without_a_start_runs() -> None:
    clock = build_world().clock
    first = clock.instant()
    clock.set(datetime(2030, 1, 1))  # noqa: DTZ001 - local time
    assert clock.stamp().startswith("2030-01-01 00:00:0")
    assert clock.instant() > first
