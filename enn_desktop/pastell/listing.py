"""A list that is complete although the server's paging is not stable, proven by its own count.

Pastell API, list and traps 4, 5, 29: ties make pages overlap and skip; only ``tri=titre`` breaks them by id;
a full page may be the last one; rows move while we read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import STOPS_EVERYTHING, DossierForbidden, EnnError
from enn_desktop.core.values import DossierRow
from enn_desktop.pastell.client import PAGE, PastellClient

Found = dict[tuple[str, str], str]
"""What one reading saw: (id, role) → type. A dossier may stand twice in one entity, once per role."""

PASSES = 4
"""Readings of a list before it is called unproven."""
MOST_PAGES = 50_000
"""An end to every reading; a page without anything new ends it long before."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What an entity holds. ``proven`` types were seen whole: a dossier missing from them has left the server."""

    id_e: str
    rows: tuple[DossierRow, ...]
    proven_types: frozenset[str]
    unproven_types: frozenset[str]
    expected: int | None
    """Dossiers that the server's count announces; ``None`` when it would not count."""
    old_columns: bool = False
    failure: EnnError | None = None
    """What stopped the reading half-way; the rows seen until then are there, none is proven."""


@dataclass(slots=True)
class _Seen:
    rows: dict[str, DossierRow] = field(default_factory=dict)
    old_columns: bool = False

    def add(self, rows: Iterable[DossierRow]) -> None:
        for row in rows:
            known = self.rows.get(row.id_d)
            # The same dossier may come twice (two roles, or it moved while we read): keep the newest state.
            if known is None or _newer(row, known):
                self.rows[row.id_d] = row


def _newer(row: DossierRow, known: DossierRow) -> bool:
    if row.state_date is None or known.state_date is None:
        return known.state_date is None and row.state_date is not None
    return row.state_date > known.state_date


class Lister:
    """Reads the list of one entity until the server's own count confirms it, or says that it could not."""

    def __init__(self, client: PastellClient, cancel: CancelToken) -> None:
        self._client = client
        self._cancel = cancel

    def read(self, id_e: str, counted: Mapping[str, int] | None) -> Listing:
        """Return every dossier of exactly this entity (children are listed on their own).

        ``counted`` is the number of dossiers per type from ``/document/count``; ``None`` if unavailable:
        two readings in opposite directions must then agree. Raises the server's error when nothing at all
        can be listed.
        """
        seen = _Seen()
        try:
            return self._read(id_e, counted, seen)
        except STOPS_EVERYTHING:
            raise
        except EnnError as error:
            if not seen.rows:
                raise
            types = frozenset(row.type_id for row in seen.rows.values()) | frozenset(counted or ())
            expected = None if counted is None else sum(counted.values())
            rows = tuple(seen.rows.values())
            return Listing(id_e, rows, frozenset(), types, expected, seen.old_columns, error)

    def _read(self, id_e: str, counted: Mapping[str, int] | None, seen: _Seen) -> Listing:
        if counted is not None and not any(counted.values()):
            # The server says there is nothing; one short page makes sure (a count may lack a type).
            return self._judge(id_e, seen, [self._pass(id_e, "", seen, ascending=True)], counted)
        found = self._pass(id_e, "", seen, ascending=True)
        if counted is None:
            again = self._pass(id_e, "", seen, ascending=False)
            return self._judge(id_e, seen, [found, again], None)
        return self._confirm(id_e, seen, found, counted)

    def _confirm(self, id_e: str, seen: _Seen, found: Found, counted: Mapping[str, int]) -> Listing:
        last = dict(found)
        for number in range(1, PASSES):
            missing = _differing(last, counted)
            if not missing:
                break
            counted = self._recount(id_e, counted)
            for type_id in sorted(_differing(last, counted)):
                try:
                    again = self._pass(id_e, type_id, seen, ascending=number % 2 == 0)
                except DossierForbidden:
                    continue
                last = {i: t for i, t in last.items() if t != type_id} | again
        return self._judge(id_e, seen, [last], counted)

    def _recount(self, id_e: str, otherwise: Mapping[str, int]) -> Mapping[str, int]:
        try:
            return per_type(self._client.counts(), id_e)
        except STOPS_EVERYTHING:
            raise
        except EnnError:
            return otherwise

    def _pass(self, id_e: str, type_id: str, seen: _Seen, *, ascending: bool) -> Found:
        """Read all pages once; return id → type of what this reading alone saw."""
        found: Found = {}
        offset = 0
        for _ in range(MOST_PAGES):
            self._cancel.check()
            page = self._client.page(id_e, offset, type_id=type_id, ascending=ascending)
            before = len(found)
            found.update({(row.id_d, row.role): row.type_id for row in page.rows})
            seen.add(page.rows)
            seen.old_columns = seen.old_columns or page.old_columns
            # A full page without anything new: a server that ignores the offset would go on for ever.
            if not page.full or len(found) == before:
                break
            offset += PAGE
        return found

    @staticmethod
    def _judge(id_e: str, seen: _Seen, readings: list[Found], counted: Mapping[str, int] | None) -> Listing:
        last = readings[-1]
        if counted is None:
            wrong = frozenset() if set(readings[0]) == set(last) else frozenset(last.values()) | {""}
        else:
            wrong = frozenset(_differing(last, counted))
        everything = frozenset(row.type_id for row in seen.rows.values()) | frozenset(counted or ())
        ids = {id_d for id_d, _ in last}
        rows = tuple(row for row in seen.rows.values() if row.id_d in ids or row.type_id in wrong or "" in wrong)
        return Listing(
            id_e=id_e,
            rows=rows,
            proven_types=frozenset() if "" in wrong else everything - wrong,
            unproven_types=everything if "" in wrong else wrong,
            expected=None if counted is None else sum(counted.values()),
            old_columns=seen.old_columns,
        )


def _differing(found: Found, counted: Mapping[str, int]) -> set[str]:
    """Return the types whose number is not the server's, whether it counts dossiers or (dossier, role) pairs."""
    pairs = Counter(found.values())
    dossiers = Counter({id_d: type_id for (id_d, _), type_id in found.items()}.values())
    return {t for t in pairs.keys() | counted.keys() if counted.get(t, 0) not in (pairs[t], dossiers[t])}


def per_type(counts: Mapping[str, Mapping[str, Mapping[str, int]]], id_e: str) -> dict[str, int]:
    """Return dossiers per type of one entity, from the whole count."""
    return {type_id: sum(states.values()) for type_id, states in counts.get(id_e, {}).items()}
