"""What a Pastell state means for the secretary: its group, its word, whether anything more is planned.

The group is derived from the flow's own workflow, so that a type made in the server's studio is understood
like a known one. It decides how a dossier is shown, never whether it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from enn_desktop.core import words
from enn_desktop.core.values import ActionInfo, FlowDefinition, Group

STUCK_AFTER = timedelta(days=1)
"""A transient state older than this will not move by itself: « orientation » waits for ever for a
missing field."""

ORIENTATIONS = frozenset({"orientation", "pre-orientation"})
PASSING_PREFIXES = ("prepare-", "preparation-", "pre-", "helios-")
NEVER_REMAIN = frozenset({"supression", "reouverture", "duplicate", "tamponner-tdt", "repondre", "validation-sae"})
NEVER_REMAIN_UNDEFINED = frozenset({"iparapheur-sous-type", "classification", "type-piece"})
"""Actions without workflow in every known module; by name when the workflow cannot be read."""
WAITS = frozenset(
    {
        "creation",
        "modification",
        "send-signature-local",
        "document-transmis-tdt",
        "attente-reponse-prefecture",
    }
)
NEEDS_KEY = frozenset({"document-transmis-tdt", "send-signature-local"})
"""States in which someone of the town hall has to plug the signing key in."""
DONE = frozenset({"termine", "annuler-tdt", "recu-iparapheur-etat", "reception-etat", "send-ged-etat"})
"""Ends in every module that has them: nothing ever starts from there by itself."""
GOING_ON = frozenset({"envoi", "envoi-mail", "renvoi", "reception-partielle", "reponse", "send-reponse-prefecture"})
REFUSAL_PREFIXES = ("rejet-", "refus-")

PES_RETOUR = "helios-pes-retour"
EXCEPTIONS = {
    # What came from the trésorerie is whole as soon as it is there.
    (PES_RETOUR, "creation"): Group.DONE,
    (PES_RETOUR, "get-pes"): Group.DONE,
    (PES_RETOUR, "send-ged"): Group.DONE,
    # A letter has come: someone must read it.
    ("actes-generique", "verif-reponse-tdt"): Group.WAITS_HERE,
    ("actes-automatique", "verif-reponse-tdt"): Group.WAITS_HERE,
    # A signed PES that was not sent to the trésorerie is never finished.
    ("helios-generique", "recu-iparapheur"): Group.WAITS_HERE,
    # The dossier is about to delete itself: not a harmless passage.
    ("", "preparation-suppression-automatique"): Group.IN_PROGRESS,
}
"""(type or any, state): where the derivation alone would say something else."""

SIGNATURE, TRANSMISSION, MAIL, GED, SAE, LATER = range(1, 7)
STEPS_OF_FLAGS = (
    ("envoi_signature", SIGNATURE),
    ("envoi_iparapheur", SIGNATURE),
    ("envoi_tdt", TRANSMISSION),
    ("envoi_mail", MAIL),
    ("envoi_ged", GED),
    ("envoi_depot", GED),
    ("envoi_sae", SAE),
)
"""Steps that a dossier asks for in its own fields, in the order in which the modules run them; any other
``envoi_…`` (``envoi_auto`` among them) counts as still to come."""
STEP_ENDS = {
    "get-pes": 0,
    "recu-iparapheur": SIGNATURE,
    "acquiter-tdt": TRANSMISSION,
    "info-tdt": TRANSMISSION,
    "verif-reponse-tdt": TRANSMISSION,
    "reception": MAIL,
    "send-ged": GED,
}
"""States that end one step: done only if no later step is asked for."""

FALSE_VALUES = frozenset({"", "0", "false", "off", "no", "non", "null"})


@dataclass(frozen=True, slots=True)
class Situation:
    """How one dossier stands, ready to be shown.

    ``final``: nothing more is planned on the platform. ``refused``: the parapheur, the prefecture's relay, the
    trésorerie or the SAE said no. ``stuck``: « bloqué ». ``needs_detail``: the list row alone could not tell
    everything (a next step, the answer of Hélios).
    """

    group: Group
    word: str
    refused: bool
    stuck: bool
    final: bool
    needs_detail: bool


@dataclass(frozen=True, slots=True)
class _Case:
    """One question: this state of this type, with what the server says of the workflow."""

    type_id: str
    state: str
    action: ActionInfo | None
    definition: FlowDefinition | None
    fields: Mapping[str, str] | None

    @property
    def chained(self) -> bool:
        """Whether the server orients the dossier by itself from here."""
        return self.action is not None and self.action.automatic in ORIENTATIONS


def classify(definition: FlowDefinition | None, type_id: str, state: str, fields: Mapping[str, str] | None) -> Group:
    """Return the group of a state: always one, the first rule that applies; unknown is ``IN_PROGRESS``.

    ``fields`` are the dossier's own fields, ``None`` when only the list row is known. The end of a step (signed,
    acknowledged…) is then ``IN_PROGRESS`` unless nothing can follow: neither « done » nor « someone must act »
    is claimed without having read which steps are asked for. Without a readable workflow only names that mean
    the same in every known module are recognised. (Pastell API, flow actions.)
    """
    action = definition.action(state) if definition else None
    case = _Case(type_id, state, action, definition, fields)
    return next((group for rule in _RULES if (group := rule(case)) is not None), Group.IN_PROGRESS)


def _not_a_state(case: _Case) -> Group | None:
    if case.action is not None and case.action.no_workflow:
        return Group.NOT_A_STATE
    undefined = case.action is None and (case.state in NEVER_REMAIN_UNDEFINED or case.state.endswith("-change"))
    if case.state in NEVER_REMAIN or _is_check(case.state) or undefined:
        return Group.NOT_A_STATE
    return None


def _is_check(action_id: str) -> bool:
    """Whether this action asks a third party and writes its answer as another state."""
    if action_id == "verif-reponse-tdt" or "erreur" in action_id or "error" in action_id:
        return False
    return action_id == "validation-sae" or action_id.startswith(("verif-", "compute_"))


def _error(case: _Case) -> Group | None:
    state = case.state
    failed = "error" in state or "erreur" in state or state.startswith(REFUSAL_PREFIXES)
    return Group.ERROR if failed or state in {"fatal-error", "non-recu"} else None


def _exception(case: _Case) -> Group | None:
    """States that the workflow alone would misread, by name."""
    if case.chained:
        return None
    if case.state == "recu-iparapheur-etat" and case.type_id == "commande-generique":
        return _after_step(case, SIGNATURE, only=MAIL)
    return EXCEPTIONS.get((case.type_id, case.state)) or EXCEPTIONS.get(("", case.state))


def _waits_here(case: _Case) -> Group | None:
    imported = case.state == "importation" and case.action is not None and not case.action.automatic
    return Group.WAITS_HERE if imported or case.state in WAITS else None


def _passing(case: _Case) -> Group | None:
    named = case.state in ORIENTATIONS or case.state.startswith(PASSING_PREFIXES)
    return Group.TRANSIENT if named or case.chained else None


def _automatic(case: _Case) -> Group | None:
    return Group.IN_PROGRESS if case.action is not None and case.action.automatic else None


def _done(case: _Case) -> Group | None:
    # In studio types an accepted transfer goes on: it is an end only where the workflow was read.
    accepted = case.state == "accepter-sae" and case.action is not None
    return Group.DONE if accepted or case.state in DONE else None


def _checked(case: _Case) -> Group | None:
    actions = case.definition.actions if case.definition else ()
    watched = any(case.state in a.last_action for a in actions if _is_check(a.action_id) and not a.no_workflow)
    return Group.IN_PROGRESS if watched or case.state in GOING_ON else None


def _step_end(case: _Case) -> Group | None:
    if case.state not in STEP_ENDS or case.action is None:
        return None
    return _after_step(case, STEP_ENDS[case.state])


def _after_step(case: _Case, step: int, only: int | None = None) -> Group:
    """Say what follows a step: ``DONE``, or ``WAITS_HERE`` for the next button; see :func:`classify`."""
    if case.fields is None:
        known = case.definition.fields if case.definition else ()
        possible = not known or any(_follows(f.name, step, only) for f in known)
        return Group.IN_PROGRESS if possible else Group.DONE
    asked = any(_follows(name, step, only) and _is_true(value) for name, value in case.fields.items())
    return Group.WAITS_HERE if asked else Group.DONE


def _follows(field: str, step: int, only: int | None) -> bool:
    name = field.lower()
    if not name.startswith("envoi_"):
        return False
    place = next((place for prefix, place in STEPS_OF_FLAGS if name.startswith(prefix)), LATER)
    return place == only if only is not None else place > step


def _is_true(value: str) -> bool:
    return value.strip().lower() not in FALSE_VALUES


_RULES: tuple[Callable[[_Case], Group | None], ...] = (
    _not_a_state,
    _error,
    _exception,
    _waits_here,
    _passing,
    _automatic,
    _done,
    _checked,
    _step_end,
)


def situation(  # noqa: PLR0913 - one question has that many sides, each named
    *,
    definition: FlowDefinition | None,
    type_id: str,
    family: str,
    state: str,
    state_date: datetime | None,
    fields: Mapping[str, str] | None,
    now_local: datetime,
) -> Situation:
    """Return how a dossier stands. ``family`` is the policy's (``actes``, ``flux-financiers``…).

    ``state_date`` and ``now_local`` are naive, in the platform's local time. A PES that Hélios refused is an
    error to be shown even where the platform calls it finished. A state seen on a dossier is a state: what the
    workflow calls a mere action is then shown as in progress.
    """
    group = classify(definition, type_id, state, fields)
    if group is Group.NOT_A_STATE:
        group = Group.IN_PROGRESS
    action = definition.action(state) if definition else None
    old = state_date is not None and now_local - state_date > STUCK_AFTER
    stuck = group is Group.TRANSIENT and old
    ack_refused = words.acknowledgement(state, fields or {}) == words.ACK_REFUSED
    label = action.label if action else ""
    word = words.state_word(state=state, type_id=type_id, family=family, fields=fields or {}, label=label)
    return Situation(
        group=Group.ERROR if ack_refused else group,
        word=words.STUCK if stuck and not ack_refused else word,
        refused=ack_refused or (group is Group.ERROR and state.startswith(REFUSAL_PREFIXES)),
        stuck=stuck,
        final=group is Group.DONE or (group is Group.ERROR and _stays(state, action)),
        needs_detail=fields is None and _detail_would_tell(definition, type_id, family, state),
    )


def _stays(state: str, action: ActionInfo | None) -> bool:
    """Whether a refusal, or a mail never opened, is where the platform leaves the dossier."""
    moves_on = action is not None and bool(action.automatic)
    return not moves_on and (state == "non-recu" or state.startswith(REFUSAL_PREFIXES))


def _detail_would_tell(definition: FlowDefinition | None, type_id: str, family: str, state: str) -> bool:
    """Whether the fields could change what is said of this state."""
    without = classify(definition, type_id, state, None)
    if without is Group.IN_PROGRESS and classify(definition, type_id, state, {}) is Group.DONE:
        return True
    return words.after_answer(state) and without is not Group.ERROR and _has_answer(definition, type_id, family)


def _has_answer(definition: FlowDefinition | None, type_id: str, family: str) -> bool:
    if definition is not None and definition.fields:
        return any(field.name.lower() in words.ACK_FIELDS for field in definition.fields)
    return family == "flux-financiers" and type_id != PES_RETOUR
