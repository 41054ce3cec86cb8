"""Lists, counts, details and downloads."""

import json

import pytest

from enn_desktop.demo import DemoServer, World, build_bench_world, build_world
from enn_desktop.demo.seed_odd import LATIN_NAME, NASTY_NAMES
from tests.demo.asking import ask
from tests.demo.conftest import NOW, Serve

LIST = "/entite/2/document"


def ids(server: DemoServer, query: str) -> list[str]:
    return [row["id_d"] for row in ask(server, f"{LIST}?{query}").json]


def readable_pdf(server: DemoServer) -> str:
    """Return the id of a signed document, whose field `document` holds a PDF."""
    return ids(server, "type=document-a-signer&lastetat=termine,recu-iparapheur,send-ged&limit=1")[0]


def titled(world: World, title: str) -> str:
    return next(document.id_d for document in world.documents.values() if document.titre.startswith(title))


def test_a_list_holds_one_entity_only(server: DemoServer) -> None:
    rows = ask(server, f"{LIST}?limit=1000").json
    assert {row["id_e"] for row in rows} == {"2"}
    service = ask(server, "/entite/5/document?limit=1000").json
    assert service
    assert {row["id_d"] for row in service}.isdisjoint(row["id_d"] for row in rows)


def test_a_page_holds_a_hundred_rows_unless_asked_and_has_no_maximum(serve: Serve) -> None:
    server = serve(build_bench_world(250, 1, 1000))
    assert len(ids(server, "")) == 100
    assert len(ids(server, "limit=1000")) == 250
    assert ids(server, "limit=0") == []
    assert ids(server, "offset=250") == []


@pytest.mark.parametrize("query", ["limit=-1", "offset=-5"])
def test_a_negative_page_leaks_the_sql(server: DemoServer, query: str) -> None:
    asked = ask(server, f"{LIST}?{query}")
    assert asked.status == 400
    assert asked.message.startswith("SQLSTATE[42000]: Syntax error")


def test_equal_dates_come_in_another_order_on_another_page(serve: Serve) -> None:
    world = build_world(dossiers=60, now=NOW)
    for rank in range(63):
        world.add_document("document-a-signer", 2, title=f"Lot {rank:02d}")
    server = serve(world)
    by_date = [id_d for offset in range(0, 63, 3) for id_d in ids(server, f"offset={offset}&limit=3&search=Lot")]
    by_title = [
        id_d
        for offset in range(0, 63, 3)
        for id_d in ids(server, f"offset={offset}&limit=3&search=Lot&tri=titre&sens_tri=ASC")
    ]
    assert len(by_date) == len(by_title) == 63
    assert len(set(by_date)) < 63
    assert len(set(by_title)) == 63


def test_the_same_page_asked_twice_is_the_same(server: DemoServer) -> None:
    assert ids(server, "offset=3&limit=7") == ids(server, "offset=3&limit=7")


def test_titles_sort_without_case_or_accents_and_ties_by_id(world: World, serve: Serve) -> None:
    for id_d, title in (("zzzzzzz", "Été"), ("aaaaaaa", "ete"), ("mmmmmmm", "Zoo"), ("bbbbbbb", "avril")):
        world.add_document("sdec-permission-voirie", 2, title=title, id_d=id_d)
    found = ids(serve(world), "type=sdec-permission-voirie&tri=titre&sens_tri=ASC&last_state_begin=2026-11-23")
    assert [id_d for id_d in found if id_d in {"zzzzzzz", "aaaaaaa", "mmmmmmm", "bbbbbbb"}] == [
        "bbbbbbb",
        "aaaaaaa",
        "zzzzzzz",
        "mmmmmmm",
    ]


