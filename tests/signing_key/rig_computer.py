"""This computer as a test furnishes it: real card service, real probes, and the drivers and USB bus of the test."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smartcard import scard

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key import known_keys, usb_linux
from enn_desktop.signing_key.check import check_key
from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.module_files import machine_of
from enn_desktop.signing_key.pcsc_lite import PcscLite
from enn_desktop.signing_key.surroundings import Surroundings, linux_services
from enn_desktop.signing_key.values import Choice, Driver, DriverFile, Look, Verdict
from tests.signing_key.conftest import NOW
from tests.signing_key.rigs import needs

NO_USB = Path("/nonexistent")
ENDS_S = 30.0


def opensc() -> Path:
    """Return OpenSC's module."""
    return needs.file("lib/*/opensc-pkcs11.so")


def computer(*modules: Path, usb: Path = NO_USB) -> Surroundings:
    """Return a Linux computer with these driver modules, and the USB bus below this folder."""
    files = tuple(DriverFile(path.stem, str(path), machine_of(path)) for path in modules)

    def driver(atr: bytes) -> Driver:
        return Driver(known_keys.atr_family(atr), files=files)

    return Surroundings(
        windows=False,
        port=PcscLite(),
        services=linux_services,
        usb=lambda: usb_linux.devices(usb),
        driver=driver,
    )


def look_at(here: Surroundings) -> Look:
    """Return what one check sees."""
    return check_key(here, CancelToken(), lambda _look: None)


def verdict_of(look: Look, choice: Choice | None = None) -> Verdict:
    """Return the verdict on the day of these tests."""
    return judge(look, NOW, choice or Choice())


def offer_pin(module: Path, pin: str) -> int:
    """Log in with a PIN as any other program would; return the exit code of the program that did."""
    command = [needs.program("pkcs11-tool"), "--module", str(module), "--login", "--pin", pin, "--list-objects"]
    return subprocess.run(command, capture_output=True, timeout=ENDS_S, check=False).returncode


@contextmanager
def another_program_has(reader: str, share: int) -> Iterator[int]:
    """Hold a card as another program does; yield its handle."""
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert code == 0
    code, card, _ = scard.SCardConnect(context, reader, share, scard.SCARD_PROTOCOL_ANY)
    assert code == 0, hex(code)
    try:
        yield card
    finally:
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)
