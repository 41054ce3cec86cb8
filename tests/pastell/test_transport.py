"""The manners of the client: two at a time, one 401, patience with limits, no cookie, no redirect."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest

from enn_desktop.core.errors import (
    AuthenticationRefused,
    BadDownload,
    Cancelled,
    PortalInTheWay,
    RequestRefused,
    ServerBroken,
    ServerUnreachable,
    SettingsError,
    TooManyRequests,
)
from enn_desktop.core.values import FileRef
from enn_desktop.pastell.address import base_address, in_clear
from enn_desktop.pastell.transport import Patience
from tests.pastell.conftest import MakeClient
from tests.pastell.test_recorded_answers import Sink

VERSION = b'{"version": "2.0.16", "version_complete": "Version 2.0.16"}'
PDF = b"%PDF-1.4\n" + b"x" * 500 + b"\n%%EOF\n"
REF = FileRef("document", 0, "acte.pdf")


def reply(status: int, body: bytes = b"", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=httpx.ByteStream(body))


def pdf() -> httpx.Response:
    return reply(200, PDF, content_type="application/pdf", content_disposition='attachment; filename="acte.pdf"')


class Script:
    """Gives its answers one after the other, then the last one for ever; keeps the requests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_after_the_first_401_nothing_more_is_sent(make_client: MakeClient) -> None:
    script = Script(reply(401, b'{"status":"error","error-message":"x"}'))
    client = make_client(script)
    for _ in range(3):
        with pytest.raises(AuthenticationRefused):
            client.profile()
    assert len(script.requests) == 1


def test_a_500_then_a_200_is_a_success(make_client: MakeClient) -> None:
    script = Script(reply(500), reply(200, VERSION))
    assert make_client(script).profile().version == "2.0.16"


def test_three_500_are_a_broken_server(make_client: MakeClient) -> None:
    script = Script(reply(500), reply(502, b"<html>Bad gateway</html>"), reply(503))
    with pytest.raises(ServerBroken):
        make_client(script).profile()
    assert len(script.requests) == 3


def test_a_429_is_waited_for_as_long_as_it_says(make_client: MakeClient) -> None:
    script = Script(reply(429, retry_after="0"), reply(200, VERSION))
    assert make_client(script).profile().version == "2.0.16"


def test_a_429_that_never_ends_is_said(make_client: MakeClient) -> None:
    with pytest.raises(TooManyRequests):
        make_client(Script(reply(429, retry_after="0"))).profile()


def test_a_429_that_asks_for_an_hour_is_not_waited_for(make_client: MakeClient) -> None:
    script = Script(reply(429, retry_after="3600"))
    with pytest.raises(TooManyRequests):
        make_client(script).profile()
    assert len(script.requests) == 1


def test_a_redirect_is_a_portal_and_is_never_followed(make_client: MakeClient) -> None:
    script = Script(reply(302, location="https://portail.example/?ticket=secret"))
    with pytest.raises(PortalInTheWay) as caught:
        make_client(script).profile()
    assert len(script.requests) == 1
    assert "portail.example" in caught.value.detail
    assert "secret" not in caught.value.detail


def test_a_login_page_with_200_is_a_portal(make_client: MakeClient) -> None:
    page = b"<!DOCTYPE html><html><form><input type=password></form></html>"
    with pytest.raises(PortalInTheWay):
        make_client(Script(reply(200, page, content_type="text/html"))).profile()


def test_the_cookie_of_an_answer_is_never_sent_back(make_client: MakeClient) -> None:
    script = Script(reply(200, VERSION, set_cookie="PHPSESSID=abc; path=/"), reply(200, VERSION))
    client = make_client(script)
    client.profile()
    client.profile()
    assert all("cookie" not in request.headers for request in script.requests)


def test_only_get_is_ever_sent_and_identity_is_asked_for(make_client: MakeClient) -> None:
    script = Script(reply(200, VERSION))
    make_client(script).profile()
    assert script.requests[0].method == "GET"
    assert script.requests[0].headers["accept-encoding"] == "identity"


def test_a_connection_refused_is_unreachable(make_client: MakeClient) -> None:
    with pytest.raises(ServerUnreachable):
        make_client(Script(httpx.ConnectError("refused"))).profile()


def test_an_untrusted_certificate_says_that_nothing_was_sent(make_client: MakeClient) -> None:
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    with pytest.raises(ServerUnreachable, match="certificat"):
        make_client(Script(error)).profile()


