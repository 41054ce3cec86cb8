"""Just enough DER and BER-TLV to write what a card holds and what a certificate adds."""

from __future__ import annotations


def tlv(tag: str, content: bytes = b"") -> bytes:
    """Return one element; ``tag`` in hexadecimal."""
    return bytes.fromhex(tag) + length(len(content)) + content


def length(count: int) -> bytes:
    """Return a length in its shortest form."""
    if count < 0x80:
        return bytes([count])
    size = (count.bit_length() + 7) // 8
    return bytes([0x80 | size]) + count.to_bytes(size, "big")


def sequence(*parts: bytes) -> bytes:
    """Return a DER sequence."""
    return tlv("30", b"".join(parts))


def bit_string(content: bytes) -> bytes:
    """Return a DER bit string of whole bytes."""
    return tlv("03", b"\x00" + content)


def oid(dotted: str) -> bytes:
    """Return a DER object identifier."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return tlv("06", b"".join(_base128(part) for part in (first * 40 + second, *rest)))


def elements(data: bytes) -> dict[int, bytes]:
    """Return tag → content of elements that follow each other, their tags of one byte."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size > 0x80:
            more = size & 0x7F
            size, at = int.from_bytes(data[at : at + more], "big"), at + more
        found[tag] = data[at : at + size]
        at += size
    return found


def _base128(number: int) -> bytes:
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(0x80 | number & 0x7F)
    return bytes(reversed(parts))
