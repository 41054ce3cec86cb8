"""Every state that only Windows has: from what its libraries show, through the wrappers, to the sentence on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from enn_desktop.core.french import NBSP
from enn_desktop.signing_key import known_keys, sentences
from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.probe_lines import End, Line, Loaded, StoreCertificate, Token, TokenCertificate
from enn_desktop.signing_key.probe_run import ProbeResult
from enn_desktop.signing_key.probing import Probed, module_facts, store_facts
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    Driver,
    KeyState,
    Look,
    Machine,
    Reader,
    Rung,
    Standing,
    Verdict,
)
from enn_desktop.signing_key.windows import files, registry, services, store, usb
from tests.signing_key.made_certificates import HOLDER, NOW, Recipe, made
from tests.signing_key.windows.fake_windows import (
    CARD_READERS,
    DEMAND,
    DISABLED,
    RUNNING,
    STOPPED,
    FakeCertificate,
    FakeDevice,
    FakeMachineKeys,
    FakeService,
    FakeStore,
    service_libraries,
    setup_library,
)
from tests.signing_key.windows.pe_files import X64, X86, pe, put

ATR = bytes.fromhex("3BD5180081313A7D8073C8211030")
OTHER_ATR = bytes.fromhex("3B7A18000000487970734944205333")
KSP, CSP = "SafeNet Smart Card Key Storage Provider", "eToken Base Cryptographic Provider"
KEY = FakeDevice(r"USB\VID_0529&PID_0620\AB12CD34EF", CARD_READERS)
READER = Reader("SafeNet eToken 5100 0", CardState.PRESENT, ATR)
EMPTY = Reader("Lecteur 0", CardState.EMPTY)
DER = made(Recipe())
RUNS, ON_DEMAND, OFF = FakeService(DEMAND, RUNNING), FakeService(DEMAND, STOPPED), FakeService(DISABLED, STOPPED)
NO_SERVICE = 0x8010_001D


@dataclass(frozen=True, slots=True)
class Computer:
    """One computer with Windows, as it is before the look. By default: everything works."""

    services: dict[str, FakeService] = field(
        default_factory=lambda: dict.fromkeys(("SCardSvr", "ScDeviceEnum", "CertPropSvc"), RUNS)
    )
    remote: bool = False
    refused: int = 0
    """With what code the card service refuses to be asked."""
    plugged: Sequence[FakeDevice] = (KEY,)
    readers: tuple[Reader, ...] = (READER,)
    registered: Sequence[int] = (64,)
    """In which views of the registry the card's driver is registered."""
    modules: dict[str, int] = field(default_factory=dict)
    """Folder of a module → the processor that it is made for."""
    certificates: Sequence[FakeCertificate] = (FakeCertificate(DER, KSP),)
    module_says: Sequence[Line] = ()


def look_at(computer: Computer, folder: Path) -> Look:
    """Look through every wrapper, as one check does."""
    asked = services.look(service_libraries(computer.services, remote=computer.remote))
    below = {Rung.SERVICE, Rung.USB} | (set() if computer.refused else {Rung.READER, Rung.CARD})
    atr = next((reader.atr for reader in computer.readers if reader.atr), b"")
    driver = _driver(computer, atr, folder)
    probed = [_store(computer), *_modules(computer, driver)]
    return Look(
        windows=True,
        done=frozenset(below | {Rung.DRIVER, Rung.CERTIFICATE, Rung.KEY}),
        services=replace(asked, context_code=computer.refused),
        usb=usb.devices(setup_library(computer.plugged)),
        readers=computer.readers,
        driver=driver,
        probes=tuple(one.end for one in probed),
        certificates=tuple(found for one in probed for found in one.certificates),
    )


def _driver(computer: Computer, atr: bytes, folder: Path) -> Driver:
    name = rf"{registry.CALAIS}\eToken"
    keys = FakeMachineKeys({(bits, name): {"ATR": ATR, "ATRMask": b"\xff" * len(ATR)} for bits in computer.registered})
    registered = registry.registered_driver(atr, keys)
    folders = {word: folder / word for word in files.FOLDERS}
    for word, machine in computer.modules.items():
        put(folders[word], "eTPKCS11.dll", pe(machine))
    known = registered.name if registered is not None and registered.bits == 64 else ""
    return Driver(known_keys.atr_family(atr), known, files.driver_files(folders))


def _store(computer: Computer) -> Probed:
    fake = FakeStore(computer.certificates, {KSP: 9, CSP: 8})
    lines: list[Line] = [
        StoreCertificate(one.der, one.provider, one.provider_type, one.hardware, one.answer, one.key_code)
        for one in store.entries(fake.libraries)
    ]
    assert fake.left_open == []
    return store_facts(ProbeResult(ChildEnd.ANSWERED, 0, (*lines, End())))


