"""Every situation has its verdict and its exact sentence; what was not looked at is never held against the key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from enn_desktop.core.french import NBSP
from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.sentences import message
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    Choice,
    Driver,
    DriverFile,
    KeyAnswer,
    KeyState,
    Look,
    Machine,
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
from tests.signing_key.situations import (
    ALL,
    ASLEEP,
    EMPTY,
    FOREIGN_ATR,
    FULL,
    NO_SERVICE,
    NOW,
    RUNNING,
    SAC,
    SECRETARY,
    TOKEN,
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
X86 = DriverFile("Bit4id", r"C:\Windows\SysWOW64\bit4xpki.dll", Machine.X86)
NOTHING = Driver()
REMOTE = (
    f"Vous travaillez sur un bureau à distance{NBSP}: la clé doit être branchée sur le poste que vous avez devant "
    "vous, et partagée."
)


def pin(**flags: bool) -> tuple[ProbeEnd, ...]:
    return (STORE_READ, replace(SEEN, pin=PinFlags(**flags)))


def state(look: Look, choice: Choice | None = None) -> KeyState:
    return judge(look, NOW, choice or Choice()).state


SITUATIONS: tuple[tuple[str, Look, KeyState, str], ...] = (
    (
        "all is well",
        plugged(in_store()),
        S.OK,
        "Clé prête. Certificat de Camille EXEMPLE, valable jusqu’au 10 février 2028.",
    ),
    (
        "it ends soon",
        plugged(in_store(certificate(days=20))),
        S.OK_SOON,
        "Clé prête. Le certificat expire le 1er avril 2026 (dans 20 jours).",
    ),
    ("nothing is plugged", unplugged(), S.KEY_ABSENT, "Aucune clé de signature branchée."),
    (
        "the USB key has no reader",
        unplugged(usb=(TOKEN,)),
        S.USB_UNUSED,
        "La clé est branchée mais Windows ne l’utilise pas encore.",
    ),
    (
        "the service is disabled",
        unplugged(services=Services(ServiceStatus.DISABLED, context_code=NO_SERVICE)),
        S.SERVICE_DISABLED,
        "Le service “Carte à puce” de Windows est désactivé sur ce poste.",
    ),
    (
        "the service runs and refuses",
        unplugged(services=replace(RUNNING, context_code=NO_SERVICE)),
        S.SERVICE_SILENT,
        "Windows ne répond pas au sujet des cartes à puce.",
    ),
    (
        "a remote session",
        unplugged(services=replace(RUNNING, context_code=NO_SERVICE, remote_session=True)),
        S.REMOTE_SESSION,
        REMOTE,
    ),
    ("the reader is empty", plugged(readers=(EMPTY,)), S.READER_EMPTY, "Le lecteur est là, mais sans carte."),
    (
        "the card is mute",
        plugged(readers=(replace(EMPTY, state=CardState.MUTE),)),
        S.CARD_MUTE,
        "La carte ne répond pas.",
    ),
    (
        "the card is taken",
        plugged(readers=(replace(EMPTY, state=CardState.EXCLUSIVE),)),
        S.CARD_BUSY,
        "Un autre logiciel utilise la clé en ce moment.",
    ),
    (
        "a card that nobody knows",
        plugged(driver=Driver("", "", (SAC,)), readers=(replace(FULL, atr=FOREIGN_ATR),), probes=(STORE_READ, OPENED)),
        S.CARD_UNKNOWN,
        "Carte reconnue par l’ordinateur, mais modèle non répertorié ici.",
    ),
    ("no driver", plugged(driver=NOTHING), S.DRIVER_ABSENT, "Le pilote de votre clé n’est pas installé."),
    (
        "the driver does not load",
        plugged(driver=Driver("", "", (SAC,)), probes=(STORE_READ, replace(OPENED, loaded=False, code=126))),
        S.DRIVER_INCOMPLETE,
        f"Le pilote est installé mais ne se charge pas (code{NBSP}126).",
    ),
    (
        "only half of a driver",
        plugged(driver=Driver("", "", (X86,))),
        S.DRIVER_32_BITS,
        f"Seule la version 32{NBSP}bits du pilote est installée.",
    ),
    (
        "the driver crashes",
        plugged(probes=(STORE_READ, ProbeEnd(MODULE, ChildEnd.CRASHED, code=0xC0000005))),
        S.DRIVER_CRASHED,
        "Le pilote de la clé s’est arrêté.",
    ),
    (
        "the driver hangs",
        plugged(probes=(STORE_READ, ProbeEnd(MODULE, ChildEnd.HUNG))),
        S.DRIVER_HUNG,
        f"Le pilote de la clé n’a pas répondu en 8{NBSP}secondes.",
    ),
    ("an empty key", plugged(), S.CERT_ABSENT, "La clé répond, mais aucun certificat n’apparaît dans Windows."),
    (
        "the certificate of a key that left",
        unplugged(in_store(answer=KeyAnswer.ABSENT, code=0x80090016)),
        S.CERT_GHOST,
        "Le certificat de Camille EXEMPLE est connu de Windows, mais sa clé n’est pas branchée.",
    ),
    (
        "a certificate that Windows did not copy",
        plugged(in_module(), probes=(STORE_READ, SEEN)),
        S.CERT_NOT_IN_WINDOWS,
        "Le certificat est dans la clé, mais Windows ne l’a pas recopié.",
    ),
    (
        "an expired certificate",
        plugged(in_store(certificate(days=-11))),
        S.CERT_EXPIRED,
        "Le certificat de Camille EXEMPLE a expiré le 1er mars 2026.",
    ),
    (
        "a certificate of tomorrow",
        plugged(in_store(certificate(not_before=NOW + timedelta(days=20)))),
        S.CERT_FUTURE,
        "Ce certificat n’est valable qu’à partir du 1er avril 2026.",
    ),
    (
        "a key that connects only",
        plugged(in_store(certificate(usage=Usage.AUTHENTICATION))),
        S.CERT_AUTH_ONLY,
        "Cette clé sert à se connecter, pas à signer.",
    ),
    (
        "a key that signs only",
        plugged(in_store(certificate(usage=Usage.SIGNATURE))),
        S.CERT_SIGN_ONLY,
        "Cette clé sert à signer, pas à se connecter à S²LOW.",
    ),
    (
        "two people’s keys",
        plugged(in_store(), in_store(certificate("autre", SECRETARY))),
        S.SEVERAL,
        "2 certificats utilisables.",
    ),
    (
        "the key does not answer",
        plugged(in_store(answer=KeyAnswer.FAILS, code=0x80090014)),
        S.KEY_SILENT,
        f"La clé est vue, mais son certificat ne répond pas (code{NBSP}0x80090014).",
    ),
    (
        "one try is left",
        plugged(in_store(), probes=pin(last_try=True)),
        S.PIN_LAST_TRY,
        f"Attention{NBSP}: il ne reste qu’un essai de code PIN.",
    ),
    ("the code is locked", plugged(in_store(), probes=pin(locked=True)), S.PIN_LOCKED, "Le code PIN est bloqué."),
    (
        "a key that was never activated",
        plugged(probes=pin(to_change=True)),
        S.PIN_TO_CHANGE,
        "La clé doit d’abord être activée avec l’outil de votre autorité.",
    ),
    ("nothing was looked at", Look(windows=True), S.UNDETERMINED, "Vérification incomplète."),
)


@pytest.mark.parametrize(
    ("look", "expected", "sentence"), [one[1:] for one in SITUATIONS], ids=[s[0] for s in SITUATIONS]
)
def test_a_situation_has_its_state_and_its_sentence(look: Look, expected: KeyState, sentence: str) -> None:
    verdict = judge(look, NOW)
    assert verdict.state is expected
    assert message(verdict) == sentence
    assert verdict.looked_at == NOW


def test_every_state_has_its_situation() -> None:
    assert {one[2] for one in SITUATIONS} == set(KeyState)


# -- the order: the lowest rung that matters, unless the key answers -------------------------------------------


def test_a_key_that_answers_makes_every_lower_failure_a_note() -> None:
    look = plugged(
        in_store(),
        services=Services(ServiceStatus.DISABLED, context_code=NO_SERVICE),
        usb=(),
        readers=(replace(FULL, state=CardState.MUTE),),
        driver=NOTHING,
    )
    verdict = judge(look, NOW)
    assert verdict.state is S.OK
    standings = {line.rung: line.standing for line in verdict.ladder}
    assert Standing.BAD not in standings.values()
    assert standings[Rung.CARD] is Standing.NOTE
    assert standings[Rung.DRIVER] is Standing.NOTE


def test_a_missing_second_driver_is_only_a_note_when_the_key_answers() -> None:
    look = plugged(in_store(), probes=(STORE_READ, ProbeEnd(MODULE, ChildEnd.CRASHED)))
    assert state(look) is S.OK


def test_a_key_that_answers_without_any_card_is_a_ghost_for_a_provider_may_answer_from_memory() -> None:
    assert state(unplugged(in_store())) is S.CERT_GHOST
    assert state(plugged(in_store(), readers=(EMPTY,))) is S.CERT_GHOST


def test_the_silence_of_a_sleeping_service_is_normal_without_a_key() -> None:
    verdict = judge(unplugged(done=frozenset({Rung.SERVICE, Rung.USB})), NOW)
    assert verdict.state is S.KEY_ABSENT
    assert verdict.ladder[0].standing is Standing.GOOD


def test_a_disabled_service_that_answers_all_the_same_is_no_failure() -> None:
    assert state(plugged(in_store(), services=replace(RUNNING, cards=ServiceStatus.DISABLED))) is S.OK
    assert state(plugged(services=replace(RUNNING, enumeration=ServiceStatus.DISABLED))) is S.CERT_ABSENT


def test_readers_that_nobody_enumerates_are_a_disabled_service() -> None:
    assert state(unplugged(services=replace(ASLEEP, enumeration=ServiceStatus.DISABLED))) is S.SERVICE_DISABLED


def test_a_service_that_is_not_installed_is_disabled() -> None:
    assert state(unplugged(services=Services(ServiceStatus.ABSENT, context_code=NO_SERVICE))) is S.SERVICE_DISABLED


def test_no_reader_is_not_a_refusal() -> None:
    assert state(unplugged(services=replace(RUNNING, context_code=0x8010002E))) is S.KEY_ABSENT


def test_a_remote_session_with_a_shared_key_is_like_any_other() -> None:
    assert state(plugged(in_store(), services=replace(RUNNING, remote_session=True))) is S.OK


def test_a_remote_session_whose_service_answers_without_any_reader_is_one_all_the_same() -> None:
    remote = replace(RUNNING, remote_session=True)
    assert state(unplugged(services=remote)) is S.REMOTE_SESSION
    assert state(unplugged(services=remote, done=ALL - {Rung.READER})) is S.UNDETERMINED
    assert state(plugged(services=remote, readers=(EMPTY,))) is S.READER_EMPTY


def test_one_key_of_several_that_answers_proves_what_is_below_it() -> None:
    mute = replace(FULL, state=CardState.MUTE)
    other = in_store(certificate("autre", SECRETARY), KeyAnswer.NOT_ASKED)
    assert state(plugged(in_store(), other, readers=(mute,))) is S.SEVERAL
    assert state(plugged(in_store(answer=KeyAnswer.NOT_ASKED), other, readers=(mute,))) is S.CARD_MUTE


def test_a_security_key_and_windows_hello_are_not_the_signing_key() -> None:
    hello = Reader("Windows Hello for Business 1", CardState.PRESENT, FOREIGN_ATR)
    yubikey = UsbDevice(0x1050, 0x0407, "YubiKey", card_class=True)
    assert state(plugged(usb=(yubikey,), readers=(hello, replace(FULL, ignored=True)))) is S.KEY_ABSENT


def test_an_unknown_usb_device_of_the_card_class_counts_as_a_key() -> None:
    assert state(unplugged(usb=(UsbDevice(0xABCD, 0x0001, "", card_class=True),))) is S.USB_UNUSED
    assert state(unplugged(usb=(UsbDevice(0xABCD, 0x0001),))) is S.KEY_ABSENT


def test_an_empty_reader_beside_a_full_one_is_no_failure() -> None:
    assert state(plugged(in_store(), readers=(EMPTY, replace(FULL, name="Autre 0")))) is S.OK


def test_a_mute_card_is_told_before_a_card_that_is_taken() -> None:
    readers = (replace(EMPTY, state=CardState.EXCLUSIVE), replace(EMPTY, state=CardState.MUTE), EMPTY)
    assert state(plugged(readers=readers)) is S.CARD_MUTE


def test_a_reader_that_is_unavailable_is_a_key_that_is_not_used_yet() -> None:
    assert state(plugged(readers=(replace(EMPTY, state=CardState.UNAVAILABLE),))) is S.USB_UNUSED


# -- the driver ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (replace(OPENED, loaded=False, code=193), S.DRIVER_32_BITS),
        (replace(OPENED, loaded=False, code=127), S.DRIVER_INCOMPLETE),
        (ProbeEnd(MODULE, ChildEnd.MUTE), S.DRIVER_CRASHED),
        (SEEN, S.CERT_ABSENT),
    ],
)
def test_how_a_module_failed_tells_the_state(probe: ProbeEnd, expected: KeyState) -> None:
    assert state(plugged(driver=Driver("", "", (SAC,)), probes=(STORE_READ, probe))) is expected


def test_a_module_that_fails_beside_one_that_shows_the_key_does_not_count() -> None:
    crashed = ProbeEnd("autre.dll", ChildEnd.CRASHED)
    assert state(plugged(probes=(STORE_READ, crashed, SEEN))) is S.CERT_ABSENT


@pytest.mark.parametrize("probe", [ProbeEnd(MODULE, ChildEnd.HUNG), ProbeEnd("store", ChildEnd.HUNG)])
def test_a_driver_that_waits_while_another_program_signs_is_not_said_to_hang(probe: ProbeEnd) -> None:
    taken = replace(FULL, state=CardState.IN_USE)
    assert state(plugged(readers=(taken,), probes=(STORE_READ, probe))) is S.CARD_BUSY


def test_a_key_that_breaks_off_before_it_shows_anything_is_not_an_empty_one() -> None:
    broken = replace(SEEN, code=0x30)
    verdict = judge(plugged(probes=(STORE_READ, broken)), NOW)
    assert (verdict.state, verdict.code) == (S.KEY_SILENT, 0x30)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (ChildEnd.HUNG, S.DRIVER_HUNG),
        (ChildEnd.CRASHED, S.DRIVER_CRASHED),
        (ChildEnd.MUTE, S.DRIVER_CRASHED),
        (ChildEnd.NOT_STARTED, S.UNDETERMINED),
    ],
)
def test_a_store_that_could_not_be_read_says_nothing_of_what_it_holds(end: ChildEnd, expected: KeyState) -> None:
    look = plugged(in_module(), probes=(ProbeEnd("store", end), SEEN), done=ALL - {Rung.CERTIFICATE})
    assert state(look) is expected


def test_a_driver_registered_in_windows_needs_no_module() -> None:
    assert state(plugged(driver=Driver("", "eToken Java", (X86,)))) is S.CERT_ABSENT
