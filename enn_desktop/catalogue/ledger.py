"""What the catalogue tells of the past: the platform's journal, failures still open, runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from enn_desktop.catalogue.records import Failure, FileKey, KnownDossier, RunRow
from enn_desktop.core.errors import DossierGone, EnnError
from enn_desktop.core.values import JournalRow

STILL_AWAITED = """
    NOT EXISTS (SELECT 1 FROM dossier d WHERE d.server = awaiting.server AND d.id_d = awaiting.id_d
                AND d.gone_at IS NULL AND d.sealed AND (d.state_date > awaiting.state_date
                OR d.state = awaiting.state AND d.state_date IS awaiting.state_date))
"""
"""SQL over ``awaiting``: what was not brought home since, in the state that the list told or a newer one."""


_AWAITING = f"""
    SELECT server, id_d, id_e, entity, type_id, type_label, family, title, state, state_date, created, word, grp
    FROM awaiting WHERE {STILL_AWAITED}
"""  # noqa: S608 - our own constant


class LedgerVerbs:
    """The verbs over journal, failures and runs; part of :class:`enn_desktop.catalogue.store.Catalogue`."""

    _db: sqlite3.Connection
    _put_now: set[str]

    # -- journal -------------------------------------------------------------------------------------------

    def put_events(self, server: str, events: Iterable[JournalRow]) -> None:
        """Keep events of the journal; those already known are left as they are."""
        self._db.executemany(
            "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    server,
                    e.id_j,
                    e.id_e,
                    e.id_d,
                    e.kind,
                    e.action,
                    e.message,
                    e.date and e.date.isoformat(" "),
                    e.person,
                )
                for e in events
            ],
        )

    def events(self, server: str, id_d: str) -> list[JournalRow]:
        """Return the events of one dossier, oldest first."""
        rows = self._db.execute(
            "SELECT id_j, kind, id_e, id_d, action, message, date, person FROM event "
            "WHERE server = ? AND id_d = ? ORDER BY id_j",
            (server, id_d),
        )
        return [
            JournalRow(id_j, kind, id_e, of, action, message, day and datetime.fromisoformat(day), person)
            for id_j, kind, id_e, of, action, message, day, person in rows
        ]

    def journal_mark(self, server: str, id_e: str) -> tuple[int, date | None]:
        """Return the last event known of an entity and its day; ``(0, None)`` before the first reading."""
        row = self._db.execute(
            "SELECT last_id, last_date FROM journal_mark WHERE server = ? AND id_e = ?", (server, id_e)
        ).fetchone()
        return (0, None) if row is None else (row[0], date.fromisoformat(row[1]) if row[1] else None)

    def put_journal_mark(self, server: str, id_e: str, last_id: int, day: date | None) -> None:
        """Note how far the journal of an entity is known."""
        self._db.execute(
            "INSERT OR REPLACE INTO journal_mark VALUES (?, ?, ?, ?)",
            (server, id_e, last_id, day.isoformat() if day else ""),
        )

    # -- what is still to be brought home ------------------------------------------------------------------

    def put_awaiting(self, server: str, dossiers: Iterable[KnownDossier]) -> None:
        """Note what is on the platform and still to be brought home; it takes the place of what was noted before."""
        self._db.execute("DELETE FROM awaiting WHERE server = ?", (server,))
        self._db.executemany(
            "INSERT OR REPLACE INTO awaiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (server, d.id_d, d.id_e, d.entity, d.type_id, d.type_label, d.family, d.title, d.state,
                 d.state_date and d.state_date.isoformat(" "), d.created and d.created.isoformat(" "), d.word, d.group)
                for d in dossiers
            ],
        )  # fmt: skip

    def awaiting(self) -> list[KnownDossier]:
        """Return what was still to be brought home and was not brought since, in the state that the list told."""
        return [_awaited(row) for row in self._db.execute(_AWAITING)]

    def awaited(self, server: str, id_d: str) -> KnownDossier | None:
        """Return one dossier as the list told it, ``None`` if it is not to be brought home."""
        row = self._db.execute(f"{_AWAITING} AND server = ? AND id_d = ?", (server, id_d)).fetchone()
        return _awaited(row) if row else None

    # -- failures and runs ---------------------------------------------------------------------------------

    def put_failure(  # noqa: PLR0913 - a failure is who, what and when
        self, server: str, id_d: str, error: EnnError, at: datetime, file: FileKey | None = None, *, id_e: str = ""
    ) -> None:
        """Remember a failure until it is solved; the same one again counts up."""
        field, original = (file.field, file.original) if file else ("", "")
        self._put_now.add(id_d)
        self._db.execute(
            "INSERT INTO failure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?) "
            "ON CONFLICT (server, id_d, field, original) DO UPDATE SET code = excluded.code, "
            "message = excluded.message, advice = excluded.advice, detail = excluded.detail, "
            "last_at = excluded.last_at, count = count + 1",
            (
                server,
                id_d,
                field,
                original,
                error.code,
                error.message,
                error.advice,
                error.detail,
                *[moment_text(at)] * 2,
                id_e,
            ),
        )

    def solve_failures(self, server: str, id_d: str, still_open: Iterable[tuple[str, str]] = ()) -> None:
        """Forget the failures of a dossier, but those (field, original name) that are still open."""
        keep = set(still_open)
        rows = self._db.execute("SELECT field, original FROM failure WHERE server = ? AND id_d = ?", (server, id_d))
        solved = [pair for pair in rows.fetchall() if pair not in keep]
        self._db.executemany(
            "DELETE FROM failure WHERE server = ? AND id_d = ? AND field = ? AND original = ?",
            [(server, id_d, *pair) for pair in solved],
        )

    def failures(self, server: str | None = None) -> list[Failure]:
        """Return the open failures, oldest first."""
        rows = self._db.execute(
            "SELECT f.server, f.id_d, code, message, advice, detail, first_at, last_at, count, field, original, "
            "coalesce(d.title, ''), f.id_e FROM failure f "
            "LEFT JOIN dossier d ON d.server = f.server AND d.id_d = f.id_d "
            "WHERE ? IS NULL OR f.server = ? ORDER BY first_at, f.id_d",
            (server, server),
        )
        return [_failure(row) for row in rows]

    def open_failures(self, server: str) -> list[Failure]:
        """Return the failures that something can still be done about, and those put since this catalogue was opened.

        What left the platform cannot be fetched any more: it is said once, then stays in the list of failures.
        """
        rows = self._db.execute("SELECT id_d FROM dossier WHERE server = ? AND gone_at IS NOT NULL", (server,))
        gone = {id_d for (id_d,) in rows}
        return [
            failure
            for failure in self.failures(server)
            if failure.id_d in self._put_now or (failure.id_d not in gone and failure.code != DossierGone.code)
        ]

    def put_run(self, run: RunRow) -> None:
        """Remember a run."""
        self._db.execute(
            "INSERT INTO run VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            (moment_text(run.started_at), moment_text(run.ended_at), run.outcome, run.dossiers, run.files, run.size,
             run.failures, run.requests),
        )  # fmt: skip

    def runs(self, limit: int) -> list[RunRow]:
        """Return the newest runs, newest first."""
        rows = self._db.execute(
            "SELECT started_at, ended_at, outcome, dossiers, files, size, failures, requests "
            "FROM run ORDER BY key DESC LIMIT ?",
            (limit,),
        )
        return [RunRow(datetime.fromisoformat(row[0]), datetime.fromisoformat(row[1]), *row[2:]) for row in rows]

    def last_run(self) -> RunRow | None:
        """Return the newest run, or ``None``."""
        return next(iter(self.runs(1)), None)


def moment_text(at: datetime | None) -> str | None:
    """Return an instant as the text that the tables hold."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def _failure(row: Sequence[object]) -> Failure:
    server, id_d, code, message, advice, detail, first, last, number, field, original, title, id_e = map(str, row)
    first_at, last_at = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return Failure(
        server, id_d, code, message, advice, detail, first_at, last_at, int(number), field, original, title, id_e
    )  # fmt: skip


def _awaited(row: Sequence[object]) -> KnownDossier:
    server, id_d, id_e, entity, type_id, label, family, title, state = map(str, row[:9])
    state_date, created = (datetime.fromisoformat(day) if isinstance(day, str) else None for day in row[9:11])
    word, group = map(str, row[11:])
    return KnownDossier(
        server,
        id_d,
        id_e,
        entity,
        type_id,
        label,
        family,
        title,
        title,
        state=state,
        state_date=state_date,
        created=created,
        word=word,
        group=group,
    )
