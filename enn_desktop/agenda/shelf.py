"""Every dossier ever seen, found at each keystroke: an index of its own, searched and sorted by SQLite.

SQLite works without Python's lock, so that a search in a hundred thousand dossiers is not felt by the window. The
index is a temporary database: what does not fit in its small cache goes to a file that nobody else sees.
"""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.shelf_lines import FIELDS, NEVER, shelf_lines
from enn_desktop.agenda.values import DossierRef, Tone
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.core.plain_text import plain
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.policy import Policy

FIRST = 100
"""Rows given with the answer itself: more than any screen shows."""
_AT_ONCE = 500


class SortBy(Enum):
    """What the list is sorted by; the value is the column of the index."""

    LIMIT = "removable"
    DAY = "day"
    NUMBER = "number_key"
    TITLE = "title_key"
    ENTITY = "entity_key"
    FAMILY = "family_key"
    WORD = "word_key"
    COPY = "copy_key"
    FILES = "files"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class ShelfQuery:
    """What is looked for; empty parts ask nothing. ``section``: R, U, E or P, as on the first screen.

    ``until`` and ``since`` (included) bound the first day of a possible deletion.
    """

    words: str = ""
    entity: str = ""
    family: str = ""
    year: int | None = None
    word: str = ""
    copy: str = ""
    section: str = ""
    since: date | None = None
    until: date | None = None
    sort: SortBy = SortBy.LIMIT
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One dossier of the list; ``day`` is that of its last state, ``size`` in bytes."""

    ref: DossierRef
    entity: str
    family: str
    number: str
    title: str
    word: str
    copy: str
    here: bool
    complete: bool
    gone: bool
    day: date | None
    removable_from: date | None
    days_left: int | None
    files: int
    size: int
    tone: Tone
    needs_key: bool = False
    """Whether someone has to plug the signing key in for it to go on."""


@dataclass(frozen=True, slots=True)
class ShelfAnswer:
    """Keys of everything found, in order, and the first rows."""

    query: ShelfQuery
    keys: array[int]
    rows: tuple[ShelfRow, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """What can be chosen, each with its number of dossiers, most first (years: newest first)."""

    entities: tuple[tuple[str, int], ...] = ()
    families: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    copies: tuple[tuple[str, int], ...] = ()
    total: int = 0


class Shelf:
    """The index; made, asked and closed in one thread. Only :meth:`interrupt` is for the others."""

    def __init__(self) -> None:
        # Given from one job to the next of the same thread; interrupted from the main one.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._searching = False
        self._gate = threading.Lock()
        self._roots: list[Path] = []
        self._today = date.min

    def fill(self, places: Sequence[CataloguePlace], policy: Policy, now: datetime, cancel: CancelToken) -> None:
        """Put every dossier of the catalogues on the shelf, in place of what was there. ``now`` is aware.

        Raises ``CatalogueError``, ``Cancelled``.
        """
        local = to_platform(now)
        self._today = local.date()
        self._roots = [place.root for place in places]
        names = ", ".join(FIELDS)
        self._db.execute("DROP TABLE IF EXISTS shelf")
        self._db.execute(f"CREATE TABLE heap ({names})")
        self._db.execute(f"CREATE TABLE shelf (key INTEGER PRIMARY KEY, {names})")
        self._db.execute("BEGIN")
        marks = ", ".join("?" * len(FIELDS))
        self._db.executemany(f"INSERT INTO heap VALUES ({marks})", self._lines(places, policy, local, cancel))  # noqa: S608 - marks only
        # Laid in the order that is asked for most, soonest first: most searches then have nothing to sort.
        self._db.execute(f"INSERT INTO shelf ({names}) SELECT * FROM heap ORDER BY removable, title_key, id_d")  # noqa: S608 - our own names
        self._db.execute("DROP TABLE heap")
        self._db.execute("COMMIT")
        self._db.execute("CREATE INDEX shelf_ref ON shelf (id_d)")

    @staticmethod
    def _lines(
        places: Sequence[CataloguePlace], policy: Policy, local: datetime, cancel: CancelToken
    ) -> Iterator[tuple[object, ...]]:
        for rank, place in enumerate(places):
            for line in shelf_lines(rank, place, policy, local):
                cancel.check()
                yield line

    def search(self, query: ShelfQuery, first: int = FIRST) -> ShelfAnswer:
        """Return what is looked for. Raises ``Cancelled`` when interrupted."""
        where, values = _conditions(query)
        sql = f"SELECT key FROM shelf WHERE {where} ORDER BY {_order(query)}"  # noqa: S608 - our own constants only
        keys = array("q")
        with self._interruptible():
            cursor = self._db.execute(sql, values)
            while rows := cursor.fetchmany(_AT_ONCE):
                keys.extend(key for (key,) in rows)
        return ShelfAnswer(query, keys, self.rows(keys[:first]))

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        with self._gate:
            self._searching = True
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Cancelled from error
            raise
        finally:
            with self._gate:
                self._searching = False

    def rows(self, keys: Iterable[int]) -> tuple[ShelfRow, ...]:
        """Return the rows of some keys, in their order."""
        wanted = list(keys)
        found: dict[int, tuple[object, ...]] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT key, {', '.join(FIELDS)} FROM shelf WHERE key IN ({marks})"  # noqa: S608 - marks only
            found.update((int(row[0]), row) for row in self._db.execute(sql, some))
        return tuple(self._row(found[key]) for key in wanted if key in found)

    def facets(self) -> Facets:
        """Return what can be chosen in the filters."""
        counted = {
            column: tuple(
                self._db.execute(
                    f"SELECT {column}, count(*) FROM shelf WHERE {column} <> '' "  # noqa: S608 - our own names
                    f"GROUP BY 1 ORDER BY {order}"
                )
            )
            for column, order in (
                ("entity", "2 DESC, entity_key"),
                ("family", "2 DESC, 1"),
                ("word", "2 DESC, 1"),
                ("copy", "2 DESC, 1"),
                ("substr(day, 1, 4)", "1 DESC"),
            )
        }
        (total,) = self._db.execute("SELECT count(*) FROM shelf").fetchone()
        years = tuple((int(year), number) for year, number in counted["substr(day, 1, 4)"])
        return Facets(counted["entity"], counted["family"], years, counted["word"], counted["copy"], int(total))

    def find(self, ref: DossierRef) -> int | None:
        """Return the key of a dossier, ``None`` if it is not on the shelf."""
        rows = self._db.execute("SELECT key, root, server FROM shelf WHERE id_d = ?", (ref.id_d,))
        return next(
            (key for key, root, server in rows if (self._roots[root], server) == (ref.root, ref.server)),
            None,
        )

    def interrupt(self) -> None:
        """Stop the search that goes on, from any thread; nothing else is stopped, nor a search that comes later."""
        with self._gate:
            if self._searching:
                self._db.interrupt()

    def close(self) -> None:
        """Let the index go."""
        self._db.close()

    def _row(self, row: tuple[object, ...]) -> ShelfRow:
        value = dict(zip(("key", *FIELDS), row, strict=True))
        removable = None if value["removable"] == NEVER else date.fromisoformat(str(value["removable"]))
        day = date.fromisoformat(str(value["day"])) if value["day"] else None
        return ShelfRow(
            ref=DossierRef(self._roots[int(str(value["root"]))], str(value["server"]), str(value["id_d"])),
            entity=str(value["entity"]),
            family=str(value["family"]),
            number=str(value["number"]),
            title=str(value["title"]),
            word=str(value["word"]),
            copy=str(value["copy"]),
            here=bool(value["here"]),
            complete=bool(value["complete"]),
            gone=bool(value["gone"]),
            day=day,
            removable_from=removable,
            days_left=None if removable is None else (removable - self._today).days,
            files=int(str(value["files"])),
            size=int(str(value["size"])),
            tone=Tone(str(value["tone"])),
            needs_key=bool(value["needs_key"]),
        )


def _order(query: ShelfQuery) -> str:
    """Return how the keys, which are in the order of deadlines, are to be sorted."""
    if query.sort is not SortBy.LIMIT:
        return f"{query.sort.value} {'DESC' if query.descending else 'ASC'}, key"
    # Dossiers without a date come last, whichever way.
    return f"removable = '{NEVER}', key DESC" if query.descending else "key"


def _conditions(query: ShelfQuery) -> tuple[str, list[object]]:
    parts: list[tuple[str, object]] = [("instr(haystack, ?) > 0", word) for word in plain(query.words).split()]
    given: list[tuple[str, object]] = [
        ("entity = ?", query.entity),
        ("family = ?", query.family),
        ("word = ?", query.word),
        ("copy = ?", query.copy),
        ("section = ?", query.section),
        ("substr(day, 1, 4) = ?", f"{query.year:04}" if query.year is not None else ""),
        ("NOT gone AND removable >= ?", query.since.isoformat() if query.since else ""),
        ("NOT gone AND removable <= ?", query.until.isoformat() if query.until else ""),
    ]
    parts += [part for part in given if part[1]]
    return " AND ".join(condition for condition, _ in parts) or "1", [value for _, value in parts]