def test_filters_select_by_type_state_title_and_date(server: DemoServer) -> None:
    rows = ask(server, f"{LIST}?limit=1000").json
    signed = ask(server, f"{LIST}?lastetat=termine,recu-iparapheur&limit=1000").json
    assert {row["last_action"] for row in signed} == {"termine", "recu-iparapheur"}
    kind = ask(server, f"{LIST}?type=helios-generique&limit=1000").json
    assert {row["type"] for row in kind} == {"helios-generique"}
    assert len(kind) == sum(row["type"] == "helios-generique" for row in rows)
    recent = ask(server, f"{LIST}?last_state_begin=2026-11-01&limit=1000").json
    assert sorted(row["id_d"] for row in recent) == sorted(
        row["id_d"] for row in rows if row["last_action_date"] > "2026-11-01"
    )
    assert ids(server, "search=annexes%20HOMONYMES") == ids(server, "search=Annexes%20homonymes")


def test_french_dates_need_to_be_announced(server: DemoServer) -> None:
    announced = ids(server, "last_state_begin=01/11/2026&date_in_fr=true&tri=titre&limit=1000")
    assert announced == ids(server, "last_state_begin=2026-11-01&tri=titre&limit=1000")
    assert len(ids(server, "last_state_begin=01/11/2026&limit=1000")) > len(announced)


def test_passing_twice_through_a_state_gives_two_rows(world: World, serve: Serve) -> None:
    id_d = world.add_document("document-a-signer", 2, title="Aller et retour", state="send-iparapheur").id_d
    world.change_state(id_d, "modification")
    world.change_state(id_d, "send-iparapheur")
    rows = ask(serve(world), f"{LIST}?type=document-a-signer&etatTransit=send-iparapheur&state_begin=2026-11-23").json
    mine = [row for row in rows if row["id_d"] == id_d]
    assert len(mine) == 2
    assert len({row["id_a"] for row in mine}) == 2
    assert {row["action"] for row in mine} == {"send-iparapheur"}


def test_indexed_fields_filter_and_sort_with_their_type(world: World, serve: Serve) -> None:
    server = serve(world)
    id_d = world.add_document("actes-generique", 2, title="Index", values={"numero_de_lacte": "DEL_2026_777"}).id_d
    assert ids(server, "type=actes-generique&numero_de_lacte=2026_77") == [id_d]
    first = ask(server, f"{LIST}?type=actes-generique&tri=numero_de_lacte&sens_tri=ASC&limit=1").json[0]
    assert {"field_name", "field_value"} <= set(first)
    assert len(ids(server, "numero_de_lacte=2026_77&limit=1000")) > 1


def test_an_unindexed_document_loses_its_id_when_sorted_by_a_field(world: World, serve: Serve) -> None:
    world.create("actes-generique", 2)
    rows = ask(serve(world), f"{LIST}?type=actes-generique&tri=numero_de_lacte&sens_tri=ASC&limit=1").json
    assert (rows[0]["id_d"], rows[0]["field_value"], rows[0]["last_action_display"]) == (None, None, False)


def test_counts_agree_with_lists(server: DemoServer) -> None:
    counted = ask(server, "/document/count").json
    assert set(counted) == {"2", "5", "6"}
    for id_e, entry in counted.items():
        rows = ask(server, f"/entite/{id_e}/document?limit=1000").json
        total = sum(int(number) for states in entry["flux"].values() for number in dict(states or {}).values())
        assert total == len(rows)
    assert counted["2"]["info"]["denomination"] == "Commune de Valbrume"


def test_a_type_without_document_counts_as_an_empty_list(serve: Serve) -> None:
    server = serve(build_bench_world(3, 1, 1000))
    flux = ask(server, "/document/count?id_e=2").json["2"]["flux"]
    assert flux["mailsec"] == []
    assert flux["document-a-signer"] == {"termine": "3"}
    assert ask(server, "/document/count?id_e=2&output=simple").status == 400


def test_rights_on_types_without_the_entity_open_no_list(server: DemoServer) -> None:
    asked = ask(server, f"{LIST}?limit=1", user="sansentite")
    assert (asked.status, asked.message) == (403, "Acces interdit id_e=2, droit=entite:lecture,id_u=6")
    assert ask(server, "/flux", user="sansentite").json


