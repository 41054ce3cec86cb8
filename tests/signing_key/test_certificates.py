"""What a certificate says of itself is read; what is not one is refused without being quoted."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.signing_key.certificates import UnreadableCertificate, read_certificate
from enn_desktop.signing_key.values import Certificate, Holder, Usage
from tests.signing_key.made_certificates import (
    AUTH,
    BODY,
    BOTH,
    CLIENT,
    COMPLIANCE,
    EMAIL,
    HOLDER,
    ISSUER,
    LOGON,
    NOW,
    ON_DEVICE,
    SERVER,
    SIGN,
    Recipe,
    made,
    qc_type,
    rsa_key,
)

PLAIN = Recipe()
ONE = made(PLAIN)


def read(**changed: object) -> Certificate:
    return read_certificate(made(replace(PLAIN, **changed)))  # type: ignore[arg-type] # the fields of a recipe


def test_the_holder_the_body_and_the_issuer_are_read() -> None:
    found = read()
    assert (found.holder, found.organisation, found.issuer) == (HOLDER, BODY, ISSUER)
    assert not found.authority


def test_an_issuer_without_a_usual_name_is_called_by_its_body() -> None:
    assert read(issuer="").issuer == "Autorité de démonstration"


def test_a_holder_without_a_usual_name_is_called_by_its_body() -> None:
    assert read(holder="").holder == BODY


def test_a_name_with_stray_blanks_is_tidied() -> None:
    assert read(holder=" Camille   EXEMPLE ").holder == "Camille EXEMPLE"


def test_the_dates_are_aware_and_the_fingerprint_is_that_of_the_bytes() -> None:
    start, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, 23, 59, 59, tzinfo=UTC)
    der = made(replace(PLAIN, not_before=start, not_after=end))
    found = read_certificate(der)
    assert (found.not_before, found.not_after) == (start, end)
    assert found.fingerprint == hashlib.sha256(der).hexdigest()


@pytest.mark.parametrize(
    ("usage", "purposes", "expected", "client"),
    [
        (BOTH, (CLIENT, EMAIL), Usage.BOTH, True),
        (BOTH, None, Usage.BOTH, True),
        (None, None, Usage.BOTH, True),
        (SIGN, None, Usage.SIGNATURE, True),
        (SIGN, (EMAIL,), Usage.SIGNATURE, False),
        (AUTH, (CLIENT,), Usage.AUTHENTICATION, True),
        (AUTH, (CLIENT, LOGON), Usage.AUTHENTICATION, True),
        (AUTH, (LOGON,), Usage.AUTHENTICATION, False),
        (AUTH, None, Usage.AUTHENTICATION, True),
        (AUTH, (EMAIL,), Usage.SIGNATURE, False),
        (BOTH, (EMAIL,), Usage.SIGNATURE, False),
        (AUTH, (x509.ObjectIdentifier("2.5.29.37.0"),), Usage.AUTHENTICATION, True),
        (AUTH, (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),), Usage.SIGNATURE, False),
        (AUTH, (SERVER,), Usage.OTHER, False),
        (("encipher",), None, Usage.OTHER, True),
        (("encipher",), (EMAIL,), Usage.OTHER, False),
    ],
)
def test_what_the_key_is_for(
    usage: tuple[str, ...] | None, purposes: tuple[x509.ObjectIdentifier, ...] | None, expected: Usage, client: object
) -> None:
    found = read(usage=usage, purposes=purposes)
    assert (found.usage, found.client_auth) == (expected, client)


def test_a_qualified_certificate_on_a_secure_device_says_so() -> None:
    found = read(statements=(COMPLIANCE, ON_DEVICE, qc_type(1)))
    assert (found.qualified, found.on_device, found.stands_for) == (True, True, Holder.PERSON)


@pytest.mark.parametrize(
    ("statements", "qualified", "device"),
    [((COMPLIANCE,), True, False), ((ON_DEVICE,), False, True), ((qc_type(1),), False, False), ((), False, False)],
)
def test_each_statement_is_read_apart(statements: tuple[bytes, ...], qualified: object, device: object) -> None:
    found = read(statements=statements)
    assert (found.qualified, found.on_device) == (qualified, device)


@pytest.mark.parametrize(("number", "kind"), [(1, Holder.PERSON), (2, Holder.SEAL), (3, Holder.WEB)])
def test_a_seal_is_not_a_person(number: int, kind: Holder) -> None:
    assert read(statements=(qc_type(number),)).stands_for is kind


def test_an_authority_is_seen_as_one_and_the_policies_are_read() -> None:
    found = read(authority=True, policies=("1.2.250.1.105.1.1", "1.2.250.1.177.2"))
    assert found.authority
    assert found.policies == ("1.2.250.1.105.1.1", "1.2.250.1.177.2")


def test_a_certificate_that_does_not_say_whether_it_is_an_authority_is_none() -> None:
    assert not read(authority=None).authority


@pytest.mark.parametrize(("bits", "weak"), [(1024, "RSA-1024"), (2048, ""), (0, "")])
def test_a_short_key_is_said_to_be_weak(bits: int, weak: str) -> None:
    assert read(rsa_bits=bits).weak == weak


def test_an_old_way_of_signing_is_said_to_be_weak() -> None:
    # No library signs so any more: the number of the algorithm is changed in the bytes, at its two places.
    sha256_with_rsa, sha1_with_rsa = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    der = made_with_rsa_signature()
    assert der.count(sha256_with_rsa) == 2
    assert read_certificate(der.replace(sha256_with_rsa, sha1_with_rsa)).weak == "SHA-1"


def made_with_rsa_signature() -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOLDER)])
    key = rsa_key(2048)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, NOW, NOW.replace(year=2029))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize("der", [b"", b"\x30", b"Camille EXEMPLE", made(PLAIN)[:-40], b"\x30\x82\xff\xff" + b"\0" * 90])
def test_what_is_not_a_certificate_is_refused_without_being_quoted(der: bytes) -> None:
    with pytest.raises(UnreadableCertificate) as refusal:
        read_certificate(der)
    assert HOLDER not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert isinstance(refusal.value, ValueError)


@pytest.mark.filterwarnings("ignore")  # the library's own remarks on odd serial numbers and countries
@given(st.integers(0, len(ONE) - 1), st.integers(1, 255))
def test_a_certificate_with_one_wrong_byte_is_read_or_refused_and_nothing_else(place: int, change: int) -> None:
    der = bytearray(ONE)
    der[place] ^= change
    said = ""
    try:
        read_certificate(bytes(der))
    except UnreadableCertificate as refusal:
        said = str(refusal)
    assert HOLDER not in said


def test_a_certificate_of_an_unknown_version_is_refused() -> None:
    der = made(PLAIN)
    version = bytes.fromhex("a003020102")
    assert der.count(version) == 1
    with pytest.raises(UnreadableCertificate):
        read_certificate(der.replace(version, bytes.fromhex("a003020107")))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_calmly(der: bytes) -> None:
    with pytest.raises(UnreadableCertificate):
        read_certificate(der)
