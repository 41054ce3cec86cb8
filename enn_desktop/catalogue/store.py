"""Small verbs over the catalogue. One thread owns it; every verb is one transaction or part of one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from enn_desktop.catalogue import schema
from enn_desktop.catalogue.ledger import LedgerVerbs, moment_text
from enn_desktop.catalogue.records import FileKey, KnownDossier, KnownFile
from enn_desktop.core.values import Entity

_NAMES = tuple(field.name for field in fields(KnownDossier))
_COLUMNS = ", ".join("grp" if name == "group" else name for name in _NAMES)
_PLATFORM_DATES = {"state_date", "created"}
_OUR_DATES = {"fetched_at", "tried_at", "first_seen", "gone_at"}
_FLAGS = {"refused", "final", "names_stable", "sealed", "complete"}


class Catalogue(LedgerVerbs):
    """One open catalogue; use it in a ``with``.

    Damage found at opening is a ``CatalogueDamagedError``. Later, ``sqlite3.DatabaseError`` comes out as it is, but of
    the ``with`` of one opened for reading, whose reader expects ``CatalogueError`` alone.
    """

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        self.path = path
        self._reading = reading
        self._db = (schema.connect_to_read(path) if reading else None) or schema.connect(path)
        self._put_now = set()

    @classmethod
    def for_reading(cls, path: Path) -> Self:
        """Open a catalogue to read it only, while a run may be writing: nothing is made, checked or migrated.

        One of an older program is opened, and migrated, the usual way.
        """
        return cls(path, reading=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self._reading and isinstance(value, sqlite3.DatabaseError):
            raise schema.failure(value) from value

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def ask(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[object, ...]]:
        """Yield the rows of a question of ours; for the other modules of this room only."""
        yield from self._db.execute(query, tuple(values))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make everything inside one transaction: all of it is kept, or nothing."""
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # On a full disk SQLite has rolled back by itself, and a second time would hide why.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @property
    def unfinished_rebuild(self) -> bool:
        """Whether a rebuild from the folder was begun and not finished."""
        return self._db.execute("SELECT 1 FROM meta WHERE key = 'rebuild'").fetchone() is not None

    def note_rebuild(self, *, unfinished: bool) -> None:
        """Note that a rebuild begins, or that it is finished."""
        if unfinished:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('rebuild', '1')")
        else:
            self._db.execute("DELETE FROM meta WHERE key = 'rebuild'")

    @property
    def root(self) -> str:
        """The folder that this catalogue last described, empty before the first time."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'root'").fetchone()
        return str(row[0]) if row else ""

    def note_root(self, root: Path) -> None:
        """Note which folder this catalogue describes."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('root', ?)", (str(root),))

    def alias(self, address: str) -> str:
        """Return the address under which the platform of this one is known, empty if it is its own."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (f"alias {address}",)).fetchone()
        return str(row[0]) if row else ""

    def put_alias(self, address: str, known: str) -> None:
        """Note that the platform at ``address`` is the one known as ``known``."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"alias {address}", known))

    def knows(self, server: str) -> bool:
        """Whether any dossier of this server is known."""
        return self._db.execute("SELECT 1 FROM dossier WHERE server = ? LIMIT 1", (server,)).fetchone() is not None

    # -- dossiers ------------------------------------------------------------------------------------------

    def dossiers(self, where: str = "1", values: Sequence[object] = ()) -> Iterator[KnownDossier]:
        """Yield dossiers; ``where`` is SQL of ours over the columns, never text from a user."""
        query = f"SELECT {_COLUMNS} FROM dossier WHERE {where}"  # noqa: S608 - our own constants only
        for row in self._db.execute(query, tuple(values)):
            yield _dossier(row)

    def servers(self) -> list[str]:
        """Return the servers of which something is known."""
        return [server for (server,) in self._db.execute("SELECT DISTINCT server FROM dossier ORDER BY server")]

    def of_server(self, server: str) -> dict[str, KnownDossier]:
        """Return every dossier of one server, by id."""
        return {dossier.id_d: dossier for dossier in self.dossiers("server = ?", (server,))}

    def dossier(self, server: str, id_d: str) -> KnownDossier | None:
        """Return one dossier, or ``None``."""
        return next(self.dossiers("server = ? AND id_d = ?", (server, id_d)), None)

    def put_dossier(self, dossier: KnownDossier) -> int:
        """Insert or update one dossier; return its key."""
        values = tuple(_column(name, getattr(dossier, name)) for name in _NAMES)
        names = ["grp" if name == "group" else name for name in _NAMES]
        update = ", ".join(f"{name} = excluded.{name}" for name in names)
        marks = ", ".join("?" * len(names))
        query = (
            f"INSERT INTO dossier ({', '.join(names)}) VALUES ({marks}) "  # noqa: S608 - our own constants only
            f"ON CONFLICT (server, id_d) DO UPDATE SET {update} RETURNING key"
        )
        return int(self._db.execute(query, values).fetchone()[0])

    def mark_gone(self, server: str, ids: Iterable[str], at: datetime) -> None:
        """Note that dossiers are no longer on the platform; those already noted keep their date."""
        self._db.executemany(
            "UPDATE dossier SET gone_at = ? WHERE server = ? AND id_d = ? AND gone_at IS NULL",
            [(moment_text(at), server, id_d) for id_d in ids],
        )

    def doubt(self, server: str, ids: Iterable[str]) -> None:
        """Note that dossiers are not complete until looked at again."""
        self._db.executemany(
            "UPDATE dossier SET complete = 0 WHERE server = ? AND id_d = ?", [(server, id_d) for id_d in ids]
        )

    def mark_unsealed(self, server: str, id_d: str) -> None:
        """Note that a dossier's folder is being written, or must be looked at again."""
        self._db.execute("UPDATE dossier SET sealed = 0, complete = 0 WHERE server = ? AND id_d = ?", (server, id_d))

    def set_folder(self, server: str, id_d: str, folder: str) -> None:
        """Note that a dossier's folder was found elsewhere."""
        self._db.execute("UPDATE dossier SET folder = ? WHERE server = ? AND id_d = ?", (folder, server, id_d))

    def sibling_names(self, parent: str) -> list[str]:
        """Return the last parts of the folders of the dossiers under ``parent`` (a path with ``/``)."""
        low, high = f"{parent}/", f"{parent}0"  # '0' follows '/' in the alphabet of code points
        rows = self._db.execute("SELECT folder FROM dossier WHERE folder > ? AND folder < ?", (low, high))
        return [folder[len(low) :] for (folder,) in rows if "/" not in folder[len(low) :]]

    # -- files ---------------------------------------------------------------------------------------------

    def files(self, server: str, id_d: str) -> dict[FileKey, KnownFile]:
        """Return the files of one dossier."""
        rows = self._db.execute(
            "SELECT field, original, nth, num, path, file.sha256, file.size, file.fetched_at, checked_at, listed, "
            "doubt, state_key FROM file JOIN dossier ON key = dossier WHERE server = ? AND id_d = ?",
            (server, id_d),
        )
        found = (_file(row) for row in rows)
        return {file.key: file for file in found}

    def file_names(self) -> dict[tuple[str, str], str]:
        """Return (server, id_d) → the names of the files that are here, in one text."""
        rows = self._db.execute(
            "SELECT server, id_d, group_concat(path, ' ') FROM file JOIN dossier ON key = dossier "
            "WHERE path <> '' GROUP BY dossier"
        )
        return {(server, id_d): names for server, id_d, names in rows}

    def versions(self, server: str, id_d: str) -> list[tuple[str, int]]:
        """Return the older versions kept of one dossier's files: path from its folder, size in bytes."""
        rows = self._db.execute(
            "SELECT path, version.size FROM version JOIN dossier ON key = dossier WHERE server = ? AND id_d = ? "
            "ORDER BY path",
            (server, id_d),
        )
        return [(str(path), int(size)) for path, size in rows]

    def put_file(self, server: str, id_d: str, file: KnownFile) -> None:
        """Insert or update one file of a known dossier."""
        self._db.execute(
            "INSERT INTO file SELECT key, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM dossier "
            "WHERE server = ? AND id_d = ? "
            "ON CONFLICT (dossier, field, original, nth) DO UPDATE SET num = excluded.num, path = excluded.path, "
            "sha256 = excluded.sha256, size = excluded.size, fetched_at = excluded.fetched_at, "
            "checked_at = excluded.checked_at, listed = excluded.listed, doubt = excluded.doubt, "
            "state_key = excluded.state_key",
            (*_file_columns(file), server, id_d),
        )

    def replace_files(self, key: int, files: Iterable[KnownFile], versions: Iterable[tuple[str, str, int]]) -> None:
        """Set all files and versions (path, hash, size) of the dossier of that key."""
        self._db.execute("DELETE FROM file WHERE dossier = ?", (key,))
        self._db.execute("DELETE FROM version WHERE dossier = ?", (key,))
        marks = ", ".join("?" * 13)
        self._db.executemany(
            f"INSERT INTO file VALUES ({marks})",  # noqa: S608 - marks only
            [(key, *_file_columns(file)) for file in files],
        )
        self._db.executemany("INSERT OR REPLACE INTO version VALUES (?, ?, ?, ?)", [(key, *v) for v in versions])

    def folders(self, where: str = "1") -> set[str]:
        """Return the folders of dossiers, paths from the root with ``/``; ``where`` is SQL of ours."""
        return {dossier.folder for dossier in self.dossiers(f"folder <> '' AND {where}")}

    def damaged_files(self) -> dict[str, list[str]]:
        """Return folder → paths of the files that a verification found damaged and that were not fetched since."""
        found: dict[str, list[str]] = {}
        query = "SELECT folder, path FROM file JOIN dossier ON key = dossier WHERE checked_at IS NULL AND path <> ''"
        for folder, path in self._db.execute(query):
            found.setdefault(folder, []).append(path)
        return found

    def present_files(self) -> dict[str, dict[str, tuple[str, int]]]:
        """Return dossier folder → file path → (hash, size) for everything that must be on the disk."""
        found: dict[str, dict[str, tuple[str, int]]] = {}
        query = (
            "SELECT folder, path, sha256, file.size FROM file JOIN dossier ON key = dossier WHERE path <> '' "
            "UNION ALL SELECT folder, path, sha256, version.size FROM version JOIN dossier ON key = dossier "
            "WHERE sha256 <> ''"
        )
        for folder, path, sha256, size in self._db.execute(query):
            found.setdefault(folder, {})[path] = (sha256, size)
        return found

    def note_checked(self, at: datetime) -> None:
        """Note that every file was read again."""
        self._db.execute("UPDATE file SET checked_at = ?", (moment_text(at),))

    def forget_files(self, folder: str, paths: Iterable[str]) -> None:
        """Note that files of a dossier are not as they were: the dossier is to be completed, they are fetched again.

        Their hashes stay: what was lost is still known.
        """
        rows = [(folder, path) for path in paths]
        self._db.execute("UPDATE dossier SET sealed = 0, complete = 0 WHERE folder = ?", (folder,))
        self._db.executemany(
            "UPDATE file SET checked_at = NULL, state_key = '' "
            "WHERE dossier = (SELECT key FROM dossier WHERE folder = ?) AND path = ?",
            rows,
        )

    # -- entities and flows --------------------------------------------------------------------------------

    def entity_folders(self) -> dict[tuple[str, str], str]:
        """Return (server, id_e) → folder of every town hall that has one."""
        rows = self._db.execute("SELECT server, id_e, folder FROM entity WHERE folder <> ''")
        return {(server, id_e): folder for server, id_e, folder in rows}

    def put_entity(self, server: str, entity: Entity, folder: str) -> None:
        """Insert or update one town hall."""
        self._db.execute(
            "INSERT OR REPLACE INTO entity VALUES (?, ?, ?, ?, ?, ?)",
            (server, entity.id_e, entity.name, entity.siren, entity.parent, folder),
        )

    def put_flow(self, server: str, type_id: str, label: str, definition: bytes, at: datetime) -> None:
        """Keep what the server says of a flow."""
        self._db.execute(
            "INSERT OR REPLACE INTO flow VALUES (?, ?, ?, ?, ?)",
            (server, type_id, label, definition, moment_text(at)),
        )

    def flows(self, server: str) -> dict[str, tuple[bytes, datetime]]:
        """Return type → (definition, when it was read)."""
        rows = self._db.execute("SELECT type_id, definition, read_at FROM flow WHERE server = ?", (server,))
        return {type_id: (definition, datetime.fromisoformat(at)) for type_id, definition, at in rows}

    def clear(self) -> None:
        """Forget everything but runs, before a rebuild from the folder."""
        for table in ("file", "version", "dossier", "entity", "flow", "event", "journal_mark", "failure", "awaiting"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table names


def _column(name: str, value: object) -> object:
    if value is None or (isinstance(value, bool | int | str) and name not in _PLATFORM_DATES):
        return value
    if isinstance(value, datetime):
        return value.isoformat(" ") if name in _PLATFORM_DATES else moment_text(value)
    return value


def _dossier(row: Sequence[object]) -> KnownDossier:
    values: dict[str, object] = dict(zip(_NAMES, row, strict=True))
    for name in _PLATFORM_DATES | _OUR_DATES:
        given = values[name]
        values[name] = datetime.fromisoformat(given) if isinstance(given, str) else None
    for name in _FLAGS:
        values[name] = bool(values[name])
    return KnownDossier(**values)  # type: ignore[arg-type] # the columns are the dataclass's own names


def _file(row: Sequence[object]) -> KnownFile:
    field, original, nth, num, path, sha256, size, fetched, checked, listed, doubt, state_key = row
    return KnownFile(
        FileKey(str(field), str(original), int(str(nth))),
        int(str(num)),
        str(path),
        str(sha256),
        int(str(size)),
        datetime.fromisoformat(str(fetched)) if fetched else None,
        datetime.fromisoformat(str(checked)) if checked else None,
        bool(listed),
        str(doubt),
        str(state_key),
    )


def _file_columns(file: KnownFile) -> tuple[object, ...]:
    return (
        file.key.field, file.key.original, file.key.nth, file.num, file.path, file.sha256, file.size,
        moment_text(file.fetched_at), moment_text(file.checked_at), file.listed, file.doubt, file.state_key,
    )  # fmt: skip