def _modules(computer: Computer, driver: Driver) -> list[Probed]:
    if not computer.module_says:
        return []
    said = ProbeResult(ChildEnd.ANSWERED, 0, (*computer.module_says, End()))
    return [module_facts(file, said) for file in driver.files if file.machine is Machine.X64]


def verdict_on(computer: Computer, folder: Path) -> Verdict:
    """Return the verdict on a computer."""
    return judge(look_at(computer, folder), NOW)


def test_everything_in_order_is_a_key_that_is_ready(tmp_path: Path) -> None:
    verdict = verdict_on(Computer(), tmp_path)
    assert verdict.state is KeyState.OK
    assert sentences.message(verdict) == f"Clé prête. Certificat de {HOLDER}, valable jusqu’au 10 février 2028."


REMOTE = (
    f"Vous travaillez sur un bureau à distance{NBSP}: la clé doit être branchée sur le poste que vous avez devant "
    "vous, et partagée."
)
NO_KEY = Computer(plugged=(), readers=(), certificates=())
MODULE = {"system32": X64}
SHOWN: Sequence[Line] = (Loaded(), Token(removable=True), TokenCertificate(b"\x01", DER))
STATES: dict[str, tuple[Computer, KeyState, str]] = {
    "the card service is switched off": (
        replace(NO_KEY, services={"SCardSvr": OFF, "ScDeviceEnum": ON_DEMAND}, refused=NO_SERVICE),
        KeyState.SERVICE_DISABLED,
        "Le service “Carte à puce” de Windows est désactivé sur ce poste.",
    ),
    "the enumeration of readers is switched off": (
        replace(NO_KEY, services={"SCardSvr": ON_DEMAND, "ScDeviceEnum": OFF}, plugged=(KEY,)),
        KeyState.SERVICE_DISABLED,
        "Le service “Carte à puce” de Windows est désactivé sur ce poste.",
    ),
    "the card service was taken off this computer": (
        replace(NO_KEY, services={}, refused=NO_SERVICE),
        KeyState.SERVICE_DISABLED,
        "Le service “Carte à puce” de Windows est désactivé sur ce poste.",
    ),
    "the card service runs and refuses": (
        replace(NO_KEY, plugged=(KEY,), refused=NO_SERVICE),
        KeyState.SERVICE_SILENT,
        "Windows ne répond pas au sujet des cartes à puce.",
    ),
    "a remote session, whose service is the other computer's": (
        replace(NO_KEY, remote=True, refused=NO_SERVICE),
        KeyState.REMOTE_SESSION,
        REMOTE,
    ),
    "a remote session into which no reader was shared": (
        replace(NO_KEY, remote=True),
        KeyState.REMOTE_SESSION,
        REMOTE,
    ),
    "a service at rest without a key": (
        replace(NO_KEY, services={"SCardSvr": ON_DEMAND, "ScDeviceEnum": ON_DEMAND, "CertPropSvc": ON_DEMAND}),
        KeyState.KEY_ABSENT,
        "Aucune clé de signature branchée.",
    ),
    "a key that Windows does not use": (
        replace(NO_KEY, plugged=(FakeDevice(KEY.instance, compatible=[r"USB\Class_0B"]),)),
        KeyState.USB_UNUSED,
        "La clé est branchée mais Windows ne l’utilise pas encore.",
    ),
    "no driver at all": (
        Computer(registered=(), certificates=()),
        KeyState.DRIVER_ABSENT,
        "Le pilote de votre clé n’est pas installé.",
    ),
    "only the 32-bit half of the driver": (
        Computer(registered=(32,), modules={"syswow64": X86}, certificates=()),
        KeyState.DRIVER_32_BITS,
        f"Seule la version 32{NBSP}bits du pilote est installée.",
    ),
    "a certificate whose key was taken away": (
        replace(NO_KEY, certificates=[FakeCertificate(DER, KSP, codes=[0x8009_0016])]),
        KeyState.CERT_GHOST,
        f"Le certificat de {HOLDER} est connu de Windows, mais sa clé n’est pas branchée.",
    ),
    "a certificate whose card is not in the reader": (
        Computer(readers=(EMPTY,), certificates=[FakeCertificate(DER, CSP, 1, codes=[0x8010_000C])]),
        KeyState.CERT_GHOST,
        f"Le certificat de {HOLDER} est connu de Windows, mais sa clé n’est pas branchée.",
    ),
    "somebody else's key is plugged": (
        Computer(certificates=[FakeCertificate(DER, KSP, codes=[0x8009_0015])]),
        KeyState.CERT_GHOST,
        f"Le certificat de {HOLDER} est connu de Windows, mais sa clé n’est pas branchée.",
    ),
    "a provider that answers from memory, its key taken away": (
        replace(NO_KEY, certificates=[FakeCertificate(DER, KSP, codes=[0x8009_0022])]),
        KeyState.CERT_GHOST,
        f"Le certificat de {HOLDER} est connu de Windows, mais sa clé n’est pas branchée.",
    ),
    "a certificate that Windows did not copy": (
        Computer(modules=MODULE, certificates=(), module_says=SHOWN),
        KeyState.CERT_NOT_IN_WINDOWS,
        "Le certificat est dans la clé, mais Windows ne l’a pas recopié.",
    ),
    "a card that shows no certificate": (
        Computer(certificates=()),
        KeyState.CERT_ABSENT,
        "La clé répond, mais aucun certificat n’apparaît dans Windows.",
    ),
    "an old provider after the update of October 2025": (
        Computer(certificates=[FakeCertificate(DER, CSP, 1, codes=[0x8009_0014])]),
        KeyState.KEY_SILENT,
        f"La clé est vue, mais son certificat ne répond pas (code{NBSP}0x80090014).",
    ),
    "a code that nobody knows": (
        Computer(certificates=[FakeCertificate(DER, KSP, codes=[0xC0DE_0001])]),
        KeyState.KEY_SILENT,
        f"La clé est vue, mais son certificat ne répond pas (code{NBSP}0xC0DE0001).",
    ),
    "a provider that would ask for the PIN": (
        Computer(certificates=[FakeCertificate(DER, KSP, codes=[0x8009_0022])]),
        KeyState.OK,
        f"Clé prête. Certificat de {HOLDER}, valable jusqu’au 10 février 2028.",
    ),
    "a provider that says the PIN is blocked": (
        Computer(certificates=[FakeCertificate(DER, KSP, codes=[0x8010_006C])]),
        KeyState.PIN_LOCKED,
        "Le code PIN est bloqué.",
    ),
    "a module that says the PIN is blocked": (
        Computer(modules=MODULE, module_says=(Loaded(), Token(removable=True, locked=True), *SHOWN[2:])),
        KeyState.PIN_LOCKED,
        "Le code PIN est bloqué.",
    ),
    "a module that says one try is left": (
        Computer(modules=MODULE, module_says=(Loaded(), Token(removable=True, last_try=True), *SHOWN[2:])),
        KeyState.PIN_LAST_TRY,
        f"Attention{NBSP}: il ne reste qu’un essai de code PIN.",
    ),
    "a module that says the key was never activated": (
        Computer(modules=MODULE, module_says=(Loaded(), Token(removable=True, to_change=True), *SHOWN[2:])),
        KeyState.PIN_TO_CHANGE,
        "La clé doit d’abord être activée avec l’outil de votre autorité.",
    ),
}


