"""The one door to the system's proxies: Windows' settings and PAC files, the variables, the computer's own."""

from __future__ import annotations

import threading

import pytest

from enn_desktop.core.settings import ProxySettings
from enn_desktop.system import proxy
from enn_desktop.system.proxy import describe_proxy, system_route
from enn_desktop.system.proxy_route import DIRECT, Route, Source
from enn_desktop.system.proxy_windows import WindowsProxies
from enn_desktop.system.winhttp import BAD_SCRIPT, NamedProxies, UserProxies, WinHttp
from tests.system.fake_winhttp import FakeWindows

ADDRESS = "https://pastell.mairie.fr/sous/chemin"
SEEN = "https://pastell.mairie.fr/"
RELAY, OTHER = "http://relais.mairie.fr:3128", "http://autre.mairie.fr:8080"
RELAY_TEXT, OTHER_TEXT = RELAY.removeprefix("http://"), OTHER.removeprefix("http://")
PAC = "http://wpad.mairie.fr/proxy.pac"
SPELLINGS = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SPELLINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def route(windows: FakeWindows, address: str = ADDRESS) -> Route:
    """Ask the door on that Windows; everything that it gave must have been given back."""
    found = system_route(address, WindowsProxies(windows.winhttp))
    assert windows.texts_left == 0
    assert windows.library.open == []
    return found


def test_where_nothing_is_set_the_way_is_straight() -> None:
    assert route(FakeWindows()) == Route(Source.NONE, (DIRECT,))
    assert route(FakeWindows(nothing_kept=True)) == Route(Source.NONE, (DIRECT,))


def test_the_user_s_own_proxy_is_used_but_for_its_exceptions() -> None:
    windows = FakeWindows(proxy=f"http={OTHER_TEXT};https={RELAY_TEXT}", bypass="*.exemple.fr;<local>")
    assert route(windows) == Route(Source.MANUAL, (RELAY,))
    assert route(windows, "http://pastell.mairie.fr") == Route(Source.MANUAL, (OTHER,))
    assert route(windows, "https://pastell.exemple.fr") == Route(Source.MANUAL, (DIRECT,))
    assert route(windows, "https://pastell") == Route(Source.MANUAL, (DIRECT,))


def test_a_pac_file_is_evaluated_by_windows_which_sees_no_path() -> None:
    windows = FakeWindows(script=PAC, scripts={PAC: f"{RELAY_TEXT};{OTHER_TEXT}"}, proxy="jamais:1")
    assert route(windows) == Route(Source.SCRIPT, (RELAY, OTHER))
    assert windows.asked == [(SEEN, PAC)]
    assert windows.logged_on == [False]


def test_a_pac_file_that_says_direct_means_direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", OTHER)
    windows = FakeWindows(script=PAC, scripts={PAC: ""}, proxy=RELAY_TEXT)
    assert route(windows) == Route(Source.SCRIPT, (DIRECT,))


def test_a_pac_file_behind_the_session_s_identity_is_asked_again_with_it() -> None:
    windows = FakeWindows(script=PAC, scripts={PAC: RELAY_TEXT}, wants_identity=True)
    assert route(windows).places == (RELAY,)
    assert windows.logged_on == [False, True]


def test_a_detection_that_asks_who_the_session_is_gets_no_answer() -> None:
    windows = FakeWindows(detect=True, scripts={"": RELAY_TEXT}, wants_identity=True)
    assert route(windows).source is not Source.DETECTED
    assert windows.logged_on == [False]


def test_a_proxy_is_detected_only_where_windows_is_set_so() -> None:
    assert route(FakeWindows(detect=True, scripts={"": RELAY_TEXT})) == Route(Source.DETECTED, (RELAY,))
    assert route(FakeWindows(scripts={"": RELAY_TEXT})) == Route(Source.NONE)


def test_a_network_that_announces_nothing_is_no_trouble() -> None:
    assert route(FakeWindows(detect=True)) == Route(Source.NONE)
    windows = FakeWindows(detect=True, script=PAC, scripts={PAC: RELAY_TEXT})
    assert route(windows) == Route(Source.SCRIPT, (RELAY,))
    assert [script for _, script in windows.asked] == ["", PAC]


@pytest.mark.parametrize(
    ("code", "words"), [(BAD_SCRIPT, "incorrect"), (12167, "ne peut pas être lu"), (12007, "12007")]
)
def test_a_pac_file_that_fails_leaves_the_manual_proxy_and_says_so(code: int, words: str) -> None:
    windows = FakeWindows(script=PAC, scripts={PAC: code}, proxy=RELAY_TEXT)
    found = route(windows)
    assert (found.source, found.places) == (Source.MANUAL, (RELAY,))
    assert words in found.trouble
    alone = route(FakeWindows(script=PAC, scripts={PAC: code}))
    assert (alone.source, alone.places) == (Source.NONE, (DIRECT,))
    assert words in alone.trouble


