"""Each fault, seen from a raw socket or through a real HTTP client."""

import http.client
import re
import socket
import time
from collections.abc import Callable
from threading import Event, Thread

import httpx
import pytest

from enn_desktop.demo import PASSWORD, DemoServer, World, effects
from enn_desktop.demo.exchange import Exchange
from tests.demo.asking import ask, basic

BIG = b"%PDF-1.4\n" + b"x" * 100_000 + b"\n%%EOF\n"


@pytest.fixture
def pdf(world: World) -> str:
    """Return the path of a PDF of a hundred thousand bytes, sent without a length."""
    id_d = world.add_document("document-a-signer", 2, title="Gros", files={"document": [("gros.pdf", BIG)]}).id_d
    return f"/entite/2/document/{id_d}/file/document/0"


@pytest.fixture
def small(world: World) -> str:
    """Return the path of a PDF that is sent with its length."""
    files = {"document": [("petit.pdf", BIG[:3000])]}
    id_d = world.add_document("document-a-signer", 2, title="Petit", files=files).id_d
    return f"/entite/2/document/{id_d}/file/document/0"


def raw(server: DemoServer, path: str, *, timeout: float = 5.0) -> bytes:
    """Send one request on a plain socket and return every byte until the server closes."""
    host, port = server.url.removeprefix("http://").split(":")
    head = f"GET /api/v2{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {basic('secretaire')['Authorization']}\r\n\r\n"
    received = b""
    with socket.create_connection((host, int(port)), timeout=timeout) as line:
        line.sendall(head.encode())
        while block := line.recv(65536):
            received += block
    return received


def get(server: DemoServer, path: str, timeout: float = 5.0) -> httpx.Response:
    with httpx.Client(auth=("secretaire", PASSWORD), timeout=timeout) as client:
        return client.get(f"{server.url}/api/v2{path}")


def test_a_fault_strikes_the_requests_it_is_for_and_no_others(server: DemoServer) -> None:
    fault = server.faults.add(effects.status(503), r"/entite\?x=1$", times=2, after=1, method="GET")
    found = [ask(server, "/entite?x=1").status for _ in range(5)]
    assert found == [200, 503, 503, 200, 200]
    assert (fault.struck, fault.spent) == (2, True)
    server.faults.add(effects.status(502), lambda seen: seen.user == "lecteur", times=None)
    assert [ask(server, "/version", user=user).status for user in ("lecteur", "secretaire", "lecteur")] == [
        502,
        200,
        502,
    ]
    server.faults.clear()
    assert ask(server, "/version", user="lecteur").status == 200


def test_a_fault_can_be_taken_away(server: DemoServer) -> None:
    fault = server.faults.add(effects.status(500), times=None)
    assert ask(server, "/version").status == 500
    server.faults.remove(fault)
    server.faults.remove(fault)
    assert ask(server, "/version").status == 200


def test_a_php_warning_stands_before_the_json(server: DemoServer) -> None:
    server.faults.add(effects.php_warning_before_json(), times=2)
    healthy = ask(server, "/entite")
    assert (healthy.status, healthy.header("Content-Type")) == (200, "text/html; charset=UTF-8")
    assert healthy.body.startswith(b"<br />\n<b>Warning</b>:")
    assert healthy.body.rstrip().endswith(b"]")
    refused = ask(server, "/entite/2/document/XXXXXXX")
    assert refused.status == 200
    assert b"droit=:edition" in refused.body


def test_a_stack_trace_stands_alone(server: DemoServer) -> None:
    server.faults.add(effects.stack_trace())
    asked = ask(server, "/entite")
    assert (asked.status, asked.header("Content-Type")) == (200, "text/html; charset=UTF-8")
    assert b"SQLSTATE[HY000] [2002]" in asked.body


def test_html_stands_before_a_pdf(server: DemoServer, pdf: str) -> None:
    server.faults.add(effects.html_before_pdf())
    asked = ask(server, pdf)
    assert (asked.status, asked.header("Content-Type")) == (200, "application/pdf")
    assert asked.body.startswith(b"<br />\n<b>Warning</b>:")
    assert asked.body.endswith(BIG)
    assert "Content-disposition" not in asked.names


def test_json_cannot_be_encoded(server: DemoServer) -> None:
    server.faults.add(effects.json_encode_failure())
    asked = ask(server, "/entite")
    assert (asked.status, asked.json["status"]) == (200, "error")
    assert "[code 5]" in asked.message


def test_a_portal_redirects_elsewhere(server: DemoServer) -> None:
    server.faults.add(effects.portal_redirect("https://sso.exemple.invalid/?url=x"))
    asked = ask(server, "/entite")
    assert (asked.status, asked.header("Location")) == (302, "https://sso.exemple.invalid/?url=x")


