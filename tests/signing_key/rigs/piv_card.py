"""A virtual PIV card that OpenSC reads: two certificates, a PIN with three tries, real RSA; it remembers every command.

It answers the few commands of NIST SP 800-73 that OpenSC sends; anything else is refused as a card refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.signing_key.rigs.certificates import Issued
from tests.signing_key.rigs.der import elements, tlv
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import Slot

PIN: Final = "123456"
TRIES: Final = 3
APPLICATION = bytes.fromhex("A000000308")
PIN_NUMBER = 0x80
AUTHENTICATION, SIGNATURE = 0x9A, 0x9C
"""The references of the two keys."""
OK, DENIED, LOCKED, UNKNOWN_FILE = b"\x90\x00", b"\x69\x82", b"\x69\x83", b"\x6a\x82"
WRONG_LENGTH, UNKNOWN_INSTRUCTION, WRONG_KEY = b"\x67\x00", b"\x6d\x00", b"\x6a\x88"
HEADER = 4
MORE = 0x61
AT_ONCE = 256
CHAINED = 0x10
SELECT, GET_DATA, VERIFY, GENERAL_AUTHENTICATE, GET_RESPONSE = 0xA4, 0xCB, 0x20, 0x87, 0xC0
CHUID, DISCOVERY = "5FC102", "7E"
CERTIFICATE_OBJECTS = {"5FC105": AUTHENTICATION, "5FC10A": SIGNATURE}


@dataclass(frozen=True, slots=True)
class Command:
    """One command as a card reads it."""

    raw: bytes

    @property
    def instruction(self) -> int:
        """The number of the instruction."""
        return self.raw[1]

    @property
    def data(self) -> bytes:
        """What it carries; nothing in a command of four or five bytes."""
        return self.raw[HEADER + 1 : HEADER + 1 + self.raw[HEADER]] if len(self.raw) > HEADER else b""

    @property
    def carries_pin(self) -> bool:
        """Whether it offers a PIN: it could cost a try."""
        return self.instruction == VERIFY and bool(self.data)

    @property
    def uses_private_key(self) -> bool:
        """Whether it asks for an operation of a private key; a command in several pieces counts by its last one."""
        return self.instruction == GENERAL_AUTHENTICATE and not self.raw[0] & CHAINED


class PivCard(FakeCard):
    """A PIV card with an authentication certificate, a signature certificate, or one of them, or none."""

    def __init__(
        self,
        slot: Slot,
        *,
        authentication: Issued | None = None,
        signature: Issued | None = None,
        pin: str = PIN,
    ) -> None:
        super().__init__(slot, answer=self._answer)
        held = {AUTHENTICATION: authentication, SIGNATURE: signature}
        self.keys = {number: issued for number, issued in held.items() if issued is not None}
        self.pin = pin.encode().ljust(8, b"\xff")
        self.tries_left = TRIES
        self._verified = False
        self._chain = b""
        self._waiting = b""

    @property
    def log(self) -> list[Command]:
        """Every command so far."""
        return [Command(raw) for raw in self.commands]

    @property
    def pins_offered(self) -> int:
        """How many times somebody offered a PIN."""
        return sum(command.carries_pin for command in self.log)

    @property
    def private_operations(self) -> int:
        """How many times somebody asked for an operation of a private key."""
        return sum(command.uses_private_key for command in self.log)

    def reset(self) -> None:
        """Forget the PIN that was verified and what was under way; the tries left stay."""
        self._verified, self._chain, self._waiting = False, b"", b""

    def _answer(self, raw: bytes) -> bytes:
        if len(raw) < HEADER:
            return WRONG_LENGTH
        command = Command(raw)
        if command.instruction == GET_RESPONSE:
            return self._pieces(self._waiting)
        data, self._chain = self._chain + command.data, b""
        if raw[0] & CHAINED:
            self._chain = data
            return OK
        reactions = {
            SELECT: lambda: self._select(data),
            GET_DATA: lambda: self._give(data),
            VERIFY: lambda: self._verify(raw[2], raw[3], data),
            GENERAL_AUTHENTICATE: lambda: self._authenticate(raw[3], data),
        }
        return reactions.get(command.instruction, lambda: UNKNOWN_INSTRUCTION)()

    def _pieces(self, data: bytes) -> bytes:
        """Return what fits in one answer, and how much is left."""
        self._waiting = data[AT_ONCE:]
        left = len(self._waiting)
        return data[:AT_ONCE] + (bytes([MORE, left if left < AT_ONCE else 0]) if left else OK)

    def _select(self, name: bytes) -> bytes:
        if not name.startswith(APPLICATION):
            return UNKNOWN_FILE
        authority = tlv("79", tlv("4F", APPLICATION))
        return self._pieces(tlv("61", tlv("4F", bytes.fromhex("000010000100")) + authority))

    def _give(self, data: bytes) -> bytes:
        wanted = elements(data).get(0x5C, b"").hex().upper()
        if wanted == DISCOVERY:
            application = tlv("4F", APPLICATION + bytes.fromhex("000010000100"))
            return self._pieces(tlv("7E", application + tlv("5F2F", b"\x40\x00")))
        if wanted == CHUID:
            return self._pieces(tlv("53", tlv("30", bytes(25)) + tlv("34", bytes(range(16))) + tlv("FE")))
        issued = self.keys.get(CERTIFICATE_OBJECTS.get(wanted, 0))
        if issued is None:
            return UNKNOWN_FILE
        return self._pieces(tlv("53", tlv("70", issued.der) + tlv("71", b"\x00") + tlv("FE")))

    def _verify(self, logout: int, number: int, pin: bytes) -> bytes:
        if number != PIN_NUMBER:
            return WRONG_KEY
        if logout == 0xFF:
            self._verified = False
            return OK
        if self.tries_left == 0:
            return LOCKED
        if not pin:
            return OK if self._verified else bytes([0x63, 0xC0 | self.tries_left])
        self._verified = pin == self.pin
        self.tries_left = TRIES if self._verified else self.tries_left - 1
        if self._verified:
            return OK
        return bytes([0x63, 0xC0 | self.tries_left]) if self.tries_left else LOCKED

    def _authenticate(self, number: int, data: bytes) -> bytes:
        issued = self.keys.get(number)
        if issued is None:
            return WRONG_KEY
        if not self._verified:
            return DENIED
        challenge = elements(elements(data).get(0x7C, b"")).get(0x81, b"")
        size = issued.key.key_size // 8
        if len(challenge) != size:
            return WRONG_LENGTH
        # The signature key wants its PIN for each signature.
        self._verified = number != SIGNATURE
        return self._pieces(tlv("7C", tlv("82", _raw_rsa(issued, challenge))))


def _raw_rsa(issued: Issued, block: bytes) -> bytes:
    """Return the private operation on one block, by the Chinese remainders: three times quicker."""
    numbers = issued.key.private_numbers()
    value = int.from_bytes(block, "big")
    first = pow(value, numbers.dmp1, numbers.p)
    second = pow(value, numbers.dmq1, numbers.q)
    result = second + numbers.q * ((first - second) * numbers.iqmp % numbers.p)
    return result.to_bytes(len(block), "big")
