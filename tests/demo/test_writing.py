"""Writing by API, as other programs do."""

import json

from enn_desktop.demo import DemoServer, build_world
from tests.demo.asking import Asked, ask, form, multipart
from tests.demo.conftest import NOW, Serve


def post(server: DemoServer, path: str, values: dict[str, str] | None = None, data: bytes | None = None) -> Asked:
    headers, body = multipart(values or {}, data) if data is not None else form(values or {})
    return ask(server, path, method="POST", headers=headers, body=body)


def new(server: DemoServer) -> str:
    created = post(server, "/entite/2/document", {"type": "document-a-signer"})
    assert created.status == 201
    return str(created.json["id_d"])


def test_a_document_goes_from_creation_to_signature_by_api(server: DemoServer) -> None:
    id_d = new(server)
    path = f"/entite/2/document/{id_d}"
    headers, body = form({"libelle": "Courrier"})
    modified = ask(server, path, method="PATCH", headers=headers, body=body).json
    assert (modified["result"], modified["formulaire_ok"]) == ("ok", 0)
    assert modified["message"].startswith("Le formulaire est incomplet : le champ «")
    uploaded = post(server, f"{path}/file/document", {"file_name": "courrier.pdf"}, b"%PDF-1.4\r\n--edge\r\n\x00\xff")
    assert uploaded.status == 201
    assert ask(server, f"{path}/file/document/0").body == b"%PDF-1.4\r\n--edge\r\n\x00\xff"
    headers, body = form({"iparapheur_sous_type": "Courrier"})
    chosen = ask(server, f"{path}/externalData/iparapheur_sous_type", method="PATCH", headers=headers, body=body).json
    assert "send-iparapheur" in chosen["action_possible"]
    assert post(server, f"{path}/action/send-iparapheur").json["result"] is True
    assert post(server, f"{path}/action/verif-iparapheur").json["message"] == "La signature a été récupérée"
    assert ask(server, path).json["data"]["document"] == ["courrier_signe.pdf"]
    gone = post(server, f"{path}/action/supression")
    assert (gone.status, gone.json["message"]) == (201, f"Le document « Courrier » ({id_d}) a été supprimé")
    assert ask(server, path).status == 403


def test_a_json_patch_says_ok_and_changes_nothing(server: DemoServer) -> None:
    id_d = new(server)
    body = json.dumps({"libelle": "JSON"}).encode()
    asked = ask(
        server, f"/entite/2/document/{id_d}", method="PATCH", headers={"Content-Type": "application/json"}, body=body
    )
    assert (asked.status, asked.json["result"]) == (200, "ok")
    assert asked.json["content"]["data"] is None


def test_a_multipart_patch_and_a_query_are_not_read(server: DemoServer) -> None:
    id_d = new(server)
    headers, body = multipart({"libelle": "multipart"})
    ask(server, f"/entite/2/document/{id_d}?libelle=query", method="PATCH", headers=headers, body=body)
    assert ask(server, f"/entite/2/document/{id_d}").json["data"] is None


def test_actions_are_refused_in_the_server_s_words(server: DemoServer) -> None:
    id_d = new(server)
    path = f"/entite/2/document/{id_d}/action"
    assert post(server, f"{path}/zzz").message == "L'action zzz n'existe pas."
    refused = post(server, f"{path}/verif-iparapheur")
    assert refused.status == 400
    assert refused.message == (
        "L'action « verif-iparapheur »  n'est pas permise : "
        "Le dernier état du document (creation) ne permet pas de déclencher cette action"
    )


def test_creation_needs_the_right_and_the_type(server: DemoServer) -> None:
    headers, body = form({"type": "document-a-signer"})
    refused = ask(server, "/entite/3/document", user="comptable", method="POST", headers=headers, body=body)
    assert (refused.status, refused.message) == (403, "Acces interdit id_e=3, droit=document-a-signer:edition,id_u=3")
    assert post(server, "/entite/2/document", {}).message == "Acces interdit id_e=2, droit=:edition,id_u=2"


def test_the_third_annex_cannot_come_before_the_second(server: DemoServer) -> None:
    path = f"/entite/2/document/{new(server)}/file/autre_document_attache"
    assert post(server, f"{path}/0", {"file_name": "a.pdf"}, b"a").status == 201
    refused = post(server, f"{path}/2", {"file_name": "c.pdf"}, b"c")
    assert (refused.status, refused.message) == (400, 'Keys are all screwy.  The first one was zero, now it\'s "2"')


def test_a_text_lands_in_a_file_field_until_4_0_4(serve: Serve) -> None:
    headers, body = form({"document": "pas un fichier"})
    for profile, stored in (("2.0", True), ("4.0.4", True), ("4.0.5", False)):
        world = build_world(profile=profile, now=NOW)
        id_d = world.create("document-a-signer", 2).id_d
        ask(serve(world), f"/entite/2/document/{id_d}", method="PATCH", headers=headers, body=body)
        assert (world.documents[id_d].content.get("document") == "pas un fichier") is stored


def test_files_are_removed_by_a_verb_from_3_0_on(serve: Serve) -> None:
    for profile, status in (("2.0", 405), ("3.1", 200)):
        world = build_world(profile=profile, now=NOW)
        id_d = world.add_document(
            "document-a-signer", 2, files={"autre_document_attache": [("a", b"a"), ("b", b"b")]}
        ).id_d
        asked = ask(serve(world), f"/entite/2/document/{id_d}/file/autre_document_attache/0", method="DELETE")
        assert asked.status == status
        assert len(world.documents[id_d].files("autre_document_attache")) == (2 if status == 405 else 1)
