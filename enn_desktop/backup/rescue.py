"""A dossier that the server cannot show (a name it cannot encode) may still give its files, field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from enn_desktop.archive.incoming import IncomingFile
from enn_desktop.backup.context import RunContext
from enn_desktop.core.errors import STOPS_EVERYTHING, EnnError
from enn_desktop.core.values import DossierRow, FileRef, FlowDefinition
from enn_desktop.pastell.download import Received, stored_name

_MOST = 200


@dataclass(frozen=True, slots=True)
class Rescued:
    """One file that came although the dossier cannot be shown; its name is the one the server sent with it."""

    ref: FileRef
    received: Received[IncomingFile]


def rescue(
    context: RunContext, row: DossierRow, definition: FlowDefinition, open_sink: Callable[[], IncomingFile]
) -> list[Rescued]:
    """Ask for file 0, 1, 2… of every file field until the server has no more; return what came."""
    found: list[Rescued] = []
    for field in definition.file_fields():
        for num in range(_MOST):
            context.cancel.check()
            try:
                received = context.client.fetch(row.id_e, row.id_d, FileRef(field.name, num, ""), open_sink)
            except STOPS_EVERYTHING:
                raise
            except EnnError:
                break
            name = stored_name(received.disposition) or f"{field.name} {num + 1}"
            found.append(Rescued(FileRef(field.name, num, name), received))
    return found
