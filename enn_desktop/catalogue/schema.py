"""The catalogue's tables, one migration per version, and the refusal of what a newer program wrote."""

from __future__ import annotations

import sqlite3
from pathlib import Path, PurePath
from urllib.parse import quote

from enn_desktop.core.errors import CatalogueError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    -- Born with its rebuild still to do: a cut right after its birth must not pass for an empty folder.
    INSERT INTO meta VALUES ('rebuild', '1');
    CREATE TABLE entity (
        server TEXT NOT NULL, id_e TEXT NOT NULL, name TEXT NOT NULL, siren TEXT NOT NULL, parent TEXT NOT NULL,
        folder TEXT NOT NULL, PRIMARY KEY (server, id_e)) WITHOUT ROWID;
    CREATE TABLE flow (
        server TEXT NOT NULL, type_id TEXT NOT NULL, label TEXT NOT NULL, definition BLOB NOT NULL,
        read_at TEXT NOT NULL, PRIMARY KEY (server, type_id)) WITHOUT ROWID;
    CREATE TABLE dossier (
        key INTEGER PRIMARY KEY, server TEXT NOT NULL, id_d TEXT NOT NULL, id_e TEXT NOT NULL,
        entity TEXT NOT NULL, type_id TEXT NOT NULL, type_label TEXT NOT NULL, family TEXT NOT NULL,
        title TEXT NOT NULL, row_title TEXT NOT NULL, number TEXT NOT NULL,
        state TEXT NOT NULL, state_date TEXT, created TEXT,
        word TEXT NOT NULL, grp TEXT NOT NULL, refused INTEGER NOT NULL,
        final INTEGER NOT NULL, folder TEXT NOT NULL, names_stable INTEGER NOT NULL, sealed INTEGER NOT NULL,
        complete INTEGER NOT NULL, fetched_at TEXT, tried_at TEXT, first_seen TEXT, gone_at TEXT,
        files INTEGER NOT NULL, size INTEGER NOT NULL, UNIQUE (server, id_d));
    CREATE INDEX dossier_folder ON dossier (folder);
    CREATE TABLE file (
        dossier INTEGER NOT NULL REFERENCES dossier (key) ON DELETE CASCADE,
        field TEXT NOT NULL, original TEXT NOT NULL, nth INTEGER NOT NULL, num INTEGER NOT NULL,
        path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, fetched_at TEXT, checked_at TEXT,
        listed INTEGER NOT NULL, doubt TEXT NOT NULL, state_key TEXT NOT NULL,
        PRIMARY KEY (dossier, field, original, nth)) WITHOUT ROWID;
    CREATE TABLE version (
        dossier INTEGER NOT NULL REFERENCES dossier (key) ON DELETE CASCADE,
        path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (dossier, path)) WITHOUT ROWID;
    CREATE TABLE event (
        server TEXT NOT NULL, id_j INTEGER NOT NULL, id_e TEXT NOT NULL, id_d TEXT NOT NULL, kind INTEGER NOT NULL,
        action TEXT NOT NULL, message TEXT NOT NULL, date TEXT, person TEXT NOT NULL,
        PRIMARY KEY (server, id_j)) WITHOUT ROWID;
    CREATE INDEX event_dossier ON event (server, id_d);
    CREATE TABLE journal_mark (
        server TEXT NOT NULL, id_e TEXT NOT NULL, last_id INTEGER NOT NULL, last_date TEXT NOT NULL,
        PRIMARY KEY (server, id_e)) WITHOUT ROWID;
    CREATE TABLE failure (
        server TEXT NOT NULL, id_d TEXT NOT NULL, field TEXT NOT NULL, original TEXT NOT NULL, code TEXT NOT NULL,
        message TEXT NOT NULL, advice TEXT NOT NULL, detail TEXT NOT NULL, first_at TEXT NOT NULL,
        last_at TEXT NOT NULL, count INTEGER NOT NULL, id_e TEXT NOT NULL,
        PRIMARY KEY (server, id_d, field, original)) WITHOUT ROWID;
    CREATE TABLE run (
        key INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT NOT NULL, outcome TEXT NOT NULL,
        dossiers INTEGER NOT NULL, files INTEGER NOT NULL, size INTEGER NOT NULL, failures INTEGER NOT NULL,
        requests INTEGER NOT NULL);
    """,
    """
    -- What the last survey found on the platform and that was still to be brought home, as the list told it.
    CREATE TABLE awaiting (
        server TEXT NOT NULL, id_d TEXT NOT NULL, id_e TEXT NOT NULL, entity TEXT NOT NULL, type_id TEXT NOT NULL,
        type_label TEXT NOT NULL, family TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, state_date TEXT,
        created TEXT, word TEXT NOT NULL, grp TEXT NOT NULL, PRIMARY KEY (server, id_d)) WITHOUT ROWID;
    """,
)
"""Migration n takes the schema from version n to n + 1; published ones never change."""

CURRENT = len(MIGRATIONS)
BUSY_MS = 5000
"""Milliseconds to wait for another program that writes."""

_SURROUNDINGS = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""SQLite's primary result codes that accuse the disk or another program; all others accuse the file."""


