"""A world that holds what the recordings show, so that they can be replayed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from enn_desktop.demo.accounts import Account, Entity, Role
from enn_desktop.demo.clock import Clock, moment_of
from enn_desktop.demo.documents import Content, Document, Membership, Passage
from enn_desktop.demo.flux import Action, Field, Flux
from enn_desktop.demo.flux_catalogue import fluxes_of
from enn_desktop.demo.journal import JournalRow
from enn_desktop.demo.profiles import Profile, profile_named
from enn_desktop.demo.store import Connector
from enn_desktop.demo.stored_files import StoredFile, filler, held
from enn_desktop.demo.wire import text_of
from enn_desktop.demo.world import World
from tests.demo.recordings import Recording, rows_and_details

NOW = datetime(2026, 11, 23, 20, 58, 20)  # noqa: DTZ001 - the platform's local time
PASSWORDS = {"accent": "Été-2026", "duo": "mot:de:passe-é"}
PASSWORD = "recorded"


def recorded_world(recordings: Sequence[Recording], profile: str = "2.0", later: Sequence[Recording] = ()) -> World:
    """Build the world of the recordings; `later` ones add what they show of documents and journal."""
    chosen = profile_named(profile)
    world = World(chosen, Clock(NOW), _fluxes(recordings, chosen))
    world.tie_order = "insertion"
    world.journal_is_cut = False
    world.public_url = "http://127.0.0.1:8765"
    _people(world, recordings)
    _documents(world, recordings, later)
    _journal(world, [*recordings, *later])
    world.choices = {"classification": next(item.json for item in recordings if item.number == 241)}
    return world


def _by_path(recordings: Sequence[Recording], path: str, user: str | None = None) -> Any:
    return next(
        item.json
        for item in recordings
        if item.path == path and item.status == 200 and (user is None or item.user == user)
    )


def _fluxes(recordings: Sequence[Recording], profile: Profile) -> dict[str, Flux]:
    """Return the recorded types with their recorded fields and states; ours stand in where none was recorded."""
    ours = fluxes_of(profile)
    recorded = {
        item.path.removeprefix("/api/v2/flux/"): item.json
        for item in recordings
        if item.path.startswith("/api/v2/flux/") and item.status == 200
    }
    found = {}
    for name, shown in _by_path(recordings, "/api/v2/flux", "admin").items():
        fields = (
            tuple(Field(key, value) for key, value in recorded.get(name, {}).items()) or ours[name].fields
            if name in ours
            else ()
        )
        actions = recorded.get(f"{name}/action") or (
            recorded["actes-automatique/action"] if name.startswith("actes") else {}
        )
        states = tuple(Action(key, value) for key, value in actions.items()) or (
            ours[name].actions if name in ours else ()
        )
        found[name] = Flux(name, shown["nom"], shown["type"], fields, states)
    return found


def _people(world: World, recordings: Sequence[Recording]) -> None:
    for row in _by_path(recordings, "/api/v2/entite", "admin"):
        id_e = int(row["id_e"])
        registered = "2026-11-23 20:49:57"
        world.entities[id_e] = Entity(
            id_e, row["denomination"], row["siren"], int(row["entite_mere"]), row["type"], registered
        )
    world.entities = dict(sorted(world.entities.items()))
    world.rights._entities = world.entities
    rights = frozenset(_by_path(recordings, "/api/v2/utilisateur/2/role")[0]["droits"])
    money = {
        f"{kind}:{right}" for kind in ("helios-generique", "commande-generique") for right in ("lecture", "edition")
    }
    reading = {right for right in rights if right.endswith(":lecture") and not right.startswith("journal")}
    roles = {
        "admin": frozenset({"*"}),
        "secretaire": rights,
        "comptable": frozenset(money | {"entite:lecture"}),
        "lecteur": frozenset(reading),
        "sans-entite": frozenset(rights - {"entite:lecture"}),
    }
    for row in _by_path(recordings, "/api/v2/role"):
        world.roles[row["role"]] = Role(row["role"], row["libelle"], roles[row["role"]])
    for account in _accounts():
        account.password = PASSWORDS.get(account.login, PASSWORD)
        account.email = f"{account.login}@example.invalid"
        world.add_account(account)
    _connectors(world, recordings)


def _accounts() -> list[Account]:
    return [
        Account(1, "admin", "", "", 0, [("admin", 0)]),
        Account(2, "secretaire", "Aurélie", "Lefèvre", 2, [("secretaire", 2)]),
        Account(3, "comptable", "", "", 3, [("comptable", 3), ("comptable", 4)]),
        Account(4, "duo", "Maëlle", "O'Brien-Müller", 3, [("secretaire", 3), ("secretaire", 4)]),
        Account(5, "lecteur", "Seul", "Lecteur", 2, [("lecteur", 2)]),
        Account(6, "sansentite", "Entité", "Sans", 2, [("sans-entite", 2)]),
        Account(7, "aucun", "Droit", "Aucun", 2),
        Account(8, "accent", "", "", 2, [("secretaire", 2)]),
    ]


def _connectors(world: World, recordings: Sequence[Recording]) -> None:
    values = _by_path(recordings, "/api/v2/entite/2/connecteur/2")["data"]
    for row in _by_path(recordings, "/api/v2/entite/2/connecteur"):
        shown = tuple(values.items()) if row["id_ce"] == "2" else ()
        world.connectors.append(
            Connector(int(row["id_ce"]), 2, row["libelle"], row["id_connecteur"], row["type"], shown)
        )


def _documents(world: World, recordings: Sequence[Recording], later: Sequence[Recording]) -> None:
    rows, details = rows_and_details(recordings)
    details |= rows_and_details(later)[1]
    bodies = _bodies(recordings)
    for row in rows:
        document = Document(row["id_d"], row["type"], row["titre"], row["creation"], row["modification"])
        document.memberships.append(
            Membership(document, int(row["id_e"]), row["last_action"], row["last_action_date"], row["role"])
        )
        _fill(document, details.get(row["id_d"]), bodies)
        world.put(document)
    _loose_ends(world, details, bodies)
    for recording in recordings:
        if recording.number == 99:
            for row in recording.json:
                _add_passage(world.document(row["id_d"]), row)
        if recording.number == 103:
            for row in recording.json:
                if row["field_value"] and row["id_d"]:
                    (world.document(row["id_d"]).kept or {}).setdefault("numero_de_lacte", row["field_value"])


def _add_passage(document: Document, row: dict[str, Any]) -> None:
    known = [each for each in document.later if (each.action, each.date) == (row["action"], row["date"])]
    message = known[0].message if known else ""
    document.later = [each for each in document.later if each not in known]
    passage = Passage(row["action"], row["date"], int(row["id_u"]), message, int(row["id_e"]), int(row["id_a"]))
    document.later.insert(0, passage)


def _fill(document: Document, detail: dict[str, Any] | None, bodies: dict[tuple[str, str, int], StoredFile]) -> None:
    row = document.memberships[0]
    message = ""
    content: Content = {} if row.last_action == "creation" else {"numero_de_lacte": "9999_999"}
    if detail is not None:
        message = detail["last_action"]["message"]
        document.offered = detail["action_possible"]
        content = _content(document.id_d, detail["data"] or {}, bodies)
    for (id_d, field, rank), item in bodies.items():
        value = content.setdefault(field, []) if id_d == document.id_d else ""
        if isinstance(value, list) and rank >= len(value):
            value.extend(StoredFile("?", None) for _ in range(rank - len(value)))
            value.append(item)
    document.kept = content
    document.later.append(Passage(row.last_action, row.last_action_date, 2, message, row.id_e, 1))


def _content(id_d: str, data: dict[str, Any], bodies: dict[tuple[str, str, int], StoredFile]) -> Content:
    content: Content = {}
    for name, value in data.items():
        if isinstance(value, str):
            content[name] = value
        else:
            content[name] = [
                bodies.get((id_d, name, rank), held(each, each.encode())) for rank, each in enumerate(value)
            ]
    return content


def _bodies(recordings: Sequence[Recording]) -> dict[tuple[str, str, int], StoredFile]:
    """Return the downloaded files: their real bytes, or else bytes that begin and measure the same."""
    found: dict[tuple[str, str, int], StoredFile] = {}
    for recording in recordings:
        pieces = recording.path.strip("/").split("/")
        if (
            len(pieces) < 8
            or pieces[6] != "file"
            or recording.query
            or recording.method != "GET"
            or recording.number == 355
        ):
            continue
        rank = int(pieces[8]) if len(pieces) > 8 and pieces[8].isdecimal() else 0
        key = (pieces[5], pieces[7], rank)
        if recording.status == 200 and key not in found:
            found[key] = held(_name(recording), _bytes(recording))
        elif recording.number == 292:
            found[key] = StoredFile("disparu.pdf", None)
    return found


def _name(recording: Recording) -> str:
    disposition = recording.header("Content-disposition").encode("latin-1")
    if not disposition:
        return "ligne 1\nligne 2.pdf"
    return text_of(disposition.removeprefix(b'attachment; filename="')[:-1])


def _bytes(recording: Recording) -> bytes:
    if recording.text is not None:
        return recording.text.encode("latin-1" if "ISO-8859-1" in recording.text[:60] else "utf-8")
    length = recording.length or 0
    head = recording.head[:length]
    return head + filler(recording.name, length - len(head)).replace(b"\n", b"\xff")


def _loose_ends(
    world: World, details: dict[str, dict[str, Any]], bodies: dict[tuple[str, str, int], StoredFile]
) -> None:
    """Documents that no recorded list shows."""
    others = {
        "oC20mmW": ("actes-automatique", 2),
        "9DHO6CX": ("document-a-signer", 3),
        "24s5dFW": ("document-a-signer", 2),
    }
    for id_d, (kind, id_e) in others.items():
        if id_d in world.documents:
            continue
        detail = details.get(id_d)
        info = (
            detail["info"]
            if detail
            else {"titre": "", "creation": "2025-01-01 00:00:00", "modification": "2025-01-01 00:00:00"}
        )
        last = detail["last_action"] if detail else {"action": "modification", "date": "2025-01-01 00:00:00"}
        document = Document(id_d, kind, info["titre"], info["creation"], info["modification"])
        document.memberships.append(Membership(document, id_e, last["action"], last["date"]))
        _fill(document, detail, bodies)
        world.put(document)
    for id_d in ("aHAzRg1", "FU0YEgb"):
        _spoil(world, id_d)


def _spoil(world: World, id_d: str) -> None:
    """Give a document a name that is not UTF-8, as the recorded one has."""
    document = world.documents.get(id_d)
    if document is None:
        document = Document(id_d, "document-a-signer", "", "2025-01-01 00:00:00", "2025-01-01 00:00:00")
        document.memberships.append(Membership(document, 2, "modification", "2025-01-01 00:00:00"))
        document.kept = {}
        world.put(document)
    document.own_content()["libelle"] = text_of(b"arr\xeat\xe9")


def _journal(world: World, recordings: Sequence[Recording]) -> None:
    rows: dict[int, JournalRow] = {}
    for recording in recordings:
        if (
            recording.path.startswith("/api/v2/journal")
            and recording.status == 200
            and recording.text
            and recording.number < 327
        ):
            listed = _csv_rows(recording.text) if recording.number == 308 else recording.json
            for row in listed if isinstance(listed, list) else [listed]:
                rows[int(row["id_j"])] = _journal_row(row, rows.get(int(row["id_j"])))
    for number in sorted(rows):
        world.journal.add(rows[number])


def _csv_rows(text: str) -> list[dict[str, str]]:
    import csv
    import io

    return list(csv.DictReader(io.StringIO(text)))


def _journal_row(row: dict[str, Any], known: JournalRow | None) -> JournalRow:
    proof = row.get("preuve") or (known.proof if known is not None else "")
    signed = row["message_horodate"].removesuffix(f" - {row['document_type']}")[-19:]
    moment_of(signed)
    return JournalRow(
        int(row["id_j"]),
        int(row["type"]),
        int(row["id_e"]),
        int(row["id_u"]),
        row["id_d"],
        row["action"],
        row["message"],
        row["date"],
        row["document_type"],
        row["date_horodatage"],
        proof,
        signed,
    )
