"""Lists of proxies and of exceptions, as Windows, PAC files and variables write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.system.proxy_route import (
    DIRECT,
    asked_of,
    excepted,
    excepted_by_variable,
    places_of,
    split_identity,
)

RELAY = "http://relais.mairie.fr:3128"


@pytest.mark.parametrize(
    ("text", "scheme", "found"),
    [
        ("relais.mairie.fr:3128", "https", (RELAY,)),
        ("relais.mairie.fr", "https", ("http://relais.mairie.fr",)),
        ("http://relais.mairie.fr:3128/", "https", (RELAY,)),
        ("[fd00::1]:3128", "https", ("http://[fd00::1]:3128",)),
        ("a:1;b:2", "https", ("http://a:1", "http://b:2")),
        ("a:1 b:2  a:1", "http", ("http://a:1", "http://b:2")),
        ("http=a:80;https=b:443;ftp=c:21", "https", ("http://b:443",)),
        ("http=a:80;https=b:443;ftp=c:21", "http", ("http://a:80",)),
        ("http=a:80", "https", ()),
        ("socks=s:1080", "https", ()),
        ("socks://s:1080;a:1", "https", ("http://a:1",)),
        ("PROXY a:1; PROXY b:2; DIRECT", "https", ("http://a:1", "http://b:2", DIRECT)),
        ("SOCKS s:1080; DIRECT", "https", (DIRECT,)),
        ("HTTPS s:443; PROXY a:1", "https", ("http://a:1",)),
        ("DIRECT; PROXY a:1", "https", (DIRECT, "http://a:1")),
        ("", "https", ()),
        (" ; ;", "https", ()),
    ],
)
def test_proxies_are_read_in_their_order(text: str, scheme: str, found: tuple[str, ...]) -> None:
    assert places_of(text, scheme) == found


@pytest.mark.parametrize(
    ("address", "rules", "named"),
    [
        ("https://pastell/", "<local>", True),
        ("https://pastell.mairie.fr/", "<local>", False),
        ("https://[fd00::1]/", "<local>", False),
        ("https://pastell.mairie.fr/", "intranet;*.MAIRIE.fr", True),
        ("https://mairie.fr/", "*.mairie.fr", False),
        ("https://pastell.mairie.fr/", "mairie.fr", False),
        ("https://pastell.mairie.fr/", "*mairie.fr <local>", True),
        ("https://10.1.2.3/", "10.*", True),
        ("https://110.1.2.3/", "10.*", False),
        ("https://pastell.mairie.fr/", "pastell.mairie.fr:443", True),
        ("https://pastell.mairie.fr:8443/", "pastell.mairie.fr:443", False),
        ("https://pastell.mairie.fr:8443/", "pastell.mairie.fr:*", True),
        ("https://pastell.mairie.fr/", "http://*.mairie.fr", False),
        ("https://pastell.mairie.fr/", "https://*.mairie.fr", True),
        ("https://[fd00::1]/", "[fd00::1]", True),
        ("https://[fd00::1]:8443/", "[fd00::*]:8443", True),
        ("https://[fd00::1]/", "fd00::1", True),
        ("https://pastell.mairie.fr/", "*", True),
        ("https://pastell.mairie.fr/", "pastell?mairie.fr", False),
        ("https://pastell.mairie.fr/", "", False),
    ],
)
def test_windows_exceptions_are_kept(address: str, rules: str, named: bool) -> None:  # noqa: FBT001 - what is awaited
    assert excepted(asked_of(address), rules) is named


@pytest.mark.parametrize(
    ("address", "rules", "named"),
    [
        ("https://pastell.mairie.fr/", "localhost, mairie.fr", True),
        ("https://pastell.mairie.fr/", ".mairie.fr", True),
        ("https://pastell.mairie.fr/", "*.mairie.fr", True),
        ("https://mairie.fr/", ".mairie.fr", True),
        ("https://la-mairie.fr/", "mairie.fr", False),
        ("https://pastell.mairie.fr/", "pastell.mairie.fr:443", True),
        ("https://pastell.mairie.fr:8443/", "pastell.mairie.fr:443", False),
        ("https://10.1.2.3/", "10.0.0.0/8", True),
        ("https://11.1.2.3/", "10.0.0.0/8", False),
        ("https://[fd00::1]/", "fd00::1", True),
        ("https://pastell.mairie.fr/", "*", True),
        ("https://pastell.mairie.fr/", ",,", False),
    ],
)
def test_a_variable_s_exceptions_are_kept(address: str, rules: str, named: bool) -> None:  # noqa: FBT001 - what is awaited
    assert excepted_by_variable(asked_of(address), rules) is named


@given(st.text(), st.sampled_from(["http", "https"]))
def test_no_list_breaks_the_reading(text: str, scheme: str) -> None:
    places_of(text, scheme)
    excepted(asked_of("https://pastell.mairie.fr"), text)
    excepted_by_variable(asked_of("https://10.0.0.1"), text)


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://pastell.mairie.fr/sous/chemin?x=1", "https://pastell.mairie.fr/"),
        ("http://pastell.mairie.fr:8080/", "http://pastell.mairie.fr:8080/"),
        ("https://é.fr", "https://xn--9ca.fr/"),
        ("https://[fd00::1]:8443/", "https://[fd00::1]:8443/"),
    ],
)
def test_a_rule_sees_neither_path_nor_question(address: str, seen: str) -> None:
    assert asked_of(address).url == seen


@pytest.mark.parametrize("address", ["ftp://a.fr", "pastell.fr", "https://", "https://a:port"])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        asked_of(address)


def test_a_password_in_an_address_is_taken_out_of_it() -> None:
    assert split_identity("http://mairie:s%C3%A9cret%40@p.fr:8080/") == ("http://p.fr:8080", "mairie", "sécret@")
    assert split_identity("p.fr:8080") == ("http://p.fr:8080", "", "")
