"""Looks made by hand: what a check would have seen in each situation, on Windows and on Linux."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from enn_desktop.signing_key.values import (
    CardState,
    Certificate,
    ChildEnd,
    Driver,
    DriverFile,
    Found,
    KeyAnswer,
    Look,
    Machine,
    Origin,
    ProbeEnd,
    Reader,
    Rung,
    Services,
    ServiceStatus,
    Usage,
    UsbDevice,
)

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
HOLDER, SECRETARY = "Camille EXEMPLE", "Dominique MODÈLE"
ISSUER = "AC de démonstration"
ALL = frozenset(Rung)
ATR = bytes.fromhex("3BD518008131FE7D8073C82110F4")
FOREIGN_ATR = bytes.fromhex("3B6500002063CB6800")
NO_SERVICE = 0x8010001D
CARD_PROVIDER, SOFTWARE_PROVIDER = (
    "Microsoft Smart Card Key Storage Provider",
    "Microsoft Software Key Storage Provider",
)

TOKEN = UsbDevice(0x0529, 0x0620, "", card_class=True)
FULL = Reader("SafeNet eToken 5100 0", CardState.PRESENT, ATR)
EMPTY = Reader("SafeNet eToken 5100 0", CardState.EMPTY)
SAC = DriverFile("SafeNet Authentication Client", r"C:\Windows\System32\eTPKCS11.dll", Machine.X64)
RUNNING = Services(ServiceStatus.RUNNING, ServiceStatus.RUNNING, ServiceStatus.RUNNING)
ASLEEP = Services(ServiceStatus.ON_DEMAND, ServiceStatus.ON_DEMAND, ServiceStatus.ON_DEMAND, NO_SERVICE)


def certificate(
    name: str = "signature", holder: str = HOLDER, usage: Usage = Usage.BOTH, *, days: int = 700, **changed: object
) -> Certificate:
    """Return a certificate that ends in so many days; ``name`` makes its fingerprint."""
    made = Certificate(
        fingerprint=hashlib.sha256(name.encode()).hexdigest(),
        holder=holder,
        organisation="COMMUNE DE TESTVILLE",
        issuer=ISSUER,
        not_before=NOW - timedelta(days=800),
        not_after=NOW + timedelta(days=days),
        usage=usage,
        client_auth=usage is not Usage.SIGNATURE,
    )
    return replace(made, **changed)  # type: ignore[arg-type] # the fields of a certificate


def in_store(one: Certificate | None = None, answer: KeyAnswer = KeyAnswer.ANSWERS, code: int = 0) -> Found:
    """Return a certificate of a card in the system's store."""
    return Found(one or certificate(), Origin.STORE, CARD_PROVIDER, answer=answer, key_code=code)


def in_module(one: Certificate | None = None, answer: KeyAnswer = KeyAnswer.ANSWERS, code: int = 0) -> Found:
    """Return a certificate that a driver's module shows."""
    return Found(one or certificate(), Origin.MODULE, "OpenSC", answer=answer, key_code=code)


def software(one: Certificate | None = None, answer: KeyAnswer = KeyAnswer.ANSWERS) -> Found:
    """Return a certificate of the system's store whose key is a file."""
    return Found(one or certificate("logiciel"), Origin.STORE, SOFTWARE_PROVIDER, on_card=False, answer=answer)


def plugged(*found: Found, **changed: object) -> Look:
    """Return the look of a Windows computer with a key plugged, all rungs looked at."""
    look = Look(
        windows=True,
        done=ALL,
        services=RUNNING,
        usb=(TOKEN,),
        readers=(FULL,),
        driver=Driver("", "eToken Java", (SAC,)),
        probes=(ProbeEnd("store", ChildEnd.ANSWERED, loaded=True),),
        certificates=found,
    )
    return replace(look, **changed)  # type: ignore[arg-type] # the fields of a look


def unplugged(*found: Found, **changed: object) -> Look:
    """Return the look of a Windows computer without any key: the service sleeps, as it does."""
    return replace(plugged(*found, services=ASLEEP, usb=(), readers=(), driver=Driver()), **changed)  # type: ignore[arg-type] # idem


def on_linux(*found: Found, **changed: object) -> Look:
    """Return the look of a Linux computer with a card read through OpenSC."""
    opensc = DriverFile("OpenSC", "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", Machine.X64)
    look = Look(
        windows=False,
        done=ALL,
        services=Services(ServiceStatus.RUNNING),
        usb=(TOKEN,),
        readers=(FULL,),
        driver=Driver("", "", (opensc,)),
        probes=(ProbeEnd(opensc.path, ChildEnd.ANSWERED, loaded=True, tokens=1),),
        certificates=found,
    )
    return replace(look, **changed)  # type: ignore[arg-type] # idem
