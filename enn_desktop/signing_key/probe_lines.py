"""What a probe's process says, one JSON line after the other, as soon as it knows: a later hang takes nothing back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from enn_desktop.core.typed_reading import from_json
from enn_desktop.signing_key.values import KeyAnswer


class Loaded(msgspec.Struct, tag="loaded", frozen=True):
    """The module was loaded and began; ``code`` is why not (the loader's, or the module's own)."""

    code: int = 0


class Token(msgspec.Struct, tag="token", frozen=True):
    """One token of a module. The lines after it, up to the next one, are of this token."""

    removable: bool
    low: bool = False
    last_try: bool = False
    locked: bool = False
    to_change: bool = False


class PublicKey(msgspec.Struct, tag="key", frozen=True):
    """A public key that the token holds: an RSA one by its numbers, big-endian, or an elliptic one by its point."""

    identity: bytes
    modulus: bytes = b""
    exponent: bytes = b""
    point: bytes = b""


class TokenCertificate(msgspec.Struct, tag="certificate", frozen=True):
    """A certificate that the token holds."""

    identity: bytes
    der: bytes


class Trouble(msgspec.Struct, tag="trouble", frozen=True):
    """The token failed with this code while it was read; what stands before it holds."""

    code: int


class StoreCertificate(msgspec.Struct, tag="store", frozen=True):
    """A certificate of the system's store, and what its key's provider answered."""

    der: bytes
    provider: str
    provider_type: int
    on_card: bool | None
    answer: KeyAnswer
    code: int


class End(msgspec.Struct, tag="end", frozen=True):
    """All was said; ``code`` is the system's when the store could not be opened."""

    code: int = 0


Line = Loaded | Token | PublicKey | TokenCertificate | Trouble | StoreCertificate | End

_ENCODER = msgspec.json.Encoder()


def written(line: Line) -> bytes:
    """Return a line as it goes through the pipe."""
    return _ENCODER.encode(line) + b"\n"


def read(answer: bytes) -> Iterator[Line]:
    """Yield what can be read of an answer; the first line that is none ends it, as a cut does."""
    for text in answer.splitlines():
        try:
            line: Line = from_json(text, Line)
        except msgspec.DecodeError:
            return
        yield line


def complete(lines: Iterable[Line]) -> bool:
    """Whether an answer went to its end."""
    return any(isinstance(line, End) for line in lines)
