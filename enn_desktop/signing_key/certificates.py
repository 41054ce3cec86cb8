"""A certificate's DER made into facts: whose, for what, until when. Nothing of it is ever logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from enn_desktop.signing_key.values import Certificate, Holder, Usage

E = TypeVar("E", bound=x509.ExtensionType)

SHORTEST_RSA = 2048
OLD_HASHES = {"sha1": "SHA-1", "md5": "MD5"}

CONNECTING = frozenset(
    {
        ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
        ExtendedKeyUsageOID.SMARTCARD_LOGON.dotted_string,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
    }
)
"""Extended usages that identify a person to a server or to the computer."""
SIGNING = frozenset(
    {
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
        "1.3.6.1.5.5.7.3.36",  # documents (RFC 9336)
        "1.3.6.1.4.1.311.10.3.12",  # documents, as Microsoft says it
        "1.2.840.113583.1.1.5",  # documents, as Adobe says it
    }
)
"""Extended usages that sign documents or messages."""

QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
# ETSI EN 319 412-5, each as it stands inside the extension: tag, length, number. The length tells .6 from .6.1.
QC_COMPLIANCE = bytes.fromhex("0606 04008e460101")
QC_ON_DEVICE = bytes.fromhex("0606 04008e460104")
QC_TYPES = {bytes.fromhex("0607 04008e46010602"): Holder.SEAL, bytes.fromhex("0607 04008e46010603"): Holder.WEB}


_REFUSALS = (
    *(ValueError, TypeError, OverflowError),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, UnsupportedAlgorithm),
)
"""What the library raises for bytes that it does not like."""


class UnreadableCertificate(ValueError):
    """Raised for bytes that are not a certificate that can be read; its text never quotes them."""


def read_certificate(der: bytes) -> Certificate:
    """Return what a certificate says of itself. Raises :class:`UnreadableCertificate`."""
    try:
        return _facts(x509.load_der_x509_certificate(der))
    except _REFUSALS as error:
        raise UnreadableCertificate(type(error).__name__) from None


def _facts(found: x509.Certificate) -> Certificate:
    extensions = found.extensions
    limits = _value(extensions, x509.BasicConstraints)
    purposes = _purposes(extensions)
    statements = _statements(extensions)
    policies = _value(extensions, x509.CertificatePolicies)
    return Certificate(
        fingerprint=found.fingerprint(hashes.SHA256()).hex(),
        holder=_person(found.subject),
        organisation=_first(found.subject, NameOID.ORGANIZATION_NAME),
        issuer=_first(found.issuer, NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        usage=_usage(_value(extensions, x509.KeyUsage), purposes),
        client_auth=purposes is None or bool(purposes & _CLIENT),
        qualified=QC_COMPLIANCE in statements,
        on_device=QC_ON_DEVICE in statements,
        stands_for=next((kind for mark, kind in QC_TYPES.items() if mark in statements), Holder.PERSON),
        policies=tuple(one.policy_identifier.dotted_string for one in policies or ()),
        weak=_weak(found),
        authority=limits is not None and limits.ca,
    )


_CLIENT = CONNECTING - {ExtendedKeyUsageOID.SMARTCARD_LOGON.dotted_string}


def _value(extensions: x509.Extensions, kind: type[E]) -> E | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _purposes(extensions: x509.Extensions) -> frozenset[str] | None:
    """Return the extended usages, ``None`` when the certificate limits nothing."""
    found = _value(extensions, x509.ExtendedKeyUsage)
    return None if found is None else frozenset(one.dotted_string for one in found)


def _statements(extensions: x509.Extensions) -> bytes:
    """Return the bytes of the statements of a qualified certificate, empty when it makes none."""
    for one in extensions:
        if one.oid == QC_STATEMENTS and isinstance(one.value, x509.UnrecognizedExtension):
            return one.value.value
    return b""


def _usage(allowed: x509.KeyUsage | None, purposes: frozenset[str] | None) -> Usage:
    """Return what a key may do: its usage, narrowed by the extended one where the certificate has it."""
    commits = allowed is None or allowed.content_commitment
    signs = allowed is None or allowed.digital_signature
    if purposes is not None and not purposes & CONNECTING:
        # A key for servers, programs or dates: not a person's, whatever else it may do.
        return Usage.SIGNATURE if purposes & SIGNING and (commits or signs) else Usage.OTHER
    if commits and signs:
        return Usage.BOTH
    if commits:
        return Usage.SIGNATURE
    return Usage.AUTHENTICATION if signs else Usage.OTHER


def _weak(found: x509.Certificate) -> str:
    """Return why a certificate's cryptography is old, in code; empty when it is not, or cannot be told."""
    reasons: list[str] = []
    try:
        key = found.public_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_RSA:
            reasons.append(f"RSA-{key.key_size}")
    except (ValueError, UnsupportedAlgorithm):
        pass
    try:
        used = found.signature_hash_algorithm
        if used is not None and used.name in OLD_HASHES:
            reasons.append(OLD_HASHES[used.name])
    except UnsupportedAlgorithm:
        pass
    return ", ".join(reasons)


def _person(name: x509.Name) -> str:
    """Return whom a certificate is for: its usual name, else first name and name, else the body it belongs to."""
    parts = (_first(name, NameOID.GIVEN_NAME), _first(name, NameOID.SURNAME))
    return (
        _first(name, NameOID.COMMON_NAME)
        or " ".join(part for part in parts if part)
        or _first(name, NameOID.ORGANIZATION_NAME)
    )


def _first(name: x509.Name, *kinds: x509.ObjectIdentifier) -> str:
    return next((text for kind in kinds for text in _texts(name.get_attributes_for_oid(kind))), "")


def _texts(attributes: Iterable[x509.NameAttribute[str | bytes]]) -> Iterable[str]:
    for one in attributes:
        if isinstance(one.value, str) and (text := " ".join(one.value.split())):
            yield text
