"""How we prove who we are: login and password, token, client certificate file (PEM or PFX)."""

from __future__ import annotations

import secrets
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import truststore
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)

from enn_desktop.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the server may accept; empty parts are not sent. Secrets never show in ``repr``.

    A token (Pastell 4.0+) wins over login and password. The certificate goes with either, or alone.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    certificate: Path | None = None
    certificate_password: str = field(default="", repr=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send at all."""
        return not (self.user or self.token or self.certificate)


def tls_context(credentials: Credentials) -> ssl.SSLContext:
    """Return a TLS context that trusts what the operating system trusts, with our certificate loaded.

    Raises ``SettingsError`` when the certificate file cannot be used.
    """
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if credentials.certificate is not None:
        _load_certificate(context, credentials.certificate, credentials.certificate_password)
    return context


def _load_certificate(context: ssl.SSLContext, path: Path, password: str) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = "Le fichier du certificat ne peut pas être lu."
        raise SettingsError(message, advice="Vérifiez son emplacement.", detail=str(error)) from error
    if b"-----BEGIN" in content:
        _load_pem(context, path, password)
    else:
        _load_pfx(context, content, password)


def _load_pem(context: ssl.SSLContext, path: Path, password: str) -> None:
    try:
        # A callable, so that OpenSSL never asks on the terminal by itself.
        context.load_cert_chain(path, password=lambda: password)
    except (ssl.SSLError, ValueError, OSError) as error:
        raise _unusable(error) from error


def _load_pfx(context: ssl.SSLContext, content: bytes, password: str) -> None:
    try:
        bundle = pkcs12.load_pkcs12(content, password.encode() or None)
    except (ValueError, TypeError) as error:
        raise _unusable(error) from error
    if bundle.key is None or bundle.cert is None:
        raise _unusable(None)
    # ``ssl`` reads only files: the key goes through a private temporary one, itself encrypted.
    once = secrets.token_hex(32)
    parts = [
        bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(once.encode())),
        bundle.cert.certificate.public_bytes(Encoding.PEM),
        *(extra.certificate.public_bytes(Encoding.PEM) for extra in bundle.additional_certs),
    ]
    with tempfile.TemporaryDirectory(prefix="enn-") as folder:
        pem = Path(folder) / "certificat.pem"
        pem.write_bytes(b"".join(parts))
        try:
            context.load_cert_chain(pem, password=once)
        except (ssl.SSLError, OSError) as error:
            raise _unusable(error) from error


def _unusable(error: Exception | None) -> SettingsError:
    return SettingsError(
        "Le fichier du certificat ne peut pas être utilisé : mauvais mot de passe, ou clé absente.",
        advice="Vérifiez le mot de passe du certificat, ou demandez un fichier .p12 ou .pem complet.",
        detail="" if error is None else f"{type(error).__name__}: {error}",
    )
