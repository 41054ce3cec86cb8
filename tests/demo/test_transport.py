"""Transport, authentication and limits, as the real platform has them."""

import json
import socket
from datetime import timedelta

import pytest

from enn_desktop.demo import ACCENTED_PASSWORD, PASSWORD, DemoServer, World, build_world, token_of
from tests.demo.asking import JSON, ask, basic, form
from tests.demo.conftest import NOW, Serve


def test_only_four_verbs_exist(server: DemoServer) -> None:
    for method in ("PUT", "OPTIONS"):
        asked = ask(server, "/version", method=method)
        assert asked.status == 405
        assert asked.message == "Cette méthode n'est pas utilisable sur l'API Pastell"
    head = ask(server, "/version", method="HEAD")
    assert (head.status, head.body) == (405, b"")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("~/api/", 400, "Il faut spécifier une fonction de l'api"),
        ("~/api/v2/", 400, "Ressource absente"),
        ("~/api/v3/entite", 400, "Version de l'API incorrecte ou version absente"),
        ("~/api/v2/foo", 404, "La ressource Foo n'a pas été trouvée"),
    ],
)
def test_paths_outside_the_api_are_refused_in_its_words(
    server: DemoServer, path: str, status: int, message: str
) -> None:
    asked = ask(server, path)
    assert (asked.status, asked.message) == (status, message)


def test_a_verb_that_a_resource_lacks_is_refused(server: DemoServer) -> None:
    asked = ask(server, "/version", method="DELETE")
    assert (asked.status, asked.message) == (405, "La méthode delete n'existe pas pour cette ressource")


def test_resource_names_may_begin_with_a_capital_and_paths_end_with_a_slash(server: DemoServer) -> None:
    assert ask(server, "/Entite").json == ask(server, "/entite/").json


def test_everything_asks_for_a_password(server: DemoServer) -> None:
    for path in ("/version", "/entite", "/flux", "/document/count", "/journal", "~/api/rest/allo"):
        asked = ask(server, path, user=None)
        assert (asked.status, asked.message) == (401, "Accès interdit")
        assert asked.header("WWW-Authenticate") == 'Basic realm="API Pastell"'


def test_wrong_passwords_and_unknown_logins_are_refused_alike(server: DemoServer) -> None:
    wrong = ask(server, "/version", password="autre")
    unknown = ask(server, "/version", user="inconnu")
    assert (wrong.status, wrong.body) == (unknown.status, unknown.body)


def test_passwords_are_read_as_utf_8_and_may_hold_colons(server: DemoServer) -> None:
    assert ask(server, "/version", user="accent", password=ACCENTED_PASSWORD).status == 200
    latin = {"Authorization": "Basic YWNjZW50Osl06S0yMDI2"}
    assert ask(server, "/version", user=None, headers=latin).status == 401


def test_each_answer_sets_a_fresh_cookie_that_opens_nothing(server: DemoServer) -> None:
    cookies = {ask(server, "/version").header("Set-Cookie") for _ in range(3)}
    assert len(cookies) == 3
    session = cookies.pop().split(";")[0]
    assert ask(server, "/version", user=None, headers={"Cookie": session}).status == 401


def test_a_disabled_account_is_refused(world: World, serve: Serve) -> None:
    world.accounts["secretaire"].active = False
    assert ask(serve(world), "/version").status == 401
    newer = build_world(profile="4.1", now=NOW)
    newer.accounts["secretaire"].active = False
    assert ask(serve(newer), "/version").message == "Votre compte a été désactivé"


def test_tokens_open_from_4_0_on_only(serve: Serve) -> None:
    bearer = {"Authorization": f"Bearer {token_of('secretaire')}"}
    assert len(token_of("secretaire")) == 43
    assert ask(serve(profile="2.0"), "/version", user=None, headers=bearer).status == 401
    assert ask(serve(profile="4.0"), "/version", user=None, headers=bearer).status == 200
    assert ask(serve(profile="4.0"), "/version", user=None, headers={"Authorization": "Bearer faux"}).status == 401