def test_each_account_sees_its_entities(server: DemoServer) -> None:
    def seen(user: str) -> list[str]:
        return [row["id_e"] for row in ask(server, "/entite", user=user).json]

    assert seen("secretaire") == ["2", "6", "5"]
    assert seen("itinerante") == ["4", "2", "3", "6", "5"]
    assert seen("comptable") == ["4", "3"]
    assert seen("admin") == ["1", "4", "2", "3", "6", "5"]
    assert set(ask(server, "/flux", user="comptable").json) == {
        "commande-generique",
        "helios-generique",
        "helios-pes-retour",
        "helios-automatique",
    }


def test_several_details_come_at_once_and_fail_at_once(world: World, server: DemoServer) -> None:
    good = [row["id_d"] for row in ask(server, f"{LIST}?type=helios-generique&limit=2").json]
    found = ask(server, f"{LIST}?" + "&".join(f"id_d[]={id_d}" for id_d in good)).json
    assert list(found) == good
    assert found[good[0]] == ask(server, f"{LIST}/{good[0]}").json
    assert ask(server, f"{LIST}?id_d[]={good[0]}&id_d[]=XXXXXXX").status == 403
    unreadable = titled(world, "Nom en Latin-1")
    sunk = ask(server, f"{LIST}?id_d[]={good[0]}&id_d[]={unreadable}")
    assert (sunk.status, sunk.json["status"]) == (200, "error")
    assert ask(server, f"{LIST}?id_d={good[0]}").message == "Le paramètre id_d[] ne semble pas valide"


def test_a_name_that_is_not_utf_8_fails_inside_200_and_still_downloads(world: World, server: DemoServer) -> None:
    id_d = titled(world, "Nom en Latin-1")
    detail = ask(server, f"{LIST}/{id_d}")
    assert (detail.status, detail.json["status"]) == (200, "error")
    assert detail.message.startswith("Impossible d'encoder le résultat en JSON [code 5]")
    download = ask(server, f"{LIST}/{id_d}/file/document/0")
    assert download.header("Content-disposition") == 'attachment; filename="arrêté.pdf"'
    assert LATIN_NAME.encode("utf-8", "surrogateescape") == b"arr\xeat\xe9.pdf"


def test_every_nasty_name_is_in_the_detail_and_downloads(world: World, server: DemoServer) -> None:
    id_d = titled(world, "Noms hostiles")
    names = ask(server, f"{LIST}/{id_d}").json["data"]["autre_document_attache"]
    assert names == list(NASTY_NAMES)
    for rank, name in enumerate(names):
        asked = ask(server, f"{LIST}/{id_d}/file/autre_document_attache/{rank}")
        assert asked.status == 200
        disposition = asked.header("Content-disposition").encode("latin-1").decode()
        assert disposition == ("" if "\n" in name else f'attachment; filename="{name}"')
    assert max(len(name) for name in names) == 240


def test_homonyms_are_told_apart_by_their_rank_only(world: World, server: DemoServer) -> None:
    id_d = titled(world, "Annexes homonymes")
    assert ask(server, f"{LIST}/{id_d}").json["data"]["autre_document_attache"][:2] == ["annexe.pdf", "annexe.pdf"]
    bodies = {ask(server, f"{LIST}/{id_d}/file/autre_document_attache/{rank}").body for rank in range(4)}
    assert len(bodies) == 4


def test_sixty_annexes_an_empty_file_a_lost_one_and_a_text(world: World, server: DemoServer) -> None:
    assert len(ask(server, f"{LIST}/{titled(world, 'Soixante')}").json["data"]["autre_document_attache"]) == 60
    empty = ask(server, f"{LIST}/{titled(world, 'Fichier vide')}/file/document/0")
    assert (empty.status, empty.body, empty.header("Content-Type")) == (200, b"", "application/x-empty")
    lost = ask(server, f"{LIST}/{titled(world, 'Fichier disparu')}/file/document/0")
    assert (lost.status, lost.message) == (400, "Ce fichier n'existe pas")
    text = titled(world, "Texte à la place")
    assert isinstance(ask(server, f"{LIST}/{text}").json["data"]["document"], str)
    assert ask(server, f"{LIST}/{text}/file/document/0").status == 400


