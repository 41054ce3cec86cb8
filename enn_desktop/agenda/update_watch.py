"""When to ask for a newer version, and what is remembered of the answers. Asked at most once a day, and never twice.

The day is noted before the question, as one without an answer: a network that fails makes nobody ask more often, and
nobody is told that she has the newest version before an announcement said so.
"""

from __future__ import annotations

import threading
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
NO_ANSWER, OUT_OF_REACH = "sans-reponse", "memoire-occupee"
"""What the trouble is until an answer is believed; and when what is remembered cannot be read for the moment."""
BETWEEN = timedelta(days=1)
NO_KEY = "Cette version du logiciel ne sait pas encore reconnaître une annonce\u00a0: demandez à votre prestataire."
NO_ADDRESS = "Votre prestataire n’a pas indiqué où demander."
_CHANGING = threading.Lock()
"""Held from the reading of the memory to its writing: she may close the news while another thread asks."""


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

    Raises ``StorageError`` or ``StorageItemError`` when the profile cannot be read or written: then nobody is asked.
    """
    with _CHANGING:
        memory = _demanded(paths)
        if not is_due(settings, keys, memory, now):
            return memory
        memory = msgspec.structs.replace(memory, asked_at=now, trouble=NO_ANSWER)
        write_memory(paths, memory)
    notice = ask(settings.address, keys, Circumstances(now, memory.newest, windows_build=windows_build()), proxy)
    with _CHANGING:
        memory = msgspec.structs.replace(_after(_demanded(paths), notice), asked_at=now)
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
    """Never speak of this version again. Raises ``StorageError``, ``StorageItemError``."""
    with _CHANGING:
        memory = msgspec.structs.replace(_demanded(paths), closed=version)
        write_memory(paths, memory)
    return memory


def in_words(memory: Memory, current: str) -> str:
    """Say how the last question ended."""
    if memory.trouble == OUT_OF_REACH:
        return "Ce qui a été demandé ne peut pas être lu pour le moment."
    if memory.asked_at is None:
        return "Pas encore demandé."
    day = long_date(memory.asked_at.astimezone().date())
    if memory.newest is None:
        unknown = "on ne sait pas s’il existe une version plus récente"
        return f"Demandé le {day}, sans réponse utilisable\u00a0: {unknown}. Nouvel essai demain."
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
    """Return what is remembered, to be shown; its trouble is :data:`OUT_OF_REACH` when the file cannot be read now."""
    try:
        return _remembered(paths)
    except OSError:
        return Memory(trouble=OUT_OF_REACH)


def _demanded(paths: ProfilePaths) -> Memory:
    """Return what is remembered, to be changed: a fresh memory in its place would believe an old announcement again."""
    try:
        return _remembered(paths)
    except OSError as error:
        raise disk.file_failure(error, paths.data / NAME) from error


def _remembered(paths: ProfilePaths) -> Memory:
    """Return what is remembered; an absent or damaged memory is a fresh one. ``OSError``: it cannot be read now."""
    try:
        return from_json(disk.read_bytes(paths.data / NAME), Memory)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return Memory()


def write_memory(paths: ProfilePaths, memory: Memory) -> None:
    """Keep it, in one step. Raises ``StorageError``, ``StorageItemError``."""
    disk.write_whole(paths.data / NAME, msgspec.json.encode(memory))
