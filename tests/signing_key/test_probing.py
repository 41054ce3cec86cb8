"""What is made of what a probe said, and which modules are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key import probe_lines
from enn_desktop.signing_key.key_match import key_answer
from enn_desktop.signing_key.module_files import own_machine
from enn_desktop.signing_key.probe_lines import (
    End,
    Line,
    Loaded,
    PublicKey,
    StoreCertificate,
    Token,
    TokenCertificate,
    Trouble,
    written,
)
from enn_desktop.signing_key.probe_run import ProbeResult
from enn_desktop.signing_key.probing import Prober, module_facts, store_facts
from enn_desktop.signing_key.values import ChildEnd, DriverFile, KeyAnswer, Machine, Origin, PinFlags
from tests.signing_key.conftest import NOW
from tests.signing_key.rigs.certificates import Authority, Issued

FILE = DriverFile("Essai", "/usr/lib/essai.so", Machine.X64)


# -- what is made of an answer -------------------------------------------------------------------------------


def answered(*lines: Line) -> ProbeResult:
    return ProbeResult(ChildEnd.ANSWERED, 0, (Loaded(), *lines, End()))


def held(issued: Issued, identity: bytes = b"\x01") -> TokenCertificate:
    return TokenCertificate(identity, issued.der)


def rsa_key(issued: Issued, identity: bytes = b"\x01") -> PublicKey:
    numbers = issued.key.public_key().public_numbers()
    return PublicKey(identity, numbers.n.to_bytes(256), numbers.e.to_bytes(3))


def test_each_token_answers_for_its_own_keys(authority: Authority) -> None:
    first, second = authority.signature(), authority.authentication()
    result = answered(
        *(Token(removable=True), held(first), rsa_key(first)),
        *(Token(removable=False), held(second)),
    )
    probed = module_facts(FILE, result)
    assert [one.answer for one in probed.certificates] == [KeyAnswer.ANSWERS, KeyAnswer.NOT_ASKED]
    assert [one.on_card for one in probed.certificates] == [True, None]
    assert {(one.origin, one.provider) for one in probed.certificates} == {(Origin.MODULE, "Essai")}
    assert (probed.end.tokens, probed.end.loaded) == (2, True)


def test_another_key_in_the_same_place_is_another_key(authority: Authority) -> None:
    certificate = held(authority.signature())
    other = authority.authentication()
    assert key_answer(certificate, [rsa_key(other)]) is KeyAnswer.OTHER_KEY
    assert key_answer(certificate, [rsa_key(other, b"\x02")]) is KeyAnswer.NOT_ASKED
    assert key_answer(certificate, []) is KeyAnswer.NOT_ASKED


def test_the_right_key_in_another_place_answers(authority: Authority) -> None:
    issued = authority.signature()
    assert key_answer(held(issued), [rsa_key(issued, b"\x77")]) is KeyAnswer.ANSWERS


def test_an_elliptic_key_answers_wrapped_or_not() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    wrong = other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    certificate = TokenCertificate(b"\x01", elliptic_certificate(key))
    assert key_answer(certificate, [PublicKey(b"\x01", point=b"\x04\x41" + point)]) is KeyAnswer.ANSWERS
    assert key_answer(certificate, [PublicKey(b"\x01", point=point)]) is KeyAnswer.ANSWERS
    assert key_answer(certificate, [PublicKey(b"\x01", point=b"\x04\x41" + wrong)]) is KeyAnswer.OTHER_KEY
    assert key_answer(certificate, [PublicKey(b"\x01")]) is KeyAnswer.OTHER_KEY


def elliptic_certificate(key: ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Camille EXEMPLE")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_what_is_no_certificate_is_passed_over(authority: Authority) -> None:
    result = answered(Token(removable=True), TokenCertificate(b"\x01", b"0\x03rien"), held(authority.dual()))
    assert len(module_facts(FILE, result).certificates) == 1
    assert key_answer(TokenCertificate(b"\x01", b"rien"), []) is KeyAnswer.NOT_ASKED


def test_a_token_that_fails_while_it_is_read_says_so_of_its_key(authority: Authority) -> None:
    probed = module_facts(FILE, answered(Token(removable=True), held(authority.dual()), Trouble(0x30)))
    assert (probed.certificates[0].answer, probed.certificates[0].key_code) == (KeyAnswer.FAILS, 0x30)
    assert probed.end.code == 0x30


def test_flags_are_those_of_the_token_that_holds_something(authority: Authority) -> None:
    blank = Token(removable=True, locked=True, to_change=True)
    full = (Token(removable=True, last_try=True, low=True), held(authority.dual()))
    assert module_facts(FILE, answered(blank, *full)).end.pin == PinFlags(low=True, last_try=True)
    assert module_facts(FILE, answered(blank)).end.pin == PinFlags(locked=True, to_change=True)


def test_a_certificate_of_the_store_keeps_what_its_provider_said(authority: Authority) -> None:
    issued = authority.dual()
    line = StoreCertificate(
        issued.der, "eToken Base Cryptographic Provider", 1, on_card=True, answer=KeyAnswer.ABSENT, code=0x80090016
    )
    probed = store_facts(ProbeResult(ChildEnd.ANSWERED, 0, (line, End())))
    (found,) = probed.certificates
    assert (found.origin, found.provider, found.provider_type) == (Origin.STORE, line.provider, 1)
    assert (found.on_card, found.answer, found.key_code) == (True, KeyAnswer.ABSENT, 0x80090016)
    assert (probed.end.what, probed.end.loaded, probed.end.code) == ("store", True, 0)


def test_every_line_comes_back_as_it_was_written(authority: Authority) -> None:
    lines: list[Line] = [
        Loaded(126),
        Token(removable=True, locked=True),
        rsa_key(authority.dual()),
        held(authority.dual()),
        Trouble(0x30),
        StoreCertificate(b"der", "Fournisseur é", 0, None, KeyAnswer.OTHER_KEY, 5),
        End(1),
    ]
    assert list(probe_lines.read(b"".join(map(written, lines)))) == lines


# -- modules that failed before ------------------------------------------------------------------------------


class Scripted:
    """A run that gives the next of these ends."""

    def __init__(self, *ends: ChildEnd) -> None:
        self.ends = list(ends)
        self.commands: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str], _deadline_s: float, _cancel: CancelToken) -> ProbeResult:
        self.commands.append(command)
        return ProbeResult(self.ends.pop(0), 0, (Loaded(), End()))


def ends_of(run: Scripted, times: int, *, card_taken: bool = False) -> list[ChildEnd]:
    prober = Prober(run)
    return [prober.ask_module(FILE, 8.0, CancelToken(), card_taken=card_taken).end.end for _ in range(times)]


def test_a_module_that_failed_twice_in_a_row_is_left_alone() -> None:
    run = Scripted(ChildEnd.HUNG, ChildEnd.CRASHED)
    assert ends_of(run, 4) == [ChildEnd.HUNG, *[ChildEnd.CRASHED] * 3]
    assert len(run.commands) == 2


def test_an_answer_between_two_failures_forgives_the_first() -> None:
    run = Scripted(ChildEnd.MUTE, ChildEnd.ANSWERED, ChildEnd.CRASHED, ChildEnd.NOT_STARTED, ChildEnd.ANSWERED)
    assert len(ends_of(run, 5)) == len(run.commands) == 5


def test_a_module_that_waits_for_a_card_in_use_is_not_at_fault() -> None:
    run = Scripted(*[ChildEnd.HUNG] * 4)
    ends_of(run, 4, card_taken=True)
    assert len(run.commands) == 4


def test_a_module_that_was_given_too_little_time_is_not_at_fault() -> None:
    run = Scripted(*[ChildEnd.HUNG] * 3)
    prober = Prober(run)
    for _ in range(3):
        prober.ask_module(FILE, 1.3, CancelToken(), card_taken=False)
    assert len(run.commands) == 3


def test_a_module_that_crashes_is_at_fault_even_while_the_card_is_in_use() -> None:
    run = Scripted(*[ChildEnd.CRASHED] * 2)
    ends_of(run, 4, card_taken=True)
    assert len(run.commands) == 2


def test_the_store_is_left_alone_after_two_failures_too() -> None:
    run = Scripted(*[ChildEnd.HUNG] * 2)
    prober = Prober(run)
    for _ in range(3):
        assert prober.ask_store(8.0, CancelToken(), card_taken=False).end.end is ChildEnd.HUNG
    assert [command[-2:] for command in run.commands] == [["--sonde", "magasin"]] * 2


def test_this_program_is_made_for_the_processor_of_its_own_interpreter() -> None:
    assert own_machine() in {Machine.X64, Machine.ARM64}
