"""A card of our own for a virtual reader: put in, taken out, slow, refusing or silent; it counts what it is asked."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.signing_key.rigs import witness
from tests.signing_key.rigs.pcsc_daemon import Slot
from tests.signing_key.rigs.waiting import until

ATR = bytes.fromhex("3B8801000000000000000009")
"""No known card's: eight historical bytes of nought."""
UNKNOWN_INSTRUCTION = b"\x6d\x00"
POWER_OFF, POWER_ON, RESET, GIVE_ATR = (bytes([code]) for code in (0, 1, 2, 4))
WAITS_S = 10.0
AT_ONCE = 4096
_used: set[Slot] = set()
"""Where a card was before: see :meth:`FakeCard.insert`."""

Answer = Callable[[bytes], bytes]
"""What the card answers to a command: data and status word."""


def refuse(_command: bytes) -> bytes:
    """Answer that the command is unknown, as a card does that holds nothing."""
    return UNKNOWN_INSTRUCTION


class FakeCard:
    """A card in the hand of a test. It is put in with ``insert()`` and taken out with ``remove()``, or by ``with``.

    ``atr`` empty: a card that does not say what it is (mute). ``delay_s`` is waited before each answer; ``silent``
    cards never answer, until they are taken out. Both, and ``answer``, may be changed while the card is in.
    """

    def __init__(self, slot: Slot, atr: bytes = ATR, answer: Answer = refuse) -> None:
        self.slot = slot
        self.atr = atr
        self.answer = answer
        self.delay_s = 0.0
        self.silent = False
        self.commands: list[bytes] = []
        """Every command that it was sent, in order, since it was made."""
        self.resets = 0
        self.powered = threading.Event()
        """Set once the reader has powered it; the service tells of it a moment later."""
        self.powered_at = 0.0
        """When that was, on the monotonic clock."""
        self.released_at = 0.0
        """When the reader noticed that the card was out."""
        self._powering = False
        self._out = threading.Event()
        self._line: socket.socket | None = None
        self._thread: threading.Thread | None = None

    @property
    def inside(self) -> bool:
        """Whether it is in the reader."""
        return self._line is not None

    def insert(self) -> Self:
        """Put it into the reader, which notices at its next look (every 400 ms).

        The reader may let go of a card between two looks: until its service says that it is empty, another card would
        be taken for the one before, and never powered.
        """
        assert not self.inside, "This card is in the reader already."
        if self.slot in _used:
            until(lambda: not witness.readers(self.slot.environment).get(self.slot.reader), "the reader empty again")
        _used.add(self.slot)
        self._out.clear()
        self.powered.clear()
        self._powering = False
        self._line = socket.create_connection(self.slot.address, timeout=WAITS_S)
        self._line.settimeout(None)
        self._thread = threading.Thread(target=self._serve, args=(self._line,), name="fake card")
        self._thread.start()
        return self

    def remove(self) -> None:
        """Take it out, whatever it was doing; nothing happens when it is out.

        Returns once the reader has let go of it, within 400 ms.
        """
        line, self._line = self._line, None
        if line is None:
            return
        self._out.set()
        with suppress(OSError):  # the reader went away first
            line.shutdown(socket.SHUT_WR)
        if self._thread is not None:
            self._thread.join(WAITS_S)
            assert not self._thread.is_alive(), "The reader did not let go of the card of this test."
        line.close()

    def await_power(self) -> float:
        """Return when the reader powered it, once its service tells of it. Raises ``AssertionError`` when it does not.

        On a busy computer, one look in three that came at once still found the reader empty.
        """
        assert self.powered.wait(WAITS_S), "The reader did not power the card of this test."
        until(lambda: witness.readers(self.slot.environment).get(self.slot.reader, False), "the card in its reader")
        return self.powered_at

    def __enter__(self) -> Self:
        return self.insert()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def _serve(self, line: socket.socket) -> None:
        try:
            while True:
                (size,) = struct.unpack(">H", _read(line, 2))
                reply = self._react(_read(line, size))
                if reply is not None:
                    line.sendall(struct.pack(">H", len(reply)) + reply)
                    self._note_power()
        except (EOFError, OSError):
            pass  # taken out, or the reader is gone
        with suppress(OSError):
            while line.recv(AT_ONCE):
                pass  # what it still asks of a card that is out
        self.released_at = time.monotonic()

    def _react(self, said: bytes) -> bytes | None:
        """Return the answer to what the reader sent, ``None`` where it expects none."""
        if said == GIVE_ATR:
            return self.atr
        if said in {POWER_ON, RESET}:
            self.resets += said == RESET
            self.reset()
            self._powering = True
        if len(said) == 1:
            return None
        self.commands.append(said)
        if self.silent:
            self._out.wait()
            raise EOFError
        if self.delay_s and self._out.wait(self.delay_s):
            raise EOFError
        return self.answer(said)

    def reset(self) -> None:
        """Forget what a card forgets without power; a plain card has nothing to forget."""

    def _note_power(self) -> None:
        """Note that the reader has read the ATR after powering the card: only then is it done with it."""
        if self._powering and not self.powered.is_set():
            self.powered_at = time.monotonic()
            self.powered.set()


def _read(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        # A real reader acknowledges at once: without this each command waits for the system's delayed acknowledgement.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data
