"""What changes from one line of Pastell to the next."""

import pytest

from enn_desktop.demo import World, build_world
from enn_desktop.demo.profiles import profile_named
from tests.demo.asking import ask
from tests.demo.conftest import NOW, Serve

LINES = ("2.0", "3.1", "4.0", "4.1", "5.0")


def first_of(world: World, kind: str, state: str = "") -> str:
    """Return the id of a document of a type (and state) that the secretary sees."""
    return next(
        document.id_d
        for document in world.documents.values()
        if document.type == kind
        and document.memberships[0].id_e == 2
        and document.recipe is not None
        and state in {"", document.memberships[0].last_action}
    )


@pytest.mark.parametrize("profile", LINES)
def test_rows_have_the_columns_of_their_version(serve: Serve, profile: str) -> None:
    row = ask(serve(profile=profile), "/entite/2/document?limit=1").json[0]
    columns = [
        *("id_d", "id_e", "role", "last_action", "last_action_date", "last_type", "type", "titre", "creation"),
        *("modification", "denomination", "siren", "date_inscription", "etat", "entite_mere", "centre_de_gestion"),
        *("is_active", "entite_base", "entite", "last_action_display"),
    ]
    if profile[0] >= "4":
        columns.remove("etat")
        assert row["is_active"] is True
    else:
        assert (row["etat"], row["is_active"]) == ("0", "1")
    assert list(row) == columns
    assert (row["id_e"], row["centre_de_gestion"], row["entite_mere"]) == ("2", "0", "1")


@pytest.mark.parametrize("profile", LINES)
def test_numbers_are_strings_until_3_x_and_integers_later(serve: Serve, profile: str) -> None:
    server = serve(profile=profile)
    native = profile[0] >= "4"
    wanted = int if native else str
    entity = ask(server, "/entite").json[0]
    assert type(entity["id_e"]) is wanted
    assert ("is_active" in entity) is native
    count = ask(server, "/document/count?id_e=2").json["2"]
    assert {type(number) for states in count["flux"].values() for number in dict(states or {}).values()} == {wanted}
    assert type(ask(server, "/journal?id_e=2&limit=1").json[0]["id_j"]) is wanted
    assert type(ask(server, "/utilisateur", user="admin").json[0]["id_u"]) is wanted
    simple = ask(server, "/document/count?id_e=2&type=document-a-signer&output=simple").json
    assert type(simple["count"]) is int


@pytest.mark.parametrize(
    ("profile", "status", "message"),
    [
        ("2.0", 403, "Acces interdit id_e=2, droit=:edition,id_u=2"),
        ("3.1", 403, "Acces interdit id_e=2, droit=:edition,id_u=2"),
        ("4.0", 404, "Le document XXXXXXX n'appartient pas à l'entité 2"),
        ("5.0", 404, "Le document XXXXXXX n'appartient pas à l'entité 2"),
    ],
)
def test_an_unknown_document_is_refused_in_the_words_of_its_version(
    serve: Serve, profile: str, status: int, message: str
) -> None:
    asked = ask(serve(profile=profile), "/entite/2/document/XXXXXXX")
    assert (asked.status, asked.message) == (status, message)


@pytest.mark.parametrize(("profile", "status"), [("4.0", 403), ("4.1.8", 403), ("4.1.9", 404), ("5.0", 404)])
def test_the_file_route_learnt_of_unknown_documents_in_4_1_9(serve: Serve, profile: str, status: int) -> None:
    assert ask(serve(profile=profile), "/entite/2/document/XXXXXXX/file/document/0").status == status


@pytest.mark.parametrize(
    ("profile", "may_read"),
    [
        ("2.0", False),
        ("3.1", False),
        ("4.0", False),
        ("4.0.29", True),
        ("4.1.15", False),
        ("4.1.16", True),
        ("5.0.1", False),
        ("5.0.2", True),
    ],
)
def test_reading_needs_edition_until_the_patch_that_changed_it(serve: Serve, profile: str, *, may_read: bool) -> None:
    world = build_world(profile=profile, now=NOW)
    server = serve(world)
    id_d = first_of(world, "document-a-signer")
    detail = ask(server, f"/entite/2/document/{id_d}", user="lecteur")
    download = ask(server, f"/entite/2/document/{id_d}/file/document/0", user="lecteur")
    assert ask(server, "/entite/2/document?limit=1", user="lecteur").status == 200
    assert (detail.status == 200) is may_read
    assert (download.status == 200) is may_read
    if not may_read:
        assert detail.message == "Acces interdit id_e=2, droit=document-a-signer:edition,id_u=5"


@pytest.mark.parametrize(("profile", "data"), [("2.0", None), ("3.0", []), ("4.1", [])])
def test_a_new_document_has_no_data(serve: Serve, profile: str, data: object) -> None:
    world = build_world(profile=profile, now=NOW)
    id_d = world.create("document-a-signer", 2).id_d
    assert ask(serve(world), f"/entite/2/document/{id_d}").json["data"] == data


@pytest.mark.parametrize(("profile", "shown"), [("2.0", "secret"), ("3.1", "MOT DE PASSE NON RECUPERABLE")])
def test_passwords_of_mails_are_clear_in_2_0_and_masked_later(serve: Serve, profile: str, shown: str) -> None:
    world = build_world(profile=profile, now=NOW)
    id_d = world.add_document("mailsec", 2, title="Convocation", values={"password": "secret"}).id_d
    assert ask(serve(world), f"/entite/2/document/{id_d}").json["data"]["password"] == shown


