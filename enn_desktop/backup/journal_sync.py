"""The platform's journal, brought home in a few calls per town hall: it leaves the server after two months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from enn_desktop.backup.report import Tally
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import (
    STOPS_EVERYTHING,
    DossierForbidden,
    DossierUnreadable,
    EnnError,
    RequestRefused,
)
from enn_desktop.core.values import JournalRow
from enn_desktop.pastell.client import JOURNAL_PAGE, PastellClient

CONSULTATION = 7
"""The journal's own number for a reading: our downloads make thousands, they prove nothing about a dossier."""
FIRST_PAGE = 100
"""Rows asked first: on most days there are fewer new ones."""
_MOST = 2_000_000
_MOST_LOST = 5
"""Rows that cannot be read before the journal is given up for this run."""


class JournalSync:
    """Reads what is new in the journal of each entity and keeps it in the catalogue."""

    def __init__(self, client: PastellClient, catalogue: Catalogue, server: str, cancel: CancelToken) -> None:
        self._client = client
        self._catalogue = catalogue
        self._server = server
        self._cancel = cancel
        self._lost = 0

    def read(self, entities: Iterable[str], tally: Tally) -> set[str]:
        """Bring the journal of these entities up to date; return the ids of the dossiers that have new events.

        A journal that the account may not read is said once and is no failure of the run.
        """
        touched: set[str] = set()
        for id_e in entities:
            try:
                touched |= self._entity(id_e)
            except (DossierForbidden, RequestRefused):
                tally.warn("Ce compte ne peut pas lire le journal de la plateforme : il ne sera pas conservé.")
                return touched
            except STOPS_EVERYTHING:
                raise
            except EnnError:
                tally.warn("Le journal de la plateforme n’a pas pu être lu cette fois-ci.")
                return touched
        return touched

    def _entity(self, id_e: str) -> set[str]:
        last, day = self._catalogue.journal_mark(self._server, id_e)
        since = None if day is None else day - timedelta(days=1)
        found: dict[int, JournalRow] = {}
        offset, limit = 0, FIRST_PAGE
        while offset < _MOST:
            self._cancel.check()
            rows = self._span(id_e, since, offset, limit)
            fresh = [row for row in rows if row is not None and row.id_j > last and row.id_j not in found]
            found.update({row.id_j: row for row in fresh})
            # Newest first: an event already known means that all the following ones are.
            known = any(row is not None and row.id_j <= last for row in rows)
            if len(rows) < limit or known or not fresh:
                break
            offset, limit = offset + limit, JOURNAL_PAGE
        return self._keep(id_e, found, day)

    def _span(self, id_e: str, since: date | None, offset: int, limit: int) -> list[JournalRow | None]:
        """Return rows from ``offset`` on; ``None`` stands for one that the server cannot encode.

        One such row (a file name that is not UTF-8) sinks the whole answer: the span is halved around it.
        """
        try:
            return list(self._client.journal(id_e, since, offset, limit))
        except DossierUnreadable:
            if limit == 1:
                self._lost += 1
                if self._lost > _MOST_LOST:
                    raise
                return [None]
        first = self._span(id_e, since, offset, limit // 2)
        if len(first) < limit // 2:
            return first
        return first + self._span(id_e, since, offset + limit // 2, limit - limit // 2)

    def _keep(self, id_e: str, found: dict[int, JournalRow], day: date | None) -> set[str]:
        if not found:
            return set()
        kept = [row for row in found.values() if row.kind != CONSULTATION]
        newest = max(found)
        moment = found[newest].date
        with self._catalogue.together():
            self._catalogue.put_events(self._server, kept)
            self._catalogue.put_journal_mark(self._server, id_e, newest, moment.date() if moment else day)
        return {row.id_d for row in kept if row.id_d and row.id_d != "0"}
