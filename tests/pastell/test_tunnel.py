"""A proxy that wants to know who asks: real dialogues on this computer, NTLM and its worst manners included."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.core.settings import ProxySettings
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.proxy import Proxy, WayOut
from enn_desktop.pastell.proxy_identity import challenges_of
from enn_desktop.pastell.transport import Patience, Transport
from enn_desktop.system.proxy_route import DIRECT, Route, Source
from tests.pastell import loopback_proxy
from tests.pastell.knocking_proxy import Porter, knocking

NAME = "pastell.mairie.invalid"
BEHIND = f"https://{NAME}"
USER, PASSWORD = "MAIRIE\\jeanne", "Mandaté-1!"
BASIC, NTLM, NEGOTIATE = "Basic", "NTLM", "Negotiate"
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name the only account that the proxies' NTLM lets in."""
    path = tmp_path / "comptes"
    path.write_text(f"MAIRIE:jeanne:{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("NTLM_USER_FILE", str(path))
    return path


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[dict[str, str]]]]:
    """Run the platform, with a certificate of its name; give its port and the headers that reach it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "autorite.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "autorite.pem"))
    seen: list[dict[str, str]] = []
    with loopback_proxy.platform(loopback_proxy.server_context(authority, NAME), seen) as port:
        yield port, seen


Opened = Callable[[Porter], Porter]


@pytest.fixture
def opened(platform: tuple[int, list[dict[str, str]]]) -> Iterator[Opened]:
    """Run a proxy before the platform."""
    running = []

    def run(porter: Porter) -> Porter:
        porter.tunnel_to = platform[0]
        server = knocking(porter)
        running.append(server)
        return server.__enter__()

    yield run
    for server in running:
        server.__exit__(None, None, None)


def transport(proxy: Proxy | WayOut, tries: int = 1, connect_s: float = 2.0) -> Transport:
    patience = Patience(connect_s=connect_s, answer_s=2.0, tries=tries, pauses_s=(0.01,), jitter_s=0.0)
    return Transport(
        BEHIND, Credentials(user="a", password="b"), cancel=CancelToken(), clock=SystemClock(), patience=patience,
        proxy=proxy,
    )  # fmt: skip


def ask(proxy: Proxy | WayOut, tries: int = 1, connect_s: float = 2.0) -> bytes:
    through = transport(proxy, tries, connect_s)
    try:
        return through.get_json("version").payload
    finally:
        through.close()


def refused(proxy: Proxy, connect_s: float = 2.0) -> ServerUnreachable:
    with pytest.raises(ServerUnreachable) as found:
        ask(proxy, connect_s=connect_s)
    assert "proxy" in found.value.message
    return found.value


@pytest.mark.parametrize(
    ("offered", "spoken"),
    [
        ((), []),
        ((BASIC,), [BASIC]),
        ((NTLM,), [NTLM, NTLM]),
        ((NEGOTIATE,), [NEGOTIATE, NEGOTIATE]),
        ((BASIC, NTLM), [NTLM, NTLM]),
        ((BASIC, "Digest", NTLM, NEGOTIATE), [NTLM, NTLM]),
        ((BASIC, NEGOTIATE), [NEGOTIATE, NEGOTIATE]),
        (("Digest", BASIC), [BASIC]),
    ],
)
@pytest.mark.parametrize("manners", ["", "one header", "announces the end", "HTTP/1.0"])
def test_the_strongest_identity_that_both_know_opens_the_tunnel(
    opened: Opened,
    platform: tuple[int, list[dict[str, str]]],
    offered: tuple[str, ...],
    spoken: list[str],
    manners: str,
) -> None:
    porter = opened(Porter(offered, USER, PASSWORD, manners))
    assert b"4.1.0" in ask(Proxy(porter.url, USER, PASSWORD))
    assert porter.shown == spoken
    assert set(porter.asked) == {f"CONNECT {NAME}:443"}
    assert porter.connections == (2 if manners == "announces the end" and offered else 1)
    assert not [name for name in platform[1][0] if name.lower().startswith("proxy-")]


def test_the_session_s_own_identity_is_shown_without_asking_anything(opened: Opened) -> None:
    porter = opened(Porter((NTLM, NEGOTIATE, BASIC)))
    assert b"4.1.0" in ask(Proxy(porter.url, session_identity=True))
    assert porter.shown == [NEGOTIATE, NEGOTIATE]


def test_the_session_s_own_identity_is_never_shown_to_a_proxy_that_nobody_named(opened: Opened) -> None:
    porter = opened(Porter((NEGOTIATE, NTLM, BASIC)))
    way = WayOut(ask=lambda _address: Route(Source.DETECTED, (porter.url,)))
    assert "407" in refused(way(BEHIND)).detail
    assert porter.shown == []


def test_a_session_without_identity_is_refused_in_a_sentence(opened: Opened, accounts: Path) -> None:
    accounts.write_text("", encoding="utf-8")
    porter = opened(Porter((NEGOTIATE, NTLM)))
    assert "mot de passe du proxy" in refused(Proxy(porter.url, session_identity=True)).advice
    assert porter.shown == []


@pytest.mark.parametrize("scheme", [BASIC, NTLM, NEGOTIATE])
def test_a_wrong_password_is_shown_once_even_by_two_connections_at_a_time(opened: Opened, scheme: str) -> None:
    porter = opened(Porter((scheme, BASIC), USER, PASSWORD))
    through = transport(Proxy(porter.url, USER, "faux"), tries=3)
    said: list[str] = []

    def work() -> None:
        for _ in range(3):
            try:
                through.get_json("version")
            except ServerUnreachable as error:
                said.append(error.detail)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    through.close()
    assert len(said) == 6
    assert all("407" in detail for detail in said)
    assert porter.shown == ([BASIC] if scheme == BASIC else [scheme, scheme])


def test_a_proxy_that_closes_without_a_word_after_its_refusal_is_asked_once_more(opened: Opened) -> None:
    porter = opened(Porter((NTLM,), USER, PASSWORD, "closes without a word"))
    assert b"4.1.0" in ask(Proxy(porter.url, USER, PASSWORD))
    assert porter.connections == 2


@pytest.mark.parametrize(
    ("manners", "sentence"),
    [
        ("407", "refuse la connexion"),
        ("403", "ne laisse pas passer vers cette plateforme"),
        ("502", "n’arrive pas jusqu’à la plateforme"),
        ("503", "n’arrive pas jusqu’à la plateforme"),
        ("drops", "ne répond pas"),
        ("huge headers", "ne répond pas"),
        ("speaks for the platform", "ne répond pas"),
    ],
)
def test_a_proxy_that_does_not_let_us_through_is_said_in_a_sentence(
    opened: Opened, manners: str, sentence: str
) -> None:
    porter = opened(Porter((BASIC,), USER, PASSWORD, manners))
    error = refused(Proxy(porter.url, USER, PASSWORD))
    assert sentence in error.message
    assert PASSWORD not in f"{error.message} {error.advice} {error.detail}"
    assert len(porter.asked) <= 4


def test_a_proxy_that_drips_its_answer_is_given_up_in_time(opened: Opened) -> None:
    porter = opened(Porter(manners="drips"))
    assert "ne répond pas" in refused(Proxy(porter.url), connect_s=0.3).message


def test_a_proxy_that_is_not_there_is_said_to_be_silent() -> None:
    assert "ne répond pas" in refused(Proxy(NOBODY)).message


def test_the_next_place_of_a_pac_file_is_tried_when_the_first_does_not_answer(opened: Opened) -> None:
    porter = opened(Porter((NTLM,), USER, PASSWORD))
    assert b"4.1.0" in ask(Proxy(NOBODY, USER, PASSWORD, others=(porter.url, DIRECT)))


def test_a_direct_way_that_a_pac_file_names_last_is_tried_last(opened: Opened) -> None:
    porter = opened(Porter())
    with pytest.raises(ServerUnreachable) as found:
        ask(Proxy(NOBODY, others=(DIRECT,)))
    assert "proxy" not in found.value.message
    assert porter.asked == []


def test_the_way_is_asked_again_when_the_computer_has_moved(opened: Opened) -> None:
    porter = opened(Porter())
    answers = [Route(Source.SCRIPT, (NOBODY,)), Route(Source.SCRIPT, (porter.url,))]
    asked: list[str] = []

    def system(address: str) -> Route:
        asked.append(address)
        return answers[min(len(asked), 2) - 1]

    through = transport(WayOut(ask=system), tries=2)
    for _ in range(2):
        assert b"4.1.0" in through.get_json("version").payload
    through.close()
    assert asked == [f"{BEHIND}/", f"{BEHIND}/"]


def test_a_certificate_that_a_filter_made_is_said_as_such_through_the_tunnel(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "autre.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "autre.pem"))
    porter = opened(Porter())
    with pytest.raises(ServerUnreachable, match="n’est pas reconnu par cet ordinateur"):
        ask(Proxy(porter.url))


def test_what_proves_a_password_is_in_no_log(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    porter = opened(Porter((NTLM,), USER, PASSWORD))
    ask(Proxy(porter.url, USER, PASSWORD))
    assert "connect_tcp" in caplog.text
    assert not [word for word in ("TlRMTVNT", "Mandat", "jeanne") if word in caplog.text]


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (['Basic realm="a, NTLM"'], {"basic": ""}),
        (["Negotiate, NTLM, Basic realm=mairie"], {"negotiate": "", "ntlm": "", "basic": ""}),
        (["NTLM TlRMTVNTUAAC=="], {"ntlm": "TlRMTVNTUAAC=="}),
        (['Digest realm="a", nonce="b=", qop="auth"', "Basic"], {"digest": "", "basic": ""}),
        (["", ", ,", "é"], {}),
    ],
)
def test_the_schemes_are_read_as_they_are_written(headers: list[str], found: dict[str, str]) -> None:
    assert challenges_of(headers) == found


def test_a_name_without_its_password_shows_nothing() -> None:
    way = WayOut(ProxySettings(mode="manuel", address="p.fr:8080", user="jeanne"), lambda: "")
    assert way(BEHIND).credentials is None
