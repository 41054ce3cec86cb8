"""The first half of a run: who are we, what is there, is the list whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from enn_desktop.backup.context import RunContext
from enn_desktop.backup.plan import ALL_TYPES
from enn_desktop.core.errors import STOPS_EVERYTHING, EnnError
from enn_desktop.core.progress import ProgressState, Stage
from enn_desktop.core.typed_reading import from_json
from enn_desktop.core.values import DossierRow, Entity, FlowDefinition, FlowInfo
from enn_desktop.pastell.client import ServerProfile
from enn_desktop.pastell.listing import Lister, Listing, per_type

DEFINITION_LIFE = timedelta(days=1)
"""What the server says of a flow is asked again after this long, and at once for a type never seen."""
CLOCK_TOLERANCE_S = 300


@dataclass(slots=True)
class Survey:
    """What the server holds for this account; ``rows`` has one row per dossier, whatever entities share it."""

    profile: ServerProfile
    entities: list[Entity] = field(default_factory=list)
    rows: dict[str, DossierRow] = field(default_factory=dict)
    proven: dict[str, frozenset[str]] = field(default_factory=dict)
    """Entity → types whose list was seen whole."""
    failures: list[tuple[str, EnnError]] = field(default_factory=list)
    """Entities whose list could not be read, with why."""
    unproven: bool = False
    """Whether some list could not be confirmed by the server's count."""

    @property
    def whole(self) -> bool:
        """Whether every list of every entity was seen whole."""
        return bool(self.entities) and not self.failures and not self.unproven


class Surveyor:
    """Asks the server what there is; one entity's failure does not stop the others."""

    def __init__(self, context: RunContext) -> None:
        self._context = context

    def look(self) -> Survey:
        """Return what the server holds. Raises a run error when nothing at all can be known."""
        context = self._context
        context.progress.update(ProgressState(Stage.CONNECTING))
        survey = Survey(context.client.profile())
        self._check_clock()
        survey.entities = context.client.entities()
        context.entities = {entity.id_e: entity for entity in survey.entities}
        if not survey.entities:
            context.tally.warn("Ce compte ne voit aucune collectivité : rien ne peut être récupéré. Appelez ENN.")
            return survey
        counts = self._counts()
        self._learn_flows(counts)
        for entity in survey.entities:
            context.cancel.check()
            context.progress.update(ProgressState(Stage.LISTING, dossiers_total=len(survey.rows), current=entity.name))
            self._list(entity, None if counts is None else per_type(counts, entity.id_e), survey)
        context.tally.listed = len(survey.rows)
        return survey

    def _check_clock(self) -> None:
        offset = self._context.client.transport.server_offset_s
        if offset is not None and abs(offset) > CLOCK_TOLERANCE_S:
            self._context.tally.warn(
                "L’horloge de cet ordinateur et celle de la plateforme diffèrent de plus de 5 minutes : "
                "faites régler celle de cet ordinateur."
            )

    def _counts(self) -> dict[str, dict[str, dict[str, int]]] | None:
        try:
            return self._context.client.counts()
        except STOPS_EVERYTHING:
            raise
        except EnnError:
            self._context.tally.warn("La plateforme ne donne pas le nombre de dossiers : la liste est lue deux fois.")
            return None

    def _learn_flows(self, counts: Mapping[str, Mapping[str, Mapping[str, int]]] | None) -> None:
        """Learn fields and workflow of the types in use, from the catalogue when it knows them well enough."""
        context = self._context
        now = context.clock.now()
        kept = context.catalogue.flows(context.server)
        for type_id, (content, _) in kept.items():
            context.definitions[type_id] = from_json(content, FlowDefinition)
        if counts is None:
            wanted = None
        else:
            wanted = {t for flows in counts.values() for t, states in flows.items() if sum(states.values())}
            fresh = {t for t, (_, at) in kept.items() if now - at < DEFINITION_LIFE}
            if wanted <= fresh:
                return
        for info in self._flow_infos(wanted):
            context.cancel.check()
            definition = context.client.definition(info)
            if not definition.fields and info.type_id in kept:
                continue
            context.definitions[info.type_id] = definition
            content = msgspec.json.encode(definition)
            context.catalogue.put_flow(context.server, info.type_id, info.label, content, now)

    def _flow_infos(self, wanted: set[str] | None) -> list[FlowInfo]:
        try:
            infos = {info.type_id: info for info in self._context.client.flows()}
        except STOPS_EVERYTHING:
            raise
        except EnnError:
            infos = {}
        if wanted is None:
            return list(infos.values())
        return [infos.get(type_id, FlowInfo(type_id, "")) for type_id in sorted(wanted)]

    def _list(self, entity: Entity, counted: Mapping[str, int] | None, survey: Survey) -> None:
        try:
            listing = Lister(self._context.client, self._context.cancel).read(entity.id_e, counted)
        except STOPS_EVERYTHING:
            raise
        except EnnError as error:
            survey.failures.append((entity.id_e, error))
            return
        self._add(entity, listing, survey)

    def _add(self, entity: Entity, listing: Listing, survey: Survey) -> None:
        for row in listing.rows:
            known = survey.rows.get(row.id_d)
            # A dossier that several entities share is kept once, where it is edited.
            if known is None or (known.role != "editeur" and row.role == "editeur"):
                survey.rows[row.id_d] = row
        whole = listing.failure is None and not listing.unproven_types
        survey.proven[entity.id_e] = listing.proven_types | ({ALL_TYPES} if whole else frozenset())
        if listing.failure is not None:
            survey.failures.append((entity.id_e, listing.failure))
        elif listing.unproven_types:
            survey.unproven = True
            self._context.tally.warn(
                f"{entity.name} : la liste des dossiers bouge trop pour être confirmée par le compte de la "
                "plateforme ; ce qui a été vu est récupéré, la prochaine récupération complétera."
            )
