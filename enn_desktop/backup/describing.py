"""What a dossier's description becomes when the server has spoken again: nothing known before is dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from enn_desktop.archive.metadata import DossierRecord, MissingRecord, StateRecord
from enn_desktop.backup.context import RunContext, naive, parsed, stamp
from enn_desktop.catalogue.records import FileKey
from enn_desktop.core import names
from enn_desktop.core.errors import EnnError
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.states import situation
from enn_desktop.core.values import DossierDetail, DossierRow

_NUMBERS = ("numero_de_lacte", "num_bon_commande", "num_engagement")
_DAYS = ("date_de_lacte", "date_de_decision")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a dossier belongs: the town hall's folder, the flow and the year, then its own name."""

    parent: str
    name: str


def new_record(context: RunContext, row: DossierRow) -> DossierRecord:
    """Return the first description of a dossier, from its row in the list alone."""
    entity = context.entities.get(row.id_e)
    return DossierRecord(
        server=context.server,
        id_d=row.id_d,
        id_e=row.id_e,
        entity=entity.name if entity else "",
        siren=entity.siren if entity else "",
        type_id=row.type_id,
        title=row.title,
        row_title=row.title,
        created=naive(row.created),
        modified=naive(row.modified),
        first_seen=stamp(context.clock.now()),
    )


def describe(context: RunContext, record: DossierRecord, row: DossierRow, detail: DossierDetail | None) -> None:
    """Bring a description up to date; the former values go to its history.

    Without a ``detail`` (the server cannot show the dossier) the row alone speaks, the fields stay.
    """
    definition = context.definition(row.type_id)
    state = (detail.state if detail and detail.state else row.state) or record.state
    state_date = naive(detail.state_date if detail and detail.state_date else row.state_date)
    title = _title(context, row, detail)
    fresh = dict(detail.fields) if detail is not None else dict(record.fields)
    _remember(record, context, state, state_date, fresh)
    record.type_id, record.row_title, record.title = row.type_id, row.title, title
    record.other_entities = [other for other in row.other_entities if other != record.id_e]
    record.state, record.state_date = state, state_date
    record.created = naive(row.created) or record.created
    record.modified = naive(row.modified) or record.modified
    record.fields = fresh
    record.gone_at = ""
    record.number = next((fresh[name] for name in _NUMBERS if fresh.get(name)), record.number)
    flow = context.flow(row.type_id)
    record.family, record.type_label = flow.family, definition.label if definition else record.type_label
    if detail is not None:
        record.state_message = detail.state_message or record.state_message
        record.mails = [
            {"adresse": m.email, "envoye_le": naive(m.sent_at), "lu_le": naive(m.read_at) if m.read else ""}
            for m in detail.mails
        ] or record.mails
    judge(context, record)


def judge(context: RunContext, record: DossierRecord) -> None:
    """Say again what the state of a described dossier means."""
    found = situation(
        definition=context.definition(record.type_id),
        type_id=record.type_id,
        family=record.family,
        state=record.state,
        state_date=parsed(record.state_date),
        fields=record.fields,
        now_local=to_platform(context.clock.now()),
    )
    record.group, record.word = found.group.value, found.word
    record.refused, record.final = found.refused, found.final


def _title(context: RunContext, row: DossierRow, detail: DossierDetail | None) -> str:
    """Return the whole title: the list cuts it at 256 characters and mangles some (« on » becomes « 1 »)."""
    definition = context.definition(row.type_id)
    if detail is not None and definition is not None:
        for info in definition.fields:
            if info.is_title and detail.fields.get(info.name):
                return detail.fields[info.name]
    return (detail.title if detail else "") or row.title


def _remember(
    record: DossierRecord, context: RunContext, state: str, state_date: str, fresh: Mapping[str, str]
) -> None:
    changed = {
        name: record.fields.get(name, "")
        for name in record.fields.keys() | fresh.keys()
        if record.fields and record.fields.get(name, "") != fresh.get(name, "")
    }
    last = record.history[-1] if record.history else None
    if last is None or (last.state, last.date) != (state, state_date) or changed:
        seen = StateRecord(seen_at=stamp(context.clock.now()), state=state, date=state_date, changed=changed)
        record.history.append(seen)


def home(context: RunContext, record: DossierRecord, entity_folder: str) -> Home:
    """Return where a dossier belongs, from what is known of it today."""
    day = _day(record)
    year = f"{day.year:04d}" if day else "Sans date"
    label = names.safe_folder_name(context.flow(record.type_id).label, limit=names.FLOW_ROOM)
    return Home(f"{entity_folder}/{label}/{year}", context.folder.wanted_name(day, record.number, record.title))


def _day(record: DossierRecord) -> date | None:
    for name in _DAYS:
        given = record.fields.get(name, "")
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given) and (found := parsed(given)) is not None:
            return found.date()
    found = parsed(record.created) or parsed(record.state_date)
    return found.date() if found else None


def names_are_stable(context: RunContext, record: DossierRecord, detail: DossierDetail, *, same_names: bool) -> bool:
    """Whether the list of files is proven: the server writes a state before the files that come with it.

    It was read long enough after the last action, by the server's own clock, or it is the same as one read
    long enough ago.
    """
    needed = timedelta(minutes=context.policy.stability_minutes)
    state_date = parsed(record.state_date)
    # A server that gives no date leaves us our own clock.
    read = detail.read_at_server or context.clock.now()
    if state_date is not None and to_platform(read) - state_date >= needed:
        return True
    before = parsed(record.detail_at)
    return same_names and before is not None and context.clock.now() - before.astimezone(UTC) >= needed


def missing(errors: Mapping[FileKey, EnnError], record: DossierRecord, now: datetime) -> list[MissingRecord]:
    """Return the holes of a dossier, each with its reason, older ones keeping their date."""
    since = {(m.field, m.original): m.since for m in record.missing}
    return [
        MissingRecord(
            field=key.field,
            original=key.original,
            reason=error.message,
            since=since.get((key.field, key.original), stamp(now)),
        )
        for key, error in errors.items()
    ]