@pytest.mark.parametrize(("computer", "state", "message"), STATES.values(), ids=STATES)
def test_what_windows_shows_becomes_its_state_and_its_sentence(
    computer: Computer, state: KeyState, message: str, tmp_path: Path
) -> None:
    verdict = verdict_on(computer, tmp_path)
    assert verdict.state is state
    assert sentences.message(verdict) == message


@pytest.mark.parametrize(
    "computer",
    [
        Computer(registered=()),
        Computer(registered=(32,), modules={"syswow64": X86}),
        Computer(services={"SCardSvr": RUNS, "ScDeviceEnum": OFF, "CertPropSvc": OFF}),
        Computer(plugged=(), readers=(replace(READER, atr=OTHER_ATR),)),
    ],
    ids=["no known driver", "half a driver", "services off", "an unknown card that no USB device shows"],
)
def test_a_key_that_answers_makes_every_lower_failure_a_note(computer: Computer, tmp_path: Path) -> None:
    verdict = verdict_on(computer, tmp_path)
    assert verdict.state is KeyState.OK
    assert Standing.BAD not in {line.standing for line in verdict.ladder}


def test_a_certificate_of_the_computers_own_chip_is_no_key(tmp_path: Path) -> None:
    chip = FakeCertificate(DER, "Microsoft Platform Crypto Provider", codes=[0])
    verdict = verdict_on(replace(NO_KEY, certificates=[chip]), tmp_path)
    assert verdict.state is KeyState.KEY_ABSENT
