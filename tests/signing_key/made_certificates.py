"""Certificates made for the tests of what is read in them: French names, every usage, every date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
HOLDER, BODY, ISSUER = "Camille EXEMPLE", "COMMUNE DE TESTVILLE", "AC de démonstration"
SIGN, AUTH, BOTH = ("commit",), ("sign",), ("commit", "sign")
CLIENT, EMAIL = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION
SERVER, LOGON = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.SMARTCARD_LOGON

COMPLIANCE = bytes.fromhex("3008060604008e460101")
ON_DEVICE = bytes.fromhex("3008060604008e460104")


def qc_type(number: int) -> bytes:
    """Return the statement of a type: 1 signature, 2 seal, 3 web."""
    return bytes.fromhex(f"3013060604008e4601063009060704008e460106{number:02x}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a made certificate says."""

    holder: str = HOLDER
    body: str = BODY
    issuer: str = ISSUER
    usage: tuple[str, ...] | None = BOTH
    purposes: tuple[x509.ObjectIdentifier, ...] | None = (CLIENT, EMAIL)
    not_before: datetime = NOW - timedelta(days=300)
    not_after: datetime = NOW + timedelta(days=700)
    statements: tuple[bytes, ...] = ()
    policies: tuple[str, ...] = ()
    authority: bool | None = False
    rsa_bits: int = 0
    """0: an elliptic key, which is quick to make."""


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """Return a key of that size, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def quick_key() -> ec.EllipticCurvePrivateKey:
    """Return the key of the others."""
    return ec.generate_private_key(ec.SECP256R1())


def made(recipe: Recipe) -> bytes:
    """Return the DER of a certificate."""
    key = rsa_key(recipe.rsa_bits) if recipe.rsa_bits else quick_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(recipe.holder, recipe.body))
        .issuer_name(_name(recipe.issuer, "Autorité de démonstration"))
        .public_key(key.public_key())
        .serial_number(0x1234567890)
        .not_valid_before(recipe.not_before)
        .not_valid_after(recipe.not_after)
    )
    for extension in _extensions(recipe):
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(quick_key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _name(common: str, body: str) -> x509.Name:
    parts = ((NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, body), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


def _extensions(recipe: Recipe) -> list[x509.ExtensionType]:
    found: list[x509.ExtensionType] = []
    if recipe.authority is not None:
        found.append(x509.BasicConstraints(ca=recipe.authority, path_length=None))
    if recipe.usage is not None:
        found.append(_usage(recipe.usage))
    if recipe.purposes is not None:
        found.append(x509.ExtendedKeyUsage(recipe.purposes))
    if recipe.policies:
        names = [x509.PolicyInformation(x509.ObjectIdentifier(one), None) for one in recipe.policies]
        found.append(x509.CertificatePolicies(names))
    if recipe.statements:
        body = b"".join(recipe.statements)
        content = b"\x30" + bytes([len(body)]) + body
        found.append(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"), content))
    return found


def _usage(words: tuple[str, ...]) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature="sign" in words,
        content_commitment="commit" in words,
        key_encipherment="encipher" in words,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
