"""The lines of the shelf: one per dossier of a catalogue, with what is searched and sorted worked out once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from enn_desktop.agenda.outlook_rows import TONES
from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.values import Tone
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.catalogue.standing import list_standing
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.deadlines import Deadline, deadline, urgency
from enn_desktop.core.plain_text import plain, sort_key
from enn_desktop.core.policy import FlowPolicy, Policy
from enn_desktop.core.states import NEEDS_KEY

FIELDS = (
    "root", "server", "id_d", "entity", "family", "number", "title", "word", "copy", "here", "complete", "gone",
    "day", "removable", "files", "size", "tone", "section", "haystack", "number_key", "title_key", "entity_key",
    "family_key", "word_key", "copy_key", "needs_key",
)  # fmt: skip
NEVER = "9999-12-31"
"""Stands for « no date » among the deadlines, so that it sorts last."""


def shelf_lines(rank: int, place: CataloguePlace, policy: Policy, now_local: datetime) -> Iterator[tuple[object, ...]]:
    """Yield one line per dossier, in the order of :data:`FIELDS`; ``rank`` is that of the place."""
    with Catalogue.for_reading(place.catalogue) as catalogue, catalogue.together():
        sections = {(one.server, one.id_d): one.section for one in list_standing(catalogue, now_local)}
        named = catalogue.file_names()
        awaited = {(one.server, one.id_d): one for one in catalogue.awaiting()}
        maker = _Maker(policy, now_local)
        for dossier in catalogue.dossiers():
            key = (dossier.server, dossier.id_d)
            told = dossier.as_listed(awaited.pop(key, None))
            yield (rank, *maker.line(told, sections.get(key, ""), named.get(key, "")))
        for key, dossier in awaited.items():
            yield (rank, *maker.line(dossier, sections.get(key, "R"), ""))


class _Maker:
    """Makes lines; what depends on type and day only is worked out once."""

    def __init__(self, policy: Policy, now_local: datetime) -> None:
        self._policy, self._now, self._today = policy, now_local, now_local.date()
        self._flow = cache(policy.flow_for)
        self._removable = cache(self._due)
        self._sort_key = cache(sort_key)

    def _due(self, type_id: str, label: str, base: date) -> tuple[Deadline | None, Tone]:
        flow: FlowPolicy = self._flow(type_id, label)
        day = datetime(base.year, base.month, base.day)  # noqa: DTZ001 - a platform date
        due = deadline(day, day, flow, self._policy)
        return due, TONES.get(urgency(due, self._today, flow.lead_days), Tone.PLAIN) if due else Tone.PLAIN

    def line(self, dossier: KnownDossier, section: str, files: str) -> tuple[object, ...]:
        flow = self._flow(dossier.type_id, dossier.type_label)
        gone, away = dossier.gone_at is not None, section == "R"
        dates = [moment.date() for moment in (dossier.created, dossier.state_date) if moment is not None]
        due, tone = self._removable(dossier.type_id, dossier.type_label, min(dates)) if dates else (None, Tone.PLAIN)
        word, copy = dossier.word_at(self._now), dossier.copy_words_when(here=not away)
        haystack = plain(f"{dossier.title} {dossier.number} {dossier.entity} {flow.label} {word} {files}")
        return (
            dossier.server, dossier.id_d, dossier.entity, flow.label, dossier.number,
            " ".join(dossier.title.split()), word, copy, dossier.complete if gone else not away, dossier.complete, gone,
            dossier.state_date.date().isoformat() if dossier.state_date else "",
            NEVER if gone or due is None else due.removable_from.isoformat(),
            dossier.files, dossier.size, self._tone(dossier, tone, away=away, gone=gone).value, section, haystack,
            sort_key(dossier.number), sort_key(dossier.title), self._sort_key(dossier.entity),
            self._sort_key(flow.label), self._sort_key(word), self._sort_key(copy),
            not gone and dossier.state in NEEDS_KEY,
        )  # fmt: skip

    @staticmethod
    def _tone(dossier: KnownDossier, tone: Tone, *, away: bool, gone: bool) -> Tone:
        if gone:
            return Tone.GOOD if dossier.complete else Tone.BAD
        if away:
            return tone if tone is not Tone.PLAIN else Tone.WARN
        return Tone.GOOD if dossier.complete else Tone.PLAIN
