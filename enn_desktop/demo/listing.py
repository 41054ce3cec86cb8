"""The list of the documents of an entity: filters, orders, pages, rows."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Final

from enn_desktop.demo.clock import moment_of, stamp
from enn_desktop.demo.documents import Membership, Passage
from enn_desktop.demo.store import Store
from enn_desktop.demo.wire import Json, Parameters, number_of, truthy

DEFAULT_LIMIT: Final = 100
_KEPT_ORDERS: Final = 24
_NO_DATE: Final = "0000-00-00 00:00:00"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a row, with a passage or an indexed value when the query brings one."""

    row: Membership
    passage: Passage | None = None
    id_a: int = 0
    indexed: tuple[str, str] | None = None
    unindexed: bool = False


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The parameters of a list, read as PHP reads them."""

    type: str = ""
    offset: int = 0
    limit: int = DEFAULT_LIMIT
    search: str = ""
    states: tuple[str, ...] = ()
    begin: str = ""
    end: str = ""
    passed: str = ""
    never: str = ""
    passed_begin: str = ""
    passed_end: str = ""
    order: str = "date_dernier_etat"
    ascending: bool = False
    indexed: tuple[tuple[str, str], ...] = ()

    @property
    def unpaged(self) -> "ListQuery":
        """The same query without its page: what cached orders are kept by."""
        return replace(self, offset=0, limit=0)


def read_query(parameters: Parameters, store: Store) -> ListQuery:
    """Return the query that the parameters of a request make."""

    def text(name: str) -> str:
        value = parameters.get(name, "")
        return value if isinstance(value, str) else ""

    french = truthy(text("date_in_fr")) and text("date_in_fr") != "false"
    kind = text("type")
    flux = store.fluxes.get(kind)
    indexed = tuple((name, text(name)) for name in sorted(flux.indexed) if text(name)) if flux is not None else ()
    return ListQuery(
        type=kind,
        offset=number_of(text("offset")) if "offset" in parameters else 0,
        limit=number_of(text("limit")) if "limit" in parameters else DEFAULT_LIMIT,
        search=text("search"),
        states=tuple(state for state in text("lastetat").split(",") if state),
        begin=_date(text("last_state_begin"), french=french),
        end=_date(text("last_state_end"), french=french),
        passed=text("etatTransit"),
        never=text("notEtatTransit") if store.profile.at_least(4) else "",
        passed_begin=_date(text("state_begin"), french=french),
        passed_end=_date(text("state_end"), french=french),
        order=text("tri") or "date_dernier_etat",
        ascending=text("sens_tri") == "ASC",
        indexed=indexed,
    )


def _date(text: str, *, french: bool) -> str:
    """Return a date as MySQL compares it; what is no date is the null date."""
    if not text:
        return ""
    if french and text.count("/") == 2:  # noqa: PLR2004 - dd/mm/yyyy
        day, month, year = text.split("/")
        text = f"{year}-{month}-{day}"
    for length, missing in ((10, " 00:00:00"), (16, ":00"), (19, "")):
        if len(text) == length:
            try:
                moment_of(text + missing)
            except ValueError:
                return _NO_DATE
            return text + missing
    return _NO_DATE


class Listing:
    """Answers list queries on a store; orders are computed once and kept until a row changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = -1
        self._kept: dict[tuple[int, tuple[str, ...], ListQuery], list[Line]] = {}

    def page(self, id_e: int, types: Sequence[str], query: ListQuery) -> list[Line]:
        """Return one page; ties of the default order come in an order that differs from page to page."""
        lines = self._ordered(id_e, tuple(types), query)
        if query.limit <= 0:
            return []
        start, end = query.offset, min(query.offset + query.limit, len(lines))
        if start >= end:
            return []
        tie = self._tie_key(query)
        if tie is None or self._store.tie_order == "insertion":
            return lines[start:end]
        return _with_ties_shuffled(lines, start, end, tie, salt=f"{query.offset}-{query.limit}")

    def indexed_count(self, id_e: int, types: Sequence[str], query: ListQuery) -> int:
        """Return how many lines there are, those of new documents left out: they have no indexed value yet.

        Recorded from a real platform: 49, where the list and the full count hold 50.
        """
        lines = self._ordered(id_e, tuple(types), query)
        return sum(line.row.last_action != "creation" for line in lines)

    def _tie_key(self, query: ListQuery) -> Callable[[Line], str] | None:
        if query.order in {"titre", "title"} or self._sorts_by_field(query):
            return None
        if query.order == "entite":
            return lambda line: str(line.row.id_e)
        return lambda line: line.row.last_action_date

    def _sorts_by_field(self, query: ListQuery) -> bool:
        flux = self._store.fluxes.get(query.type)
        return flux is not None and query.order in flux.indexed

    def _ordered(self, id_e: int, types: tuple[str, ...], query: ListQuery) -> list[Line]:
        if self._version != self._store.version:
            self._kept.clear()
            self._version = self._store.version
        key = (id_e, types, query.unpaged)
        if key not in self._kept:
            if len(self._kept) >= _KEPT_ORDERS:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = self._sorted(self._selected(id_e, types, query), query)
        return self._kept[key]

    def _selected(self, id_e: int, types: tuple[str, ...], query: ListQuery) -> list[Line]:
        wanted = {query.type} if query.type else set(types)
        keep = _row_filter(query)
        rows = [row for row in self._store.rows_of(id_e) if row.document.type in wanted and keep(row)]
        if query.never:
            rows = [row for row in rows if all(passage.action != query.never for passage in row.document.passages)]
        lines = self._passing(rows, query) if query.passed else [Line(row) for row in rows]
        if self._sorts_by_field(query):
            lines = [_with_indexed(line, query.order) for line in lines]
        return lines

    def _passing(self, rows: Sequence[Membership], query: ListQuery) -> list[Line]:
        found = []
        for row in rows:
            passages = row.document.passages
            numbers = (
                self._store.journal.numbers_of(row.document) if any(not passage.id_a for passage in passages) else []
            )
            for step, passage in enumerate(passages):
                inside = passage.date > query.passed_begin and (not query.passed_end or passage.date < query.passed_end)
                if passage.action == query.passed and inside:
                    number = passage.id_a or (numbers[step] if step < len(numbers) else 0)
                    found.append(Line(row, passage, number))
        return found

    def _sorted(self, lines: list[Line], query: ListQuery) -> list[Line]:
        down = not query.ascending
        if query.order in {"titre", "title"}:
            lines.sort(key=lambda line: line.row.document.id_d)
            lines.sort(key=lambda line: folded(line.row.document.titre), reverse=down)
        elif self._sorts_by_field(query):
            lines.sort(
                key=lambda line: (not line.unindexed, folded(line.indexed[1]) if line.indexed else ""), reverse=down
            )
        elif query.order == "entite":
            lines.sort(key=lambda line: folded(self._store.entities[line.row.id_e].denomination), reverse=down)
        else:
            lines.sort(key=lambda line: line.row.last_action_date, reverse=down)
        return lines

    def row_json(self, line: Line) -> Json:
        """Return one row of the list, its columns in the order of the real platform."""
        store, row, document = self._store, line.row, line.row.document
        native = not store.profile.strings and not store.profile.casts_rows
        entity = store.entities[row.id_e]
        found: dict[str, Json] = {
            "id_d": None if line.unindexed else document.id_d,
            "id_e": row.id_e if native else str(row.id_e),
            "role": row.role,
            "last_action": row.last_action,
            "last_action_date": row.last_action_date,
            "last_type": document.type,
            "type": document.type,
            "titre": document.titre,
            "creation": shifted(store, document.creation),
            "modification": shifted(store, document.modification),
            "denomination": entity.denomination,
            "siren": entity.siren,
            "date_inscription": entity.registered,
        }
        if store.profile.entity_state_column:
            found["etat"] = 0 if native else "0"
        found["entite_mere"] = str(entity.mother)
        found["centre_de_gestion"] = 0 if native else "0"
        found["is_active"] = entity.active if store.profile.casts_rows else 1 if native else "1"
        found |= self._extra(line)
        found["entite_base"] = entity.denomination
        found["entite"] = [] if len(document.memberships) == 1 else self._other_entities(row)
        found["last_action_display"] = False if line.unindexed else row.last_action
        return found

    def _extra(self, line: Line) -> dict[str, Json]:
        found: dict[str, Json] = {}
        native = not self._store.profile.strings
        if line.passage is not None:
            found["id_a"] = line.id_a if native else str(line.id_a)
            found["action"] = line.passage.action
            found["date"] = line.passage.date
            found["id_u"] = line.passage.id_u if native else str(line.passage.id_u)
        if line.unindexed:
            found |= {"field_name": None, "field_value": None}
        elif line.indexed is not None:
            found |= {"field_name": line.indexed[0], "field_value": line.indexed[1]}
        return found

    def _other_entities(self, row: Membership) -> Json:
        native = not self._store.profile.strings and not self._store.profile.casts_rows
        others = dict.fromkeys(other.id_e for other in row.document.memberships if other.id_e != row.id_e)
        return [
            {"id_e": id_e if native else str(id_e), "denomination": self._store.entities[id_e].denomination}
            for id_e in others
        ]


