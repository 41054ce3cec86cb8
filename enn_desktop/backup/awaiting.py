"""What a survey found and is still to be brought home: noted before the first download, so that it can be shown."""

from __future__ import annotations

from collections.abc import Iterable

from enn_desktop.backup.context import RunContext
from enn_desktop.backup.plan import Reason, Task
from enn_desktop.catalogue.records import KnownDossier
from enn_desktop.core.platform_time import to_platform
from enn_desktop.core.states import situation
from enn_desktop.core.values import DossierRow

_TO_BRING = {Reason.NEW, Reason.CHANGED, Reason.INCOMPLETE}


def note_awaiting(context: RunContext, tasks: Iterable[Task]) -> None:
    """Note the dossiers that are not, or not as they are now, on this computer: a run may be cut at any point."""
    wanted = [_as_listed(context, task.row) for task in tasks if task.reason in _TO_BRING]
    with context.catalogue.together():
        context.catalogue.put_awaiting(context.server, wanted)


def _as_listed(context: RunContext, row: DossierRow) -> KnownDossier:
    definition = context.definition(row.type_id)
    flow = context.flow(row.type_id)
    found = situation(
        definition=definition,
        type_id=row.type_id,
        family=flow.family,
        state=row.state,
        state_date=row.state_date,
        fields=None,
        now_local=to_platform(context.clock.now()),
    )
    entity = context.entities.get(row.id_e)
    return KnownDossier(
        server=context.server,
        id_d=row.id_d,
        id_e=row.id_e,
        entity=entity.name if entity else "",
        type_id=row.type_id,
        type_label=definition.label if definition else "",
        family=flow.family,
        title=row.title,
        state=row.state,
        state_date=row.state_date,
        created=row.created,
        word=found.word,
        group=found.group.value,
    )