def test_a_portal_shows_its_login_page(server: DemoServer) -> None:
    server.faults.add(effects.portal_html())
    asked = ask(server, "/entite")
    assert asked.status == 200
    assert asked.header("Content-Type").startswith("text/html")
    assert b"Merci de vous authentifier" in asked.body
    assert "X-Powered-By" not in asked.names


@pytest.mark.parametrize("code", [401, 403, 404, 429, 500, 502, 503, 504])
def test_any_status_with_a_page_json_or_nothing(server: DemoServer, code: int) -> None:
    server.faults.add(effects.status(code))
    server.faults.add(effects.status(code, "json", message="Panne"))
    server.faults.add(effects.status(code, "empty"))
    page, refusal, empty = (ask(server, "/entite") for _ in range(3))
    assert {page.status, refusal.status, empty.status} == {code}
    assert page.body.startswith(b"<html>")
    assert refusal.message == "Panne"
    assert empty.body == b""
    assert ("WWW-Authenticate" in refusal.names) is (code == 401)
    assert refusal.header("Retry-after") == ("60" if code == 429 else "")


def test_a_delay_is_asked_for(server: DemoServer) -> None:
    server.faults.add(effects.status(429, "json", retry_after=7))
    server.faults.add(effects.status(503, retry_after=120))
    assert [ask(server, "/entite").header("Retry-after") for _ in range(2)] == ["7", "120"]


def test_an_empty_500_closes_over_http_1_0(server: DemoServer) -> None:
    server.faults.add(effects.empty_500())
    received = raw(server, "/entite")
    assert received.startswith(b"HTTP/1.0 500 Internal Server Error\r\n")
    assert b"\r\nContent-Length: 0\r\nConnection: close\r\nContent-Type: text/html" in received
    assert received.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("reset", [False, True])
def test_a_chunked_body_is_cut(server: DemoServer, pdf: str, *, reset: bool) -> None:
    server.faults.add(effects.cut_body(5000, reset=reset), r"/file/", times=2)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        get(server, pdf)
    if not reset:
        head, _, body = raw(server, pdf).partition(b"\r\n\r\n")
        assert b"Transfer-Encoding: chunked" in head
        assert body == b"%x\r\n" % len(BIG) + BIG[:5000]
    server.faults.clear()
    assert get(server, pdf).content == BIG


def test_a_body_with_a_length_is_cut(server: DemoServer, small: str) -> None:
    server.faults.add(effects.cut_body(100), r"/file/", times=2)
    with pytest.raises(httpx.RemoteProtocolError, match="closed"):
        get(server, small)
    head, _, body = raw(server, small).partition(b"\r\n\r\n")
    assert b"Content-Length: 3000" in head
    assert body == BIG[:100]


def test_the_announced_length_is_too_large(server: DemoServer, small: str) -> None:
    server.faults.add(effects.wrong_length(50), r"/file/", times=2)
    with pytest.raises(httpx.RemoteProtocolError):
        get(server, small)
    head, _, body = raw(server, small).partition(b"\r\n\r\n")
    assert b"Content-Length: 3050" in head
    assert body == BIG[:3000]


def test_the_announced_length_is_too_small(server: DemoServer, small: str) -> None:
    server.faults.add(effects.wrong_length(-50), r"/file/", times=2)
    assert len(ask(server, small).body) == 2950
    head, _, body = raw(server, small).partition(b"\r\n\r\n")
    assert b"Content-Length: 2950" in head
    assert body == BIG[:3000]


def test_an_endless_body_ends_when_the_client_leaves(server: DemoServer, pdf: str) -> None:
    server.faults.add(effects.endless_body(), r"/file/")
    with (
        httpx.Client(auth=("secretaire", PASSWORD)) as client,
        client.stream("GET", f"{server.url}/api/v2{pdf}") as answer,
    ):
        received = 0
        for block in answer.iter_raw():
            received += len(block)
            if received > 5_000_000:
                break
    assert received > 5_000_000
    assert ask(server, "/version").status == 200


def test_a_slow_body_comes_drop_by_drop(server: DemoServer, small: str) -> None:
    server.faults.add(effects.slow_drip(20_000, piece=500), r"/file/", times=2)
    start = time.monotonic()
    assert get(server, small).content == BIG[:3000]
    assert time.monotonic() - start > 0.1
    server.faults.clear()
    server.faults.add(effects.slow_drip(100), r"/file/")
    with pytest.raises(httpx.ReadTimeout):
        get(server, small, timeout=0.3)


def test_a_hanging_request_waits_for_the_client(server: DemoServer) -> None:
    server.faults.add(effects.hang())
    with pytest.raises(httpx.ReadTimeout):
        get(server, "/entite", timeout=0.2)
    assert server.requests[0].status == 0
    assert ask(server, "/entite").status == 200


