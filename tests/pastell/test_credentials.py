"""Login, token and certificate really reach a real HTTPS server, and the system's trust is respected."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import SystemClock
from enn_desktop.core.errors import ServerUnreachable, SettingsError
from enn_desktop.pastell.client import PastellClient
from enn_desktop.pastell.credentials import Credentials
from enn_desktop.pastell.transport import Patience, Transport

VERSION = b'{"version": "4.0.14", "version_complete": "Version 4.0.14"}'


@dataclass
class Platform:
    """A small HTTPS server that demands a client certificate and notes what it sees."""

    authority: trustme.CA
    url: str = ""
    seen: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def platform() -> Iterator[Platform]:
    found = Platform(trustme.CA())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.seen.append(
                {
                    "authorization": self.headers.get("Authorization", ""),
                    "certificate": str(self.connection.getpeercert()),
                }
            )
            self.send_response(200)
            self.send_header("Content-Length", str(len(VERSION)))
            self.end_headers()
            self.wfile.write(VERSION)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.authority.issue_cert("127.0.0.1").configure_cert(context)
    found.authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found.url = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def ask(platform: Platform, credentials: Credentials) -> str:
    patience = Patience(tries=1, jitter_s=0.0)
    transport = Transport(platform.url, credentials, cancel=CancelToken(), clock=SystemClock(), patience=patience)
    try:
        return PastellClient(transport, file_limit=1000).profile().version
    finally:
        transport.close()


@pytest.fixture
def trusted(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Return the platform, its authority trusted by the operating system."""
    bundle = tmp_path / "autorite.pem"
    platform.authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return platform


def pem_file(platform: Platform, folder: Path) -> Path:
    path = folder / "secretaire.pem"
    platform.authority.issue_cert("secretaire@exemple.fr").private_key_and_cert_chain_pem.write_to_path(str(path))
    return path


def test_an_authority_that_the_system_does_not_know_is_refused(platform: Platform) -> None:
    with pytest.raises(ServerUnreachable, match="certificat"):
        ask(platform, Credentials(user="u", password="p"))
    assert not platform.seen


def test_login_and_password_travel_in_utf8(trusted: Platform) -> None:
    assert ask(trusted, Credentials(user="accent", password="Été:2026")) == "4.0.14"
    expected = base64.b64encode("accent:Été:2026".encode()).decode()
    assert trusted.seen[0]["authorization"] == f"Basic {expected}"


def test_a_token_travels_as_bearer_and_the_password_does_not(trusted: Platform) -> None:
    ask(trusted, Credentials(user="u", password="p", token="jeton"))
    assert trusted.seen[0]["authorization"] == "Bearer jeton"


def test_a_pem_certificate_is_presented(trusted: Platform, tmp_path: Path) -> None:
    ask(trusted, Credentials(certificate=pem_file(trusted, tmp_path)))
    assert "secretaire@exemple.fr" in trusted.seen[0]["certificate"]


@pytest.mark.parametrize("password", ["", "mot de passe é"])
def test_a_pfx_certificate_is_presented_and_leaves_no_file(trusted: Platform, tmp_path: Path, password: str) -> None:
    pem = pem_file(trusted, tmp_path).read_bytes()
    key = load_pem_private_key(pem, None)
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    content = pkcs12.serialize_key_and_certificates(
        b"s",
        key,  # type: ignore[arg-type] # trustme makes keys that PKCS#12 can hold
        load_pem_x509_certificate(pem),
        None,
        protection,
    )
    path = tmp_path / "secretaire.p12"
    path.write_bytes(content)
    before = set(tmp_path.iterdir())
    ask(trusted, Credentials(certificate=path, certificate_password=password))
    assert "secretaire@exemple.fr" in trusted.seen[0]["certificate"]
    assert set(tmp_path.iterdir()) == before


def test_a_wrong_certificate_password_is_a_sentence(trusted: Platform, tmp_path: Path) -> None:
    path = tmp_path / "abime.p12"
    path.write_bytes(b"not a certificate")
    with pytest.raises(SettingsError, match="certificat"):
        ask(trusted, Credentials(certificate=path, certificate_password="faux"))


def test_a_missing_certificate_file_is_a_sentence(trusted: Platform, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="lu"):
        ask(trusted, Credentials(certificate=tmp_path / "absent.pem"))


def test_a_secret_never_shows_when_credentials_are_printed() -> None:
    shown = repr(Credentials(user="u", password="p4ss", token="t0ken", certificate_password="c3rt"))
    assert not any(secret in shown for secret in ("p4ss", "t0ken", "c3rt"))
