"""Files as the platform holds them: a name, and bytes made when they are asked for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

from enn_desktop.demo.wire import text_of

_BLOCK: Final = 65536
_HEAD: Final = 4096
_TEXT_BYTES: Final = bytes([9, 10, 11, 12, 13, 27, *range(32, 256)])


class Source(Protocol):
    """Where the bytes of a file come from."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def head(self) -> bytes:
        """Return the first bytes, enough to guess the type."""

    def chunks(self) -> Iterator[bytes]:
        """Return all the bytes, piece by piece."""


class Held:
    """Bytes kept in memory."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = data

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._data)

    def head(self) -> bytes:
        """Return the first bytes."""
        return self._data[:_HEAD]

    def chunks(self) -> Iterator[bytes]:
        """Return all the bytes at once."""
        yield self._data


class Made:
    """Bytes computed from a seed each time they are asked for, always the same."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._make())

    def head(self) -> bytes:
        """Return the first bytes."""
        return self._make()[:_HEAD]

    def chunks(self) -> Iterator[bytes]:
        """Return all the bytes at once."""
        yield self._make()


class Huge:
    """A PDF of any size, never held in memory: a head, blocks that all differ, a trailer."""

    __slots__ = ("_head", "_seed", "_tail", "size")

    def __init__(self, size: int, seed: str) -> None:
        """Prepare `size` bytes; `size` must leave room for the head and the trailer.

        Raises:
            ValueError: the size is too small for a PDF.
        """
        from enn_desktop.demo.papers import huge_pdf_ends

        self._head, self._tail = huge_pdf_ends(size)
        self.size = size
        self._seed = seed

    def head(self) -> bytes:
        """Return the first bytes."""
        return self._head

    def chunks(self) -> Iterator[bytes]:
        """Return all the bytes, 64 kB at a time."""
        yield self._head
        left = self.size - len(self._head) - len(self._tail)
        number = 0
        while left > 0:
            block = filler(f"{self._seed}-{number}", min(_BLOCK, left))
            yield block
            left -= len(block)
            number += 1
        yield self._tail


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of a field. Without a source the name is there and the file is not, as after a disk failure."""

    name: str
    source: Source | None

    @property
    def content_type(self) -> str:
        """The type that the server guesses from the bytes, with its untrue charset for texts."""
        return guessed_type(self.source.head() if self.source is not None else b"")

    def read(self) -> bytes:
        """Return all the bytes of the file.

        Raises:
            FileNotFoundError: the platform names the file and does not hold it.
        """
        if self.source is None:
            raise FileNotFoundError(self.name)
        return b"".join(self.source.chunks())


def held(name: str, data: bytes) -> StoredFile:
    """Return a file with these very bytes."""
    return StoredFile(name, Held(data))


def filler(seed: str, size: int) -> bytes:
    """Return `size` printable bytes that depend on the seed only."""
    line = blake2b(seed.encode(), digest_size=32).hexdigest().encode() + b"\n"
    return (line * (size // len(line) + 1))[:size]


_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x1f\x8b", "application/gzip"),
    (b"<?xml", "text/xml;charset=UTF-8"),
    (b"<html", "text/html;charset=UTF-8"),
    (b"<!DOCTYPE html", "text/html;charset=UTF-8"),
)
_OFFICE: Final = (
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)


def guessed_type(head: bytes) -> str:
    """Return the `Content-Type` that PHP's `mime_content_type` would lead to for a file that begins like this."""
    if not head:
        return "application/x-empty"
    for start, kind in _SIGNATURES:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _OFFICE if mark in head[:200]), "application/zip")
    if len(head) == 1 or head[:512].translate(None, _TEXT_BYTES):
        return "application/octet-stream"
    return "application/json" if _is_json(head) else "text/plain;charset=UTF-8"


def _is_json(head: bytes) -> bool:
    if head[:1] != b"{" and head[:2] not in {b'["', b"[{"}:
        return False
    try:
        json.loads(text_of(head))
    except ValueError:
        return len(head) >= _HEAD
    return True
