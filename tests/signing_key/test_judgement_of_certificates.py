"""What a certificate says and what its key answers decide, once a card is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.sentences import message
from enn_desktop.signing_key.values import (
    ChildEnd,
    Choice,
    Driver,
    KeyAnswer,
    KeyState,
    Look,
    Machine,
    PinFlags,
    ProbeEnd,
    Rung,
    Usage,
)
from tests.signing_key.situations import (
    ALL,
    ATR,
    FOREIGN_ATR,
    FULL,
    NOW,
    SAC,
    SECRETARY,
    certificate,
    in_module,
    in_store,
    plugged,
    unplugged,
)

S = KeyState
MODULE = "eTPKCS11.dll"
STORE_READ = ProbeEnd("store", ChildEnd.ANSWERED, loaded=True)
OPENED = ProbeEnd(MODULE, ChildEnd.ANSWERED, loaded=True)
SEEN = ProbeEnd(MODULE, ChildEnd.ANSWERED, loaded=True, tokens=1)


def pin(**flags: bool) -> tuple[ProbeEnd, ...]:
    return (STORE_READ, replace(SEEN, pin=PinFlags(**flags)))


def state(look: Look, choice: Choice | None = None) -> KeyState:
    return judge(look, NOW, choice or Choice()).state


@pytest.mark.parametrize(
    ("answer", "code", "expected"),
    [
        (KeyAnswer.FAILS, 0, S.KEY_SILENT),
        (KeyAnswer.FAILS, 0x8010000B, S.CARD_BUSY),
        (KeyAnswer.FAILS, 0x80100067, S.CARD_MUTE),
        (KeyAnswer.FAILS, 0x8010006C, S.PIN_LOCKED),
        (KeyAnswer.FAILS, 0x80090022, S.OK),
        (KeyAnswer.OTHER_KEY, 0x80090015, S.CERT_GHOST),
        (KeyAnswer.ABSENT, 0x80090016, S.CERT_GHOST),
        (KeyAnswer.NOT_ASKED, 0, S.OK),
    ],
)
def test_what_the_key_answers_tells_the_state(answer: KeyAnswer, code: int, expected: KeyState) -> None:
    verdict = judge(plugged(in_store(answer=answer, code=code)), NOW)
    assert verdict.state is expected
    if answer is KeyAnswer.FAILS and expected is not S.OK:
        assert verdict.code == code


def test_a_key_that_windows_says_is_away_while_the_driver_sees_it_does_not_answer() -> None:
    look = plugged(in_store(answer=KeyAnswer.ABSENT, code=0x80090016), in_module(), probes=(STORE_READ, SEEN))
    assert state(look) is S.KEY_SILENT


def test_the_store_speaks_last_where_the_driver_answers_too() -> None:
    look = plugged(in_store(answer=KeyAnswer.FAILS, code=0x80090014), in_module(), probes=(STORE_READ, SEEN))
    assert state(look) is S.KEY_SILENT
    assert state(plugged(in_store(answer=KeyAnswer.NOT_ASKED), in_module())) is S.OK


def test_a_stale_certificate_in_the_store_is_not_missed() -> None:
    assert state(unplugged(in_store(certificate(days=-400), KeyAnswer.ABSENT))) is S.KEY_ABSENT


def test_several_people_known_and_no_key_is_simply_no_key() -> None:
    gone = (in_store(answer=KeyAnswer.ABSENT), in_store(certificate("b", SECRETARY), KeyAnswer.ABSENT))
    assert state(unplugged(*gone)) is S.KEY_ABSENT
    verdict = judge(unplugged(*gone), NOW, Choice(fingerprint=certificate("b").fingerprint))
    assert verdict.state is S.CERT_GHOST
    assert SECRETARY in message(verdict)


def test_the_certificate_of_an_authority_is_never_a_signer() -> None:
    authority = in_store(certificate("autorité", "AC de démonstration", authority=True))
    assert state(plugged(authority)) is S.CERT_ABSENT
    assert judge(plugged(in_store(), authority), NOW).usable == (in_store(),)


def test_a_certificate_without_a_private_key_is_nothing() -> None:
    assert state(plugged(replace(in_store(answer=KeyAnswer.NOT_ASKED), provider=""))) is S.CERT_ABSENT


def test_a_key_for_encryption_only_is_not_taken_for_a_signing_key() -> None:
    other = in_store(certificate("chiffrement", usage=Usage.OTHER, client_auth=False))
    assert state(plugged(other)) is S.UNDETERMINED
    assert state(plugged(in_store(), other)) is S.OK


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, S.CERT_EXPIRED), (0, S.OK_SOON), (1, S.OK_SOON), (90, S.OK_SOON), (91, S.OK)]
)
def test_the_days_that_are_left_decide(days: int, expected: KeyState) -> None:
    verdict = judge(plugged(in_store(certificate(days=days))), NOW)
    assert verdict.state is expected
    assert verdict.days_left == days


def test_days_are_counted_in_local_time() -> None:
    late = certificate(not_after=NOW.replace(hour=23, minute=59))  # 13 March, 0:59 in Paris
    verdict = judge(plugged(in_store(late)), NOW)
    assert verdict.days_left == 1
    assert message(verdict) == "Clé prête. Le certificat expire le 13 mars 2026 (demain)."


def test_the_last_second_counts_and_the_next_does_not() -> None:
    one = certificate(not_after=NOW)
    assert judge(plugged(in_store(one)), NOW).state is S.OK_SOON
    assert judge(plugged(in_store(one)), NOW + timedelta(seconds=1)).state is S.CERT_EXPIRED


def test_an_extended_usage_without_connection_signs_only() -> None:
    assert state(plugged(in_store(certificate(client_auth=False)))) is S.CERT_SIGN_ONLY


def test_a_pin_that_is_blocked_is_told_though_the_key_answers() -> None:
    assert state(plugged(in_store(), probes=pin(locked=True, last_try=True, low=True))) is S.PIN_LOCKED
    assert state(plugged(in_store(), probes=pin(low=True))) is S.OK
    without_key = (STORE_READ, replace(OPENED, pin=PinFlags(locked=True)))
    assert state(plugged(in_store(), probes=without_key)) is S.OK


def test_a_key_that_is_away_tells_less_than_a_missing_driver_unless_another_key_answered() -> None:
    away = in_store(answer=KeyAnswer.ABSENT, code=0x80090016)
    assert state(plugged(away, driver=Driver())) is S.DRIVER_ABSENT
    assert state(plugged(replace(away, answer=KeyAnswer.OTHER_KEY), driver=Driver())) is S.CERT_GHOST


def test_both_halves_of_a_driver_are_a_whole_one() -> None:
    half = replace(SAC, machine=Machine.X86)
    assert state(plugged(driver=Driver("", "", (half, SAC)))) is S.CERT_ABSENT
    assert state(plugged(driver=Driver("", "", (half,)))) is S.DRIVER_32_BITS


@pytest.mark.parametrize(
    ("registered", "atr", "tokens", "expected"),
    [
        ("eToken Java", FOREIGN_ATR, 0, S.CERT_ABSENT),
        ("", ATR, 0, S.CERT_ABSENT),
        ("", FOREIGN_ATR, 1, S.CERT_ABSENT),
        ("", FOREIGN_ATR, 0, S.CARD_UNKNOWN),
    ],
)
def test_a_card_is_a_key_as_soon_as_anything_knows_it(
    registered: str, atr: bytes, tokens: int, expected: KeyState
) -> None:
    look = plugged(
        readers=(replace(FULL, atr=atr),),
        driver=Driver("", registered, (SAC,)),
        probes=(STORE_READ, replace(OPENED, tokens=tokens), OPENED),
    )
    assert state(look) is expected


def test_two_keys_that_could_not_be_asked_are_a_question_all_the_same() -> None:
    others = (in_store(answer=KeyAnswer.NOT_ASKED), in_store(certificate("b", SECRETARY), KeyAnswer.NOT_ASKED))
    assert state(plugged(*others)) is S.SEVERAL
    assert state(plugged(*others, done=ALL - {Rung.KEY})) is S.UNDETERMINED


def test_the_first_second_counts_too() -> None:
    assert state(plugged(in_store(certificate(not_before=NOW)))) is S.OK
