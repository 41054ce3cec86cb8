"""Probes: real processes with modules that misbehave, and what is made of what a probe said."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
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
from enn_desktop.signing_key.probing import (
    Prober,
    ProbeResult,
    module_facts,
    probe_command,
    run_probe,
    store_facts,
)
from enn_desktop.signing_key.values import ChildEnd, DriverFile, KeyAnswer, Machine, Origin, PinFlags
from enn_desktop.system.contained import ENDS_S as BURIAL_S
from enn_desktop.system.contained import Contained
from tests.house.source_tree import PROJECT
from tests.signing_key.conftest import NOW
from tests.signing_key.rigs.bad_modules import BadModules
from tests.signing_key.rigs.certificates import Authority, Issued
from tests.signing_key.rigs.softhsm import SoftHsm
from tests.signing_key.what_is_open import children, ends

SHORT_S = 1.0
"""Long enough for a module in good health, short enough for a test with one that hangs."""
ENDS_S = 5.0
FILE = DriverFile("Essai", "/usr/lib/essai.so", Machine.X64)


def asked(module: Path, deadline_s: float = 8.0) -> ProbeResult:
    """Return what the real probe of a module says."""
    return run_probe(probe_command("module", str(module)), deadline_s)


def python(code: str) -> list[str]:
    """Return how to run a few lines in another process."""
    return [sys.executable, "-I", "-c", code]


# -- modules that misbehave, in real processes ---------------------------------------------------------------


def test_a_module_that_crashes_takes_only_its_probe_with_it(bad_modules: BadModules) -> None:
    result = asked(bad_modules.crashes)
    assert (result.end, result.code) == (ChildEnd.CRASHED, -11)
    assert module_facts(FILE, result).end.code == 11


def test_a_module_that_hangs_is_ended_at_the_deadline(bad_modules: BadModules) -> None:
    begun = time.monotonic()
    result = asked(bad_modules.hangs, SHORT_S)
    assert result.end is ChildEnd.HUNG
    assert time.monotonic() - begun < SHORT_S + ENDS_S
    assert children() == []


def test_a_module_that_leaves_with_success_has_not_answered(bad_modules: BadModules) -> None:
    assert asked(bad_modules.leaves).end is ChildEnd.MUTE


def test_a_module_that_chatters_is_understood_all_the_same(
    bad_modules: BadModules, softhsm: SoftHsm, authority: Authority
) -> None:
    softhsm.add(authority.dual())
    result = asked(bad_modules.chatters)
    assert result.end is ChildEnd.ANSWERED
    assert len(module_facts(FILE, result).certificates) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("garbage", 193), ("for_32_bits", 193), ("no_module", 127), ("needs_another", 126), ("absent", 126)],
)
def test_a_module_that_cannot_be_loaded_says_why_in_a_number(bad_modules: BadModules, name: str, code: int) -> None:
    result = asked(getattr(bad_modules, name))
    end = module_facts(FILE, result).end
    assert (end.end, end.loaded, end.code) == (ChildEnd.ANSWERED, False, code)


def test_a_question_that_is_none_is_not_answered() -> None:
    result = run_probe(probe_command("inconnu"))
    assert (result.end, result.code, result.lines) == (ChildEnd.CRASHED, 2, ())


def test_the_store_of_windows_cannot_be_opened_here_and_that_is_told() -> None:
    probed = store_facts(run_probe(probe_command("magasin")))
    assert (probed.end.end, probed.end.loaded) == (ChildEnd.ANSWERED, False)
    assert probed.end.code != 0


def test_a_probe_loads_neither_the_window_nor_the_network_nor_the_command_line() -> None:
    code = "import sys; sys.argv = ['x', '--sonde', 'inconnu']; import os; os._exit = lambda code: 1 / 0\n"
    code += "import enn_desktop.__main__ as main\ntry: main.main()\nexcept ZeroDivisionError: pass\n"
    code += "print(*sorted({'PySide6', 'typer', 'rich', 'httpx', 'keyring', 'cryptography'} & set(sys.modules)))"
    with Contained(python(code), PROJECT) as process:
        said, _ = process.communicate(timeout=ENDS_S * 4)
    assert process.returncode == 0
    assert said.strip() == b""


# -- the process ---------------------------------------------------------------------------------------------


def test_a_program_that_does_not_exist_has_not_started(tmp_path: Path) -> None:
    assert run_probe([str(tmp_path / "absent")]).end is ChildEnd.NOT_STARTED


def test_what_was_said_before_a_hang_is_kept() -> None:
    said = written(Loaded()) + written(Token(removable=True))
    result = run_probe(python(f"import os, signal; os.write(1, {said!r}); signal.pause()"), SHORT_S)
    assert result.end is ChildEnd.HUNG
    assert result.lines == (Loaded(), Token(removable=True))


def test_what_was_said_before_a_crash_is_kept() -> None:
    result = run_probe(python(f"import os; os.write(1, {written(Loaded())!r}); os.abort()"))
    assert (result.end, result.lines) == (ChildEnd.CRASHED, (Loaded(),))


def test_a_crash_on_the_way_out_takes_nothing_back() -> None:
    said = written(Loaded()) + written(End())
    result = run_probe(python(f"import os; os.write(1, {said!r}); os.abort()"))
    assert result == ProbeResult(ChildEnd.ANSWERED, 0, (Loaded(), End()))


def test_a_line_that_is_none_ends_the_answer() -> None:
    said = written(Loaded()) + b"SAC 10.8: trace\n" + written(End())
    assert list(probe_lines.read(said)) == [Loaded()]


def test_what_a_probe_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "started"
    code = "import os, pathlib, signal\nif os.fork() == 0:\n"
    code += f" pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\nsignal.pause()"
    assert run_probe(python(code), SHORT_S).end is ChildEnd.HUNG
    assert ends(int(note.read_text(encoding="ascii")))


def test_something_that_flees_with_the_pipe_holds_nobody_up(tmp_path: Path) -> None:
    note = tmp_path / "fled"
    code = "import os, pathlib, signal\nif os.fork() == 0:\n os.setsid()\n"
    code += f" pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n signal.pause()\nsignal.pause()"
    begun = time.monotonic()
    try:
        assert run_probe(python(code), SHORT_S).end is ChildEnd.HUNG
        assert time.monotonic() - begun < SHORT_S + 2 * BURIAL_S + 1
    finally:
        os.kill(int(note.read_text(encoding="ascii")), signal.SIGKILL)


def test_a_check_that_is_given_up_ends_its_probe_at_once() -> None:
    cancel = CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        run_probe(python("import signal; signal.pause()"), 60.0, cancel)
    timer.join()
    assert time.monotonic() - begun < ENDS_S
    assert children() == []


def test_a_probe_inherits_nothing_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "ours").open("wb") as ours:
        os.set_inheritable(ours.fileno(), True)  # noqa: FBT003 - the system has no name for it
        code = f"import os\ntry: os.fstat({ours.fileno()})\nexcept OSError: os._exit(7)"
        assert run_probe(python(code)).code == 7


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
