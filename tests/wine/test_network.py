"""The way out as Windows knows it: its settings, a PAC file that it runs itself, its certificates; under Wine.

What Wine cannot prove: the identity of a real session (Kerberos, or NTLM without a password typed), several proxies in
one answer of a PAC file (it keeps the first), and a chain without its end (it lets it pass).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.pastell import loopback_proxy
from tests.pastell.knocking_proxy import Porter, knocking
from tests.wine.network_windows import NetworkWindows, context_with_root, made_windows, scripts

pytestmark = pytest.mark.wine

NAME = "pastell.mairie.invalid"
BEHIND = f"https://{NAME}"
USER, PASSWORD = "MAIRIE\\jeanne", "Mandaté-1!"
EXCEPTED, LOCAL = "https://a.exemple.fr", "https://intranet"
DIRECT = [""]
PAC = """
function FindProxyForURL(url, host) {
    if (isPlainHostName(host) || dnsDomainIs(host, ".exemple.fr")) return "DIRECT";
    if (url.indexOf("secret") >= 0) return "PROXY indiscret:1";
    return "PROXY %s; DIRECT";
}
"""


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkWindows]:
    """Make a Windows with Python and the network's components."""
    made = made_windows(tmp_path_factory.mktemp("windows"))
    try:
        yield made
    finally:
        made.wine.end()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[tuple[trustme.CA, int]]:
    """Run a platform behind a filter whose authority nobody knows yet."""
    authority = trustme.CA()
    context = context_with_root(authority, NAME, tmp_path)
    with loopback_proxy.platform(context, []) as port:
        yield authority, port


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "comptes"
    path.write_text(f"MAIRIE:jeanne:{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("NTLM_USER_FILE", str(path))


def test_the_user_s_own_proxy_and_its_exceptions_are_windows_own(windows: NetworkWindows) -> None:
    windows.set_proxy("http=autre:80;https=relais:3128", "*.exemple.fr;<local>")
    told = windows.told(BEHIND, "", "", BEHIND, "http://pastell.fr", EXCEPTED, LOCAL)
    assert {address: way["places"] for address, way in told["routes"].items()} == {
        BEHIND: ["http://relais:3128"],
        "http://pastell.fr": ["http://autre:80"],
        EXCEPTED: DIRECT,
        LOCAL: DIRECT,
    }
    assert told["described"] == "manuel, sans identifiant"


def test_a_pac_file_is_run_by_windows_and_sees_no_path(windows: NetworkWindows, tmp_path: Path) -> None:
    (tmp_path / "proxy.pac").write_text(PAC % "relais:3128", encoding="ascii")
    with scripts(tmp_path) as served:
        windows.set_proxy("jamais:1", script=f"{served}/proxy.pac")
        told = windows.told("", "", "", f"{BEHIND}/secret", EXCEPTED, LOCAL)
    assert [way["source"] for way in told["routes"].values()] == ["SCRIPT"] * 3
    found, excepted, local = (way["places"] for way in told["routes"].values())
    assert (found[0], excepted, local) == ("http://relais:3128", DIRECT, DIRECT)


def test_a_pac_file_that_is_not_there_leaves_the_user_s_own_proxy(windows: NetworkWindows, tmp_path: Path) -> None:
    with scripts(tmp_path) as served:
        windows.set_proxy("relais:3128", script=f"{served}/absent.pac")
        (way,) = windows.told("", "", "", BEHIND)["routes"].values()
    assert (way["source"], way["places"]) == ("MANUAL", ["http://relais:3128"])
    assert "ne peut pas être lu" in way["trouble"]


@pytest.mark.usefixtures("accounts")
def test_a_filter_s_certificate_is_refused_in_a_sentence_then_accepted_once_windows_trusts_it(
    windows: NetworkWindows, platform: tuple[trustme.CA, int], tmp_path: Path
) -> None:
    authority, port = platform
    with knocking(Porter(("Negotiate", "NTLM", "Basic"), tunnel_to=port)) as porter, scripts(tmp_path) as served:
        (tmp_path / "proxy.pac").write_text(PAC % porter.url.removeprefix("http://"), encoding="ascii")
        windows.set_proxy(script=f"{served}/proxy.pac")
        refused = windows.told(BEHIND, USER, PASSWORD, BEHIND)
        windows.trust(authority)
        accepted = windows.told(BEHIND, USER, PASSWORD, BEHIND)
    assert "n’est pas reconnu par cet ordinateur" in refused["asked"]["message"]
    assert "4.1.0" in accepted["asked"]["payload"]
    assert accepted["described"] == "automatique (PAC), avec identifiant"
    assert porter.shown == ["NTLM"] * 4
    assert set(porter.asked) == {f"CONNECT {NAME}:443"}


@pytest.mark.usefixtures("accounts")
def test_a_session_that_the_proxy_does_not_know_is_refused_in_a_sentence(
    windows: NetworkWindows, platform: tuple[trustme.CA, int]
) -> None:
    with knocking(Porter(("Negotiate", "NTLM", "Basic"), tunnel_to=platform[1])) as porter:
        windows.set_proxy(porter.url.removeprefix("http://"))
        told = windows.told(BEHIND)
    assert told["asked"]["message"] == "Le serveur mandataire (proxy) refuse la connexion."
    assert "Basic" not in porter.shown
