"""The proxy that is used is the one she chose, or the system's; asked once for each platform."""

from __future__ import annotations

import pytest

from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.proxy import STRAIGHT, Proxy, WayOut
from enn_desktop.system.proxy_route import DIRECT, Route, Source

ADDRESS = "https://pastell.exemple.fr"
RELAY = "http://relais.mairie.fr:3128"
OTHER = "http://autre.mairie.fr:3128"


def way(route: Route, user: str = "", secret: str = "") -> Proxy:
    return WayOut(ProxySettings(user=user), lambda: secret, lambda _address: route)(ADDRESS)


def test_her_own_choice_wins() -> None:
    def never(_address: str) -> Route:
        raise AssertionError

    assert WayOut(ProxySettings(mode="aucun"), ask=never)(ADDRESS) == STRAIGHT
    manual = ProxySettings(mode="manuel", address="p.fr:8080", user="mairie")
    chosen = WayOut(manual, lambda: "secret", never)(ADDRESS)
    assert chosen == Proxy("http://p.fr:8080", "mairie", "secret", session_identity=True)


def test_a_password_pasted_in_the_proxy_s_address_does_not_show() -> None:
    pasted = ProxySettings(mode="manuel", address="http://mairie:s%C3%A9cret@p.fr:8080")
    found = WayOut(pasted)(ADDRESS)
    assert (found.url, found.user, found.password) == ("http://p.fr:8080", "mairie", "sécret")
    assert "cret" not in repr(found)


def test_a_proxy_of_the_system_that_wants_a_password_gets_hers() -> None:
    found = way(Route(Source.SCRIPT, (RELAY, OTHER, DIRECT)), "mairie", "secret")
    assert found == Proxy(RELAY, "mairie", "secret", session_identity=True, others=(OTHER, DIRECT))
    assert found.places == (RELAY, OTHER, DIRECT)


def test_a_name_and_password_that_the_system_gave_go_before_hers() -> None:
    assert way(Route(Source.ENVIRONMENT, (RELAY,), "a", "b"), "mairie", "secret").credentials == ("a", "b")


def test_a_name_whose_password_is_not_known_is_not_shown_for_a_guess_could_lock_it() -> None:
    assert way(Route(Source.MANUAL, (RELAY,)), "mairie").credentials is None


@pytest.mark.parametrize("source", [Source.DETECTED, Source.MANUAL, Source.SCRIPT, Source.COMPUTER])
def test_the_session_shows_itself_to_every_proxy_but_one_that_the_network_announces(source: Source) -> None:
    assert way(Route(source, (RELAY,))).session_identity is (source is not Source.DETECTED)


def test_the_password_that_she_typed_is_not_shown_to_a_proxy_that_the_network_announces() -> None:
    assert way(Route(Source.DETECTED, (RELAY,)), "mairie", "secret").credentials is None


@pytest.mark.parametrize("places", [(DIRECT,), (DIRECT, RELAY)])
def test_where_the_system_says_direct_the_way_is_straight(places: tuple[str, ...]) -> None:
    assert way(Route(Source.SCRIPT, places), "mairie", "secret") == STRAIGHT


def test_the_system_is_asked_once_for_each_platform_and_again_when_forgotten() -> None:
    asked: list[str] = []

    def system(address: str) -> Route:
        asked.append(address)
        return Route(Source.SCRIPT, (RELAY,))

    out = WayOut(ask=system)
    for address in (ADDRESS, f"{ADDRESS}/sous/chemin", "https://autre.exemple.fr", ADDRESS):
        assert out(address).url == RELAY
    assert asked == [f"{ADDRESS}/", "https://autre.exemple.fr/"]
    out.forget(ADDRESS)
    out(ADDRESS)
    assert asked[2:] == [f"{ADDRESS}/"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "https://localhost", "http://[::1]:80"])
def test_this_very_computer_is_reached_without_asking(address: str) -> None:
    assert WayOut(ProxySettings(mode="manuel", address="p.fr:8080"))(address) == STRAIGHT