def test_titles_are_as_odd_as_real_ones(server: DemoServer) -> None:
    shown = {row["titre"]: row["id_d"] for row in ask(server, f"{LIST}?limit=1000").json}
    assert "Convocation\nau conseil\r\ndu 12 mars" in shown
    assert "" in shown
    long = next(title for title in shown if title.startswith("L'acte dont"))
    assert len(long) == 256
    assert len(ask(server, f"{LIST}/{shown[long]}").json["data"]["libelle"]) > 400
    emoji = next(title for title in shown if "????" in title)
    assert "🎉" in ask(server, f"{LIST}/{shown[emoji]}").json["data"]["libelle"]


def test_texts_get_a_charset_that_they_do_not_have(world: World, server: DemoServer) -> None:
    id_d = titled(world, "Types divers")
    found = {
        asked.header("Content-Type"): asked.body
        for asked in (ask(server, f"{LIST}/{id_d}/file/autre_document_attache/{rank}") for rank in range(6))
    }
    assert found["text/plain;charset=UTF-8"].startswith(b"cl\xe9;")
    assert {"text/html;charset=UTF-8", "application/json", "application/zip", "image/png"} <= set(found)


def test_a_download_ignores_ranges_and_needs_a_rank_that_exists(server: DemoServer) -> None:
    id_d = readable_pdf(server)
    whole = ask(server, f"{LIST}/{id_d}/file/document/0")
    part = ask(server, f"{LIST}/{id_d}/file/document/0", headers={"Range": "bytes=0-9"})
    assert (part.status, part.body) == (200, whole.body)
    assert whole.header("Expires") == "0"
    for tail in ("document/9", "document/abc", "document/-1", "inconnu", ""):
        assert ask(server, f"{LIST}/{id_d}/file/{tail}").status == 404


def test_a_download_does_not_check_the_entity_of_the_document(server: DemoServer) -> None:
    id_d = readable_pdf(server)
    path = f"document/{id_d}/file/document/0"
    assert ask(server, f"/entite/3/{path}", user="itinerante").body == ask(server, f"/entite/2/{path}").body


def test_each_download_is_written_in_the_journal_first(world: World, server: DemoServer) -> None:
    id_d = readable_pdf(server)
    before = world.documents[id_d].memberships[0].last_action_date
    for _ in range(2):
        ask(server, f"{LIST}/{id_d}/file/document/0")
    rows = ask(server, f"/journal?id_e=2&id_d={id_d}").json
    name = world.documents[id_d].files("document")[0].name
    assert [row["message"] for row in rows[:2]] == [f"Aurélie Lefèvre a consulté le document {name}"] * 2
    assert (rows[0]["type"], rows[0]["action"], rows[0]["id_u"]) == ("7", "Consulté", "0")
    assert world.documents[id_d].memberships[0].last_action_date == before


def test_receive_gives_texts_only_and_leaves_no_trace(server: DemoServer, world: World) -> None:
    pdf = readable_pdf(server)
    assert ask(server, f"{LIST}/{pdf}/file/document/0?receive=true").json["status"] == "error"
    id_d = world.add_document("document-a-signer", 2, files={"document": [("a.txt", "été".encode())]}).id_d
    assert ask(server, f"{LIST}/{id_d}/file/document/0?receive=true", user="lecteur").json == {
        "file_name": "a.txt",
        "file_content": "été",
    }
    assert ask(server, f"{LIST}/{id_d}/file/absent/0?receive=true").json == {"file_name": None, "file_content": False}
    assert all(row["type"] != "7" for row in ask(server, f"/journal?id_e=2&id_d={id_d}").json)


def test_a_document_of_two_entities_names_the_other_one(world: World, server: DemoServer) -> None:
    shared = next(document for document in world.documents.values() if len(document.memberships) == 2)
    assert {row.id_e for row in shared.memberships} == {2, 3}
    row = next(row for row in ask(server, f"{LIST}?limit=1000").json if row["id_d"] == shared.id_d)
    assert row["entite"] == [{"id_e": "3", "denomination": "Mairie de Saint-Aubin-des-Ormes"}]
    other = ask(server, "/entite/3/document?limit=1000", user="itinerante").json
    assert next(row["role"] for row in other if row["id_d"] == shared.id_d) == "lecteur"


