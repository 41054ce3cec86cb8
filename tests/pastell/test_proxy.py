"""The way out of the town hall: a proxy that wants a password, another that is not for this computer."""

from __future__ import annotations

import base64
import http.server
import threading
from collections.abc import Iterator

import pytest

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import EnnError
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.pastell.transport import Patience, Transport

BEHIND = "http://pastell.mairie.invalid"
"""A platform that only the proxy can reach: the name does not exist."""
PASSWORD = "Mandataire-1!"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers in the platform's place, to who has the password."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        wanted = base64.b64encode(f"mairie:{PASSWORD}".encode()).decode()
        allowed = self.headers.get("Proxy-Authorization") == f"Basic {wanted}"
        body = b'{"version": "4.1.0"}' if allowed else b"no"
        self.send_response(200 if allowed else 407)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Mine", (Handler,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def transport(base: str, proxy: Proxy | None) -> Transport:
    patience = Patience(connect_s=2.0, answer_s=2.0, tries=1, pauses_s=(0.01,), jitter_s=0.0)
    return Transport(
        base, Credentials(user="a", password="b"), cancel=CancelToken(), clock=SystemClock(), patience=patience,
        proxy=proxy,
    )  # fmt: skip


def test_the_platform_is_reached_through_a_proxy_that_wants_a_password(proxy: tuple[str, list[str]]) -> None:
    address, asked = proxy
    through = transport(BEHIND, Proxy(address, "mairie", PASSWORD))
    assert b"4.1.0" in through.get_json("version").payload
    assert asked == [f"{BEHIND}/api/v2/version"]
    through.close()


def test_a_wrong_password_of_the_proxy_is_a_sentence_about_the_proxy(proxy: tuple[str, list[str]]) -> None:
    through = transport(BEHIND, Proxy(proxy[0], "mairie", "faux"))
    with pytest.raises(EnnError) as refused:
        through.get_json("version")
    assert "proxy" in refused.value.message
    assert "faux" not in f"{refused.value.message} {refused.value.detail}"
    through.close()


def test_a_platform_on_this_very_computer_is_never_asked_through_the_proxy(proxy: tuple[str, list[str]]) -> None:
    address, asked = proxy
    direct = transport(address, Proxy("http://127.0.0.1:9", "mairie", PASSWORD))
    with pytest.raises(EnnError):
        direct.get_json("version")
    assert asked == ["/api/v2/version"]
    direct.close()


def test_without_any_proxy_the_environment_is_not_followed(
    proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy[0])
    direct = transport(BEHIND, Proxy(direct=True))
    with pytest.raises(EnnError):
        direct.get_json("version")
    assert proxy[1] == []
    direct.close()


def test_the_password_does_not_show() -> None:
    assert PASSWORD not in repr(Proxy("http://p:8080", "mairie", PASSWORD))
