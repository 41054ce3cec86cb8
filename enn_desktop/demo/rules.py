"""Which actions a document allows: the rules of the workflow, evaluated as Pastell does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from enn_desktop.demo.flux import Flux
from enn_desktop.demo.wire import Json, truthy


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule may look at: the last state, those passed, the text values, the rights held."""

    last_state: str
    passed: Collection[str]
    values: Mapping[str, str]
    complete: bool
    rights: Collection[str]
    role: str = "editeur"


def possible_actions(flux: Flux, situation: Situation) -> list[str]:
    """Return the ids of the actions that may be run now, in the order of the definition."""
    return [
        action.id
        for action in flux.actions
        if not action.definition.get("no-workflow") and refusal(action.definition, situation) is None
    ]


def refusal(definition: Mapping[str, Json], situation: Situation) -> str | None:
    """Return why an action is refused, as the server words it, or `None` when it is allowed."""
    rule = definition.get("rule")
    if not isinstance(rule, Mapping):
        return None
    return _all_of(rule, situation)


def _all_of(rule: Mapping[str, Json], situation: Situation) -> str | None:
    for name, wanted in rule.items():
        reason = _one(name, wanted, situation)
        if reason is not None:
            return reason
    return None


def _one(name: str, wanted: Json, situation: Situation) -> str | None:
    if name.startswith("or_") and isinstance(wanted, Mapping):
        branches = [branch for branch in wanted.values() if isinstance(branch, Mapping)]
        if any(_all_of(branch, situation) is None for branch in branches):
            return None
        return "aucune condition n'est vérifiée"
    if name.startswith("and_") and isinstance(wanted, Mapping):
        return _all_of(wanted, situation)
    if name == "content" and isinstance(wanted, Mapping):
        return _content(wanted, situation)
    return _plain(name, wanted, situation)


def _content(wanted: Mapping[str, Json], situation: Situation) -> str | None:
    for field, value in wanted.items():
        held = truthy(situation.values.get(field.lower()))
        if isinstance(value, bool) and held != value:
            return f"content n'est pas vérifiée ({field})"
        if isinstance(value, str) and situation.values.get(field.lower(), "") != value:
            return f"content n'est pas vérifiée ({field})"
    return None


def _plain(name: str, wanted: Json, situation: Situation) -> str | None:
    several = [str(item) for item in wanted] if isinstance(wanted, Sequence) else []
    words = [wanted] if isinstance(wanted, str) else several
    if name == "last-action" and situation.last_state not in words:
        return f"Le dernier état du document ({situation.last_state}) ne permet pas de déclencher cette action"
    if name == "no-last-action":
        return "le document existe déjà"
    broken = {
        "no-action": any(word in situation.passed for word in words),
        "has-action": not all(word in situation.passed for word in words),
        "role_id_e": situation.role not in words,
        "droit_id_u": not any(word in situation.rights for word in words),
        "document_is_valide": bool(wanted) and not situation.complete,
        "internal-action": bool(wanted),
    }
    return f"{name} n'est pas vérifiée" if broken.get(name) else None
