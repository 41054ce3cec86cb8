"""Every answer that a real Pastell 2.0.16 gave is understood, or refused with a sentence of ours."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from enn_desktop.core.errors import (
    AuthenticationRefused,
    DossierForbidden,
    DossierGone,
    DossierUnreadable,
    EnnError,
    FileAbsent,
    PortalInTheWay,
    ServerBroken,
)
from enn_desktop.core.values import FileRef, FlowInfo
from enn_desktop.pastell.client import PastellClient
from enn_desktop.pastell.transport import Patience
from tests.pastell.conftest import MakeClient

FOLDER = Path(__file__).parent.parent / "data" / "recordings"
RECORDINGS = sorted(FOLDER.glob("[0-9]*.json")) + sorted((FOLDER / "native-types").glob("*.json"))
HOP_BY_HOP = {"transfer-encoding", "content-length", "connection", "content-encoding"}


class Sink:
    """Keeps what a download brings."""

    def __init__(self) -> None:
        self.content = b""
        self.discarded = False

    def write(self, data: bytes) -> None:
        self.content += data

    def discard(self) -> None:
        self.discarded = True

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def number(n: int) -> dict[str, Any]:
    return load(next(FOLDER.glob(f"{n:03d}-*.json")))


def answer(recording: dict[str, Any]) -> httpx.Response:
    response = recording["response"]
    body = response.get("body_text")
    content = body.encode() if body is not None else response.get("body_head_latin1", "").encode("latin-1")
    headers = [(k, v.encode("latin-1")) for k, v in response["headers"] if k.lower() not in HOP_BY_HOP]
    return httpx.Response(response["status"], headers=headers, stream=httpx.ByteStream(content))


def ask(client: PastellClient, path: str) -> object:  # noqa: PLR0911 - one line per question
    """Ask the question that this recording answers, the way the program asks it."""
    parts = path.removeprefix("/api/v2/").strip("/").split("/")
    match parts:
        case ["entite", _, "document", _, "file", field, *rest]:
            num = int(rest[0]) if rest and rest[0].isdigit() else 0
            return client.fetch("2", "abc", FileRef(field, num, "document.pdf"), Sink)
        case ["entite", _, "document", _, *_]:
            return client.detail("2", parts[3], None)
        case ["entite", _, "document"]:
            return client.page("2", 0)
        case ["entite", *_]:
            return client.entities()
        case ["flux", type_id, *_]:
            return client.definition(FlowInfo(type_id, ""))
        case ["flux"]:
            return client.flows()
        case ["document", "count"]:
            return client.counts()
        case ["journal", *_]:
            return client.journal("2", None, 0)
        case _:
            return client.profile()


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda p: p.stem[:40])
def test_every_recorded_answer_is_understood_or_refused_with_a_sentence(path: Path, make_client: MakeClient) -> None:
    recording = load(path)
    client = make_client(lambda _: answer(recording), patience=Patience(tries=1, jitter_s=0.0))
    said = sentence_or_none(client, recording["request"]["path"])
    assert said is None or all((said.title, said.message, said.advice))


def sentence_or_none(client: PastellClient, path: str) -> EnnError | None:
    """Ask; return the failure of ours that the answer is, any other exception goes through."""
    try:
        ask(client, path)
    except EnnError as error:
        return error
    return None


def test_there_are_as_many_recordings_as_when_this_was_written() -> None:
    assert len(RECORDINGS) >= 285


EXPECTED_ERRORS = [
    (2, AuthenticationRefused),
    (3, AuthenticationRefused),
    (8, AuthenticationRefused),
    (193, DossierUnreadable),
    (194, DossierUnreadable),
    (226, DossierForbidden),
    (227, DossierGone),
    (229, DossierGone),
    (253, FileAbsent),
    (292, FileAbsent),
    (312, DossierForbidden),
    (346, DossierGone),
    (356, DossierGone),
    (359, ServerBroken),
    (361, ServerBroken),
    (21, PortalInTheWay),
    (22, PortalInTheWay),
]


@pytest.mark.parametrize(("n", "kind"), EXPECTED_ERRORS)
def test_a_recorded_failure_is_the_failure_it_means(n: int, kind: type[EnnError], make_client: MakeClient) -> None:
    recording = number(n)
    client = make_client(lambda _: answer(recording), patience=Patience(tries=1, jitter_s=0.0))
    with pytest.raises(kind):
        ask(client, recording["request"]["path"])


def test_a_healthy_answer_under_display_errors_is_read(make_client: MakeClient) -> None:
    recording = number(357)
    client = make_client(lambda _: answer(recording))
    assert ask(client, recording["request"]["path"]) is not None


def test_a_list_keeps_every_row_and_its_own_types(make_client: MakeClient) -> None:
    recording = number(62)
    page = make_client(lambda _: answer(recording)).page("2", 0)
    rows = json.loads(recording["response"]["body_text"])
    assert [row.id_d for row in page.rows] == [row["id_d"] for row in rows]
    assert page.old_columns
    assert all(row.state_date is not None for row in page.rows)


def test_native_integers_give_the_same_values_as_strings(make_client: MakeClient) -> None:
    native = load(FOLDER / "native-types" / "04-entite-2-document.json")
    rows = make_client(lambda _: answer(native)).page("2", 0).rows
    assert {row.id_e for row in rows} == {"2"}


def test_homonyms_of_one_field_are_all_named(make_client: MakeClient) -> None:
    recording = number(218)
    detail = make_client(lambda _: answer(recording)).detail("2", "rMtDALQ", None)
    names = [ref.name for ref in detail.files]
    assert len(names) > len(set(names))


def test_hostile_names_come_out_as_they_are_and_count(make_client: MakeClient) -> None:
    recording = number(216)
    detail = make_client(lambda _: answer(recording)).detail("2", "dws72mM", None)
    data = json.loads(recording["response"]["body_text"])["data"]
    announced = [name for value in data.values() if isinstance(value, list) for name in value]
    assert [ref.name for ref in detail.files] == announced


def test_passwords_of_a_secured_mail_never_leave_the_border(make_client: MakeClient) -> None:
    for n in (176, 177, 178, 179):
        recording = number(n)
        id_d = recording["request"]["path"].rsplit("/", 1)[1]
        detail = make_client(lambda _, r=recording: answer(r)).detail("2", id_d, None)
        assert not [name for name in detail.fields if "passw" in name]


def test_counts_are_numbers_for_every_type_and_state(make_client: MakeClient) -> None:
    recording = number(116)
    counts = make_client(lambda _: answer(recording)).counts()
    assert sum(sum(states.values()) for states in counts["2"].values()) == 181


def test_the_journal_is_read_newest_first_with_its_numbers(make_client: MakeClient) -> None:
    recording = number(302)
    rows = make_client(lambda _: answer(recording)).journal("2", None, 0)
    assert [row.id_j for row in rows] == sorted((row.id_j for row in rows), reverse=True)
    assert {row.id_d for row in rows} == set(parse_qs(recording["request"]["query"])["id_d"])


def test_html_before_the_bytes_of_a_pdf_is_a_failed_download(make_client: MakeClient) -> None:
    recording = number(355)
    client = make_client(lambda _: answer(recording), patience=Patience(tries=1, jitter_s=0.0))
    with pytest.raises(EnnError):
        ask(client, recording["request"]["path"])
