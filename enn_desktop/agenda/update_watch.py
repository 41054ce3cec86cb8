"""When to ask for a newer version, and what is remembered of the answers. Asked at most once a day, and never twice.

The day is noted before the question: a network that fails makes nobody ask more often.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from enn_desktop.core.errors import SettingsError
from enn_desktop.core.french import long_date
from enn_desktop.core.settings import UpdateNoticeSettings
from enn_desktop.core.typed_reading import from_json
from enn_desktop.services.publication_keys import RESOURCE, PublicationKeys, parse_keys
from enn_desktop.services.update_notice import Circumstances, Newer, Notice, Unknown, UpToDate, ask, is_newer
from enn_desktop.system import disk
from enn_desktop.system.computer import windows_build
from enn_desktop.system.paths import ProfilePaths, resource

if TYPE_CHECKING:
    from enn_desktop.pastell.proxy import Proxy

NAME = "nouveaute.json"
BETWEEN = timedelta(days=1)
NO_KEY = "Cette version du logiciel ne sait pas encore reconnaître une annonce\u00a0: demandez à votre prestataire."
NO_ADDRESS = "Votre prestataire n’a pas indiqué où demander."


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked and answered. ``newest`` is when the newest believed document was issued."""

    asked_at: datetime | None = None
    newest: datetime | None = None
    version: str = ""
    """The newer version, empty when there is none."""
    notes: str = ""
    fits: bool = True
    closed: str = ""
    """The version that she does not want to hear of again."""
    trouble: str = ""
    """Why the last question had no answer, as a code."""


def own_keys() -> PublicationKeys:
    """Return the keys that this program carries; none when they are unusable."""
    try:
        return parse_keys(resource(RESOURCE).read_bytes())
    except (OSError, SettingsError):
        return PublicationKeys(1, {})


def why_not(settings: UpdateNoticeSettings, keys: PublicationKeys) -> str:
    """Say in a sentence why nobody can be asked, empty when somebody can."""
    if not keys.usable:
        return NO_KEY
    return "" if settings.address else NO_ADDRESS


def is_due(settings: UpdateNoticeSettings, keys: PublicationKeys, memory: Memory, now: datetime) -> bool:
    """Whether to ask now."""
    if not settings.enabled or why_not(settings, keys):
        return False
    # A clock that was set back must not silence it for years.
    return memory.asked_at is None or not timedelta(0) <= now - memory.asked_at < BETWEEN


def ask_if_due(
    paths: ProfilePaths,
    settings: UpdateNoticeSettings,
    keys: PublicationKeys,
    now: datetime,
    proxy: Callable[[str], Proxy],
) -> Memory:
    """Ask, if the day has come, and return what is known then (in a thread: the network may take its time).

    Raises ``StorageError`` when the profile cannot be written: then nobody is asked.
    """
    memory = read_memory(paths)
    if not is_due(settings, keys, memory, now):
        return memory
    memory = msgspec.structs.replace(memory, asked_at=now)
    write_memory(paths, memory)
    facts = Circumstances(now, memory.newest, windows_build=windows_build())
    memory = _after(memory, ask(settings.address, keys, facts, proxy))
    write_memory(paths, memory)
    return memory


def to_tell(memory: Memory, settings: UpdateNoticeSettings, current: str) -> Newer | None:
    """Return the newer version to speak of: none when she closed it, has it by now, or wants no news."""
    if not settings.enabled or not memory.version or memory.newest is None:
        return None
    if memory.version == memory.closed or not is_newer(memory.version, current):
        return None
    return Newer(memory.version, memory.newest, memory.notes, memory.fits)


def close(paths: ProfilePaths, version: str) -> Memory:
    """Never speak of this version again. Raises ``StorageError``."""
    memory = msgspec.structs.replace(read_memory(paths), closed=version)
    write_memory(paths, memory)
    return memory


def in_words(memory: Memory, current: str) -> str:
    """Say how the last question ended."""
    if memory.asked_at is None:
        return "Pas encore demandé."
    day = long_date(memory.asked_at.astimezone().date())
    if memory.trouble:
        return f"Demandé le {day}, sans réponse utilisable. Nouvel essai demain."
    if memory.version and is_newer(memory.version, current):
        return f"Demandé le {day}\u00a0: la version {memory.version} existe."
    return f"Demandé le {day}\u00a0: vous avez la dernière version."


def _after(memory: Memory, notice: Notice) -> Memory:
    if isinstance(notice, Unknown):
        return msgspec.structs.replace(memory, trouble=notice.code)
    if isinstance(notice, UpToDate):
        return msgspec.structs.replace(memory, trouble="", newest=notice.issued, version="", notes="", fits=True)
    return msgspec.structs.replace(
        memory, trouble="", newest=notice.issued, version=notice.version, notes=notice.notes, fits=notice.fits
    )


def read_memory(paths: ProfilePaths) -> Memory:
    """Return what is remembered; an absent or unreadable memory is a fresh one."""
    try:
        return from_json((paths.data / NAME).read_bytes(), Memory)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Memory()


def write_memory(paths: ProfilePaths, memory: Memory) -> None:
    """Keep it, in one step. Raises ``StorageError``."""
    file = paths.data / NAME
    fresh = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as sink:
            sink.write(msgspec.json.encode(memory))
            sink.flush()
            os.fsync(sink.fileno())
    except OSError as error:
        raise disk.storage_failure(error) from error
    disk.rename(fresh, file)