def test_a_windows_that_does_not_answer_is_left_alone() -> None:
    released = threading.Event()

    class Slow(WinHttp):
        def of_user(self) -> UserProxies:
            return UserProxies(script=PAC, proxy=RELAY_TEXT)

        def ask(self, url: str, script: str, wait_s: float) -> NamedProxies:
            del url, script, wait_s
            released.wait(10)
            return NamedProxies()

    found = system_route(ADDRESS, WindowsProxies(Slow(), whole_s=0.05))
    released.set()
    assert found.places == (RELAY,)
    assert "ne répond pas" in found.trouble


def test_a_windows_without_the_library_is_one_where_nothing_is_set() -> None:
    assert system_route(ADDRESS, WindowsProxies()) == Route(Source.NONE)


@pytest.mark.parametrize("spelling", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_variable_counts_where_windows_names_nothing(monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    monkeypatch.setenv(spelling, "http://mairie:p%40sse@relais.mairie.fr:3128")
    windows = FakeWindows(of_computer=(OTHER_TEXT, ""))
    assert route(windows) == Route(Source.ENVIRONMENT, (RELAY,), "mairie", "p@sse")
    assert system_route(ADDRESS) == Route(Source.ENVIRONMENT, (RELAY,), "mairie", "p@sse")
    assert route(FakeWindows(proxy=OTHER_TEXT)).places == (OTHER,)


def test_what_a_variable_excepts_goes_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", RELAY)
    monkeypatch.setenv("no_proxy", "mairie.fr")
    assert system_route(ADDRESS) == Route(Source.ENVIRONMENT, (DIRECT,))


def test_the_computer_s_own_proxy_comes_last() -> None:
    assert route(FakeWindows(of_computer=(RELAY_TEXT, "intranet"))) == Route(Source.COMPUTER, (RELAY,))
    assert route(FakeWindows(of_computer=(RELAY_TEXT, "*.mairie.fr"))) == Route(Source.COMPUTER, (DIRECT,))


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        (FakeWindows(), "aucun"),
        (FakeWindows(proxy=RELAY_TEXT), "manuel, sans identifiant"),
        (FakeWindows(script=PAC, scripts={PAC: RELAY_TEXT}), "automatique (PAC), sans identifiant"),
        (FakeWindows(detect=True, scripts={"": RELAY_TEXT}), "automatique (détection), sans identifiant"),
        (FakeWindows(of_computer=(RELAY_TEXT, "")), "réglé pour tout l’ordinateur, sans identifiant"),
    ],
)
def test_the_diagnostic_says_how_the_network_is_left_without_any_name(windows: FakeWindows, said: str) -> None:
    asker = WindowsProxies(windows.winhttp)
    assert describe_proxy(ProxySettings(), windows=asker) == said
    assert describe_proxy(ProxySettings(), ADDRESS, asker) == said
    with_user = describe_proxy(ProxySettings(user="jeanne"), ADDRESS, asker)
    assert with_user == said.replace("sans identifiant", "avec identifiant")


def test_the_diagnostic_says_what_failed() -> None:
    asker = WindowsProxies(FakeWindows(script=PAC, proxy=RELAY_TEXT).winhttp)
    said = describe_proxy(ProxySettings(), ADDRESS, asker)
    assert said == "manuel, sans identifiant, le fichier de configuration automatique ne peut pas être lu"
    alone = describe_proxy(ProxySettings(), ADDRESS, WindowsProxies(FakeWindows(script=PAC).winhttp))
    assert alone == "aucun, le fichier de configuration automatique ne peut pas être lu"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (ProxySettings(mode="aucun"), "aucun (réglage du programme)"),
        (ProxySettings(mode="manuel", address="p.fr:1"), "manuel (réglage du programme), sans identifiant"),
        (ProxySettings(mode="manuel", address="a:b@p.fr:1"), "manuel (réglage du programme), avec identifiant"),
    ],
)
def test_the_diagnostic_says_her_own_choice(settings: ProxySettings, said: str) -> None:
    assert describe_proxy(settings, ADDRESS) == said


def test_the_diagnostic_says_a_variable_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://mairie:secret@relais.mairie.fr:3128")
    for said in (describe_proxy(ProxySettings()), describe_proxy(ProxySettings(), ADDRESS)):
        assert said == "variable d’environnement, avec identifiant"


def test_elsewhere_than_on_windows_the_variables_alone_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxy, "on_windows", lambda: False)
    assert system_route(ADDRESS) == Route(Source.NONE)
