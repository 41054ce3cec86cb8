"""On Linux nothing is said of Windows; what was not looked at is never held against the key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enn_desktop.core.french import NBSP
from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.sentences import message, remedy
from enn_desktop.signing_key.values import (
    ChildEnd,
    Choice,
    Driver,
    KeyAnswer,
    KeyState,
    Look,
    PinFlags,
    ProbeEnd,
    Rung,
    Services,
    ServiceStatus,
    Standing,
)
from tests.signing_key.situations import (
    ALL,
    HOLDER,
    NO_SERVICE,
    NOW,
    TOKEN,
    certificate,
    in_module,
    in_store,
    on_linux,
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


# -- Linux ----------------------------------------------------------------------------------------------------


def test_on_linux_the_module_is_the_witness() -> None:
    assert state(on_linux(in_module())) is S.OK
    assert state(on_linux(in_module(answer=KeyAnswer.NOT_ASKED))) is S.OK
    assert state(on_linux(in_module(answer=KeyAnswer.FAILS, code=0x30))) is S.KEY_SILENT
    assert state(on_linux(in_module(answer=KeyAnswer.FAILS, code=0xE1))) is S.DRIVER_ABSENT
    for answer in (KeyAnswer.ANSWERS, KeyAnswer.NOT_ASKED):
        assert state(on_linux(in_module(answer=answer), usb=(), readers=())) is S.OK


@pytest.mark.parametrize(
    ("look", "expected", "sentence"),
    [
        (
            on_linux(usb=(), readers=(), services=Services(ServiceStatus.UNKNOWN, context_code=NO_SERVICE)),
            S.SERVICE_SILENT,
            "Ce poste ne répond pas au sujet des cartes à puce.",
        ),
        (
            on_linux(usb=(), readers=(), services=Services(ServiceStatus.ABSENT, context_code=NO_SERVICE)),
            S.SERVICE_DISABLED,
            "Le service “Carte à puce” est désactivé sur ce poste.",
        ),
        (on_linux(readers=()), S.USB_UNUSED, "La clé est branchée mais ce poste ne l’utilise pas encore."),
        (on_linux(), S.CERT_ABSENT, "La clé répond, mais aucun certificat n’apparaît sur ce poste."),
        (
            on_linux(in_module(answer=KeyAnswer.FAILS, code=0x30)),
            S.KEY_SILENT,
            f"La clé est vue, mais son certificat ne répond pas (code{NBSP}0x30).",
        ),
    ],
)
def test_on_linux_nothing_is_said_of_windows(look: Look, expected: KeyState, sentence: str) -> None:
    verdict = judge(look, NOW)
    assert verdict.state is expected
    assert message(verdict) == sentence
    assert "Windows" not in message(verdict) + remedy(verdict)
    assert "octobre 2025" not in remedy(verdict)


# -- what was not looked at ------------------------------------------------------------------------------------

ORDER = tuple(Rung)


@pytest.mark.parametrize("height", range(len(ORDER)))
@pytest.mark.parametrize("windows", [True, False])
def test_a_look_on_its_way_up_is_undetermined_until_the_rung_that_decides(height: int, *, windows: bool) -> None:
    whole = plugged(in_store()) if windows else on_linux(in_module())
    shown = frozenset(ORDER[:height])
    seen: dict[Rung, dict[str, object]] = {
        Rung.SERVICE: {"services": Services()},
        Rung.USB: {"usb": ()},
        Rung.READER: {"readers": ()},
        Rung.CARD: {"readers": whole.readers},
        Rung.DRIVER: {"driver": Driver()},
        Rung.CERTIFICATE: {"certificates": (), "probes": ()},
        Rung.KEY: {"certificates": tuple(replace(one, answer=KeyAnswer.NOT_ASKED) for one in whole.certificates)},
    }
    look = replace(whole, done=shown)
    for rung in reversed(ORDER[height:]):
        look = replace(look, **seen[rung])  # type: ignore[arg-type] # the fields of a look
    verdict = judge(look, NOW)
    assert verdict.state is S.UNDETERMINED
    assert all(line.standing is Standing.UNKNOWN for line in verdict.ladder if line.rung not in shown)


def test_no_reader_before_the_usb_was_looked_at_is_undetermined() -> None:
    assert state(unplugged(done=frozenset({Rung.SERVICE, Rung.READER}))) is S.UNDETERMINED
    assert state(unplugged(done=frozenset({Rung.USB, Rung.READER}))) is S.UNDETERMINED


def test_a_missing_driver_is_not_told_before_the_store_was_read() -> None:
    assert state(plugged(driver=Driver(), done=ALL - {Rung.CERTIFICATE})) is S.UNDETERMINED
    assert state(plugged(driver=Driver(), done=ALL - {Rung.DRIVER})) is S.UNDETERMINED


def test_an_expired_certificate_is_told_though_its_key_was_not_asked() -> None:
    gone = in_store(certificate(days=-1), KeyAnswer.NOT_ASKED)
    assert state(plugged(gone, done=ALL - {Rung.KEY})) is S.CERT_EXPIRED


def test_the_card_and_the_key_are_named_when_they_are_known() -> None:
    assert judge(plugged(in_store()), NOW).family == "SafeNet eToken Java (5100/5110 FIPS)"
    assert judge(unplugged(usb=(TOKEN,)), NOW).family == "SafeNet eToken 5100/5110"
    assert judge(unplugged(), NOW).family == ""
    assert HOLDER not in judge(plugged(in_store()), NOW).family


def test_a_key_that_no_module_was_asked_about_is_not_said_to_be_empty() -> None:
    assert state(on_linux(probes=())) is S.UNDETERMINED
    assert state(on_linux(probes=(ProbeEnd(MODULE, ChildEnd.NOT_STARTED),))) is S.UNDETERMINED
    assert state(on_linux(probes=(), driver=Driver())) is S.DRIVER_ABSENT
