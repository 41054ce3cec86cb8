"""A real pcscd for one test: its own folders, its own readers, deaf to the computer's real ones; ended with the test.

It lives in a mount namespace of its own, where our folders stand over ``/run`` and over the folder of USB drivers: the
system's pcscd is neither met nor disturbed, and a key that is really plugged into this computer is never touched.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.screen.processes import ENDS_S, LOOK_S, STARTS_S, none_left
from tests.signing_key.rigs import needs

MARK = "ENN_CARD_RIG"
"""In the environment of all that a service starts, with its folder: how what is left over is found."""
PORT = 35963
"""The first slot's; the next one has the next port. Each service has an address of its own."""
SLOTS = 2
"""A virtual reader has two; each is a reader for PC/SC."""
_NAMESPACE = """\
mount --bind {run} /run
mount --bind {drivers} {system_drivers}
exec env {variables} pcscd --foreground --config {config}
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a virtual card: the reader's name for PC/SC, where the card connects to, whose reader it is."""

    reader: str
    address: tuple[str, int]
    service: Path
    """The socket of its card service."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a program that is to look at this reader."""
        return {**os.environ, "PCSCLITE_CSOCK_NAME": str(self.service)}


@dataclass(slots=True)
class CardService:
    """A pcscd of our own, started and ended at will. ``socket`` goes into PCSCLITE_CSOCK_NAME of who uses it."""

    folder: Path
    slots: tuple[Slot, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where its clients find it."""
        return _socket(self.folder)

    @property
    def drivers(self) -> Path:
        """Its folder of USB drivers, empty unless a test puts some there before the start."""
        return self.folder / "drivers"

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a program that is to see this service and no other."""
        return {**os.environ, "PCSCLITE_CSOCK_NAME": str(self.socket), MARK: str(self.folder)}

    @property
    def log(self) -> Path:
        """What pcscd printed since its last start."""
        return self.folder / "pcscd.log"

    @property
    def pid(self) -> int:
        """The number of the running pcscd. Raises ``AssertionError`` when it does not run."""
        assert self._process is not None, "The card service of this test is not running."
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and not ended since, by us or by itself."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start, and go on once it answers. Raises ``AssertionError`` with its log when it does not."""
        assert not self.running, "The card service of this test is running already."
        # What a killed service leaves behind would keep the next one from starting.
        for left in self.socket.parent.iterdir():
            left.unlink()
        script = _NAMESPACE.format(
            run=shlex.quote(str(self.folder / "run")),
            drivers=shlex.quote(str(self.drivers)),
            system_drivers=shlex.quote(str(needs.file("lib/pcsc/drivers/serial/libifdvpcd.so").parents[1])),
            variables=" ".join(shlex.quote(f"{name}={value}") for name, value in self.variables.items()),
            config=shlex.quote(str(self.folder / "config")),
        )
        needs.program("pcscd")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*_apart(), needs.program("sh"), "-ec", script],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {MARK: str(self.folder)},
            )
        self._await_answer()

    def stop(self) -> None:
        """End it as the system does; killed if it does not obey. Nothing happens when it does not run."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without warning, as a crash does."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """End it and start it again."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(ENDS_S)

    def _await_answer(self) -> None:
        end = time.monotonic() + STARTS_S
        while not self._answers():
            assert self.running, f"The card service of this test did not start: {self._said()}"
            assert time.monotonic() < end, f"The card service of this test does not answer: {self._said()}"
            time.sleep(LOOK_S / 10)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.socket)) == 0

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") or "it said nothing."


@contextmanager
def card_service(
    *names: str, variables: Mapping[str, str] | None = None, started: bool = True
) -> Iterator[CardService]:
    """Yield a card service with one virtual reader (two slots) per name; nothing of it stays behind.

    ``variables`` are added to its environment. Not ``started``: the test starts it when it wants.
    """
    # Short and not below the folder of the test: a socket's path has 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="enn-cards-"))
    try:
        with none_left(MARK, str(folder)):
            service = _furnished(folder, names, variables or {})
            try:
                if started:
                    service.start()
                yield service
            finally:
                service.stop()
    finally:
        shutil.rmtree(folder)


def _furnished(folder: Path, names: Sequence[str], variables: Mapping[str, str]) -> CardService:
    for name in ("run/pcscd", "drivers", "config"):
        (folder / name).mkdir(parents=True)
    assert len(set(names)) == len(names), "Two readers of one service cannot have the same name."
    shim = folder / "loopback.so"
    shim.write_bytes(needs.compiled(Path(__file__).with_name("loopback_only.c")))
    # Any address of 127.0.0.0/8 is this computer: one out of sixteen million, for this service alone.
    host = ".".join(str(part) for part in (127, *(1 + part % 254 for part in secrets.token_bytes(3))))
    slots: list[Slot] = []
    for number, name in enumerate(names):
        port = PORT + number * SLOTS
        # A copy for each: readers of one library would share their slots.
        driver = shutil.copy(needs.file("lib/pcsc/drivers/serial/libifdvpcd.so"), folder / f"virtual-{number}.so")
        (folder / "config" / f"reader-{number}").write_text(
            f'FRIENDLYNAME "{name}"\nDEVICENAME /dev/null:{port}\nLIBPATH {driver}\nCHANNELID {port}\n',
            encoding="utf-8",
        )
        slots += [Slot(f"{name} 00 {slot:02X}", (host, port + slot), _socket(folder)) for slot in range(SLOTS)]
    preloaded = ":".join([str(shim), *filter(None, [variables.get("LD_PRELOAD")])])
    return CardService(folder, tuple(slots), {**variables, "LD_PRELOAD": preloaded, "RIG_ADDRESS": host})


def _socket(folder: Path) -> Path:
    return folder / "run" / "pcscd" / "pcscd.comm"


def _apart() -> list[str]:
    """Return how to begin a program in a mount namespace of its own, that ends with us even when we are killed."""
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return [needs.program("setpriv"), "--pdeathsig", "KILL", needs.program("unshare"), "--mount", *root, "--"]