def test_stopping_frees_what_hangs(world: World) -> None:
    server = DemoServer(world).start()
    reached, ended = Event(), Event()

    async def hang(exchange: Exchange) -> None:
        reached.set()
        await effects.hang()(exchange)

    def wait() -> None:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            get(server, "/entite")
        ended.set()

    server.faults.add(hang)
    waiting = Thread(target=wait)
    waiting.start()
    assert reached.wait(5)
    start = time.monotonic()
    server.stop()
    server.stop()
    waiting.join(timeout=5)
    assert ended.is_set()
    assert time.monotonic() - start < 2


def test_the_connection_is_reset(server: DemoServer) -> None:
    server.faults.add(effects.connection_reset(), times=2)
    with pytest.raises(ConnectionResetError):
        raw(server, "/entite")
    with pytest.raises(httpx.ReadError):
        get(server, "/entite")


def test_rows_move_between_two_pages(server: DemoServer) -> None:
    server.faults.add(effects.move_rows_during_paging(), r"/entite/2/document\?", times=None)
    rows = [
        row for offset in range(0, 60, 5) for row in ask(server, f"/entite/2/document?offset={offset}&limit=5").json
    ]
    server.faults.clear()
    whole = {row["id_d"] for row in ask(server, "/entite/2/document?limit=1000").json}
    assert {row["id_d"] for row in rows} != whole or len(rows) != len(whole)


def test_a_scene_can_be_played_between_two_pages(server: DemoServer) -> None:
    def rename(exchange: Exchange) -> None:
        exchange.world.edit_title(next(iter(exchange.world.documents)), "zzzz en tête")

    server.faults.add(effects.move_rows_during_paging(rename), r"offset=0")
    first = ask(server, "/entite/2/document?offset=0&limit=5&tri=titre&sens_tri=DESC").json
    again = ask(server, "/entite/2/document?offset=0&limit=5&tri=titre&sens_tri=DESC").json
    assert "zzzz en tête" not in {row["titre"] for row in first}
    assert "zzzz en tête" in {row["titre"] for row in again}


def test_a_document_disappears_between_the_list_and_the_download(server: DemoServer, pdf: str) -> None:
    server.faults.add(effects.delete_between_list_and_download(), r"/file/")
    asked = ask(server, pdf)
    assert (asked.status, asked.message) == (403, "Acces interdit id_e=2, droit=:edition,id_u=2")


def test_any_function_can_be_run_before_or_after_an_answer(server: DemoServer, pdf: str) -> None:
    id_d = pdf.split("/")[4]

    async def swap(exchange: Exchange) -> None:
        exchange.world.replace_file(id_d, "document", 0, b"autre")

    server.faults.add(effects.callback(swap, answer_first=True), r"/file/")
    assert ask(server, pdf).body == BIG
    assert ask(server, pdf).body == b"autre"


def test_latency_is_waited_for_each_answer_and_requests_overlap(server: DemoServer) -> None:
    server.latency = 0.15
    start = time.monotonic()
    threads = [Thread(target=ask, args=(server, "/version")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0.15 <= time.monotonic() - start < 0.45
    assert max(seen.under_way for seen in server.requests) >= 1


def test_sending_the_session_cookie_back_makes_requests_wait_for_one_another(server: DemoServer) -> None:
    server.latency = 0.15

    def took(cookies: list[str]) -> float:
        start = time.monotonic()
        threads = [Thread(target=ask, args=(server, "/version"), kwargs={"headers": {"Cookie": it}}) for it in cookies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - start

    assert took(["PHPSESSID=une", "PHPSESSID=deux", "PHPSESSID=trois"]) < 0.4
    assert took(["PHPSESSID=une"] * 3) >= 0.45


def test_more_than_five_requests_at_once_exhaust_the_limit_of_3_1(serve: Callable[..., DemoServer]) -> None:
    server = serve(profile="3.1", latency=0.3)
    found: list[int] = []
    threads = [Thread(target=lambda: found.append(ask(server, "/version").status)) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] * 5 + [429] * 2
    assert ask(server, "/version").status == 200


def test_a_fault_leaves_the_head_in_the_platform_s_order(server: DemoServer, small: str) -> None:
    server.faults.add(effects.cut_body(0), r"/file/")
    head = raw(server, small).split(b"\r\n\r\n")[0]
    names = re.findall(rb"\r\n([^:]+):", head)
    assert names[-3:] == [b"Content-disposition", b"Content-Length", b"Content-Type"]


def test_a_refused_answer_to_a_client_is_a_real_http_answer(server: DemoServer) -> None:
    server.faults.add(effects.status(503))
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    connection.request("GET", "/api/v2/entite", headers=basic("secretaire"))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert (answer.status, answer.reason) == (503, "Service Unavailable")
