"""Does a token hold the key of its certificate: public keys compared, no PIN, no signature."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from enn_desktop.signing_key.probe_lines import PublicKey, TokenCertificate
from enn_desktop.signing_key.values import KeyAnswer


def key_answer(certificate: TokenCertificate, keys: Sequence[PublicKey]) -> KeyAnswer:
    """Return whether one of the token's public keys is the certificate's; without any to compare, it was not asked."""
    try:
        wanted = x509.load_der_x509_certificate(certificate.der).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return KeyAnswer.NOT_ASKED
    if any(_is_same(wanted, key) for key in keys):
        return KeyAnswer.ANSWERS
    same_place = any(key.identity == certificate.identity for key in keys)
    return KeyAnswer.OTHER_KEY if same_place else KeyAnswer.NOT_ASKED


def _is_same(wanted: object, key: PublicKey) -> bool:
    if isinstance(wanted, rsa.RSAPublicKey):
        numbers = wanted.public_numbers()
        shown = (int.from_bytes(key.modulus), int.from_bytes(key.exponent))
        return bool(key.modulus) and shown == (numbers.n, numbers.e)
    if isinstance(wanted, ec.EllipticCurvePublicKey):
        point = wanted.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        # The standard wraps the point in an octet string; some modules do not.
        return key.point in {point, _octet_string(point)}
    return False


def _octet_string(content: bytes) -> bytes:
    length = len(content)
    short = 0x80
    return b"\x04" + (bytes([length]) if length < short else bytes([0x81, length])) + content
