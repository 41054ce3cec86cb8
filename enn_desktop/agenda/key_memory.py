"""What is remembered of the key between two starts: when its certificates end, the salt of the reports. No name."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from enn_desktop.agenda.reminders import Pressing
from enn_desktop.core.typed_reading import from_json
from enn_desktop.signing_key.expiry import certificate_warning, warning_text
from enn_desktop.signing_key.values import Found, Verdict
from enn_desktop.system import disk
from enn_desktop.system.paths import ProfilePaths

NAME = "cle.json"
SALT_BYTES = 16


class RememberedEnd(msgspec.Struct, frozen=True):
    """A certificate seen in a key: a hash of its fingerprint, and its last moment (aware)."""

    key: str
    not_after: datetime


class KeyMemory(msgspec.Struct, frozen=True):
    """Everything that is kept; ``salt`` makes the hashes of this installation's reports its own."""

    salt: bytes = b""
    ends: tuple[RememberedEnd, ...] = ()


def read_memory(paths: ProfilePaths) -> KeyMemory:
    """Return what is remembered; an absent or unreadable file is an empty memory."""
    try:
        return from_json(_file(paths).read_bytes(), KeyMemory)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return KeyMemory()


def report_salt(paths: ProfilePaths) -> bytes:
    """Return the salt of this installation, made the first time. Raises ``StorageError``."""
    memory = read_memory(paths)
    if not memory.salt:
        memory = KeyMemory(secrets.token_bytes(SALT_BYTES), memory.ends)
        _write(paths, memory)
    return memory.salt


def remember_ends(paths: ProfilePaths, verdict: Verdict) -> None:
    """Remember when the certificate spoken of ends; a check that saw none forgets nothing. Raises ``StorageError``."""
    ends = tuple(_end(found) for found in _spoken_of(verdict))
    memory = read_memory(paths)
    if ends and ends != memory.ends:
        _write(paths, KeyMemory(memory.salt, ends))


def pressing_ends(paths: ProfilePaths, now: datetime) -> tuple[Pressing, ...]:
    """Return the certificates that are near their end, for the reminder of the day. ``now`` is aware."""
    found = (certificate_warning(one.key, one.not_after, now) for one in read_memory(paths).ends)
    return tuple(
        Pressing(one.key, "certificat", one.ends, one.level, warning_text(one)) for one in found if one is not None
    )


def _spoken_of(verdict: Verdict) -> Iterable[Found]:
    return (verdict.chosen,) if verdict.chosen is not None else ()


def _end(found: Found) -> RememberedEnd:
    hashed = hashlib.sha256(found.certificate.fingerprint.encode()).hexdigest()[:16]
    return RememberedEnd(hashed, found.certificate.not_after)


def _file(paths: ProfilePaths) -> Path:
    return paths.data / NAME


def _write(paths: ProfilePaths, memory: KeyMemory) -> None:
    disk.write_whole(_file(paths), msgspec.json.encode(memory))
