"""Certificates in the manner of a French authority's, made for the test and worth nothing; their dates are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.signing_key.rigs.der import bit_string, oid, sequence

HOLDER = "Camille EXEMPLE"
ORGANISATION = "COMMUNE DE TESTVILLE"
ORGANISATION_NUMBER = "NTRFR-21999999900017"
SEAL_NAME = "CACHET COMMUNE DE TESTVILLE"
AUTHORITY = "AUTORITE EXEMPLE QUALIFIEE"
ROOT = "AUTORITE EXEMPLE RACINE"
POLICY = "1.2.250.1.99999.1.2.1"
"""Below the French arc, and nobody's."""
EMAIL = "camille.exemple@testville.invalid"
QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
QC_COMPLIANCE, QC_ON_DEVICE, QC_TYPE = "0.4.0.1862.1.1", "0.4.0.1862.1.4", "0.4.0.1862.1.6"
FOR_SIGNATURE, FOR_SEAL = "0.4.0.1862.1.6.1", "0.4.0.1862.1.6.2"
SMART_CARD_LOGON = x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.2")
YEAR = timedelta(days=365)
_SHA256_RSA, _SHA1_RSA = (bytes.fromhex(f"06092A864886F70D0101{end}") for end in ("0B", "05"))


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as cards, modules and stores hold it."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_der(self) -> bytes:
        """The private key, in PKCS#8."""
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public_key_der(self) -> bytes:
        """The public key, as in the certificate."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class _Use:
    """What a certificate may be used for."""

    sign: bool = False
    authenticate: bool = False
    purposes: Sequence[x509.ObjectIdentifier] = ()
    statements: Sequence[bytes] = ()


_SIGNS = (sequence(oid(QC_COMPLIANCE)), sequence(oid(QC_ON_DEVICE)))
_SIGNATURE = _Use(sign=True, statements=(*_SIGNS, sequence(oid(QC_TYPE), sequence(oid(FOR_SIGNATURE)))))
_SEAL = _Use(sign=True, statements=(*_SIGNS, sequence(oid(QC_TYPE), sequence(oid(FOR_SEAL)))))
_AUTHENTICATION = _Use(authenticate=True, purposes=(ExtendedKeyUsageOID.CLIENT_AUTH, SMART_CARD_LOGON))
_BOTH = _Use(
    sign=True,
    authenticate=True,
    purposes=(ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION),
    statements=_SIGNS,
)


class Authority:
    """A certification authority of our own, and what it issues. ``now`` decides what is valid, expired, to come."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.root = self._own(ROOT, None)
        self.issuing = self._own(AUTHORITY, self.root)

    def signature(
        self, holder: str = HOLDER, *, begins: datetime | None = None, ends: datetime | None = None
    ) -> Issued:
        """Return a qualified signature certificate on a device, valid for a year before and two after ``now``."""
        return self._issue("signature", holder, _SIGNATURE, begins, ends)

    def authentication(
        self, holder: str = HOLDER, *, begins: datetime | None = None, ends: datetime | None = None
    ) -> Issued:
        """Return a certificate to log in with, of the same holder."""
        return self._issue("authentication", holder, _AUTHENTICATION, begins, ends)

    def dual(self, holder: str = HOLDER, *, begins: datetime | None = None, ends: datetime | None = None) -> Issued:
        """Return one certificate for both, in the manner of RGS** keys « double usage »."""
        return self._issue("dual", holder, _BOTH, begins, ends)

    def expired(self) -> Issued:
        """Return a signature certificate that ended thirty days before ``now``."""
        return self.signature(begins=self.now - 3 * YEAR, ends=self.now - timedelta(days=30))

    def future(self) -> Issued:
        """Return a signature certificate that begins ten days after ``now``."""
        return self.signature(begins=self.now + timedelta(days=10), ends=self.now + 3 * YEAR)

    def ending_in(self, days: int) -> Issued:
        """Return a certificate for both uses that ends so many days after ``now``."""
        return self.dual(ends=self.now + timedelta(days=days))

    def seal(self) -> Issued:
        """Return a seal (cachet): it stands for the commune, not for a person."""
        return self._issue("seal", "", _SEAL, None, None)

    def without_client_purpose(self) -> Issued:
        """Return a certificate whose key may authenticate, but whose purposes leave the client's out."""
        use = _Use(sign=True, authenticate=True, purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))
        return self._issue("purposes", HOLDER, use, None, None)

    def weak(self) -> Issued:
        """Return a certificate of another age: RSA of 1024 bits, signed with SHA-1."""
        issued = self._issue("weak", HOLDER, _BOTH, None, None, bits=1024)
        return Issued(_with_sha1(issued.certificate, self.issuing.key), issued.key)

    def _own(self, name: str, parent: Issued | None) -> Issued:
        key, subject = _key(name), _organisation(name)
        builder = (
            _begun(subject, parent.certificate.subject if parent else subject, key)
            .not_valid_before(self.now - 5 * YEAR)
            .not_valid_after(self.now + 10 * YEAR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_key_usage(authority=True), critical=True)
        )
        return Issued(builder.sign(parent.key if parent else key, hashes.SHA256()), key)

    def _issue(  # noqa: PLR0913, PLR0917 - what makes one certificate differ from another
        self, name: str, holder: str, use: _Use, begins: datetime | None, ends: datetime | None, bits: int = 2048
    ) -> Issued:
        key, issuer = _key(name, bits), self.issuing.certificate
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuing.key.public_key())
        builder = (
            _begun(_person(holder) if holder else _organisation(SEAL_NAME, ORGANISATION), issuer.subject, key)
            .not_valid_before(begins or self.now - YEAR)
            .not_valid_after(ends or self.now + 2 * YEAR)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(sign=use.sign, authenticate=use.authenticate), critical=True)
            .add_extension(signer, critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.CertificatePolicies([_policy()]), critical=False)
        )
        if holder:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(EMAIL)]), critical=False)
        if use.purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(use.purposes), critical=False)
        if use.statements:
            statements = x509.UnrecognizedExtension(QC_STATEMENTS, sequence(*use.statements))
            builder = builder.add_extension(statements, critical=False)
        return Issued(builder.sign(self.issuing.key, hashes.SHA256()), key)


@cache
def _key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the key of that name: made once, for it takes a tenth of a second."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _begun(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number())


def _person(holder: str) -> x509.Name:
    given, _, surname = holder.partition(" ")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, ORGANISATION_NUMBER),
            x509.NameAttribute(NameOID.GIVEN_NAME, given),
            x509.NameAttribute(NameOID.SURNAME, surname),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, "S0000000001"),
            x509.NameAttribute(NameOID.COMMON_NAME, holder),
        ]
    )


def _organisation(name: str, organisation: str = "AUTORITE EXEMPLE") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, ORGANISATION_NUMBER),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _policy() -> x509.PolicyInformation:
    return x509.PolicyInformation(x509.ObjectIdentifier(POLICY), None)


def _key_usage(*, sign: bool = False, authenticate: bool = False, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=authenticate,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _with_sha1(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> x509.Certificate:
    """Return the same certificate signed with SHA-1, which the library reads and no longer writes."""
    body = certificate.tbs_certificate_bytes.replace(_SHA256_RSA, _SHA1_RSA)
    signature = key.sign(body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - the weakness is the point
    return x509.load_der_x509_certificate(sequence(body, sequence(_SHA1_RSA, b"\x05\x00"), bit_string(signature)))
