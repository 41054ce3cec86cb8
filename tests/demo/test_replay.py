"""Every recorded exchange, replayed on a simulator that holds the same data. The recordings are right."""

from collections.abc import Iterator
from typing import Any

import pytest

from enn_desktop.demo import DemoServer, World, effects
from enn_desktop.demo.api_documents import missing_fields
from enn_desktop.demo.documents import Document
from enn_desktop.demo.rules import Situation, possible_actions
from tests.demo.asking import Asked, ask, basic, form, multipart
from tests.demo.recorded_world import PASSWORD, PASSWORDS, recorded_world
from tests.demo.recordings import FOLDER, Recording, load, rows_and_details

RECORDINGS = load()
NATIVE = load(FOLDER / "native-types")
READING = [item for item in RECORDINGS if not 327 <= item.number <= 347]
WRITING = [item for item in RECORDINGS if 327 <= item.number <= 347]
FAULTS = {
    355: effects.html_before_pdf(),
    356: effects.php_warning_before_json(),
    359: effects.empty_500(),
    361: effects.stack_trace(),
}
# What the recordings do not hold: pages of the web site, bytes of large files, values of documents never read.
SHAPE_ONLY = {22, 23, 119, 355, 361}
VARIES = {"Date", "Set-Cookie", "Content-Length"}


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(recorded_world(RECORDINGS)) as running:
        yield running


def replayed(server: DemoServer, recording: Recording) -> Asked:
    headers = dict(recording.sent_headers)
    if recording.user is not None and "Authorization" not in headers:
        password = "mauvais" if recording.name.startswith("003-") else PASSWORDS.get(recording.user, PASSWORD)
        headers |= basic(recording.user, password)
    sent: dict[str, str] = {}
    body = recording.raw_body
    if recording.form:
        sent, body = multipart(recording.form, b"%PDF-1.4 x") if recording.has_upload else form(recording.form)
    target = f"~{recording.path}?{recording.query}" if recording.query else f"~{recording.path}"
    return ask(server, target, user=None, method=recording.method, headers=headers | sent, body=body)


def same_head(recording: Recording, asked: Asked) -> None:
    assert asked.status == recording.status
    assert asked.names == [name for name, _ in recording.headers]
    wanted = {name: value for name, value in recording.headers if name not in VARIES}
    assert {name: value for name, value in asked.headers if name not in VARIES} == wanted
    assert asked.version == recording.version


def likeness(recording: Recording, asked: Asked) -> str:
    """How like the recorded body: `exact`, `ties` (equal keys in another order), `shape`, or `different`."""
    if recording.text is None:
        return without_text(recording, asked)
    if asked.body in (recording.text.encode(), recording.text.encode("latin-1", "replace")):
        return "exact"
    if not recording.text.startswith(("{", "[")):
        return "shape"
    found, wanted = asked.json, recording.json
    if (
        isinstance(wanted, list)
        and wanted
        and "last_action_date" in wanted[0]
        and tie_groups(found) == tie_groups(wanted)
    ):
        return "ties"
    return "shape" if shape(found) == shape(wanted) else "different"


def without_text(recording: Recording, asked: Asked) -> str:
    """Compare with a body of which the recording holds the beginning and the length only."""
    length = recording.length or 0
    if length <= len(recording.head):
        return "exact" if asked.body == recording.head[:length] else "different"
    if recording.number in SHAPE_ONLY or recording.header("Content-Encoding") == "gzip":
        return "shape"
    same = asked.body.startswith(recording.head) and len(asked.body) == length
    return "shape" if same else "different"


def tie_groups(rows: Any) -> Any:
    """Return the dates in order, and the rows of each date in any order; a page may be cut inside its last date."""
    dates = [row["last_action_date"] for row in rows]
    inner = [
        sorted(repr(row) for row in rows if row["last_action_date"] == date) for date in dates if date != dates[-1]
    ]
    return dates, inner


