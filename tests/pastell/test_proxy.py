"""The way out of the town hall: a proxy that wants a password, another that is not for this computer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from enn_desktop.backup.assembly import Workshop
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import EnnError, ServerUnreachable, SettingsError
from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.proxy import Proxy, WayOut
from enn_desktop.pastell.transport import Patience, Transport
from enn_desktop.system.paths import profile_paths
from tests.pastell import loopback_proxy
from tests.pastell.loopback_proxy import Relay

NAME = "pastell.mairie.invalid"
BEHIND, BEHIND_TLS = f"http://{NAME}", f"https://{NAME}"
"""A platform that only the proxy can reach: the name does not exist."""
USER, PASSWORD = "mairie", "Mandaté-1!"


@pytest.fixture
def relay() -> Iterator[Relay]:
    with loopback_proxy.proxy(Relay(USER, PASSWORD)) as found:
        yield found


@pytest.fixture
def seen(relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """Put a platform with a certificate behind the proxy; return the headers that reach it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "autorite.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "autorite.pem"))
    headers: list[dict[str, str]] = []
    with loopback_proxy.platform(loopback_proxy.server_context(authority, NAME), headers) as relay.tunnel_to:
        yield headers


def transport(base: str, proxy: Proxy | None, tries: int = 1) -> Transport:
    patience = Patience(connect_s=2.0, answer_s=2.0, tries=tries, pauses_s=(0.01,), jitter_s=0.0)
    return Transport(
        base, Credentials(user="a", password="b"), cancel=CancelToken(), clock=SystemClock(), patience=patience,
        proxy=proxy,
    )  # fmt: skip


def ask(base: str, proxy: Proxy | None) -> bytes:
    through = transport(base, proxy)
    try:
        return through.get_json("version").payload
    finally:
        through.close()


def test_the_platform_is_reached_through_a_proxy_that_wants_a_password(relay: Relay) -> None:
    assert b"4.1.0" in ask(BEHIND, Proxy(relay.url, USER, PASSWORD))
    assert relay.asked == [f"{BEHIND}/api/v2/version"]


def test_an_encrypted_platform_is_reached_through_a_tunnel_that_tells_the_proxy_nothing(
    relay: Relay, seen: list[dict[str, str]]
) -> None:
    assert b"4.1.0" in ask(BEHIND_TLS, Proxy(relay.url, USER, PASSWORD))
    assert set(relay.asked) == {f"CONNECT {NAME}:443"}
    assert seen[0]["Authorization"].startswith("Basic ")
    assert not [name for name in seen[0] if name.lower().startswith("proxy-")]


@pytest.mark.parametrize("base", [BEHIND, BEHIND_TLS])
@pytest.mark.parametrize(("user", "password"), [(USER, "faux"), ("", "")])
def test_a_proxy_that_refuses_is_a_sentence_about_the_proxy(relay: Relay, base: str, user: str, password: str) -> None:
    with pytest.raises(ServerUnreachable) as refused:
        ask(base, Proxy(relay.url, user, password))
    assert "proxy" in refused.value.message
    assert "407" in refused.value.detail
    assert "faux" not in f"{refused.value.message} {refused.value.detail}"


@pytest.mark.parametrize("base", [BEHIND, BEHIND_TLS])
def test_a_wrong_password_of_the_proxy_is_tried_once_for_it_may_lock_her_account(relay: Relay, base: str) -> None:
    through = transport(base, Proxy(relay.url, USER, "faux"), tries=3)
    for _ in range(3):
        with pytest.raises(ServerUnreachable, match="proxy"):
            through.get_json("version")
    through.close()
    assert len(relay.shown) == 1


@pytest.mark.usefixtures("seen")
def test_the_proxy_s_password_is_in_no_log(relay: Relay, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ask(BEHIND_TLS, Proxy(relay.url, USER, PASSWORD))
    with pytest.raises(EnnError):
        ask(BEHIND_TLS, Proxy(relay.url, USER, "faux-secret"))
    assert "start_tls" in caplog.text
    assert not [word for word in (PASSWORD, "Mandat", "faux-secret") if word in caplog.text]


def test_a_platform_on_this_very_computer_is_never_asked_through_the_proxy(relay: Relay) -> None:
    with pytest.raises(EnnError):
        ask(relay.url, Proxy("http://127.0.0.1:9", USER, PASSWORD))
    assert relay.asked == ["/api/v2/version"]


def test_without_any_proxy_the_environment_is_not_followed(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", relay.url)
    with pytest.raises(EnnError):
        ask(BEHIND, Proxy(direct=True))
    assert relay.asked == []


def test_when_nothing_was_chosen_the_environment_is_followed(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", relay.url.replace("//", f"//{USER}:Mandat%C3%A9-1!@"))
    assert b"4.1.0" in ask(BEHIND, None)


@pytest.mark.parametrize("url", ["ftp://p.fr:21", "socks5://p.fr:1080", "http://p.fr:port", "http://", "p.fr:3128"])
def test_an_address_that_no_proxy_can_have_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(SettingsError, match="proxy"):
        ask(BEHIND, Proxy(url, USER, PASSWORD))


def test_a_proxy_of_the_environment_that_cannot_be_used_says_so_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks5://{USER}:{PASSWORD}@p.fr:1080")
    with pytest.raises(SettingsError, match="proxy") as refused:
        ask(BEHIND, None)
    assert PASSWORD not in f"{refused.value.detail} {refused.value.__cause__}"


def test_a_run_goes_the_way_that_was_chosen_for_its_address(relay: Relay, tmp_path: Path) -> None:
    chosen = ProxySettings(mode="manuel", address=relay.url.removeprefix("http://"), user=USER)
    workshop = Workshop(profile_paths(tmp_path), proxy=WayOut(chosen, lambda: PASSWORD))
    with workshop.client(BEHIND, Credentials(user="a", password="b")) as client:
        assert client.profile().version == "4.1.0"


def test_the_password_does_not_show() -> None:
    assert PASSWORD not in repr(Proxy("http://p:8080", USER, PASSWORD))
