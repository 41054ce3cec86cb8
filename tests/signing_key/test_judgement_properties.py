"""Whatever was seen, the verdict is honest: never ready without proof, never bad for want of looking, never a name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.report import as_json, report_text
from enn_desktop.signing_key.sentences import badge, message, note, remedy, whom_to_call
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    Choice,
    Driver,
    DriverFile,
    Found,
    Holder,
    KeyAnswer,
    KeyState,
    Look,
    Machine,
    Origin,
    PinFlags,
    ProbeEnd,
    Reader,
    Rung,
    Services,
    ServiceStatus,
    Standing,
    Usage,
    UsbDevice,
)
from tests.signing_key.situations import ATR, CARD_PROVIDER, FOREIGN_ATR, NOW, SOFTWARE_PROVIDER, certificate, in_store

SECRET = "Zébulon SECRETISSIME"
CODES = [0, 5, 0x30, 126, 193, 1223, 0xE0, 0xE1, 0x8010001D, 0x8010002E, 0x8010006C, 0x80090014, 0x80090016, 0x80090022]
codes = st.sampled_from(CODES)
names = st.sampled_from([SECRET, f"{SECRET} (cachet)", "Camille EXEMPLE", "", "{holder}"])

certificates = st.builds(
    certificate,
    st.sampled_from("abcd"),
    names,
    st.sampled_from(Usage),
    days=st.integers(-1000, 1500),
    issuer=names,
    organisation=names,
    client_auth=st.booleans(),
    authority=st.booleans(),
    not_before=st.integers(-2000, 200).map(lambda days: NOW + timedelta(days=days)),
    stands_for=st.sampled_from(Holder),
    weak=st.sampled_from(["", "RSA-1024"]),
)
found = st.builds(
    Found,
    certificates,
    st.sampled_from(Origin),
    st.sampled_from([CARD_PROVIDER, SOFTWARE_PROVIDER, "", f"Magasin de {SECRET}"]),
    st.integers(0, 1),
    st.sampled_from([True, False, None]),
    st.sampled_from(KeyAnswer),
    codes,
)
looks = st.builds(
    Look,
    windows=st.booleans(),
    done=st.frozensets(st.sampled_from(Rung)) | st.just(frozenset(Rung)),
    services=st.builds(
        Services,
        *[st.sampled_from(ServiceStatus)] * 3,
        codes,
        st.booleans(),
    ),
    usb=st.lists(st.builds(UsbDevice, st.sampled_from([0x0529, 0x1050, 9]), st.integers(0, 0xFFFF)), max_size=2).map(
        tuple
    ),
    readers=st.lists(
        st.builds(
            Reader,
            st.sampled_from(["SafeNet 0", "Windows Hello 1", f"Lecteur ({SECRET}) 0"]),
            st.sampled_from(CardState),
            st.sampled_from([ATR, FOREIGN_ATR, b""]),
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    driver=st.builds(
        Driver,
        st.sampled_from(["", "Famille"]),
        st.sampled_from(["", f"Carte de {SECRET}"]),
        st.lists(
            st.builds(DriverFile, st.just("M"), st.just(rf"C:\Users\{SECRET}\x.dll"), st.sampled_from(Machine)),
            max_size=2,
        ).map(tuple),
    ),
    probes=st.lists(
        st.builds(
            ProbeEnd,
            st.sampled_from(["store", rf"C:\Users\{SECRET}\x.dll", "/usr/lib/y.so"]),
            st.sampled_from(ChildEnd),
            st.booleans(),
            codes,
            st.integers(0, 2),
            st.builds(PinFlags, *[st.booleans()] * 4),
        ),
        max_size=3,
    ).map(tuple),
    certificates=st.lists(found, max_size=4).map(tuple),
)
choices = st.builds(Choice, st.sampled_from(["", *(certificate(one).fingerprint for one in "abe")]), names)
READY = {KeyState.OK, KeyState.OK_SOON, KeyState.CERT_AUTH_ONLY, KeyState.CERT_SIGN_ONLY}
WITH_CARD = {CardState.PRESENT, CardState.IN_USE}


@given(looks, choices)
def test_every_look_has_a_verdict_with_all_its_words(look: Look, choice: Choice) -> None:
    verdict = judge(look, NOW, choice)
    assert message(verdict)
    assert "{" not in (message(verdict) + remedy(verdict)).replace("{holder}", "")
    assert all(note(verdict, one) for one in verdict.notes)
    assert " " not in badge(verdict.state)[0]
    assert whom_to_call(verdict.state) in {"", "prestataire", "autorite"}
    assert [line.rung for line in verdict.ladder] == list(Rung)


@given(looks, choices)
def test_it_is_never_ready_without_a_certificate_that_answers_or_is_on_a_present_card(
    look: Look, choice: Choice
) -> None:
    verdict = judge(look, NOW, choice)
    if verdict.state not in READY:
        return
    spoken_of = verdict.chosen
    assert spoken_of is not None
    present = spoken_of.origin is Origin.MODULE or any(reader.state in WITH_CARD for reader in look.readers)
    assert spoken_of.answer is KeyAnswer.ANSWERS or present
    assert spoken_of.answer not in {KeyAnswer.ABSENT, KeyAnswer.OTHER_KEY, KeyAnswer.FAILS}
    assert spoken_of.certificate.not_before <= NOW <= spoken_of.certificate.not_after
    assert not spoken_of.certificate.authority


@given(looks, choices)
def test_what_was_not_looked_at_is_unknown_and_never_bad(look: Look, choice: Choice) -> None:
    for line in judge(look, NOW, choice).ladder:
        if line.rung not in look.done:
            assert (line.standing, line.fact) == (Standing.UNKNOWN, "")


@given(looks, choices)
def test_nothing_looked_at_and_nothing_seen_is_never_a_failure(look: Look, choice: Choice) -> None:
    nothing = replace(look, done=frozenset(), readers=(), certificates=(), probes=(), usb=())
    assert judge(nothing, NOW, choice).state is KeyState.UNDETERMINED


@given(looks, choices)
def test_a_key_that_answers_on_a_present_card_leaves_no_lower_rung_bad(look: Look, choice: Choice) -> None:
    verdict = judge(look, NOW, choice)
    if verdict.chosen is not None and verdict.chosen.answer is KeyAnswer.ANSWERS and verdict.state in READY:
        lower = [line for line in verdict.ladder if line.rung not in {Rung.CERTIFICATE, Rung.KEY}]
        software = verdict.chosen.on_card is False or verdict.chosen.provider == SOFTWARE_PROVIDER
        # A store that does not say where the key is, and no card anywhere: the key answered, and that is all one knows.
        nowhere = verdict.chosen.on_card is None and not any(one.state in WITH_CARD for one in look.readers)
        assert software or nowhere or all(line.standing is not Standing.BAD for line in lower)


@given(looks, choices)
def test_the_order_in_which_certificates_were_seen_changes_nothing(look: Look, choice: Choice) -> None:
    one_each = {(one.certificate.fingerprint, one.origin): one for one in look.certificates}
    different = {one.certificate.not_after: one for one in one_each.values()}
    look = replace(look, certificates=tuple(different.values()))
    backwards = replace(look, certificates=look.certificates[::-1])
    assert judge(look, NOW, choice).chosen == judge(backwards, NOW, choice).chosen


@given(looks, choices, st.binary(max_size=16))
def test_no_report_ever_holds_a_name(look: Look, choice: Choice, salt: bytes) -> None:
    # Somebody's certificate, and everything from outside that may bear the same name.
    look = replace(look, certificates=(*look.certificates, in_store(certificate("elle", SECRET))))
    verdict = judge(look, NOW, choice)
    report = report_text(look, verdict, salt)
    told = json.dumps(as_json(verdict), ensure_ascii=False)
    spoken_of = [one.certificate.holder for one in (verdict.chosen, *verdict.usable) if one is not None]
    for word in SECRET.split():
        assert word.lower() not in report.lower()
        # A verdict knows the people it speaks of, and nobody else that a driver or an issuer may be named after.
        assert SECRET not in spoken_of or word.lower() not in told.lower()
    fingerprints = [one.certificate.fingerprint[:16] for one in look.certificates]
    assert not any(one in report + told for one in fingerprints)