def test_an_expired_token_opens_nothing(serve: Serve) -> None:
    server = serve(profile="4.1")
    server.world.tokens[1].expires = "2026-11-23 11:59:59"
    bearer = {"Authorization": f"Bearer {token_of('secretaire')}"}
    assert ask(server, "/version", user=None, headers=bearer).status == 401


def test_a_token_is_made_once_listed_renewed_and_removed(serve: Serve) -> None:
    server = serve(profile="4.1")
    headers, body = form({"name": "PC du bureau", "expiration": "2027-01-01"})
    made = ask(server, "/utilisateur/token", method="POST", headers=headers, body=body)
    assert made.status == 201
    bearer = {"Authorization": f"Bearer {made.json['token']}"}
    assert ask(server, "/version", user=None, headers=bearer).status == 200
    assert [row["name"] for row in ask(server, "/utilisateur/token").json] == ["PC mairie", "PC du bureau"]
    renewed = ask(server, f"/utilisateur/token/{made.json['id']}/renew", method="POST")
    assert ask(server, "/version", user=None, headers=bearer).status == 401
    assert renewed.json["token"] != made.json["token"]
    removed = ask(server, f"/utilisateur/token/{made.json['id']}", method="DELETE")
    assert (removed.status, removed.body) == (204, b"")
    assert len(ask(server, "/utilisateur/token").json) == 1


def test_a_token_needs_a_name(serve: Serve) -> None:
    asked = ask(serve(profile="4.1"), "/utilisateur/token", method="POST")
    assert (asked.status, asked.message) == (400, "Le nom du token est obligatoire")


def test_older_platforms_take_token_for_a_user(server: DemoServer) -> None:
    asked = ask(server, "/utilisateur/token")
    assert (asked.status, asked.message) == (404, "L'utilisateur n'existe pas : {id_u=token}")


def test_json_is_written_as_php_writes_it(server: DemoServer) -> None:
    asked = ask(server, "/entite", user="itinerante")
    text = asked.body.decode("ascii")
    assert json.dumps(json.loads(text), indent=4).replace("/", "\\/") == text
    assert "Or\\u00e9e-du-Bois \\/ La Barre" in text
    assert asked.header("Content-Type") == JSON
    assert asked.header("Cache-Control") == "no-store, no-cache, must-revalidate"
    assert "ETag" not in asked.names


def test_empty_answers_are_empty_lists(server: DemoServer) -> None:
    for path in ("/entite", "/flux", "/document/count"):
        assert ask(server, path, user="aucun").body == b"[]"


def test_small_bodies_carry_their_length_and_large_ones_do_not(server: DemoServer) -> None:
    small, large = ask(server, "/version"), ask(server, "/entite/2/document")
    assert small.header("Content-Length") == str(len(small.body))
    assert "Content-Length" not in large.names
    assert large.header("Transfer-Encoding") == "chunked"
    assert len(large.body) > 8000


def test_refusals_400_close_the_connection_and_others_do_not(server: DemoServer) -> None:
    assert ask(server, "/entite/2/document?limit=-1").header("Connection") == "close"
    assert ask(server, "/entite/999").header("Connection") == ""


