"""A look put in order: what does not count as a key is left out, what was not looked at stays unknown. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from enn_desktop.signing_key.known_keys import atr_family, is_ignored_reader, is_ignored_usb, usb_name
from enn_desktop.signing_key.values import CardState, Look, ProbeEnd, Reader, Rung, ServiceStatus, UsbDevice

NO_SERVICE = frozenset({0x8010001D, 0x8010001E})
NO_READERS = 0x8010002E
BAD_EXE_FORMAT = 193
STORE = "store"
_WITH_CARD = frozenset({CardState.PRESENT, CardState.IN_USE, CardState.EXCLUSIVE, CardState.MUTE})
_READABLE = frozenset({CardState.PRESENT, CardState.IN_USE})


@dataclass(frozen=True, slots=True)
class Scene:
    """A look, with the readers and USB devices that may be a signing key, and nothing else."""

    look: Look
    readers: tuple[Reader, ...]
    usb: tuple[UsbDevice, ...]

    @classmethod
    def of(cls, look: Look) -> Scene:
        """Return the scene of a look."""
        readers = tuple(one for one in look.readers if not (one.ignored or is_ignored_reader(one.name)))
        usb = tuple(
            one
            for one in look.usb
            if not is_ignored_usb(one.vendor, one.product)
            and (one.card_class or one.name or usb_name(one.vendor, one.product))
        )
        return cls(look, readers, usb)

    def done(self, rung: Rung) -> bool:
        """Whether a rung was looked at."""
        return rung in self.look.done

    @property
    def service_sleeps(self) -> bool:
        """Whether Windows stopped the service for want of a reader, as it does: no failure."""
        services = self.look.services
        waiting = services.cards in {ServiceStatus.ON_DEMAND, ServiceStatus.UNKNOWN}
        return self.look.windows and waiting and services.context_code in NO_SERVICE

    @property
    def service_refuses(self) -> bool:
        """Whether the card service cannot be asked, and ought to."""
        return self.look.services.context_code not in {0, NO_READERS} and not self.service_sleeps

    @property
    def readers_known(self) -> bool:
        """Whether it is known which readers there are: also when the service says that there is none."""
        none = self.look.services.context_code == NO_READERS or self.service_sleeps
        return self.done(Rung.READER) or (none and self.done(Rung.SERVICE))

    @property
    def card_there(self) -> bool | None:
        """Whether a card is plugged, in whatever state; ``None`` when nobody looked."""
        if any(reader.state in _WITH_CARD for reader in self.readers):
            return True
        looked = self.done(Rung.CARD) or (not self.readers and self.readers_known)
        return False if looked else None

    @property
    def readable(self) -> tuple[Reader, ...]:
        """The readers whose card lets itself be read."""
        return tuple(one for one in self.readers if one.state in _READABLE)

    @property
    def modules(self) -> tuple[ProbeEnd, ...]:
        """How the probes of the driver's modules ended."""
        return tuple(one for one in self.look.probes if one.what != STORE)

    @property
    def card_family(self) -> str:
        """The family of the card that is plugged, ``""`` when unknown."""
        words = (atr_family(one.atr) for one in self.readable)
        return self.look.driver.family or next((word for word in words if word), "")

    @property
    def family(self) -> str:
        """The family of the card, else of the USB key, ``""`` when neither is known."""
        names = (usb_name(one.vendor, one.product) for one in self.usb)
        return self.card_family or next((name for name in names if name), "")
