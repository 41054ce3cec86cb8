"""The tokens of the rigs: a PIV card and a token in software read by OpenSC, certificates, modules that misbehave."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.signing_key.rigs import witness
from tests.signing_key.rigs.bad_modules import ARM64, X64, X86, BadModules, elf_header, pe_header
from tests.signing_key.rigs.certificates import (
    FOR_SEAL,
    FOR_SIGNATURE,
    HOLDER,
    ORGANISATION,
    QC_ON_DEVICE,
    QC_STATEMENTS,
    Authority,
    Issued,
)
from tests.signing_key.rigs.der import oid
from tests.signing_key.rigs.pcsc_daemon import CardService
from tests.signing_key.rigs.piv_card import PIN, TRIES, PivCard
from tests.signing_key.rigs.softhsm import PIN as SOFT_PIN
from tests.signing_key.rigs.softhsm import SoftHsm

LOADS = "import ctypes, sys; sys.exit(ctypes.CDLL(sys.argv[1]).C_GetFunctionList(ctypes.byref(ctypes.c_void_p())))"
"""What a program does first with a PKCS#11 module."""


def signed(service: CardService, folder: Path, identifier: str) -> bytes:
    """Return a signature of « bonjour » that pkcs11-tool had made by the card, in the name of a user."""
    (folder / "in").write_bytes(b"bonjour")
    words = ("--login", "--pin", PIN, "--sign", "--mechanism", "SHA256-RSA-PKCS", "--id", identifier)
    files = ("--input-file", str(folder / "in"), "--output-file", str(folder / "out"))
    done = witness.module_says(service.environment, witness.opensc(), *words, *files)
    assert done.returncode == 0, done.stderr
    return (folder / "out").read_bytes()


def certificate_of(environment: dict[str, str], module: Path, identifier: str, folder: Path) -> bytes:
    """Return the certificate that pkcs11-tool reads from a token, without a PIN."""
    words = ("--read-object", "--type", "cert", "--id", identifier, "--output-file", str(folder / "read"))
    done = witness.module_says(environment, module, *words)
    assert done.returncode == 0, done.stderr
    return (folder / "read").read_bytes()


# -- the PIV card ------------------------------------------------------------------------------------------


def test_opensc_knows_the_card_and_reads_both_certificates_without_a_pin(
    card_service: CardService, piv_card: PivCard, tmp_path: Path
) -> None:
    assert witness.card_name(card_service.environment) == "Personal Identity Verification Card"
    for identifier, issued in zip(("01", "02"), piv_card.keys.values(), strict=True):
        read = certificate_of(card_service.environment, witness.opensc(), identifier, tmp_path)
        assert read == issued.der
    assert (piv_card.tries_left, piv_card.pins_offered, piv_card.private_operations) == (TRIES, 0, 0)
    assert len(piv_card.log) > 10


def test_a_wrong_pin_costs_a_try_the_third_locks_and_the_right_one_restores(
    card_service: CardService, piv_card: PivCard
) -> None:
    def offer(pin: str) -> str:
        words = ("--login", "--pin", pin, "--list-objects")
        return witness.module_says(card_service.environment, witness.opensc(), *words).stderr

    assert "CKR_PIN_INCORRECT" in offer("000000")
    assert piv_card.tries_left == TRIES - 1
    assert "CKR" not in offer(PIN)
    assert piv_card.tries_left == TRIES
    for left in (2, 1, 0):
        offer("999999")
        assert piv_card.tries_left == left
    assert "CKR_PIN_LOCKED" in offer(PIN)
    assert piv_card.tries_left == 0


@pytest.mark.parametrize(("identifier", "key"), [("01", 0x9A), ("02", 0x9C)])
def test_the_card_really_signs_and_counts_it(
    card_service: CardService, piv_card: PivCard, tmp_path: Path, identifier: str, key: int
) -> None:
    signature = signed(card_service, tmp_path, identifier)
    public = piv_card.keys[key].key.public_key()
    public.verify(signature, b"bonjour", padding.PKCS1v15(), hashes.SHA256())
    assert piv_card.private_operations == 1
    assert piv_card.pins_offered >= 1
    assert piv_card.tries_left == TRIES


def test_a_card_refuses_to_sign_without_its_pin(piv_card: PivCard) -> None:
    block = bytes.fromhex("7C820106820081820100") + bytes(256)
    first, second = block[:255], block[255:]
    sent = [bytes.fromhex("1087079AFF") + first, bytes([0x00, 0x87, 0x07, 0x9A, len(second)]) + second]
    assert [piv_card.answer(command) for command in sent] == [b"\x90\x00", b"\x69\x82"]


@pytest.mark.parametrize("command", ["00A40400", "00CB3FFF", "00200080", "0087079A", "00C00000", "00A4", "00"])
def test_a_card_survives_commands_that_are_too_short(piv_card: PivCard, command: str) -> None:
    assert len(piv_card.answer(bytes.fromhex(command))) == 2


def test_an_empty_card_has_no_certificate(card_service: CardService) -> None:
    with PivCard(card_service.slots[0]) as card:
        card.await_power()
        listed = witness.module_says(card_service.environment, witness.opensc(), "--list-objects", "--type", "cert")
    assert listed.returncode == 0
    assert "Certificate Object" not in listed.stdout


# -- the token in software ---------------------------------------------------------------------------------


def test_a_token_in_software_shows_its_certificates_and_public_keys_without_a_pin(
    softhsm: SoftHsm, authority: Authority, tmp_path: Path
) -> None:
    complete, ghost = softhsm.add(authority.dual()), softhsm.add(authority.expired(), with_key=False)
    listed = witness.module_says(softhsm.environment, softhsm.module, "--list-objects").stdout
    assert listed.count("Certificate Object") == 2
    assert listed.count("Public Key Object") == 1
    assert "Private Key Object" not in listed
    for identifier in (complete, ghost):
        assert HOLDER.encode() in certificate_of(softhsm.environment, softhsm.module, identifier, tmp_path)


