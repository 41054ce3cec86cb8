"""The proxy that is used is the one she chose, or the system's."""

from __future__ import annotations

import pytest

from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.qt.surroundings import is_metered, proxy_for, system_proxy

ADDRESS = "https://pastell.exemple.fr"


def test_the_system_s_proxy_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://relais.mairie.fr:3128")
    assert system_proxy(ADDRESS) == Proxy("http://relais.mairie.fr:3128")
    assert proxy_for(ProxySettings(), ADDRESS, "") == Proxy("http://relais.mairie.fr:3128")


def test_a_proxy_of_the_system_that_wants_a_password_gets_hers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://relais.mairie.fr:3128")
    found = proxy_for(ProxySettings(user="mairie"), ADDRESS, "secret")
    assert found == Proxy("http://relais.mairie.fr:3128", "mairie", "secret")


def test_without_one_the_way_is_free() -> None:
    assert proxy_for(ProxySettings(), ADDRESS, "") is None


def test_her_own_choice_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://relais.mairie.fr:3128")
    assert proxy_for(ProxySettings(mode="aucun"), ADDRESS, "") == Proxy(direct=True)
    manual = ProxySettings(mode="manuel", address="p.fr:8080", user="mairie")
    assert proxy_for(manual, ADDRESS, "secret") == Proxy("http://p.fr:8080", "mairie", "secret")


@pytest.mark.usefixtures("qapp")
def test_a_system_that_does_not_say_how_the_connection_is_paid_is_not_guessed() -> None:
    assert is_metered() in {None, False, True}
