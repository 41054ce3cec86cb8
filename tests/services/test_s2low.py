"""S²LOW is asked for real, over TLS with a compulsory certificate; every answer has its sentence."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import Cancelled, SettingsError
from enn_desktop.core.french import long_date
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.proxy import Proxy
from enn_desktop.services import s2low
from enn_desktop.services.client_certificate import end_of
from enn_desktop.services.s2low import cannot_from_here, check_certificate
from enn_desktop.services.s2low_answers import S2lowAnswer, Said, of_failure
from tests.house.test_words import wrong_signs
from tests.services.s2low_server import LONGEST_S, Reply, Server, running

KO, PAGE = Reply(b"KO"), Reply(b"<!DOCTYPE html><html>Connexion</html>", 200, "text/html")
LATIN = "Été:2026"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Give a S²LOW whose authority the system trusts."""
    found = Server(trustme.CA())
    bundle = tmp_path / "autorite.pem"
    found.authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with running(tls(found.authority), found):
        yield found


def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


@pytest.fixture
def papers(server: Server, tmp_path: Path) -> Credentials:
    """Give a certificate that this S²LOW accepts, as a PEM file."""
    return Credentials(certificate=pem(server.authority, tmp_path))


def pem(authority: trustme.CA, folder: Path, not_after: datetime | None = None) -> Path:
    path = folder / "secretaire.pem"
    made = authority.issue_cert("secretaire@exemple.fr", not_after=not_after)
    made.private_key_and_cert_chain_pem.write_to_path(str(path))
    return path


def ask(server: Server, credentials: Credentials, proxy: Proxy | None = None) -> S2lowAnswer:
    answer = check_certificate(server.url, credentials, cancel=CancelToken(), clock=SystemClock(), proxy=proxy)
    assert wrong_signs(answer.sentence) + wrong_signs(answer.advice) == []
    assert answer.sentence.endswith(".")
    return answer


# -- the answers of a server that lets us in --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("connection", "rgs", "accepted", "is_rgs", "sentence"),
    [
        (
            Reply(),
            Reply(),
            Said.YES,
            Said.YES,
            "S²LOW répond, accepte ce certificat et le reconnaît comme RGS.",
        ),
        (
            Reply(b"OK\n"),
            KO,
            Said.YES,
            Said.NO,
            "S²LOW répond et accepte ce certificat, mais ne le reconnaît pas comme RGS.",
        ),
        (
            Reply(b"OK", kind="text/html; charset=ISO-8859-1"),
            PAGE,
            Said.YES,
            Said.UNKNOWN,
            "S²LOW répond et accepte ce certificat, sans dire s’il est RGS.",
        ),
        (
            Reply("KO\nAucun compte trouvé".encode("iso-8859-1")),
            Reply(),
            Said.NO,
            Said.YES,
            "S²LOW répond, mais ce certificat n’ouvre aucun compte. Il le reconnaît pourtant comme RGS.",
        ),
        (
            Reply(b"", 302, location="https://127.0.0.1/"),
            KO,
            Said.UNKNOWN,
            Said.NO,
            "S²LOW renvoie vers une page pour se connecter, au lieu de répondre. Il ne le reconnaît pas comme RGS.",
        ),
        (
            PAGE,
            PAGE,
            Said.UNKNOWN,
            Said.UNKNOWN,
            "S²LOW renvoie vers une page pour se connecter, au lieu de répondre.",
        ),
        (
            Reply(b"", 403),
            Reply(b"", 403),
            Said.NO,
            Said.UNKNOWN,
            "S²LOW répond, mais ce certificat n’ouvre aucun compte.",
        ),
        (Reply(b"?"), Reply(b""), Said.UNKNOWN, Said.UNKNOWN, "S²LOW a répondu autrement que prévu."),
        (Reply(b"OKAY"), Reply(), Said.UNKNOWN, Said.YES, None),
        (Reply(b"x", 503), Reply(b"x", 503), Said.UNKNOWN, Said.UNKNOWN, "S²LOW répond, mais il est en panne."),
    ],
)
def test_each_pair_of_answers_has_its_sentence(  # noqa: PLR0913, PLR0917 - one row of the table
    server: Server,
    papers: Credentials,
    connection: Reply,
    rgs: Reply,
    accepted: Said,
    is_rgs: Said,
    sentence: str | None,
) -> None:
    server.connection, server.rgs = connection, rgs
    answer = ask(server, papers)
    assert (answer.reached, answer.accepted, answer.rgs) == (True, accepted, is_rgs)
    assert sentence is None or answer.sentence == sentence


def test_it_asks_the_two_questions_and_nothing_else_and_follows_no_redirect(
    server: Server, papers: Credentials
) -> None:
    server.connection = Reply(b"", 302, location=f"{server.url}/elsewhere")
    ask(server, papers)
    assert [path for path, _ in server.asked] == ["/api/test-connexion.php", "/api/test-rgs.php"]
    assert all("Cookie" not in headers and "Authorization" not in headers for _, headers in server.asked)


