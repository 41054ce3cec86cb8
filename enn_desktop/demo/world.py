"""The whole platform: what it holds, what happens on it, what it purges."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Literal

from enn_desktop.demo.clock import Clock, stamp
from enn_desktop.demo.documents import Document, Membership
from enn_desktop.demo.flux import Flux
from enn_desktop.demo.journal import JournalRow
from enn_desktop.demo.listing import Listing
from enn_desktop.demo.profiles import Profile, with_version_text
from enn_desktop.demo.rules import Situation, refusal
from enn_desktop.demo.scenes import Scenes, older_than

PurgeMode = Literal["GLOBAL", "IN_STATE", "GO_TROUGH_STATE"]
_NIGHT = 20


class World(Scenes):
    """One simulated platform. Build one with `build_world` or `build_bench_world`."""

    def __init__(self, profile: Profile, clock: Clock, fluxes: dict[str, Flux]) -> None:
        super().__init__(profile, clock, fluxes)
        self.listing = Listing(self)
        self._pending = []
        self._serial = count(1)

    def announce_version(self, text: str) -> None:
        """Announce another version text, such as `%VERSION%`; nothing else changes."""
        self.profile = with_version_text(self.profile, text)

    def purge(  # noqa: PLR0913 - the form of the connector has that many fields
        self,
        mode: PurgeMode = "GLOBAL",
        *,
        days: int,
        type: str = "",  # noqa: A002 - the platform's own word
        state: str = "",
        id_e: int = 0,
        excluded: str = "",
    ) -> list[str]:
        """Run a purge now and return the ids deleted, files and rows included.

        `GLOBAL` takes any document whose last action, in any of its entities, is `days` calendar days old;
        `IN_STATE` and `GO_TROUGH_STATE` (sic) take those of an entity that are in, or once passed, `state` for
        that long, and only if their workflow lets them be deleted. `excluded` spares a last state (4.0.9).
        """
        with self.lock:
            found = []
            for document in list(self.documents.values()):
                if type and document.type != type:
                    continue
                rows = [row for row in document.memberships if not id_e or row.id_e == id_e]
                if any(row.last_action != excluded and self._is_due(mode, row, days, state) for row in rows):
                    found.append(document)
            for document in found:
                self.delete(document.id_d, by=self._purge_words(mode))
            return [document.id_d for document in found]

    def _purge_words(self, mode: PurgeMode) -> str:
        if mode != "GLOBAL":
            return ""
        return " - Connecteur de purge global" if self.profile.at_least(4) else " par le connecteur de purge global"

    def _is_due(self, mode: PurgeMode, row: Membership, days: int, state: str) -> bool:
        today = self.clock.now()
        if mode == "GLOBAL":
            return older_than(row.last_action_date, days, today)
        if not self._deletable(row):
            return False
        if mode == "IN_STATE":
            return row.last_action == state and older_than(row.last_action_date, days, today)
        return any(
            passage.action == state and passage.id_e == row.id_e and older_than(passage.date, days, today)
            for passage in row.document.passages
        )

    def _deletable(self, row: Membership) -> bool:
        document = row.document
        flux = self.flux_of(document)
        action = flux.action_by_id.get("supression")
        if action is None:
            return False
        passed = {passage.action for passage in document.passages}
        rights = {f"{flux.id}:edition"}
        situation = Situation(row.last_action, passed, document.texts(), True, rights, row.role)  # noqa: FBT003 - complete
        return refusal(action.definition, situation) is None

    def journal_cut(self) -> str:
        """Return the date from which the journal still serves rows.

        Each night at 20:00, rows older than two months (60 days from 5.0 on) leave it.
        """
        if not self.journal_is_cut:
            return ""
        now = self.clock.now()
        night = now.replace(hour=_NIGHT, minute=0, second=0)
        if night > now:
            night -= timedelta(days=1)
        days = self.profile.journal_days
        if days is not None:
            return stamp(night - timedelta(days=days))
        month = night.month - 2
        year, month = (night.year, month) if month > 0 else (night.year - 1, month + 12)
        day = min(night.day, 28) if month == 2 else min(night.day, 30 if month in {4, 6, 9, 11} else 31)  # noqa: PLR2004 - months
        return stamp(night.replace(year=year, month=month, day=day))

    def journal_rows(self, id_d: str = "", *, id_e: int = 0, since: str = "") -> Iterator[JournalRow]:
        """Return the rows of one document, or of all (of one entity) that moved since a date, oldest first."""
        if id_d:
            document = self.documents.get(id_d)
            wanted = [document] if document is not None else []
        else:
            rows = self.rows_of(id_e) if id_e else [row for item in self.documents.values() for row in item.memberships]
            wanted = list({row.document.id_d: row.document for row in rows if row.last_action_date >= since}.values())
        return self.journal.written(wanted)

    def last_message(self, document: Document, row: Membership) -> str | None:
        """Return what the journal says of the last action; `None` once that row has left the journal."""
        if row.last_action_date < self.journal_cut():
            return None
        passages = [passage for passage in document.passages if passage.id_e == row.id_e]
        matching = [passage for passage in passages if passage.action == row.last_action]
        return matching[-1].message if matching else None
