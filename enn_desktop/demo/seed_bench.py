"""Building a uniform platform whose sizes are known to the byte, for measures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from enn_desktop.demo.clock import Clock, stamp
from enn_desktop.demo.documents import Content, Document, Membership, Passage, Recipient
from enn_desktop.demo.flux_catalogue import fluxes_of
from enn_desktop.demo.papers import pdf
from enn_desktop.demo.profiles import profile_named
from enn_desktop.demo.recipes import message_of
from enn_desktop.demo.seed_people import COMMUNE, people
from enn_desktop.demo.stored_files import Huge, Made, StoredFile
from enn_desktop.demo.world import World

_TYPE: Final = "document-a-signer"
_PATH: Final = ("creation", "modification", "send-iparapheur", "recu-iparapheur", "termine")
_NOW: Final = datetime(2026, 11, 23, 12, 0, 0)  # noqa: DTZ001 - the platform's local time
SMALLEST_FILE: Final = 1000


@dataclass(frozen=True, slots=True)
class _BenchPlan:
    """A finished document with as many PDFs of a given size as wanted, all different."""

    number: int
    files: int
    size: int
    huge: int
    world: World

    @property
    def step_count(self) -> int:
        """How many states were passed."""
        return len(_PATH)

    def content(self, document: Document) -> Content:
        """Return the values and the files: one main document, the rest as annexes."""
        made = [self._file(rank) for rank in range(self.files)]
        if self.huge:
            made[:1] = [StoredFile("plan énorme.pdf", Huge(self.huge, f"bench-{self.number}"))]
        found: Content = {"libelle": document.titre, "document": made[:1]}
        if len(made) > 1:
            found["autre_document_attache"] = made[1:]
        return found

    def _file(self, rank: int) -> StoredFile:
        seed = f"bench-{self.number}-{rank}"
        return StoredFile(f"pièce {rank:03d}.pdf", Made(partial(pdf, "Mesure", (seed,), size=self.size, seed=seed)))

    def passages(self, document: Document) -> list[Passage]:
        """Return the states passed, one minute after the other."""
        row = document.memberships[0]
        flux = self.world.fluxes[document.type]
        return [Passage(action, row.last_action_date, 2, message_of(flux, action), row.id_e) for action in _PATH]

    def recipients(self, document: Document) -> list[Recipient]:
        """Return nobody."""
        del document
        return []


def build_bench_world(  # noqa: PLR0913 - what is measured is said in full
    dossiers: int, files_each: int, file_size: int, *, profile: str = "2.0", seed: int = 1, huge_file: int = 0
) -> World:
    """Build a platform of one commune with `dossiers` finished documents of exactly `files_each` PDFs each.

    Every PDF has exactly `file_size` bytes (1 000 at least) and differs from all others. With `huge_file`, the first
    document's first file has that many bytes instead, made on the fly and never held. The clock stands on
    2026-11-23 12:00, and dates are one minute apart.

    Raises:
        ValueError: a size is too small, or the profile is unknown.
    """
    if file_size < SMALLEST_FILE or files_each < 1 or dossiers < 1:
        message = f"a measure needs a document, a file, and {SMALLEST_FILE} bytes"
        raise ValueError(message)
    chosen = profile_named(profile)
    world = World(chosen, Clock(_NOW), fluxes_of(chosen))
    people(world)
    found = []
    for rank in range(dossiers):
        number = seed * 10_000_000 + rank
        plan = _BenchPlan(number, files_each, file_size, huge_file if rank == 0 else 0, world)
        last = stamp(_NOW - timedelta(days=10, minutes=rank))
        document = Document(f"b{rank:06d}", _TYPE, f"Dossier {rank:06d}", last, last, plan)
        document.memberships.append(Membership(document, COMMUNE, "termine", last))
        found.append(document)
    world.put_all(found)
    return world