def test_an_answer_in_either_encoding_is_read(server: Server, papers: Credentials) -> None:
    for encoding in ("utf-8", "iso-8859-1"):
        server.connection = Reply("KO\nCollectivité fermée".encode(encoding))
        assert "Collectivité fermée" in ask(server, papers).detail


def test_an_endless_answer_is_cut_and_is_no_answer(server: Server, papers: Credentials) -> None:
    server.connection = Reply(b"OK" * 200_000)
    answer = ask(server, papers)
    assert answer.accepted is Said.UNKNOWN
    assert len(answer.detail) < 1000


def test_a_pfx_file_with_its_password_is_presented(server: Server, papers: Credentials, tmp_path: Path) -> None:
    assert ask(server, Credentials(certificate=pfx(papers, tmp_path), certificate_password="secret")).rgs is Said.YES


def pfx(papers: Credentials, folder: Path) -> Path:
    assert papers.certificate is not None
    content = papers.certificate.read_bytes()
    path = folder / "secretaire.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"s",
            load_pem_private_key(content, None),  # type: ignore[arg-type] # trustme makes keys that PKCS#12 can hold
            load_pem_x509_certificate(content),
            None,
            BestAvailableEncryption(b"secret"),
        )
    )
    return path


# -- login and password, where several accounts share a certificate ------------------------------------------------


def basic(text: str, encoding: str) -> str:
    return f"Basic {base64.b64encode(text.encode(encoding)).decode()}"


def test_a_password_with_accents_is_tried_once_in_the_other_encoding(server: Server, papers: Credentials) -> None:
    server.good_logins = (basic(f"mairie:{LATIN}", "iso-8859-1"),)
    answer = ask(server, replace(papers, user="mairie", password=LATIN))
    assert answer.accepted is Said.YES
    assert len(server.asked) == 4


def test_a_wrong_password_is_never_tried_more_than_needed(server: Server, papers: Credentials) -> None:
    server.good_logins = ("none",)
    assert ask(server, replace(papers, user="mairie", password="plain")).accepted is Said.NO
    assert len(server.asked) == 2
    ask(server, replace(papers, user="mairie", password=LATIN))
    assert len(server.asked) == 6


# -- a certificate that the server's TLS refuses ---------------------------------------------------------------------


def test_an_expired_certificate_is_said_to_be_expired_since_its_day(server: Server, tmp_path: Path) -> None:
    end = datetime(2024, 3, 1, 12, tzinfo=UTC)
    answer = ask(server, Credentials(certificate=pem(server.authority, tmp_path, end)))
    assert answer.sentence == f"Votre certificat est périmé depuis le {long_date(end.date())}."
    assert (answer.reached, answer.accepted) == (True, Said.NO)
    assert server.asked == []


def test_the_certificate_of_another_authority_is_not_recognised(server: Server, tmp_path: Path) -> None:
    answer = ask(server, Credentials(certificate=pem(trustme.CA(), tmp_path)))
    assert answer.sentence == "Ce certificat n’est pas reconnu par S²LOW."
    assert (answer.reached, answer.accepted) == (True, Said.NO)


def test_no_certificate_at_all_is_asked_for(
    server: Server, papers: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
    monkeypatch.setattr(s2low, "tls_context", lambda _: bare)
    answer = ask(server, papers)
    assert answer.sentence == "Le serveur demande votre certificat."
    assert (answer.reached, answer.accepted) == (True, Said.NO)


def test_a_server_that_the_system_does_not_trust_is_not_told_anything(
    server: Server, papers: Credentials, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    answer = ask(server, papers)
    assert answer.sentence.startswith("Le réseau de la mairie filtre la connexion")
    assert (answer.reached, answer.accepted, server.asked) == (False, Said.UNKNOWN, [])


@pytest.mark.parametrize(
    ("alert", "sentence"),
    [
        ("[SSL: SSLV3_ALERT_CERTIFICATE_REVOKED] sslv3 alert", "Votre certificat a été révoqué."),
        ("[SSL: SSLV3_ALERT_UNSUPPORTED_CERTIFICATE] x", "Ce certificat n’est pas fait pour se connecter."),
        ("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] bad certificate", "S²LOW refuse ce certificat."),
        ("[SSL: TLSV1_ALERT_ACCESS_DENIED] x", "S²LOW refuse ce certificat."),
        ("[Errno 104] Connection reset by peer", "La connexion à S²LOW a été coupée pendant la réponse."),
    ],
)
def test_the_rarer_alerts_have_their_sentence(alert: str, sentence: str) -> None:
    answer = of_failure(httpx.ReadError(alert), None)
    assert answer.sentence == sentence
    assert answer.reached is ("ALERT" in alert)
    assert wrong_signs(answer.sentence) + wrong_signs(answer.advice) == []


# -- a file that cannot be used, an address that is none --------------------------------------------------------------


def test_a_wrong_password_of_the_file_is_said_and_nothing_is_sent(
    server: Server, papers: Credentials, tmp_path: Path
) -> None:
    answer = ask(server, Credentials(certificate=pfx(papers, tmp_path), certificate_password="wrong"))
    assert answer.sentence == "Mot de passe du certificat incorrect."
    assert (answer.reached, server.asked) == (False, [])
    assert "wrong" not in str(answer)


def test_a_file_that_is_gone_or_no_certificate_is_said(server: Server, tmp_path: Path) -> None:
    assert not ask(server, Credentials(certificate=tmp_path / "absent.pem")).reached
    other = tmp_path / "lettre.pem"
    other.write_bytes(b"Bonjour")
    assert not ask(server, Credentials(certificate=other)).reached
    assert server.asked == []


def test_a_key_on_a_stick_is_plainly_said_to_be_out_of_reach(server: Server) -> None:
    answer = ask(server, Credentials(user="mairie", password="secret"))
    assert answer == cannot_from_here(server.url)
    assert "clé USB" in answer.sentence
    assert f"{server.url}/api/test-rgs.php" in answer.advice
    assert server.asked == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "", "pas une adresse"])
