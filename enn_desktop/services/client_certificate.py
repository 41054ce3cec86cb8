"""A client certificate's file: until when it lasts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12


def end_of(path: Path, password: str) -> datetime | None:
    """Return the end of a PEM or PFX file's certificate, aware; ``None`` when it cannot be told."""
    try:
        content = path.read_bytes()
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificate(content).not_valid_after_utc
        bundle = pkcs12.load_pkcs12(content, password.encode() or None)
    except (OSError, ValueError, TypeError):
        return None
    return bundle.cert.certificate.not_valid_after_utc if bundle.cert is not None else None
