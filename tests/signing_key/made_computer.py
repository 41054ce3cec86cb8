"""A computer made of a few variables, its probes scripted and its clock moved by hand, to be checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key.check import check_key
from enn_desktop.signing_key.module_files import own_machine
from enn_desktop.signing_key.pcsc import State
from enn_desktop.signing_key.probe_lines import (
    End,
    Line,
    Loaded,
    PublicKey,
    StoreCertificate,
    Token,
    TokenCertificate,
)
from enn_desktop.signing_key.probe_run import ProbeResult
from enn_desktop.signing_key.probing import Prober
from enn_desktop.signing_key.surroundings import Surroundings, linux_services
from enn_desktop.signing_key.values import ChildEnd, Driver, DriverFile, KeyAnswer, Look, UsbDevice
from tests.signing_key.conftest import NOW
from tests.signing_key.fake_pcsc import FakePcsc
from tests.signing_key.rigs.certificates import Issued
from tests.signing_key.rigs.fake_card import ATR

READER = "Clé 00 00"
MODULE, OTHER_MODULE = "/usr/lib/a.so", "/usr/lib/b.so"
STORE = "magasin"


class HandClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Probes:
    """Answers for each module and for the store, in order, the last one for ever; each takes some time."""

    clock: HandClock
    answers: dict[str, list[ProbeResult]] = field(default_factory=dict)
    takes_s: float = 0.1
    asked: list[str] = field(default_factory=list)
    deadlines: list[float] = field(default_factory=list)

    def __call__(self, command: Sequence[str], deadline_s: float, _cancel: CancelToken) -> ProbeResult:
        what = command[-1]
        self.asked.append(what)
        self.deadlines.append(deadline_s)
        answers = self.answers.get(what, [answered()])
        result = answers.pop(0) if len(answers) > 1 else answers[0]
        self.clock.seconds += deadline_s if result.end is ChildEnd.HUNG else self.takes_s
        return result


def answered(*lines: Line) -> ProbeResult:
    return ProbeResult(ChildEnd.ANSWERED, 0, (Loaded(), *lines, End()))


def shows(issued: Issued) -> ProbeResult:
    """Return what a module says of a token with this certificate and its key."""
    numbers = issued.key.public_key().public_numbers()
    key = PublicKey(b"\x01", numbers.n.to_bytes(256), numbers.e.to_bytes(3))
    return answered(Token(removable=True), TokenCertificate(b"\x01", issued.der), key)


def in_store(issued: Issued, answer: KeyAnswer) -> ProbeResult:
    line = StoreCertificate(issued.der, "SafeNet", 0, on_card=True, answer=answer, code=0)
    return ProbeResult(ChildEnd.ANSWERED, 0, (line, End()))


HANGS = ProbeResult(ChildEnd.HUNG)


@dataclass
class Scene:
    """A computer made of a few variables."""

    windows: bool = False
    files: tuple[DriverFile, ...] = (
        DriverFile("A", MODULE, own_machine()),
        DriverFile("B", OTHER_MODULE, own_machine()),
    )
    clock: HandClock = field(default_factory=HandClock)
    port: FakePcsc = field(default_factory=lambda: FakePcsc(READER))
    usb: tuple[UsbDevice, ...] = (UsbDevice(0x529, 0x620, "eToken"),)

    def __post_init__(self) -> None:
        self.probes = Probes(self.clock)
        self.atrs: list[bytes] = []
        self.here = Surroundings(
            windows=self.windows,
            port=self.port,
            services=linux_services,
            usb=lambda: self.usb,
            driver=self._driver,
            prober=Prober(self.probes),
            clock=self.clock,
        )

    def _driver(self, atr: bytes) -> Driver:
        self.atrs.append(atr)
        return Driver(files=self.files)

    def card(self, state: int = State.PRESENT) -> None:
        self.port.put(READER, state, ATR)

    def look(self, told: Callable[[Look], None] = lambda _look: None) -> Look:
        return check_key(self.here, CancelToken(), told)