def test_an_address_in_clear_or_without_a_host_is_refused(address: str, papers: Credentials) -> None:
    with pytest.raises(SettingsError):
        check_certificate(address, papers, cancel=CancelToken(), clock=SystemClock())


# -- the network, and the end of every wait ----------------------------------------------------------------------------


def test_nobody_at_the_address_is_said(papers: Credentials) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = ask(Server(trustme.CA(), f"https://127.0.0.1:{port}"), papers)
    assert (answer.reached, answer.sentence) == (False, "S²LOW ne répond pas.")


def test_a_server_that_never_answers_is_given_up(
    server: Server, papers: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s2low, "ANSWER_S", 0.3)
    server.holds = True
    answer = ask(server, papers)
    assert (answer.reached, answer.sentence) == (False, "S²LOW met trop longtemps à répondre.")


def test_a_check_that_drags_on_is_left_alone(
    server: Server, papers: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s2low, "WHOLE_S", 0.3)
    server.holds = True
    assert ask(server, papers).sentence == "S²LOW met trop longtemps à répondre."
    assert server.reached.is_set()
    let_go(server)


def test_a_stop_is_obeyed_at_once_while_the_server_is_silent(server: Server, papers: Credentials) -> None:
    server.holds = True
    cancel, clock = CancelToken(), SystemClock()

    def stop_when_asked() -> None:
        server.reached.wait(LONGEST_S)
        cancel.cancel()

    stopper = threading.Thread(target=stop_when_asked)
    stopper.start()
    begun = clock.monotonic()
    with pytest.raises(Cancelled):
        check_certificate(server.url, papers, cancel=cancel, clock=clock)
    assert clock.monotonic() - begun < s2low.ANSWER_S / 2
    stopper.join()
    let_go(server)


def let_go(server: Server) -> None:
    """Let the silent server speak, and wait until the thread that was left alone is over."""
    server.released.set()
    for thread in threading.enumerate():
        if thread.name == "S2LOW":
            thread.join(LONGEST_S)
            assert not thread.is_alive()


def test_a_stop_before_the_first_question_asks_nothing(server: Server, papers: Credentials) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        check_certificate(server.url, papers, cancel=cancel, clock=SystemClock())
    assert server.asked == []


def test_a_proxy_is_not_asked_for_a_server_of_this_computer(server: Server, papers: Credentials) -> None:
    assert ask(server, papers, Proxy("http://127.0.0.1:9")).accepted is Said.YES


def test_a_proxy_whose_address_is_none_is_said_without_its_password(papers: Credentials) -> None:
    proxy = Proxy("gopher://proxy.invalid:1", "u", "s3cret")
    answer = check_certificate("https://s2low.invalid", papers, cancel=CancelToken(), clock=SystemClock(), proxy=proxy)
    assert "proxy" in answer.sentence
    assert "s3cret" not in str(answer)


def test_the_end_of_a_certificate_is_read_from_either_kind_of_file(papers: Credentials, tmp_path: Path) -> None:
    assert papers.certificate is not None
    of_pem = end_of(papers.certificate, "")
    assert of_pem is not None
    assert of_pem > datetime.now(UTC) + timedelta(days=1)
    assert end_of(pfx(papers, tmp_path), "secret") == of_pem
    assert end_of(pfx(papers, tmp_path), "wrong") is None
    assert end_of(tmp_path / "absent", "") is None
