"""One row of the first screen: what it says, why it is there, the one obvious thing to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from enn_desktop.agenda.places import CataloguePlace
from enn_desktop.agenda.values import Act, DossierRef, TodoRow, Tone
from enn_desktop.catalogue.records import Failure, KnownDossier
from enn_desktop.catalogue.standing import Standing
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.deadlines import Deadline, Urgency, urgency
from enn_desktop.core.errors import DossierForbidden, DossierUnreadable, DoubtfulFile, FileAbsent
from enn_desktop.core.policy import FlowPolicy, Policy
from enn_desktop.core.states import NEEDS_KEY, REFUSAL_PREFIXES

FOR_ENN = {FileAbsent.code, DossierUnreadable.code, DossierForbidden.code}
"""Failures that another try does not cure: ENN has to look at the server."""
PAST_RETRY = FOR_ENN | {DoubtfulFile.code}
PES_REFUSED = "refus-tdt"
SAYS_NOTHING = ("Le fichier PES a été refusé", "Le document est passé dans l’état", "La transaction est dans l’état")
"""Messages of the platform that repeat the state and give no reason; it writes « ' » for « ’ »."""
PREFECTURE_STATES = {"attente-reponse-prefecture", "verif-reponse-tdt"}
TONES = {Urgency.PAST: Tone.BAD, Urgency.LAST: Tone.BAD, Urgency.SECOND: Tone.WARN, Urgency.FIRST: Tone.WARN}


class RowMaker:
    """Makes rows; reads in full only the dossiers that are shown."""

    def __init__(self, policy: Policy, now_local: datetime, catalogues: Mapping[CataloguePlace, Catalogue]) -> None:
        self._policy = policy
        self._now = now_local
        self._catalogues = catalogues
        self._failures: dict[CataloguePlace, dict[tuple[str, str], Failure]] = {}

    def row(self, place: CataloguePlace, standing: Standing, removable: date | None) -> TodoRow:
        """Return the row of one dossier; ``removable``: the first day on which it may be deleted."""
        dossier = self._dossier(place, standing)
        flow = self._policy.flow_for(dossier.type_id, dossier.type_label)
        cause, act, contact = self._what_to_do(place, standing, dossier)
        return TodoRow(
            ref=DossierRef(place.root, dossier.server, dossier.id_d),
            entity=dossier.entity,
            family=flow.label,
            number=dossier.number,
            title=dossier.title,
            word=dossier.word_at(self._now),
            copy=dossier.copy_words_when(here=standing.here),
            here=standing.here,
            removable_from=removable,
            days_left=None if removable is None else (removable - self._now.date()).days,
            tone=self._tone(standing, flow, removable),
            cause=cause,
            act=act,
            contact_id=contact,
        )

    def _dossier(self, place: CataloguePlace, standing: Standing) -> KnownDossier:
        catalogue, key = self._catalogues[place], (standing.server, standing.id_d)
        known, listed = catalogue.dossier(*key), catalogue.awaited(*key)
        return known.as_listed(listed) if known else listed or KnownDossier(*key, "")

    def _tone(self, standing: Standing, flow: FlowPolicy, removable: date | None) -> Tone:
        if standing.section == "E":
            return Tone.BAD
        if standing.here or removable is None:
            return Tone.PLAIN
        due = Deadline(removable, removable, removable, flow.retention_days, flow.retention_given)
        return TONES.get(urgency(due, self._now.date(), flow.lead_days), Tone.PLAIN)

    def _what_to_do(self, place: CataloguePlace, standing: Standing, dossier: KnownDossier) -> tuple[str, Act, str]:
        if standing.section == "R":
            return self._risk(place, dossier)
        if standing.section == "U":
            if dossier.state in NEEDS_KEY:
                return "", Act.SEE_KEY, ""
            return "", Act.OPEN_PASTELL, "prefecture" if dossier.state in PREFECTURE_STATES else ""
        if standing.section == "E":
            return self._trouble(place, dossier)
        return "", Act.SHOW, ""

    def _risk(self, place: CataloguePlace, dossier: KnownDossier) -> tuple[str, Act, str]:
        failure = self._failure(place, dossier)
        if failure is None:
            return "", Act.FETCH, ""
        if failure.code in FOR_ENN:
            return failure.message, Act.WHOM_TO_CALL, "enn"
        if failure.code == DoubtfulFile.code:
            return failure.message, Act.SHOW, "enn"
        return failure.message, Act.RETRY, ""

    def _trouble(self, place: CataloguePlace, dossier: KnownDossier) -> tuple[str, Act, str]:
        if dossier.is_stuck(self._now):
            return "Il n’avance plus depuis plus d’un jour.", Act.WHOM_TO_CALL, "enn"
        refusing = dossier.state.startswith(REFUSAL_PREFIXES)
        said = self._said(place, dossier)
        if dossier.refused and (not refusing or dossier.state == PES_REFUSED):
            # In a state that goes on after the answer, the journal speaks of that state, not of the refusal.
            why = said if refusing else ""
            return why or "Le motif est dans l’acquittement (PES Acquit) du dossier.", Act.SHOW, "tresorerie"
        if dossier.refused:
            return said or "Le motif est dans Pastell.", Act.OPEN_PASTELL, "enn"
        return said, Act.WHOM_TO_CALL, "enn"

    def _said(self, place: CataloguePlace, dossier: KnownDossier) -> str:
        """Return what the platform's journal says of the present state, if it says more than the state's name."""
        events = self._catalogues[place].events(dossier.server, dossier.id_d)
        said = next((event.message for event in reversed(events) if event.action == dossier.state), "")
        shown = " ".join(said.split())
        return "" if shown.replace("'", "’").startswith(SAYS_NOTHING) else shown

    def _failure(self, place: CataloguePlace, dossier: KnownDossier) -> Failure | None:
        """Return an open failure of a dossier, one that another try may cure if there is any."""
        if place not in self._failures:
            found: dict[tuple[str, str], Failure] = {}
            for one in sorted(self._catalogues[place].failures(), key=lambda one: one.code not in PAST_RETRY):
                found[one.server, one.id_d] = one
            self._failures[place] = found
        return self._failures[place].get((dossier.server, dossier.id_d))
