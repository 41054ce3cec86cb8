"""A certificate of our own, made for one test, as a certificate for code is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from installer.windows.signing import Signer

VARIABLE = "ENN_TEST_SECRET"
SECRET = "mot de passe, été"


def own_signer(folder: Path, monkeypatch: pytest.MonkeyPatch, *, name: str = "Essai", ended: bool = False) -> Signer:
    """Make a certificate with its key in a PKCS#12 file, and return who signs with it and trusts nobody else."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - timedelta(days=30)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1 if ended else 90))
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .sign(key, hashes.SHA256())
    )
    closed = serialization.BestAvailableEncryption(SECRET.encode())
    pfx, pem = folder / f"{name}.p12", folder / f"{name}.pem"
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, closed))
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv(VARIABLE, SECRET)
    return Signer(pfx, VARIABLE, pem)
