"""From a dossier's own description to its rows: a run and a rebuild take this same road."""

from __future__ import annotations

from enn_desktop.archive.metadata import DossierRecord, EventRecord
from enn_desktop.backup.context import parsed
from enn_desktop.catalogue.records import FileKey, KnownDossier, KnownFile
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.values import JournalRow


def dossier_row(record: DossierRecord, folder: str) -> KnownDossier:
    """Return the catalogue's row of a described dossier that lies in ``folder``."""
    kept = [file for file in record.files if file.path]
    return KnownDossier(
        server=record.server,
        id_d=record.id_d,
        id_e=record.id_e,
        entity=record.entity,
        type_id=record.type_id,
        type_label=record.type_label,
        family=record.family,
        title=record.title,
        row_title=record.row_title,
        number=record.number,
        state=record.state,
        state_date=parsed(record.state_date),
        created=parsed(record.created),
        word=record.word,
        group=record.group,
        refused=record.refused,
        final=record.final,
        folder=folder,
        names_stable=record.names_stable,
        sealed=record.sealed,
        complete=record.complete,
        fetched_at=parsed(record.fetched_at),
        tried_at=parsed(record.tried_at),
        first_seen=parsed(record.first_seen),
        gone_at=parsed(record.gone_at),
        files=len(kept),
        size=sum(file.size for file in kept),
    )


def file_rows(record: DossierRecord) -> list[KnownFile]:
    """Return the catalogue's rows of a dossier's files."""
    return [
        KnownFile(
            key=FileKey(file.field, file.original, file.nth),
            num=file.num,
            path=file.path,
            sha256=file.sha256,
            size=file.size,
            fetched_at=parsed(file.fetched_at),
            checked_at=parsed(file.checked_at),
            listed=file.listed,
            doubt=file.doubt,
            state_key=file.state_key,
        )
        for file in record.files
        if file.path
    ]


def put(catalogue: Catalogue, record: DossierRecord, folder: str) -> None:
    """Write all the rows of one dossier; call it inside a transaction."""
    key = catalogue.put_dossier(dossier_row(record, folder))
    versions = [(v.path, v.sha256, v.size) for file in record.files for v in file.versions]
    catalogue.replace_files(key, file_rows(record), versions)


def event_records(events: list[JournalRow], already: list[EventRecord]) -> list[EventRecord]:
    """Return the events of a dossier, those read now and those already described, oldest first."""
    merged = {event.id_j: event for event in already}
    for row in events:
        merged[row.id_j] = EventRecord(
            id_j=row.id_j,
            kind=row.kind,
            date="" if row.date is None else row.date.isoformat(" "),
            action=row.action,
            message=row.message,
            person=row.person,
        )
    return [merged[id_j] for id_j in sorted(merged)]


def event_rows(record: DossierRecord) -> list[JournalRow]:
    """Return the journal rows that a description holds."""
    return [
        JournalRow(e.id_j, e.kind, record.id_e, record.id_d, e.action, e.message, parsed(e.date), e.person)
        for e in record.journal
    ]