@pytest.mark.parametrize(("profile", "listed"), [("2.0", False), ("3.1", True), ("4.1", True)])
def test_mails_list_their_addressees_from_3_1_on(serve: Serve, profile: str, *, listed: bool) -> None:
    world = build_world(1, 400, profile=profile, now=NOW)
    id_d = first_of(world, "mailsec", "reception-partielle")
    detail = ask(serve(world), f"/entite/2/document/{id_d}").json
    assert ("email_info" in detail) is listed
    if listed:
        opened = [str(person["lu"]) for person in detail["email_info"]]
        assert opened == ["1", "0"]
        assert detail["email_info"][1]["date_lecture"] == "1970-01-01 00:00:00"
        assert list(detail["email_info"][0])[:5] == ["id_de", "id_d", "email", "lu", "date_envoie"]


def test_an_answer_to_a_mail_is_another_document(serve: Serve) -> None:
    world = build_world(1, 400, profile="4.1", now=NOW)
    mail = world.documents[first_of(world, "mailsec", "reception")]
    answer = world.add_document(
        "mailsec-bidir-reponse", 2, title="Présent", files={"document_attache": [("r.pdf", b"%PDF")]}
    )
    mail.recipients[0].answered_by = answer.id_d
    mail.recipients[0].answered_on = world.clock.stamp()
    server = serve(world)
    answers = ask(server, f"/entite/2/document/{mail.id_d}").json["email_reponse"]
    assert [entry["id_d_reponse"] for entry in answers.values()] == [answer.id_d]
    assert ask(server, f"/entite/2/document/{answer.id_d}/file/document_attache/0").body == b"%PDF"


@pytest.mark.parametrize("profile", ["2.0", "4.1"])
def test_documents_never_in_a_state_can_be_asked_for_from_4_0_on(serve: Serve, profile: str) -> None:
    server = serve(profile=profile)
    everything = ask(server, "/entite/2/document?limit=1000").json
    rest = ask(server, "/entite/2/document?limit=1000&notEtatTransit=send-iparapheur").json
    assert (len(rest) < len(everything)) is (profile == "4.1")


@pytest.mark.parametrize(("profile", "status"), [("2.0", 405), ("3.1", 405), ("4.0", 204), ("5.0", 204)])
def test_documents_are_deleted_by_a_verb_from_4_0_on(serve: Serve, profile: str, status: int) -> None:
    world = build_world(profile=profile, now=NOW)
    id_d = world.add_document("document-a-signer", 2, title="À jeter").id_d
    asked = ask(serve(world), f"/entite/2/document/{id_d}", method="DELETE")
    assert asked.status == status
    assert (id_d in world.documents) is (status == 405)
    if status == 204:
        assert asked.body == b""


def test_old_types_are_called_deprecated_next_to_their_successors(serve: Serve) -> None:
    older, newer = (ask(serve(profile=profile), "/flux").json for profile in ("4.0", "4.1"))
    assert older["actes-generique"]["nom"] == "Actes (générique)"
    assert newer["actes-generique"]["nom"] == "Actes (générique) - déprécié"
    assert newer["ls-actes"] == {"type": "Actes administratifs", "nom": "Actes"}
    assert "ls-actes" not in older
    labels = [entry["nom"].casefold() for entry in newer.values()]
    assert labels == sorted(labels)


def test_4_1_holds_documents_of_old_and_new_types_side_by_side() -> None:
    kinds = {document.type for document in build_world(profile="4.1", now=NOW).documents.values()}
    assert {
        "actes-generique",
        "ls-actes",
        "helios-generique",
        "ls-helios",
        "document-a-signer",
        "ls-document-pdf",
    } <= kinds


def test_types_of_packs_that_are_off_are_not_listed_and_can_be_read(serve: Serve) -> None:
    server = serve(profile="4.1")
    assert "ls-recup-actes-s2low" not in ask(server, "/flux").json
    assert ask(server, "/flux/ls-recup-actes-s2low").status == 200


@pytest.mark.parametrize(("profile", "kind"), [("2.0", "service"), ("4.0", "collectivite")])
def test_services_are_a_type_of_their_own_until_3_x(serve: Serve, profile: str, kind: str) -> None:
    assert ask(serve(profile=profile), "/entite/5").json["type"] == kind


def test_inactive_entities_can_be_left_out_from_4_0_on(serve: Serve) -> None:
    world = build_world(profile="4.1", now=NOW)
    world.entities[5].active = False
    server = serve(world)
    assert [row["id_e"] for row in ask(server, "/entite?is_active=1").json] == [2, 6]
    assert [row["id_e"] for row in ask(server, "/entite?is_active=0").json] == [5]


def test_an_unknown_version_is_refused_by_the_builder() -> None:
    for name in ("1.4", "latest", "2.0-other", "4"):
        with pytest.raises(ValueError, match="unknown profile"):
            profile_named(name)


@pytest.mark.parametrize("profile", ["2.0", "3.1.5"])
def test_an_id_that_ends_in_php_is_lost_until_3_1_10(serve: Serve, profile: str) -> None:
    world = build_world(profile=profile, now=NOW)
    world.add_document("document-a-signer", 2, title="Perdu", id_d="aaaaphp")
    server = serve(world)
    assert ask(server, "/entite/2/document/aaaaphp").status == 404
    newer = build_world(profile="4.0", now=NOW)
    newer.add_document("document-a-signer", 2, title="Perdu", id_d="aaaaphp")
    assert ask(serve(newer), "/entite/2/document/aaaaphp").status == 200
