"""The platform's journal: rows written as things happen, and rows made for what happened before."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from enn_desktop.demo.documents import Document, Passage

ACTION: Final = 1
CONSULTATION: Final = 7
NO_STAMP: Final = "0000-00-00 00:00:00"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row. `titre` is looked up when the row is read: it disappears with the document."""

    id_j: int
    kind: int
    id_e: int
    id_u: int
    id_d: str
    action: str
    message: str
    date: str
    document_type: str
    stamped: str = NO_STAMP
    proof: str = ""
    signed: str = ""
    """The date inside the time-stamped message, when it is not `date`."""


class Journal:
    """Rows by id: first those of the seeded past, numbered by date, then those written since."""

    def __init__(self) -> None:
        self._past: list[Document] = []
        self._numbers: dict[str, list[int]] | None = None
        self._past_count = 0
        self._orphans: list[JournalRow] = []
        self.rows: list[JournalRow] = []

    def seed(self, documents: Sequence[Document]) -> None:
        """Take these documents' past as already written; call it once, before any row is added."""
        self._past = list(documents)
        self._numbers = None
        self._past_count = sum(document.recipe.step_count for document in documents if document.recipe)

    def add(self, row: JournalRow) -> None:
        """Write one more row."""
        self.rows.append(row)

    @property
    def next_id(self) -> int:
        """The number that the next row takes."""
        return (self.rows[-1].id_j if self.rows else self._past_count) + 1

    def keep_past_of(self, document: Document) -> None:
        """Keep the seeded rows of a document that is about to disappear."""
        self._orphans.extend(self.past_rows(document))

    def past_rows(self, document: Document) -> list[JournalRow]:
        """Return the seeded rows of a document, oldest first."""
        if document.recipe is None:
            return []
        numbers = self._numbering().get(document.id_d)
        passages = document.recipe.passages(document)
        if numbers is None:
            return []
        return [_row(number, document, passage) for number, passage in zip(numbers, passages, strict=True)]

    def numbers_of(self, document: Document) -> list[int]:
        """Return the numbers of the seeded rows of a document, oldest first."""
        return self._numbering().get(document.id_d, [])

    def written(self, documents: Iterable[Document]) -> Iterator[JournalRow]:
        """Return the rows of these documents and all that were written since, oldest first."""
        past = [row for document in documents for row in self.past_rows(document)]
        past.extend(self._orphans)
        past.sort(key=lambda row: row.id_j)
        yield from past
        yield from self.rows

    def by_id(self, id_j: int, documents: Iterable[Document]) -> JournalRow | None:
        """Return one row, or `None`."""
        place = bisect_left(self.rows, id_j, key=lambda row: row.id_j)
        if place < len(self.rows) and self.rows[place].id_j == id_j:
            return self.rows[place]
        return next((row for row in self.written(documents) if row.id_j == id_j), None)

    def _numbering(self) -> dict[str, list[int]]:
        if self._numbers is None:
            keys = sorted(
                (passage.date, rank, step)
                for rank, document in enumerate(self._past)
                if document.recipe
                for step, passage in enumerate(document.recipe.passages(document))
            )
            numbers: dict[str, list[int]] = {document.id_d: [] for document in self._past}
            for number, (_, rank, _) in enumerate(keys, 1):
                numbers[self._past[rank].id_d].append(number)
            self._numbers = numbers
        return self._numbers


def _row(number: int, document: Document, passage: Passage) -> JournalRow:
    return JournalRow(
        number,
        ACTION,
        passage.id_e,
        passage.id_u,
        document.id_d,
        passage.action,
        passage.message,
        passage.date,
        document.type,
        passage.date,
    )