def test_a_wrong_pin_raises_the_token_s_flag_and_the_right_one_lowers_it(softhsm: SoftHsm) -> None:
    def flags() -> str:
        return witness.module_says(softhsm.environment, softhsm.module, "--list-slots").stdout

    assert "user PIN count low" not in flags()
    assert softhsm.offer_pin("0000") != 0
    assert "user PIN count low" in flags()
    assert softhsm.offer_pin(SOFT_PIN) == 0
    assert "user PIN count low" not in flags()


# -- certificates ------------------------------------------------------------------------------------------


def usage(issued: Issued) -> tuple[bool, bool]:
    """Return whether a certificate is for signing, and for authenticating."""
    found = issued.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    return found.content_commitment, found.digital_signature


def statements(issued: Issued) -> bytes:
    """Return the statements of a qualified certificate, as they are written."""
    found = issued.certificate.extensions.get_extension_for_oid(QC_STATEMENTS).value
    assert isinstance(found, x509.UnrecognizedExtension)
    return found.value


def test_a_chain_holds_together_in_the_manner_of_a_french_authority(authority: Authority) -> None:
    issued = authority.signature()
    issued.certificate.verify_directly_issued_by(authority.issuing.certificate)
    authority.issuing.certificate.verify_directly_issued_by(authority.root.certificate)
    subject = issued.certificate.subject
    assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == HOLDER
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == ORGANISATION
    assert str(subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)[0].value).startswith("NTRFR-")
    assert oid(QC_ON_DEVICE) in statements(issued)
    assert oid(FOR_SIGNATURE) in statements(issued)


def test_each_certificate_has_its_use(authority: Authority) -> None:
    assert usage(authority.signature()) == (True, False)
    assert usage(authority.authentication()) == (False, True)
    assert usage(authority.dual()) == (True, True)
    assert usage(authority.seal()) == (True, False)
    assert oid(FOR_SEAL) in statements(authority.seal())
    purposes = authority.authentication().certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.CLIENT_AUTH in purposes
    other = authority.without_client_purpose().certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert ExtendedKeyUsageOID.CLIENT_AUTH not in other.value
    assert authority.issuing.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_each_certificate_has_its_dates(authority: Authority) -> None:
    now = authority.now
    assert (
        authority.signature().certificate.not_valid_before_utc < now < authority.dual().certificate.not_valid_after_utc
    )
    assert authority.expired().certificate.not_valid_after_utc == now - timedelta(days=30)
    assert authority.future().certificate.not_valid_before_utc == now + timedelta(days=10)
    assert authority.ending_in(7).certificate.not_valid_after_utc == now + timedelta(days=7)


def test_the_weak_one_is_really_weak_and_really_signed(authority: Authority) -> None:
    weak = authority.weak()
    assert weak.key.key_size == 1024
    assert isinstance(weak.certificate.signature_hash_algorithm, hashes.SHA1)
    public = authority.issuing.key.public_key()
    body = weak.certificate.tbs_certificate_bytes
    public.verify(weak.certificate.signature, body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - idem


# -- modules that misbehave --------------------------------------------------------------------------------


def load(module: Path, seconds: float = 30) -> subprocess.CompletedProcess[bytes]:
    """Load a module in a program of its own; return how that ended."""
    command = [sys.executable, "-I", "-c", LOADS, str(module)]
    return subprocess.run(command, capture_output=True, timeout=seconds, check=False)


def test_each_module_has_its_own_misdeed(bad_modules: BadModules) -> None:
    assert load(bad_modules.crashes).returncode == -11
    left = load(bad_modules.leaves)
    assert (left.returncode, left.stdout, left.stderr) == (0, b"", b"")
    with pytest.raises(subprocess.TimeoutExpired):
        load(bad_modules.hangs, seconds=1)


def test_the_one_that_chatters_works_all_the_same(bad_modules: BadModules, softhsm: SoftHsm) -> None:
    loaded = load(bad_modules.chatters)
    assert loaded.returncode == 0
    assert len(loaded.stdout) > 10_000
    listed = witness.module_says(softhsm.environment, softhsm.module, "--list-slots").stdout
    assert softhsm.label in listed


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("garbage", b"invalid ELF header"),
        ("no_module", b"undefined symbol: C_GetFunctionList"),
        ("needs_another", b"libneeded.so: cannot open shared object file"),
        ("absent", b"absent.so: cannot open shared object file"),
        ("for_32_bits", b"wrong ELF class"),
    ],
)
def test_what_cannot_be_loaded_is_refused_by_the_loader(bad_modules: BadModules, name: str, reason: bytes) -> None:
    ended = load(getattr(bad_modules, name))
    assert ended.returncode == 1
    assert reason in ended.stderr


@pytest.mark.parametrize("machine", [X64, X86, ARM64])
def test_headers_are_those_of_the_processor(machine: int) -> None:
    windows, linux = pe_header(machine), elf_header(machine)
    start = int.from_bytes(windows[0x3C:0x40], "little")
    assert windows[:2] == b"MZ"
    assert windows[start : start + 4] == b"PE\0\0"
    assert int.from_bytes(windows[start + 4 : start + 6], "little") == machine
    assert linux.startswith(b"\x7fELF")
    assert {X64: (2, 62), X86: (1, 3), ARM64: (2, 183)}[machine] == (linux[4], linux[18])
