"""Types of document: their fields, their states, and the rules between the states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from enn_desktop.demo.profiles import Profile
from enn_desktop.demo.wire import Json


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type; `arrives` is the state with which a file of it comes into being."""

    id: str
    properties: Mapping[str, Json]
    arrives: str | None = None
    late: bool = False

    @property
    def is_file(self) -> bool:
        """Tell whether the field holds files."""
        return self.properties.get("type") == "file"


@dataclass(frozen=True, slots=True)
class Action:
    """One action, which is also the state it leads to; `via` is the state a document comes from.

    Without `via` the action never remains as a document's last state.
    """

    id: str
    definition: Mapping[str, Json]
    via: str | None = None

    @property
    def label(self) -> str | None:
        """The label of the state, when it has one."""
        name = self.definition.get("name")
        return name if isinstance(name, str) else None


@dataclass(frozen=True)
class Flux:
    """One type of document as the API shows it."""

    id: str
    label: str
    category: str
    fields: tuple[Field, ...]
    actions: tuple[Action, ...]
    technical: bool = False
    studio: bool = False
    pack: str = field(default="")

    @cached_property
    def field_by_id(self) -> dict[str, Field]:
        """The fields by their key in `data`, which is in lower case."""
        return {item.id.lower(): item for item in self.fields}

    @cached_property
    def action_by_id(self) -> dict[str, Action]:
        """The actions by their id."""
        return {item.id: item for item in self.actions}

    @cached_property
    def title_field(self) -> str | None:
        """The key of the field copied into the title."""
        return next((item.id.lower() for item in self.fields if item.properties.get("title")), None)

    @cached_property
    def indexed(self) -> frozenset[str]:
        """The keys of the fields that filter and sort lists."""
        return frozenset(item.id.lower() for item in self.fields if item.properties.get("index"))

    @cached_property
    def passwords(self) -> frozenset[str]:
        """The keys of the fields that are passwords."""
        return frozenset(item.id.lower() for item in self.fields if item.properties.get("type") == "password")

    @cached_property
    def lasting_states(self) -> tuple[str, ...]:
        """The states in which a document can be found."""
        return tuple(item.id for item in self.actions if item.via is not None)

    def path_to(self, state: str) -> tuple[str, ...]:
        """Return the states that a document passes to get there, that one included."""
        path = [state]
        while (via := self._via(path[-1])) and via not in path:
            path.append(via)
        return tuple(reversed(path))

    def _via(self, state: str) -> str:
        action = self.action_by_id.get(state)
        return (action.via or "") if action is not None else ""

    def fields_json(self) -> Json:
        """Return what `GET /flux/:id` answers."""
        return {item.id: dict(item.properties) for item in self.fields}

    def actions_json(self) -> Json:
        """Return what `GET /flux/:id/action` answers."""
        return {item.id: dict(item.definition) for item in self.actions}


def defined(  # noqa: PLR0913 - a type has that many sides, each named
    profile: Profile,
    names: tuple[str, str, str],
    fields: str,
    actions: str,
    *,
    technical: bool = False,
    studio: bool = False,
    pack: str = "",
) -> Flux:
    """Return a type from its names (id, label, category) and its two texts, see `parse_fields`, `parse_actions`."""
    key, label, category = names
    read = (parse_fields(fields, profile), parse_actions(actions, key, profile))
    return Flux(key, label, category, *read, technical=technical, studio=studio, pack=pack)


def parse_fields(text: str, profile: Profile) -> tuple[Field, ...]:
    """Read fields written one a line, `id | label | flags | choices`.

    Flags: a type (text when none), `requis`, `multiple`, `title`, `index`, `no-show`, `read-only`,
    `from=STATE` (the state that brings its file), `late` (the file comes after that state), `since=` and
    `until=` (versions of Pastell, the second excluded). Choices: `key=label;key=label`.
    """
    return tuple(_field(cells) for cells in _lines(text) if _in_version(cells[2], profile))


def parse_actions(text: str, flux: str, profile: Profile) -> tuple[Action, ...]:
    """Read actions written one a line, `id | label | button | flags`.

    Flags: `after=a,b` (allowed last states), `never=a,b`, `passed=a`, `content=field:1,other:0`, `valid`,
    `auto=ACTION`, `via=STATE` (see `Action`), `aside` (not a state), `quiet` (editing does not move the state),
    `since=`, `until=`.
    """
    return tuple(_action(cells, flux) for cells in _lines(text) if _in_version(cells[3], profile))


def _lines(text: str) -> Iterable[list[str]]:
    for line in text.splitlines():
        if line.strip():
            cells = [cell.strip() for cell in line.split("|")]
            yield cells + [""] * (4 - len(cells))


def _flags(cell: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in cell.split():
        name, _, value = word.partition("=")
        found[name] = value
    return found


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in text.split("."))


def _in_version(cell: str, profile: Profile) -> bool:
    flags = _flags(cell)
    if "since" in flags and not profile.at_least(*_version(flags["since"])):
        return False
    return not ("until" in flags and profile.at_least(*_version(flags["until"])))


_MARKS = ("requis", "multiple", "title", "index", "no-show", "read-only")
_TYPES = ("file", "date", "select", "checkbox", "textarea", "password", "externalData", "mail-list", "url", "link")


def _field(cells: list[str]) -> Field:
    key, label, cell, choices = cells[:4]
    flags = _flags(cell)
    properties: dict[str, Json] = {"name": label or key}
    kind = next((kind for kind in _TYPES if kind in flags), None)
    if kind is not None:
        properties["type"] = kind
    properties |= {mark: True for mark in _MARKS if mark in flags}
    if "content-type" in flags:
        properties["content-type"] = flags["content-type"]
    if choices:
        properties["value"] = dict(choice.split("=", 1) for choice in choices.split(";"))
    return Field(key, properties, flags.get("from"), "late" in flags)


def _action(cells: list[str], flux: str) -> Action:
    key, label, button, cell = cells[:4]
    flags = _flags(cell)
    definition: dict[str, Json] = {}
    if button:
        definition["name-action"] = button
    if label:
        definition["name"] = label
    definition["rule"] = _rule(key, flags, flux)
    if "auto" in flags:
        definition["action-automatique"] = flags["auto"]
    if "quiet" in flags:
        definition["modification-no-change-etat"] = True
    if "editable" in flags:
        definition["editable-content"] = flags["editable"].split(",")
    if "aside" in flags:
        definition["no-workflow"] = True
    return Action(key, definition, flags.get("via", "") if "via" in flags else None)


def _rule(key: str, flags: Mapping[str, str], flux: str) -> dict[str, Json]:
    right = f"{flux}:edition"
    if key == "creation":
        return {"no-last-action": "", "droit_id_u": right}
    if "after" not in flags and "passed" not in flags:
        return {"role_id_e": "no-role"}
    rule: dict[str, Json] = {}
    for flag, name in (("after", "last-action"), ("never", "no-action"), ("passed", "has-action")):
        if flag in flags:
            rule[name] = flags[flag].split(",")
    rule["role_id_e"] = "editeur"
    rule["droit_id_u"] = right
    if "content" in flags:
        pairs = (pair.split(":") for pair in flags["content"].split(","))
        rule["content"] = {name: wanted == "1" for name, wanted in pairs}
    if "valid" in flags:
        rule["document_is_valide"] = True
    return rule