def test_an_address_that_is_no_pastell_says_so(make_client: MakeClient) -> None:
    with pytest.raises(RequestRefused, match="Pastell"):
        make_client(Script(reply(404, b"<html>Not found</html>", content_type="text/html"))).profile()


def test_an_endless_json_is_given_up(make_client: MakeClient) -> None:
    patience = Patience(tries=1, json_limit=1000, jitter_s=0.0)
    with pytest.raises(ServerBroken):
        make_client(Script(reply(200, b"[" * 2000)), patience=patience).profile()


def test_an_endless_file_is_given_up_and_thrown_away(make_client: MakeClient) -> None:
    sink = Sink()
    client = make_client(Script(pdf()), limit=100)
    with pytest.raises(BadDownload):
        client.fetch("2", "abc", REF, lambda: sink)
    assert sink.discarded


class Drip(httpx.SyncByteStream):
    """A body whose clock runs ten seconds between two bytes."""

    def __init__(self, tick: list[float]) -> None:
        self.tick = tick

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(100):
            self.tick[0] += 10
            yield b"%"


def test_a_body_that_drips_is_given_up(make_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    tick = [0.0]
    answer = httpx.Response(200, headers={"content-disposition": "attachment"}, stream=Drip(tick))
    client = make_client(Script(answer), patience=Patience(tries=1, jitter_s=0.0))
    monkeypatch.setattr(client.transport.clock, "monotonic", lambda: tick[0])
    with pytest.raises(ServerUnreachable, match="lentement"):
        client.fetch("2", "abc", REF, Sink)
    assert tick[0] <= 50


def test_a_cut_body_is_fetched_again_from_the_start(make_client: MakeClient) -> None:
    sinks: list[Sink] = []

    def open_sink() -> Sink:
        sinks.append(Sink())
        return sinks[-1]

    class Cut(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield PDF[:100]
            message = "peer closed connection"
            raise httpx.RemoteProtocolError(message)

    cut = httpx.Response(200, headers={"content-disposition": "attachment"}, stream=Cut())
    received = make_client(Script(cut, pdf())).fetch("2", "abc", REF, open_sink)
    assert sinks[0].discarded
    assert received.sink.content == PDF
    assert len(sinks) == 2


def test_a_doubtful_pdf_is_asked_for_twice_and_kept_with_its_doubt(make_client: MakeClient) -> None:
    odd = b"%PDF-1.4\nno end"
    headers = {"content_type": "application/pdf", "content_disposition": 'attachment; filename="a.pdf"'}
    script = Script(reply(200, odd, **headers), reply(200, odd, **headers))
    received = make_client(script).fetch("2", "abc", REF, Sink)
    assert received.doubt
    assert received.sink.content == odd
    assert len(script.requests) == 2


def test_a_cancel_stops_before_the_next_request(make_client: MakeClient) -> None:
    script = Script(reply(200, VERSION))
    client = make_client(script)
    client.transport.cancel.cancel()
    with pytest.raises(Cancelled):
        client.profile()
    assert not script.requests


def test_never_more_than_two_requests_are_in_flight(make_client: MakeClient) -> None:
    lock = threading.Lock()
    both = threading.Barrier(2, timeout=20)
    now, most = [0], [0]

    def handler(_: httpx.Request) -> httpx.Response:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        both.wait()
        with lock:
            now[0] -= 1
        return reply(200, VERSION)

    client = make_client(handler)
    threads = [threading.Thread(target=client.profile) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 2


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("https://pastell.exemple.fr", "https://pastell.exemple.fr"),
        ("pastell.exemple.fr/", "https://pastell.exemple.fr"),
        ("https://exemple.fr/pastell/api/v2/", "https://exemple.fr/pastell"),
        ("https://exemple.fr/Connexion/connexion", "https://exemple.fr"),
        ("http://127.0.0.1:8080/api", "http://127.0.0.1:8080"),
        ("  https://exemple.fr/index.php ", "https://exemple.fr"),
    ],
)
def test_an_address_is_understood_however_it_is_pasted(given: str, base: str) -> None:
    assert base_address(given) == base
    assert base_address(base) == base


@pytest.mark.parametrize("given", ["", "ftp://exemple.fr", "https://", "https://ex emple.fr", "http://a:b:c"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(SettingsError):
        base_address(given)


def test_a_password_in_clear_outside_this_computer_is_noticed() -> None:
    assert in_clear("http://pastell.exemple.fr")
    assert not in_clear("http://127.0.0.1:8000")
    assert not in_clear("https://pastell.exemple.fr")
