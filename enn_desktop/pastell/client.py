"""What can be asked of a Pastell, in our own values. Read-only: there is no verb here that writes or deletes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from enn_desktop.core.errors import STOPS_EVERYTHING, DossierForbidden, EnnError, RequestRefused, ServerBroken
from enn_desktop.core.values import (
    DossierDetail,
    DossierRow,
    Entity,
    FileRef,
    FlowDefinition,
    FlowInfo,
    JournalRow,
)
from enn_desktop.pastell import wire
from enn_desktop.pastell.download import Downloader, Received, S
from enn_desktop.pastell.transport import Transport

PAGE = 200
"""Rows per page of a list: the server makes two more queries per row (Pastell API, list)."""
JOURNAL_PAGE = 1000


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """What the server says of itself; a hint only, never trusted for a decision that could lose a file."""

    version: str
    full_text: str

    @property
    def line(self) -> str:
        """The line (« 4.1 »), or « inconnue » for a build placeholder."""
        head = self.version.split(".")
        return ".".join(head[:2]) if head[0].isdigit() and len(head) > 1 else "inconnue"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``full`` says that another may follow."""

    rows: tuple[DossierRow, ...]
    full: bool
    old_columns: bool
    """The ``etat`` column is there: a server older than 4.0 (Pastell API, version differences)."""


class PastellClient:
    """Asks one server, under one account. Thread-safe."""

    def __init__(self, transport: Transport, *, file_limit: int) -> None:
        self._transport = transport
        self._downloader = Downloader(transport, file_limit)

    @property
    def transport(self) -> Transport:
        """The transport underneath: its address, its counter, its clock."""
        return self._transport

    def profile(self) -> ServerProfile:
        """Return what the server says of its version; this is also the test of the account.

        Raises ``AuthenticationRefused``, ``PortalInTheWay``, ``ServerUnreachable``, ``ServerBroken``.
        """
        try:
            answer = self._transport.get_json("version")
            found: wire.VersionWire = wire.decode(answer.payload, wire.VersionWire)
        except RequestRefused as error:
            message = "L’adresse répond, mais ce n’est pas un Pastell."
            raise RequestRefused(message, status=error.status, detail=error.detail) from error
        return ServerProfile(wire.text(found.version), wire.text(found.version_complete))

    def has_token_api(self) -> bool:
        """Whether the server knows tokens (4.0.3 and later); older ones take the word for a user's id."""
        try:
            self._transport.get_json("utilisateur/token")
        except (RequestRefused, DossierForbidden, ServerBroken):
            return False
        return True

    def entities(self) -> list[Entity]:
        """Return every entity that the account may read, in the server's order; parents may come late."""
        payload = self._transport.get_json("entite").payload
        return [wire.entity(item) for item in wire.items(payload, wire.EntityWire)]

    def flows(self) -> list[FlowInfo]:
        """Return the types of dossier that the account may read somewhere."""
        return wire.flows(self._transport.get_json("flux").payload)

    def definition(self, flow: FlowInfo) -> FlowDefinition:
        """Return fields and workflow of a flow; the parts that the server refuses stay empty."""
        path = f"flux/{quote(flow.type_id, safe='')}"
        return FlowDefinition(
            type_id=flow.type_id,
            label=flow.label,
            fields=self._tolerant(path, wire.fields, ()),
            actions=self._tolerant(f"{path}/action", wire.actions, ()),
        )

    def _tolerant(self, path: str, read: Callable[[bytes], wire.T], otherwise: wire.T) -> wire.T:
        try:
            return read(self._transport.get_json(path).payload)
        except STOPS_EVERYTHING:
            raise
        except EnnError:
            return otherwise

    def counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """Return the number of dossiers per entity, type and state, in one call (2.0.8 and later)."""
        return wire.counts(self._transport.get_json("document/count").payload)

    def page(self, id_e: str, offset: int, *, type_id: str = "", ascending: bool = True) -> Page:
        """Return one page of an entity's list, in the only order that is stable (title, then id)."""
        params: dict[str, str | int | Sequence[str]] = {
            "offset": offset,
            "limit": PAGE,
            "tri": "titre",
            "sens_tri": "ASC" if ascending else "DESC",
        }
        if type_id:
            params["type"] = type_id
        payload = self._transport.get_json(f"entite/{_part(id_e)}/document", params).payload
        rows = wire.items(payload, wire.RowWire)
        return Page(
            tuple(wire.row(item) for item in rows),
            full=len(rows) >= PAGE,
            old_columns=any(item.etat is not None for item in rows),
        )

    def detail(self, id_e: str, id_d: str, definition: FlowDefinition | None) -> DossierDetail:
        """Return a dossier's detail. Raises a ``DossierError`` or a run error."""
        answer = self._transport.get_json(f"entite/{_part(id_e)}/document/{_part(id_d)}")
        kinds = {f.name: f.kind for f in definition.fields} if definition else {}
        found: wire.DetailWire = wire.decode(answer.payload, wire.DetailWire)
        if wire.text(found.info.id_d) != id_d:
            message = "La plateforme a montré un autre dossier que celui demandé."
            raise ServerBroken(message)
        return wire.detail(found, kinds, answer.server_date)

    def fetch(self, id_e: str, id_d: str, ref: FileRef, open_sink: Callable[[], S]) -> Received[S]:
        """Download one file into a sink; see :meth:`enn_desktop.pastell.download.Downloader.fetch`."""
        path = f"entite/{_part(id_e)}/document/{_part(id_d)}/file/{_part(ref.field)}/{ref.num}"
        return self._downloader.fetch(path, ref, open_sink)

    def journal(self, id_e: str, since: date | None, offset: int, limit: int = JOURNAL_PAGE) -> list[JournalRow]:
        """Return some rows of an entity's journal, newest first (2 months are kept by the server).

        Raises ``DossierUnreadable`` when one of the rows holds text that the server cannot encode.
        """
        params: dict[str, str | int | Sequence[str]] = {"id_e": id_e, "offset": offset, "limit": limit}
        if since is not None:
            params["date_debut"] = since.isoformat()
        payload = self._transport.get_json("journal", params).payload
        return [wire.journal_row(item) for item in wire.items(payload, wire.JournalWire)]


def _part(value: str) -> str:
    """Quote an opaque id so that it stays one segment of the path."""
    return quote(value, safe="")
