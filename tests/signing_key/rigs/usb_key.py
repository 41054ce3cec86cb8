"""USB keys that do not exist, plugged and unplugged under a real pcscd: umockdev's bus, and a driver of our own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from tests.screen.processes import ENDS_S, finished, first_line
from tests.signing_key.rigs import needs
from tests.signing_key.rigs.pcsc_daemon import MARK, CardService, card_service

SYSTEM_PYTHON = "/usr/bin/python3"
"""The Python for which Debian has the bindings of umockdev."""
BUS = Path(__file__).with_name("usb_bus.py")
DRIVER = Path(__file__).with_name("usb_driver.c")
CARD_CLASS, STORAGE_CLASS = "0b", "08"
ATR = bytes.fromhex("3BD5180081313A7D8073C8211030")
"""An eToken's."""
MUTE = b"\x00"
_PLIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>libusbkey.so</string>
<key>ifdCapabilities</key><string>0x00000000</string>
<key>ifdVendorID</key><array>{vendors}</array>
<key>ifdProductID</key><array>{products}</array>
<key>ifdFriendlyName</key><array>{names}</array>
</dict></plist>
"""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the bus describes it; numbers in four hexadecimal digits, ``place`` on the bus ``1-<number>``."""

    vendor: str = "0529"
    product: str = "0620"
    maker: str = "SafeNet"
    name: str = "Token JC"
    serial: str = ""
    interface_class: str = CARD_CLASS
    place: str = "1-7"


ETOKEN = Key()
KNOWN = {("0529", "0620"): "SafeNet eToken 5100", ("1a74", "b111"): "Oberthur ID-ONE TOKEN SLIM v2"}
"""The keys that the driver takes on, and the names of their readers; any other stays without a reader."""


@dataclass(slots=True)
class UsbRig:
    """A bus, empty at first, and the card service that watches it. ``sys`` stands for /sys."""

    service: CardService
    root: Path
    _bus: subprocess.Popen[bytes]
    _cards: Path
    _numbers: dict[str, int] = field(default_factory=dict)

    @property
    def sys(self) -> Path:
        """The pretended /sys."""
        return self.root / "sys"

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a program that is to see this bus as its own, and this card service."""
        return {**self.service.environment, **_under_umockdev(self.root)}

    def plug(self, key: Key = ETOKEN, atr: bytes = b"") -> str:
        """Plug a key in, with its card in it when there is an ATR; return the name of its reader, if it gets one."""
        self.card_out(key)
        if atr:
            self.card_in(atr, key)
        self._order({"plug": asdict(key)})
        name = KNOWN.get((key.vendor, key.product), "")
        if not name:
            return ""
        # Readers of one driver are numbered, by the first number that is free.
        number = next(number for number in range(len(self._numbers) + 1) if number not in self._numbers.values())
        self._numbers[key.place] = number
        return f"{name}{f' ({key.serial})' if key.serial else ''} {number:02X} 00"

    def unplug(self, key: Key = ETOKEN) -> None:
        """Pull a key out, its card in it or not."""
        self._numbers.pop(key.place, None)
        self._order({"unplug": key.place})

    def card_in(self, atr: bytes = ATR, key: Key = ETOKEN) -> None:
        """Put a card into a key; noticed at the next look (every 400 ms). ``MUTE``: a card that cannot be powered."""
        new = self._card(key).with_suffix(".new")
        new.write_text(atr.hex(), encoding="ascii")
        new.replace(self._card(key))

    def card_out(self, key: Key = ETOKEN) -> None:
        """Take the card out of a key; nothing happens where there is none."""
        self._card(key).unlink(missing_ok=True)

    def _card(self, key: Key) -> Path:
        return self._cards / f"{int(key.place.partition('-')[2]):03d}"

    def _order(self, order: Mapping[str, object]) -> None:
        into, log = _input(self._bus), self.service.folder / "bus.log"
        into.write(json.dumps(order).encode() + b"\n")
        into.flush()
        assert json.loads(first_line(_output(self._bus).fileno(), "The USB bus of this test", log)) == {}


@contextmanager
def usb_rig() -> Iterator[UsbRig]:
    """Yield an empty USB bus and the card service that watches it; nothing of them stays behind."""
    with card_service(started=False) as service:
        cards = service.folder / "cards"
        cards.mkdir()
        _install_driver(service.drivers)
        with _bus(service.folder) as (bus, root):
            service.variables = {
                **_under_umockdev(root, [service.variables["LD_PRELOAD"]]),
                "RIG_CARDS": str(cards),
            }
            service.start()
            try:
                yield UsbRig(service, root, bus, cards)
            finally:
                service.stop()


@contextmanager
def _bus(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    needs.file("lib/*/girepository-1.0/UMockdev-1.0.typelib")
    needs.file("lib/python3/dist-packages/gi/__init__.py")
    log = folder / "bus.log"
    # Its own files below our folder: they go with it even when it is killed.
    environment = os.environ | {"LD_PRELOAD": _preload(), "TMPDIR": str(folder), MARK: str(folder)}
    command = [SYSTEM_PYTHON, "-I", str(BUS)]
    with (
        log.open("wb") as said,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as process,
        finished(process),
    ):
        started = json.loads(first_line(_output(process).fileno(), "The USB bus of this test", log))
        yield process, Path(started["root"])
        _input(process).close()
        process.wait(ENDS_S)


def _under_umockdev(root: Path, more: Sequence[str] = ()) -> dict[str, str]:
    return {"UMOCKDEV_DIR": str(root), "LD_PRELOAD": ":".join([_preload(), *more])}


def _preload() -> str:
    return str(needs.file("lib/*/libumockdev-preload.so.0"))


def _install_driver(drivers: Path) -> None:
    needs.file("include/PCSC/ifdhandler.h")
    contents = drivers / "usb-key.bundle" / "Contents"
    (contents / "Linux").mkdir(parents=True)
    library = needs.compiled(DRIVER, "-I/usr/include/PCSC")
    (contents / "Linux" / "libusbkey.so").write_bytes(library)
    plist = _PLIST.format(
        vendors=_strings([f"0x{vendor}" for vendor, _ in KNOWN]),
        products=_strings([f"0x{product}" for _, product in KNOWN]),
        names=_strings(list(KNOWN.values())),
    )
    (contents / "Info.plist").write_text(plist, encoding="utf-8")


def _strings(values: Sequence[str]) -> str:
    return "".join(f"\n<string>{value}</string>" for value in values) + "\n"


def _input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout
