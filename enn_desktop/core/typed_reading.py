"""Texts and plain values into typed ones. The one door to msgspec's decoders, for all threads."""

from __future__ import annotations

import threading
from types import UnionType
from typing import TypeVar

import msgspec

T = TypeVar("T")
_GATE = threading.Lock()
_MADE: dict[tuple[object, bool], msgspec.json.Decoder[object]] = {}


def from_json(text: bytes | str, shape: type[T] | UnionType, *, strict: bool = True) -> T:
    """Read one JSON text. Raises ``msgspec.DecodeError``, ``UnicodeDecodeError``, ``RecursionError``."""
    found: T = _decoder(shape, strict=strict).decode(text)  # type: ignore[assignment] # the decoder was made for that shape
    return found


def from_toml(text: str, shape: type[T]) -> T:
    """Read one TOML text. Raises ``msgspec.DecodeError``, ``RecursionError``."""
    _decoder(shape, strict=True)
    return msgspec.toml.decode(text, type=shape)


def from_builtins(value: object, shape: type[T], *, strict: bool = True) -> T:
    """Read what is already lists, dictionaries and scalars. Raises ``msgspec.ValidationError``."""
    _decoder(shape, strict=strict)
    return msgspec.convert(value, shape, strict=strict)


def _decoder(shape: type[T] | UnionType, *, strict: bool) -> msgspec.json.Decoder[object]:
    """Return the decoder of a shape, made once.

    WORKAROUND for msgspec 0.22.0: it looks at a class the first time that it decodes it, and two threads that do so at
    once end the process by a segmentation fault (``tests/core/test_typed_reading.py`` shows it). Here one looks, then
    the other.
    """
    key = (shape, strict)
    with _GATE:
        if key not in _MADE:
            _MADE[key] = msgspec.json.Decoder(shape, strict=strict)
        return _MADE[key]