class CatalogueDamagedError(CatalogueError):
    """Raised when the file is not, or no longer, a sound database: it can be set aside and rebuilt."""

    code = "catalogue-abime"


def connect(path: Path) -> sqlite3.Connection:
    """Open, check and migrate a catalogue; it is made if absent.

    Raises ``CatalogueError`` for one written by a newer program, ``CatalogueDamagedError`` for a damaged one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = "Le dossier du profil n’est pas accessible en écriture."
        raise CatalogueError(message, advice="Choisissez un autre profil.", detail=str(error)) from error
    try:
        connection = sqlite3.connect(path, isolation_level=None)
    except sqlite3.DatabaseError as error:
        raise failure(error) from error
    try:
        _prepare(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise failure(error) from error
    except CatalogueError:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection | None:
    """Open a catalogue of this very version for reading; ``None`` for an older one.

    Raises ``CatalogueError`` for a newer one, ``CatalogueDamagedError`` for a damaged one.
    """
    try:
        connection, version = _open_to_read(path)
    except sqlite3.DatabaseError as error:
        raise failure(error) from error
    if version == CURRENT:
        return connection
    connection.close()
    if version > CURRENT:
        raise _too_new(version)
    return None


def _open_to_read(path: Path) -> tuple[sqlite3.Connection, int]:
    address = f"{address_of(path.absolute())}?mode=ro"
    try:
        return _asked_its_version(address)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        log = path.with_name(f"{path.name}-wal")
        if not path.is_file() or (log.exists() and log.stat().st_size):
            raise
        # A protected profile: SQLite cannot make the files it shares with a writer, and nobody can write either.
        return _asked_its_version(f"{address}&immutable=1")


def address_of(path: PurePath) -> str:
    """Return the address of an absolute path as SQLite reads it; a share's own (``as_uri``) is refused by SQLite."""
    shown = path.as_posix()
    return f"file://{'' if shown.startswith('/') else '/'}{quote(shown, safe='/:')}"


def _asked_its_version(address: str) -> tuple[sqlite3.Connection, int]:
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection, int(version)


def described_root(path: Path) -> str:
    """Return the folder that a catalogue of any version describes, empty if it does not say or cannot be read."""
    try:
        connection, _ = _open_to_read(path)
    except sqlite3.DatabaseError:
        return ""
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'root'").fetchone()
    except sqlite3.DatabaseError:
        return ""
    finally:
        connection.close()
    return str(row[0]) if row else ""


def _too_new(version: int) -> CatalogueError:
    return CatalogueError(
        "Ce catalogue a été écrit par une version plus récente d’enn-desktop.",
        advice="Installez la dernière version. Vos documents sont intacts.",
        detail=f"schéma {version}, connu {CURRENT}",
    )


def failure(error: sqlite3.DatabaseError) -> CatalogueError:
    """Say in French what SQLite says: damage, or a disk or another program in the way."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code & 0xFF not in _SURROUNDINGS:
        return CatalogueDamagedError(detail=str(error))
    message = "Le catalogue ne peut pas être ouvert : fichier protégé, verrouillé, ou disque plein."
    return CatalogueError(message, detail=str(error))


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > CURRENT:
        raise _too_new(version)
    if version < 0 or connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise CatalogueDamagedError(detail="quick_check")
    connection.execute("PRAGMA journal_mode = WAL")
    # A power cut may lose the last rows, never the file: bytes come first, a lost row is one more download.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    for number in range(version, CURRENT):
        connection.executescript(f"BEGIN;{MIGRATIONS[number]};PRAGMA user_version = {number + 1};COMMIT;")