def shifted(store: Store, written: str) -> str:
    """Return a date of the database, in the database's own zone."""
    if not store.database_shift:
        return written
    return stamp(moment_of(written) + store.database_shift)


def _row_filter(query: ListQuery) -> Callable[[Membership], bool]:
    like = _like(query.search) if query.search else None
    values = [(name, _like(value)) for name, value in query.indexed]

    def keep(row: Membership) -> bool:
        if query.states and row.last_action not in query.states:
            return False
        if query.begin and row.last_action_date <= query.begin:
            return False
        if query.end and row.last_action_date >= query.end:
            return False
        if like is not None and not like(row.document.titre):
            return False
        if not values:
            return True
        texts = row.document.texts()
        return all(name in texts and match(texts[name][:128]) for name, match in values)

    return keep


def _like(pattern: str) -> Callable[[str], bool]:
    """Return a test for MySQL's `LIKE %pattern%`, blind to case and accents."""
    import re

    pieces = {"%": ".*", "_": "."}
    expression = re.compile(
        "".join(pieces.get(character) or re.escape(character) for character in folded(pattern)), re.DOTALL
    )
    return lambda text: expression.search(folded(text)) is not None


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """Return the text as the database compares it: no case, no accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _with_indexed(line: Line, field: str) -> Line:
    value = line.row.document.texts().get(field)
    if value is None and not line.row.document.content:
        return replace(line, unindexed=True)
    return replace(line, indexed=(field, (value or "")[:128]))


def _with_ties_shuffled(
    lines: list[Line], start: int, end: int, key: Callable[[Line], str], *, salt: str
) -> list[Line]:
    """Return lines[start:end] of an order in which equal keys are mixed, in a way that the page decides."""
    first, last = start, end
    while first > 0 and key(lines[first - 1]) == key(lines[start]):
        first -= 1
    while last < len(lines) and key(lines[last]) == key(lines[end - 1]):
        last += 1
    mixed: list[Line] = []
    for tied, group in groupby(lines[first:last], key):
        members = list(group)
        if len(members) > 1:
            random.Random(f"{tied}-{salt}").shuffle(members)  # noqa: S311 - an order, not a secret
        mixed.extend(members)
    return mixed[start - first : end - first]