def test_a_document_can_be_twice_in_one_entity(world: World, serve: Serve) -> None:
    id_d = world.add_document("mailsec", 2, title="Deux rôles").id_d
    world.share(id_d, 2, role="lecteur")
    rows = [row for row in ask(serve(world), f"{LIST}?limit=1000").json if row["id_d"] == id_d]
    assert sorted(row["role"] for row in rows) == ["editeur", "lecteur"]


def test_the_database_may_live_in_another_zone(world: World, serve: Serve) -> None:
    from datetime import timedelta

    id_d = world.add_document("mailsec", 2, title="Décalé").id_d
    world.database_shift = timedelta(hours=-2)
    info = ask(serve(world), f"{LIST}/{id_d}").json
    assert info["info"]["creation"] == "2026-11-23 10:00:00"
    assert info["last_action"]["date"] == "2026-11-23 12:00:00"


def test_the_last_message_is_lost_after_two_months(serve: Serve) -> None:
    world = build_world(1, 300, now=NOW)
    server = serve(world)
    for row in ask(server, f"{LIST}?limit=1000&lastetat=termine").json:
        message = ask(server, f"{LIST}/{row['id_d']}").json["last_action"]["message"]
        assert (message is None) is (row["last_action_date"] < "2026-09-22 20:00:00")


def test_a_flux_shows_its_fields_and_its_workflow(server: DemoServer) -> None:
    fields = ask(server, "/flux/actes-generique").json
    assert fields["arrete"]["type"] == "file"
    assert fields["autre_document_attache"]["multiple"] is True
    assert fields["objet"]["title"] is True
    assert fields["acte_nature"]["value"]["1"] == "Délibérations"
    assert ask(server, "/flux/helios-generique").json["etat_ack"]["value"] == [
        "Non acquitté",
        "Acquittement OK",
        "Acquittement KO",
    ]
    actions = ask(server, "/flux/actes-generique/action").json
    assert actions["send-tdt"]["action-automatique"] == "verif-tdt"
    assert actions["acquiter-tdt"]["rule"] == {"role_id_e": "no-role"}
    assert ask(server, "/flux/xyz").message == "Le flux xyz n'existe pas sur cette plateforme"
    forbidden = ask(server, "/flux/actes-generique", user="comptable")
    assert forbidden.message == "Vous devez avoir le droit actes-generique:lecture pour accéder à la ressource."


def test_the_workflow_offers_what_the_state_allows(world: World, server: DemoServer) -> None:
    id_d = world.add_document("document-a-signer", 2, title="Prêt", files={"document": [("a.pdf", b"%PDF")]}).id_d
    assert ask(server, f"{LIST}/{id_d}").json["action_possible"] == ["modification", "supression"]
    world.documents[id_d].own_content()["iparapheur_sous_type"] = "Courrier"
    assert "send-iparapheur" in ask(server, f"{LIST}/{id_d}").json["action-possible"]
    world.change_state(id_d, "send-iparapheur")
    assert ask(server, f"{LIST}/{id_d}").json["action_possible"] == ["verif-iparapheur"]


def test_the_platform_says_nothing_of_sizes_or_digests(server: DemoServer) -> None:
    id_d = readable_pdf(server)
    text = json.dumps(ask(server, f"{LIST}/{id_d}").json)
    assert all(word not in text for word in ("size", "sha", "taille", "empreinte"))


def test_ids_may_be_uuids_where_the_platform_was_told_so(serve: Serve) -> None:
    world = build_world(profile="4.1", now=NOW)
    world.uuid_ids = True
    first, second = (world.add_document("document-a-signer", 2, title="Long").id_d for _ in range(2))
    assert len(first) == 36
    assert first != second
    assert ask(serve(world), f"{LIST}/{first}").json["info"]["id_d"] == first
