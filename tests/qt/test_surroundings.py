"""The proxy that is used is the one she chose, or the system's."""

from __future__ import annotations

import pytest
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory

from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.qt import surroundings
from enn_desktop.qt.surroundings import proxy_for, system_proxy

ADDRESS = "https://pastell.exemple.fr"
RELAY = "http://relais.mairie.fr:3128"
HTTP, CACHING, SOCKS, DIRECT = (
    QNetworkProxy.ProxyType.HttpProxy,
    QNetworkProxy.ProxyType.HttpCachingProxy,
    QNetworkProxy.ProxyType.Socks5Proxy,
    QNetworkProxy.ProxyType.NoProxy,
)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[QNetworkProxy]:
    """Be on Windows; what is put in this list is what its settings, or a PAC file, say."""
    said: list[QNetworkProxy] = []
    monkeypatch.setattr(surroundings, "on_windows", lambda: True)
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", lambda _query: said)
    return said


@pytest.mark.parametrize(
    ("variable", "found"),
    [
        (RELAY, Proxy(RELAY)),
        ("http://relais.mairie.fr", Proxy("http://relais.mairie.fr")),
        ("http://[fd00::1]:3128", Proxy("http://[fd00::1]:3128")),
        ("http://mairie:p%40sse@relais.mairie.fr:3128", Proxy(RELAY, "mairie", "p@sse")),
        ("socks5://relais.mairie.fr:1080", None),
    ],
)
def test_the_system_s_proxy_is_found(monkeypatch: pytest.MonkeyPatch, variable: str, found: Proxy | None) -> None:
    monkeypatch.setenv("https_proxy", variable)
    assert system_proxy(ADDRESS) == found
    assert proxy_for(ProxySettings(), ADDRESS, "") == found


def test_a_platform_that_the_system_excepts_is_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", RELAY)
    monkeypatch.setenv("no_proxy", "exemple.fr")
    assert system_proxy(ADDRESS) is None


def test_a_proxy_of_the_system_that_wants_a_password_gets_hers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", RELAY)
    assert proxy_for(ProxySettings(user="mairie"), ADDRESS, "secret") == Proxy(RELAY, "mairie", "secret")


def test_without_one_the_way_is_free() -> None:
    assert proxy_for(ProxySettings(), ADDRESS, "") is None


@pytest.mark.parametrize("kind", [HTTP, CACHING])
def test_windows_own_proxy_is_used(windows: list[QNetworkProxy], kind: QNetworkProxy.ProxyType) -> None:
    windows += [QNetworkProxy(SOCKS, "socks.fr", 1080), QNetworkProxy(kind, "relais.mairie.fr", 3128)]
    assert proxy_for(ProxySettings(), ADDRESS, "") == Proxy(RELAY)


@pytest.mark.parametrize("user", ["", "mairie"])
def test_where_windows_says_direct_nothing_else_is_read(windows: list[QNetworkProxy], user: str) -> None:
    windows += [QNetworkProxy(DIRECT), QNetworkProxy(HTTP, "relais.mairie.fr", 3128)]
    assert proxy_for(ProxySettings(user=user), ADDRESS, "secret") == Proxy(direct=True)


def test_where_windows_says_direct_a_variable_put_there_on_purpose_still_counts(
    windows: list[QNetworkProxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    windows.append(QNetworkProxy(DIRECT))
    monkeypatch.setenv("HTTPS_PROXY", RELAY)
    assert system_proxy(ADDRESS) is None


def test_her_own_choice_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", RELAY)
    assert proxy_for(ProxySettings(mode="aucun"), ADDRESS, "") == Proxy(direct=True)
    manual = ProxySettings(mode="manuel", address="p.fr:8080", user="mairie")
    assert proxy_for(manual, ADDRESS, "secret") == Proxy("http://p.fr:8080", "mairie", "secret")


def test_a_password_pasted_in_the_proxy_s_address_does_not_show() -> None:
    pasted = ProxySettings(mode="manuel", address="http://mairie:s%C3%A9cret@p.fr:8080")
    found = proxy_for(pasted, ADDRESS, "")
    assert found == Proxy("http://p.fr:8080", "mairie", "sécret")
    assert "cret" not in repr(found)
