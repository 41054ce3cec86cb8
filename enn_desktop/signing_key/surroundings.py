"""What differs from one system to the other when the key is looked for, gathered for one check after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from enn_desktop.core.clock import Clock, SystemClock
from enn_desktop.signing_key import known_keys
from enn_desktop.signing_key.pcsc import Code, PcscPort, system_pcsc
from enn_desktop.signing_key.probing import Prober
from enn_desktop.signing_key.values import (
    Driver,
    Found,
    ProbeEnd,
    Services,
    ServiceStatus,
    UsbDevice,
)
from enn_desktop.system.paths import on_windows


@dataclass(slots=True)
class LastAnswer:
    """What the probes said last, for which cards, and when on the monotonic clock."""

    at: float
    cards: tuple[bytes, ...]
    probes: tuple[ProbeEnd, ...]
    certificates: tuple[Found, ...]


@dataclass(slots=True)
class Surroundings:
    """One computer. Kept for the life of the program: it remembers drivers that failed, and the last answer.

    ``windows``: the system's store is the main witness, modules are a second opinion.
    """

    windows: bool
    port: PcscPort
    services: Callable[[int], Services]
    """The services, given the code with which the card service let itself be asked (0) or refused."""
    usb: Callable[[], tuple[UsbDevice, ...]]
    driver: Callable[[bytes], Driver]
    """What is installed for a card of this ATR; empty: for any."""
    prober: Prober = field(default_factory=Prober)
    clock: Clock = field(default_factory=SystemClock)
    last: LastAnswer | None = None
    asking: threading.Thread | None = None
    """The question to the card service that is under way, or was the last."""
    taken: bool = False
    """Whether another program used a card, the last time that it could not be a late probe of ours."""


def of_this_computer() -> Surroundings:
    """Return what this computer is."""
    return _windows() if on_windows() else linux()


def linux(port: PcscPort | None = None) -> Surroundings:
    """Return a Linux computer, with its own card service unless another is given."""
    from enn_desktop.signing_key import module_files, usb_linux

    def driver(atr: bytes) -> Driver:
        return Driver(known_keys.atr_family(atr) if atr else "", files=module_files.driver_files())

    return Surroundings(
        windows=False, port=port or system_pcsc(), services=linux_services, usb=usb_linux.devices, driver=driver
    )


def linux_services(code: int) -> Services:
    """Return what is known of pcscd: that it answered, is not there, or hangs. Nothing else is asked of Linux."""
    absent = code in {Code.NO_SERVICE, Code.SERVICE_STOPPED}
    return Services(cards=ServiceStatus.ABSENT if absent else ServiceStatus.RUNNING, context_code=code)


def _windows() -> Surroundings:
    from enn_desktop.signing_key.windows import files, registry, services, usb

    def driver(atr: bytes) -> Driver:
        registered = registry.registered_driver(atr) if atr else None
        # What only 32-bit programs know of is no driver for this one, nor for the others of today.
        known = registered is not None and registered.bits == registry.OURS
        name = registered.name if registered is not None and known else ""
        return Driver(known_keys.atr_family(atr) if atr else "", name, files.driver_files())

    return Surroundings(
        windows=True,
        port=system_pcsc(),
        services=lambda code: replace(services.look(), context_code=code),
        usb=usb.devices,
        driver=driver,
    )
