"""The journal by API."""

import csv
import io

from enn_desktop.demo import DemoServer, World, build_world
from tests.demo.asking import ask
from tests.demo.conftest import NOW, Serve


def test_json_is_newest_first_and_csv_oldest_first(server: DemoServer) -> None:
    newest = [int(row["id_j"]) for row in ask(server, "/journal?id_e=2&limit=-1").json]
    assert newest == sorted(newest, reverse=True)
    asked = ask(server, "/journal?id_e=2&format=csv&csv_entete_colonne=1&limit=-1")
    rows = list(csv.DictReader(io.StringIO(asked.body.decode())))
    assert [int(row["id_j"]) for row in rows] == sorted(newest)
    assert list(rows[0])[:4] == ["id_j", "type", "id_e", "id_u"]
    assert asked.header("Content-disposition") == "attachment; filename=pastell-export-journal-2--.csv"
    assert len(ask(server, "/journal?id_e=2&format=csv").body.decode().strip().splitlines()) <= 101


def test_pages_filters_and_words(server: DemoServer) -> None:
    everything = ask(server, "/journal?id_e=2&limit=-1").json
    assert ask(server, "/journal?id_e=2&offset=2&limit=3").json == everything[2:5]
    kind = everything[0]["document_type"]
    filtered = ask(server, f"/journal?id_e=2&limit=-1&type={kind}").json
    assert filtered == [row for row in everything if row["document_type"] == kind]
    day = everything[5]["date"][:10]
    dated = ask(server, f"/journal?id_e=2&limit=-1&date_debut={day}&date_fin={day}").json
    assert dated == [row for row in everything if row["date"][:10] == day]
    assert ask(server, "/journal?id_e=2&limit=-1&recherche=parapheur").json == [
        row for row in everything if "parapheur" in row["message"].casefold()
    ]
    assert ask(server, "/journal?id_e=2&limit=-1&id_user=2").json == [row for row in everything if row["id_u"] == "2"]


def test_rows_of_the_past_are_dated_in_order_and_stable(server: DemoServer) -> None:
    rows = ask(server, "/journal?id_e=2&limit=-1").json
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)
    assert rows == ask(server, "/journal?id_e=2&limit=-1").json


def test_rows_leave_after_two_months_or_sixty_days(serve: Serve) -> None:
    older = serve(build_world(1, 300, now=NOW))
    newer = serve(build_world(1, 300, profile="5.0", now=NOW))
    assert min(row["date"] for row in ask(older, "/journal?id_e=2&limit=-1").json) >= "2026-09-22 20:00:00"
    assert min(row["date"] for row in ask(newer, "/journal?id_e=2&limit=-1").json) >= "2026-09-23 20:00:00"


def test_a_row_is_there_the_day_before_it_leaves_and_not_the_night_after(server: DemoServer, world: World) -> None:
    id_d = world.add_document("mailsec", 2, title="Éphémère").id_d
    world.clock.advance(days=61)
    assert ask(server, f"/journal?id_e=2&id_d={id_d}").json
    world.clock.advance(days=1)
    assert ask(server, f"/journal?id_e=2&id_d={id_d}").json == []


def test_the_whole_platform_is_for_its_administrator(server: DemoServer) -> None:
    refused = ask(server, "/journal")
    assert (refused.status, refused.message) == (403, "Acces interdit id_e=0, droit=journal:lecture,id_u=2")
    entities = {row["id_e"] for row in ask(server, "/journal?limit=-1", user="admin").json}
    assert {"2", "3", "5"} <= entities
    assert ask(server, "/journal?id_e=2", user="lecteur").status == 403


def test_one_event_has_its_proof_and_no_siren(server: DemoServer) -> None:
    row = ask(server, "/journal?id_e=2&limit=1").json[0]
    event = ask(server, f"/journal/{row['id_j']}").json
    assert event["preuve"] == ""
    assert "siren" not in event
    assert {name: event[name] for name in ("id_d", "action", "date")} == {
        name: row[name] for name in ("id_d", "action", "date")
    }
    token = ask(server, f"/journal/{row['id_j']}/jeton")
    assert token.header("Content-Type") == "application/timestamp-reply"
    assert ask(server, f"/journal/{row['id_j']}/foo").message == "Ressource Foo non trouvée"
    absent = ask(server, "/journal/99999999")
    assert (absent.status, absent.message) == (404, "L'événement 99999999 n'a pas été trouvé")
