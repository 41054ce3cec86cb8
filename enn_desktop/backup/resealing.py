"""Descriptions brought up to date without a request: new journal events, a dossier that left the platform."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from enn_desktop.archive import sealing
from enn_desktop.archive.folder import read_record
from enn_desktop.archive.scan import lies_there, sizes
from enn_desktop.backup import projection
from enn_desktop.backup.context import RunContext, stamp


def reseal(context: RunContext, touched: Iterable[str]) -> None:
    """Write again the descriptions of these sealed dossiers, and of those that left the platform.

    A folder that cannot be read is left alone: the next look at the disk will find it.
    """
    since = stamp(context.started_at)
    gone = context.catalogue.dossiers(
        "server = ? AND gone_at IS NOT NULL AND (gone_at >= ? OR sealed = 0)", (context.server, since)
    )
    ids = {dossier.id_d for dossier in gone} | set(touched)
    for id_d in sorted(ids):
        context.cancel.check()
        _one(context, id_d)


def _one(context: RunContext, id_d: str) -> None:
    known = context.catalogue.dossier(context.server, id_d)
    if known is None or not known.folder or not (known.sealed or known.gone_at):
        return
    place = context.folder.path(known.folder)
    if not known.sealed and not _sound(context, id_d, place):
        return
    record = read_record(place)
    if record is None or (record.id_d, record.server) != (id_d, context.server):
        return
    before = (len(record.journal), record.gone_at)
    record.journal = projection.event_records(context.catalogue.events(context.server, id_d), record.journal)
    record.gone_at = stamp(known.gone_at)
    if known.sealed:
        # What was doubted since it was described stays in doubt; the description follows.
        record.complete = record.complete and known.complete
    if (len(record.journal), record.gone_at) == before and known.sealed == record.sealed:
        return
    context.catalogue.mark_unsealed(context.server, id_d)
    sealing.seal(place, record)
    with context.catalogue.together():
        projection.put(context.catalogue, record, known.folder)


def _sound(context: RunContext, id_d: str, place: Path) -> bool:
    """Whether the files of a dossier left unsealed are all there, and no verification found them damaged."""
    present = sizes(place)
    files = context.catalogue.files(context.server, id_d).values()
    return all(file.state_key and lies_there(place, present, file.path, file.size) for file in files)
