"""Any text made into a name that Windows accepts, that stays the same for ever, and that never leads elsewhere.

The platform's names are arbitrary: line breaks, quotes, slashes, reserved words, bytes that are not text. The
name given here is for people; the original one is kept in the dossier's description. ``pathvalidate`` lists the
reserved names; its own repairs know neither « CON .pdf », nor lone surrogates, nor lengths in UTF-16.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pathvalidate import FileNameValidator, Platform

from enn_desktop.core.errors import SettingsError

UNNAMED = "sans nom"
UNTITLED = "sans objet"
UNDATED = "sans date"

FILE_LIMIT = 100
FOLDER_LIMIT = 60
SMALLEST_LIMIT = 16
"""A smaller limit is raised to this: a shortened name needs room for its mark and some letters."""
LETTERS_KEPT = 4
"""A shortened name gives up its extension rather than keep fewer letters than this."""

FORBIDDEN = {ord(sign): "-" for sign in "\\/:*?<>|"} | {ord('"'): "'"}
RESERVED = frozenset(FileNameValidator(platform=Platform.WINDOWS).reserved_keywords) | {"CONIN$", "CONOUT$"}
"""Names that Windows gives to devices, with or without extension (Microsoft, « Naming Files »)."""
OURS = frozenset({"metadonnees.json", "empreintes.sha256", "versions", "index.html"})
SPECIAL = frozenset({"desktop.ini", "thumbs.db", "autorun.inf", "folder.htt"})
"""Files that the Explorer obeys: a dossier must not be able to plant one."""
OURS_PREFIX = "lisezmoi"
BYTES_LIMIT = 240
"""Linux allows 255 bytes for one name; the rest is for « (2) »."""
MARK_DIGITS = 6
WORD_BREAK = 12
"""A cut may go back this far to end on a whole word."""

_EXTENSION = re.compile(r"(?:\.tar)?\.[A-Za-z0-9]{1,10}$")
_SHORT_ALIAS = re.compile(r"[^.~]{1,7}~[0-9]{1,4}(?:\.[^.]{0,3})?")
"""What Windows itself may call another file (« METADO~1.JSO »)."""

MAX_PATH = 260
TEMPORARY_LENGTH = 18
"""Length of the name that a file bears while it is written, in its final folder."""
FLOW_ROOM = 24
FIXED_ROOM = len("2026") + len("versions") + len("2026-03-14T10-22-05")
SEPARATORS = 7
COPY_NUMBERS = 15
"""Room for « (2) » or « (99) » after the names of entity, dossier and file."""


def length(text: str) -> int:
    """Return the length of a text as Windows counts it, in UTF-16 units."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)  # noqa: PLR2004 - last of the BMP


def safe_file_name(original: str, *, limit: int = FILE_LIMIT) -> str:
    """Return the file name for a name of the platform: legal on Windows and Linux, at most ``limit`` units.

    The same text always gives the same name, and a safe name gives itself. Shortened names keep their
    extension and bear a mark made from the whole original.
    """
    name = _shielded(_clean(original))
    return _shortened(name, original, limit, _extension(name))


def safe_folder_name(original: str, *, limit: int = FOLDER_LIMIT) -> str:
    """Return the folder name for any text, by the same rules; a folder has no extension to keep."""
    return _shortened(_shielded(_clean(original)), original, limit, "")


def dossier_folder_name(day: date | None, number: str, title: str, *, limit: int = FOLDER_LIMIT) -> str:
    """Return « 2026-03-12 DEL_2026_012 Budget primitif », the name of a dossier's folder.

    ``number`` is left out if empty or if the title begins with it; an empty title is « sans objet ».
    """
    number, title = _clean(number), _clean(title) or UNTITLED
    rest = title.casefold().removeprefix(number.casefold())
    repeated = len(rest) < len(title.casefold()) and not rest[:1].isalnum()
    parts = [day.isoformat() if day else UNDATED, "" if repeated else number, title]
    return safe_folder_name(" ".join(part for part in parts if part), limit=limit)


def _clean(original: str) -> str:
    """Drop or replace every character that a name may not hold; the result may still be a forbidden name."""
    text = "".join("_" if "\ud800" <= sign <= "\udfff" else sign for sign in original)
    text = "".join(_character(sign) for sign in unicodedata.normalize("NFC", text))
    text = unicodedata.normalize("NFC", text).translate(FORBIDDEN)
    return " ".join(text.split()).rstrip(" .")