def shape(value: Any) -> Any:
    """Return the keys and the types, the values left out; free-form parts are reduced to their type."""
    if isinstance(value, dict):
        return {
            key: "any" if key in {"data", "action_possible", "action-possible"} else shape(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


@pytest.mark.parametrize("recording", READING, ids=lambda item: item.name)
def test_a_recorded_reading_is_answered_alike(server: DemoServer, recording: Recording) -> None:
    before = list(server.world.journal.rows)
    server.faults.clear()
    if recording.number in FAULTS:
        server.faults.add(FAULTS[recording.number])
    try:
        asked = replayed(server, recording)
    finally:
        server.world.journal.rows[:] = before
    same_head(recording, asked)
    found = likeness(recording, asked)
    # Equal dates come in any order from the database, and the page that is cut inside them with it.
    expected = {"exact", "ties"} if "/document" in recording.path else {"exact"}
    if recording.text is None or recording.number in SHAPE_ONLY | {102, 103}:
        expected = {"exact", "ties", "shape"}
    assert found in expected


def test_nearly_all_recorded_bodies_are_matched_to_the_byte(server: DemoServer) -> None:
    server.faults.clear()
    found: dict[str, int] = {}
    for recording in READING:
        if recording.number in FAULTS:
            continue
        before = list(server.world.journal.rows)
        kind = likeness(recording, replayed(server, recording))
        server.world.journal.rows[:] = before
        found[kind] = found.get(kind, 0) + 1
    assert found.get("different", 0) == 0
    assert found["exact"] >= 236
    assert found["exact"] + found["ties"] >= 246
    assert sum(found.values()) == len(READING) - len(FAULTS)


def test_the_recorded_writings_are_answered_alike() -> None:
    world = recorded_world(RECORDINGS)
    world.new_id = lambda: "XAvnS5s"  # type: ignore[method-assign]  # the id that the real platform drew
    with DemoServer(world) as server:
        for recording in WRITING:
            _catch_up(server, world, recording.number)
            asked = replayed(server, recording)
            same_head(recording, asked)
            assert likeness(recording, asked) in {"exact", "shape"}, recording.name


WORKFLOWS = {"actes-automatique", "helios-generique", "document-a-signer", "pdf-generique", "mailsec"}
# What these three passed through, or lacked, their recorded detail does not tell.
UNTOLD = {"X94JHwq", "PPRCGMD", "dc5rcEY"}


def test_the_recorded_workflows_offer_what_was_offered() -> None:
    world = recorded_world(RECORDINGS)
    told = {id_d: detail for id_d, detail in rows_and_details(RECORDINGS)[1].items() if id_d in world.documents}
    compared = 0
    for id_d, detail in told.items():
        document = world.documents[id_d]
        if document.type in WORKFLOWS and id_d not in UNTOLD:
            compared += 1
            assert (
                possible_actions(world.flux_of(document), _situation(world, document)) == detail["action_possible"]
            ), id_d
    assert compared >= 50


def _situation(world: World, document: Document) -> Situation:
    """Return what the rules look at, the states passed being those that the values betray."""
    content, last = document.content, document.memberships[0].last_action
    signs = {"tedetis_transaction_id": "send-tdt", "date_ar": "acquiter-tdt", "has_signature": "recu-iparapheur"}
    passed = {last} | {state for name, state in signs.items() if name in content}
    complete = not missing_fields(world.flux_of(document), content)
    return Situation(last, passed, document.texts(), complete, {f"{document.type}:edition"})


def _catch_up(server: DemoServer, world: World, number: int) -> None:
    """Make the requests that were sent and not recorded."""
    target = "~/api/v2/entite/4/document/XAvnS5s"
    headers = basic("duo", PASSWORDS["duo"])
    if number == 331:
        values = {"libelle": "Courrier d'essai « API »", "has_date_limite": "1", "date_limite": "2026-12-31"}
        sent, body = form(values)
        ask(server, target, user=None, method="PATCH", headers=headers | sent, body=body)
    if number == 336:
        sent, body = multipart({"file_name": "note.txt"}, b"x")
        ask(
            server,
            f"{target}/file/autre_document_attache/1",
            user=None,
            method="POST",
            headers=headers | sent,
            body=body,
        )
    if number == 332:
        world.clock.advance(seconds=1)


@pytest.mark.parametrize("recording", NATIVE, ids=lambda item: item.name)
def test_an_exchange_recorded_on_native_types_is_matched_to_the_byte(recording: Recording) -> None:
    with DemoServer(recorded_world(RECORDINGS, "2.0-native", NATIVE)) as server:
        asked = replayed(server, recording)
    same_head(recording, asked)
    assert asked.body.decode() == recording.text
