"""Among several certificates the right one is spoken of, or she is asked; never « the first one »."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.selection import same_person, valid_at
from enn_desktop.signing_key.sentences import message
from enn_desktop.signing_key.values import (
    CardState,
    Certificate,
    ChildEnd,
    Choice,
    Driver,
    Found,
    Holder,
    KeyAnswer,
    KeyState,
    Look,
    Note,
    PinFlags,
    ProbeEnd,
    Standing,
    Usage,
    Verdict,
)
from tests.signing_key.situations import (
    FOREIGN_ATR,
    FULL,
    HOLDER,
    NOW,
    SECRETARY,
    certificate,
    in_module,
    in_store,
    on_linux,
    plugged,
    software,
    unplugged,
)

SIGN, AUTH = certificate("signe", usage=Usage.SIGNATURE), certificate("connecte", usage=Usage.AUTHENTICATION)
OLD, NEW = certificate("ancien", days=-5), certificate("nouveau", days=1000)
HERS = certificate("secrétaire", SECRETARY, Usage.AUTHENTICATION)


def verdict(look: Look, remembered: Certificate | None = None, signer: str = "") -> Verdict:
    return judge(look, NOW, Choice(remembered.fingerprint if remembered is not None else "", signer))


def chosen(result: Verdict) -> Certificate | None:
    return result.chosen.certificate if result.chosen is not None else None


def both_orders(*found: Found) -> tuple[Look, Look]:
    return plugged(*found), plugged(*reversed(found))


def test_a_pair_of_one_person_is_one_key_that_signs_and_connects() -> None:
    for look in both_orders(in_store(SIGN), in_store(AUTH)):
        result = verdict(look)
        assert (result.state, chosen(result)) == (KeyState.OK, SIGN)
        assert len(result.usable) == 2


def test_a_pair_whose_half_does_not_answer_only_does_what_the_other_half_does() -> None:
    look = plugged(in_store(SIGN, KeyAnswer.FAILS, 0x80090014), in_store(AUTH))
    assert verdict(look).state is KeyState.CERT_AUTH_ONLY


def test_the_renewed_certificate_is_taken_and_the_expired_one_stays_in_the_list() -> None:
    for look in both_orders(in_store(OLD), in_store(NEW)):
        result = verdict(look)
        assert (result.state, chosen(result)) == (KeyState.OK, NEW)
        assert [one.certificate for one in result.usable] == [NEW, OLD]


def test_the_one_that_was_chosen_and_renewed_since_gives_way_to_the_new_one() -> None:
    assert chosen(verdict(plugged(in_store(OLD), in_store(NEW)), OLD)) == NEW


def test_the_one_that_was_chosen_and_expired_does_not_give_way_to_another_person() -> None:
    result = verdict(plugged(in_store(OLD), in_store(HERS)), OLD)
    assert (result.state, chosen(result)) == (KeyState.CERT_EXPIRED, OLD)


def test_two_people_are_a_question_and_the_answer_is_remembered() -> None:
    for look in both_orders(in_store(), in_store(HERS)):
        asked = verdict(look)
        assert (asked.state, asked.chosen) == (KeyState.SEVERAL, None)
        answered = verdict(look, HERS)
        assert (answered.state, chosen(answered)) == (KeyState.CERT_AUTH_ONLY, HERS)


def test_two_valid_certificates_of_one_person_for_the_same_use_are_a_question() -> None:
    result = verdict(plugged(in_store(), in_store(NEW)))
    assert result.state is KeyState.SEVERAL
    assert message(result) == "2 certificats utilisables."


def test_what_is_expired_or_does_not_answer_is_not_counted_as_usable() -> None:
    third = in_store(certificate("troisième", "Alex ESSAI"), KeyAnswer.FAILS, 0x80090014)
    result = verdict(plugged(in_store(), in_store(HERS), in_store(OLD), third))
    assert message(result) == "2 certificats utilisables."
    assert len(result.usable) == 4


def test_a_key_that_answers_is_taken_before_one_that_does_not() -> None:
    for look in both_orders(in_store(), in_store(HERS, KeyAnswer.FAILS, 0x80090014)):
        assert chosen(verdict(look)) == certificate()


def test_a_chosen_key_that_does_not_answer_is_told_though_another_answers() -> None:
    look = plugged(in_store(), in_store(HERS, KeyAnswer.FAILS, 0x80090014))
    assert verdict(look, HERS).state is KeyState.KEY_SILENT


def test_two_keys_that_do_not_answer_are_no_question() -> None:
    fails = (KeyAnswer.FAILS, 0x80090014)
    result = verdict(plugged(in_store(None, *fails), in_store(HERS, *fails)))
    assert (result.state, result.chosen, result.code) == (KeyState.KEY_SILENT, None, 0x80090014)


def test_a_chosen_certificate_that_is_not_there_is_said_to_be_missing() -> None:
    result = verdict(plugged(in_store()), HERS)
    assert result.state is KeyState.OK
    assert Note.CHOICE_MISSING in result.notes
    assert Note.CHOICE_MISSING not in verdict(plugged(in_store()), certificate()).notes
    assert Note.CHOICE_MISSING not in verdict(unplugged(), HERS).notes


def test_the_same_certificate_seen_twice_is_one() -> None:
    assert verdict(plugged(in_store(), in_module())).usable == (in_store(),)
    assert len(verdict(on_linux(in_module(), in_module(answer=KeyAnswer.NOT_ASKED))).usable) == 1
    fails = in_module(answer=KeyAnswer.FAILS, code=0x30)
    for look in (on_linux(in_module(), fails), on_linux(fails, in_module())):
        assert verdict(look).state is KeyState.OK


def test_the_same_certificate_listed_twice_is_where_one_of_them_knows_its_key_to_be() -> None:
    nowhere = replace(in_store(), provider="")
    no_driver = replace(plugged(), driver=Driver(), probes=())
    for found in ((in_store(), nowhere), (nowhere, in_store())):
        result = verdict(replace(no_driver, certificates=found), certificate())
        assert (result.state, result.chosen) == (KeyState.OK, in_store())
        assert [line.rung for line in result.ladder if line.standing is Standing.BAD] == []


def test_where_the_store_was_not_asked_the_answer_of_the_driver_counts() -> None:
    for look in both_orders(in_store(answer=KeyAnswer.NOT_ASKED), in_module()):
        spoken_of = verdict(look).chosen
        assert spoken_of is not None
        assert spoken_of.answer is KeyAnswer.ANSWERS


def test_what_only_the_driver_sees_is_spoken_of_when_it_is_one_person_s() -> None:
    assert chosen(verdict(plugged(in_module()))) == certificate()
    assert chosen(verdict(plugged(in_module(), in_module(HERS)))) is None
    assert verdict(plugged(in_store(), in_store(HERS), in_module(NEW))).chosen is None


def test_both_ends_of_the_dates_count() -> None:
    one = certificate(not_before=NOW, not_after=NOW)
    second = timedelta(seconds=1)
    assert valid_at(one, NOW)
    assert not valid_at(one, NOW - second)
    assert not valid_at(one, NOW + second)


# -- certificates that are on no card ---------------------------------------------------------------------------


def test_a_software_certificate_is_neither_a_key_nor_a_failure() -> None:
    result = verdict(unplugged(software()))
    assert (result.state, result.chosen) == (KeyState.KEY_ABSENT, None)
    assert result.usable == (software(),)
    assert Note.SOFTWARE in result.notes


def test_a_key_is_taken_before_a_software_certificate() -> None:
    for look in both_orders(in_store(), software()):
        result = verdict(look, software().certificate)
        assert (result.state, chosen(result)) == (KeyState.OK, certificate())
        assert Note.SOFTWARE not in result.notes


def test_a_software_certificate_that_she_chose_is_spoken_of_as_what_it_is() -> None:
    result = verdict(unplugged(software()), software().certificate)
    assert result.state is KeyState.OK
    assert message(result) == "Certificat logiciel prêt, au nom de Camille EXEMPLE, valable jusqu’au 10 février 2028."
    assert "Clé" not in message(result)
    assert Note.SOFTWARE in result.notes


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (KeyAnswer.FAILS, KeyState.KEY_SILENT),
        (KeyAnswer.NOT_ASKED, KeyState.UNDETERMINED),
        (KeyAnswer.ABSENT, KeyState.KEY_ABSENT),
    ],
)
def test_a_software_certificate_that_does_not_answer_is_not_ready(answer: KeyAnswer, state: KeyState) -> None:
    assert verdict(unplugged(software(answer=answer)), software().certificate).state is state


# -- the expected signer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "holder"),
    [
        ("Camille Exemple", "Camille EXEMPLE"),
        ("EXEMPLE Camille", "Camille EXEMPLE"),
        ("Jean-Noël Lœuillet", "LOEUILLET JEAN NOEL"),
        ("D’Artagnan Élise", "elise d'artagnan"),
        ("Camille Exemple", "Camille Marie EXEMPLE 0123"),
    ],
)
def test_the_same_name_written_otherwise_is_the_same_person(expected: str, holder: str) -> None:
    assert same_person(expected, holder)


@pytest.mark.parametrize(
    ("expected", "holder"),
    [("Camille Exemple", "Dominique MODÈLE"), ("Camille Exemple", "Camille"), ("", "Camille"), (" - ", "Camille")],
)
def test_another_name_is_another_person(expected: str, holder: str) -> None:
    assert not same_person(expected, holder)


def test_the_wrong_signer_is_said_and_the_right_one_is_not() -> None:
    assert Note.OTHER_SIGNER in verdict(plugged(in_store()), signer=SECRETARY).notes
    assert verdict(plugged(in_store()), signer=SECRETARY).state is KeyState.OK
    assert Note.OTHER_SIGNER not in verdict(plugged(in_store()), signer="exemple camille").notes
    assert Note.OTHER_SIGNER not in verdict(plugged(in_store())).notes


# -- the other notes ------------------------------------------------------------------------------------------------

CSP = replace(in_store(), provider="Microsoft Base Smart Card Crypto Provider", provider_type=1)
PROBED = (ProbeEnd("x.dll", ChildEnd.ANSWERED, loaded=True, tokens=1, pin=PinFlags(low=True)),)


@pytest.mark.parametrize(
    ("look", "note"),
    [
        (plugged(in_store(certificate(stands_for=Holder.SEAL))), Note.SEAL),
        (plugged(in_store(certificate(weak="RSA-1024"))), Note.WEAK),
        (plugged(CSP), Note.OLD_PROVIDER),
        (plugged(in_store(), readers=(replace(FULL, state=CardState.IN_USE),)), Note.IN_USE),
        (plugged(in_store(), probes=PROBED), Note.PIN_LOW),
        (plugged(in_store(), driver=Driver()), Note.DRIVER_MISSING),
        (plugged(in_store(certificate(usage=Usage.SIGNATURE, days=20))), Note.USAGE),
        (plugged(in_store(certificate(usage=Usage.AUTHENTICATION, days=20))), Note.USAGE),
        (on_linux(in_module(), usb=(), readers=(replace(FULL, atr=FOREIGN_ATR),)), Note.CARD_UNKNOWN),
    ],
)
def test_what_is_worth_a_line_is_noted_alone_and_changes_nothing(look: Look, note: Note) -> None:
    result = verdict(look)
    assert result.notes == (note,)
    assert result.state in {KeyState.OK, KeyState.OK_SOON}


def test_a_key_like_most_has_no_note() -> None:
    assert verdict(plugged(in_store())).notes == ()
    assert verdict(on_linux(in_module())).notes == ()


def test_a_certificate_that_has_expired_long_ago_is_the_latest_of_all() -> None:
    older = certificate("plus ancien", days=-900)
    result = judge(plugged(in_store(older), in_store(OLD)), NOW + timedelta(days=1))
    assert (result.state, chosen(result)) == (KeyState.CERT_EXPIRED, OLD)
    assert HOLDER in message(result)