def test_a_kept_connection_serves_a_hundred_requests(server: DemoServer) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    password = basic("secretaire")["Authorization"]
    asking = "GET /api/v2/version HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n"
    request = f"{asking}Authorization: {password}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as line:
        stream = line.makefile("rb")
        heads = []
        for _ in range(100):
            line.sendall(request.encode())
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += stream.readline()
            stream.read(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            heads.append(head)
        assert b"Keep-Alive: timeout=5, max=99" in heads[0]
        assert b"Connection: close" in heads[99]
        assert stream.read() == b""
        stream.close()


def test_text_is_compressed_when_asked_and_json_and_pdf_never(world: World, serve: Serve) -> None:
    server = serve(world)
    files = {"document": [("a.xml", b"<?xml version='1.0'?>" + b"<a/>" * 200), ("b.pdf", b"%PDF-1.4" + b" " * 200)]}
    id_d = world.add_document("document-a-signer", 2, files=files).id_d
    gzipped = {"Accept-Encoding": "gzip"}
    assert (
        ask(server, f"/entite/2/document/{id_d}/file/document/0", headers=gzipped).header("Content-Encoding") == "gzip"
    )
    assert "Content-Encoding" not in ask(server, f"/entite/2/document/{id_d}/file/document/0").names
    assert "Content-Encoding" not in ask(server, f"/entite/2/document/{id_d}/file/document/1", headers=gzipped).names
    assert "Content-Encoding" not in ask(server, "/entite/2/document", headers=gzipped).names


def test_an_encoded_slash_never_reaches_the_api(server: DemoServer) -> None:
    asked = ask(server, "/entite/2%2Fdocument")
    assert asked.status == 404
    assert asked.header("Content-Type") == "text/html; charset=iso-8859-1"
    assert "Set-Cookie" not in asked.names


def test_the_web_site_sends_to_its_login_page(server: DemoServer) -> None:
    home = ask(server, "~/", user=None)
    assert home.status == 302
    assert home.header("Location") == f"{server.url}/Connexion/connexion?request_uri=%2F"
    login = ask(server, "~/Connexion/connexion", user=None)
    assert login.status == 200
    assert b'name="password"' in login.body
    assert ask(server, "~/nimporte/quoi", user=None).status == 404


def test_the_clock_of_the_date_header_can_be_wrong(world: World, serve: Serve) -> None:
    server = serve(world)
    assert ask(server, "/version").header("Date") == "Mon, 23 Nov 2026 11:00:00 GMT"
    world.clock.skew = timedelta(minutes=-17)
    assert ask(server, "/version").header("Date") == "Mon, 23 Nov 2026 10:43:00 GMT"


def test_the_version_can_be_a_placeholder(world: World, serve: Serve) -> None:
    world.announce_version("%VERSION%")
    shown = ask(serve(world), "/version").json
    assert shown["version"] == "%VERSION%"
    assert shown["version_complete"] == "Version %VERSION% - Révision  123456"


@pytest.mark.parametrize(
    ("profile", "wrong_tries", "statuses"),
    [
        ("2.0", 6, [401] * 6),
        ("3.1.5", 6, [401] * 6),
        ("3.1", 6, [401] * 5 + [429]),
        ("4.0", 6, [401] * 5 + [429]),
        ("4.1", 6, [401] * 5 + [429]),
    ],
)
def test_wrong_passwords_end_in_429_where_the_version_counts(
    serve: Serve, profile: str, wrong_tries: int, statuses: list[int]
) -> None:
    server = serve(profile=profile)
    found = [ask(server, "/version", password="faux") for _ in range(wrong_tries)]
    assert [asked.status for asked in found] == statuses
    if found[-1].status == 429:
        assert found[-1].header("Retry-after") == "60"


def test_the_limit_is_by_login_in_3_1_and_by_address_later(serve: Serve) -> None:
    older, newer = serve(profile="3.1"), serve(profile="4.0")
    for server in (older, newer):
        for _ in range(5):
            ask(server, "/version", password="faux")
    assert ask(older, "/version", user="itinerante").status == 200
    assert ask(newer, "/version", user="itinerante").status == 429


def test_good_passwords_use_no_attempt_when_only_failures_count(serve: Serve) -> None:
    server = serve(profile="4.1")
    assert {ask(server, "/version").status for _ in range(12)} == {200}


def test_the_password_constant_opens_the_documented_accounts(server: DemoServer) -> None:
    for login in ("secretaire", "itinerante", "lecteur", "sansentite", "comptable", "aucun", "admin"):
        assert ask(server, "/version", user=login, password=PASSWORD).status == 200


def test_requests_are_logged_with_what_tests_need(server: DemoServer) -> None:
    ask(server, "/entite/2/document?limit=1", headers={"Cookie": "a=b", "Accept-Encoding": "identity"})
    ask(server, "/version", user=None)
    first, second = server.requests
    assert (first.method, first.path, first.query, first.user, first.status) == (
        "GET",
        "/api/v2/entite/2/document",
        "limit=1",
        "secretaire",
        200,
    )
    assert first.headers["cookie"] == "a=b"
    assert first.headers["accept-encoding"] == "identity"
    assert first.headers["authorization"] == "Basic"
    assert "authorization" not in second.headers
    assert (second.user, second.status) == (None, 401)
    server.clear_requests()
    assert server.requests == []