def _character(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf":
        # Invisible, and able to show « exe.pdf » where « fdp.exe » stands.
        return ""
    return " " if category in {"Cc", "Zs", "Zl", "Zp"} else sign


def _shielded(name: str) -> str:
    """Move a clean text away from reserved, hidden, misleading names and from ours."""
    if not name:
        return UNNAMED
    folded = name.casefold()
    device = name.split(".", 1)[0].rstrip(" ").upper() in RESERVED
    taken = folded in OURS or folded in SPECIAL or folded.startswith(OURS_PREFIX)
    shielded = f"_{name}" if device or taken or name[0] in ".~" else name
    return shielded.replace("~", "-") if _SHORT_ALIAS.fullmatch(shielded) else shielded


def _extension(name: str) -> str:
    """Return the extension, point included; empty if there is none or nothing stands before it."""
    found = _EXTENSION.search(name)
    return found.group() if found and found.start() > 0 else ""


def _shortened(name: str, original: str, limit: int, extension: str) -> str:
    limit = max(limit, SMALLEST_LIMIT)
    if _within(name, limit, BYTES_LIMIT):
        return name
    digest = hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()
    mark = f"~{digest[:MARK_DIGITS]}"
    if length(mark) + length(extension) + LETTERS_KEPT <= limit:
        name, mark = name.removesuffix(extension), mark + extension
    kept = name[:limit]
    while not _within(kept, limit - length(mark), BYTES_LIMIT - len(mark)):
        kept = kept[:-1]
    start, _, cut = kept.rpartition(" ")
    whole = start if len(cut) < WORD_BREAK and len(start) > WORD_BREAK else kept
    return (whole.rstrip(" .-,;_") or kept) + mark


def _within(text: str, units: int, octets: int) -> bool:
    return length(text) <= units and len(text.encode()) <= octets


def name_key(name: str) -> str:
    """Return what two names share when Windows, or a disk shared with a Mac, may take them for the same.

    Rather too often equal than too rarely: case, accents composed or not, final points and spaces.
    """
    folded = unicodedata.normalize("NFC", name).upper().casefold()
    return unicodedata.normalize("NFC", folded).rstrip(" .")


def distinct(wanted: str, taken: Collection[str]) -> str:
    """Return ``wanted``, or « wanted (2) » and so on, whose key is not in ``taken`` (keys of :func:`name_key`)."""
    if name_key(wanted) not in taken:
        return wanted
    extension = _extension(wanted)
    stem = wanted.removesuffix(extension)
    rank = 2
    while name_key(candidate := f"{stem} ({rank}){extension}") in taken:
        rank += 1
    return candidate


def fits(root_length: int, relative: str) -> bool:
    """Whether a path under a root stays within Windows' 260 units, while the file is being written too.

    ``root_length`` in UTF-16 units, without a final separator; ``relative`` with ``/``.
    """
    name = relative.rpartition("/")[2]
    folder = length(relative) - length(name)
    return root_length + 1 + folder + max(length(name), TEMPORARY_LENGTH) < MAX_PATH


@dataclass(frozen=True, slots=True)
class NameLimits:
    """Longest names under one root, in UTF-16 units: a dossier's folder, a file, an entity's folder."""

    folder: int
    file: int
    entity: int


SHORTEST = NameLimits(folder=28, file=28, entity=16)
LONGEST = NameLimits(folder=FOLDER_LIMIT, file=FILE_LIMIT, entity=40)


def limits_for_root(root_length: int) -> NameLimits:
    """Return limits such that every path under the root stays under 260 units, kept versions included.

    The path is root, entity, flow (at most 24 units), year, dossier, ``versions``, date, file. Raises
    ``SettingsError`` when the root is so long that names would no longer say anything.
    """
    room = MAX_PATH - 1 - root_length - SEPARATORS - FLOW_ROOM - FIXED_ROOM - COPY_NUMBERS
    spare = room - SHORTEST.folder - SHORTEST.file - SHORTEST.entity
    if spare < 0:
        message = "L’emplacement choisi a un chemin trop long pour Windows."
        advice = "Choisissez un dossier plus proche de la racine, par exemple dans Documents."
        raise SettingsError(message, advice=advice, detail=f"{-spare} caractères de trop")
    entity = min(LONGEST.entity, SHORTEST.entity + spare // 4)
    folder = min(LONGEST.folder, SHORTEST.folder + spare * 3 // 8)
    rest = room - entity - folder
    return NameLimits(folder=folder, file=min(LONGEST.file, rest), entity=entity)
