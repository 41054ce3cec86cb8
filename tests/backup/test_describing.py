"""What a dossier's description becomes when the server has spoken again: nothing known before is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enn_desktop.archive.folder import DocumentsFolder
from enn_desktop.archive.metadata import DossierRecord, MissingRecord
from enn_desktop.backup import describing
from enn_desktop.backup.context import RunContext, parsed, stamp
from enn_desktop.backup.describing import Home
from enn_desktop.catalogue.records import FileKey
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import BadDownload, FileAbsent
from enn_desktop.core.platform_time import from_platform
from enn_desktop.core.progress import SilentProgress
from enn_desktop.core.values import (
    DossierDetail,
    DossierRow,
    Entity,
    FieldInfo,
    FlowDefinition,
    MailInfo,
)
from enn_desktop.pastell.client import PastellClient
from tests.archive.crash_driver import SERVER, FixedClock, usual_policy

STATE_DATE = datetime.fromisoformat("2026-03-12 10:00:00")
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
DEFINITION = FlowDefinition(
    "actes-generique",
    "Actes (générique)",
    fields=(FieldInfo("objet", is_title=True), FieldInfo("numero_de_lacte")),
)
ROW = DossierRow(
    "abc1234",
    "2",
    "actes-generique",
    "Budget pri",
    "termine",
    STATE_DATE,
    datetime.fromisoformat("2026-03-10 08:00:00"),
    STATE_DATE,
    other_entities=("2", "7"),
)
DETAIL = DossierDetail(
    id_d="abc1234",
    type_id="actes-generique",
    title="Budget prim",
    created=ROW.created,
    modified=ROW.modified,
    state="termine",
    state_date=STATE_DATE,
    state_message="Tout est fini",
    fields={"objet": "Budget primitif 2026", "numero_de_lacte": "DEL_2026_012", "date_de_lacte": "2026-03-09"},
)


def context_at(root: Path, catalogue: Catalogue, now: datetime = NOW) -> RunContext:
    """Return the tools of a run that talks to nobody."""
    return RunContext(
        client=cast("PastellClient", None),
        folder=DocumentsFolder(root),
        catalogue=catalogue,
        policy=usual_policy(),
        clock=FixedClock(now),
        cancel=CancelToken(),
        progress=SilentProgress(),
        entities={"2": Entity("2", "Commune de Valbrume", "212706776")},
        definitions={"actes-generique": DEFINITION},
        identity=SERVER,
    )


@pytest.fixture
def context(tmp_path: Path) -> Iterator[RunContext]:
    """Return the tools of a run."""
    with Catalogue(tmp_path / "catalogue.sqlite") as catalogue:
        yield context_at(Path("/Dossiers"), catalogue)


def described(context: RunContext, detail: DossierDetail | None = DETAIL, row: DossierRow = ROW) -> DossierRecord:
    """Describe a dossier for the first time."""
    record = describing.new_record(context, row)
    describing.describe(context, record, row, detail)
    return record


def test_the_first_description_says_whose_it_is_and_when_it_was_seen(context: RunContext) -> None:
    record = describing.new_record(context, ROW)
    assert (record.server, record.id_d, record.id_e) == (SERVER, "abc1234", "2")
    assert (record.entity, record.siren) == ("Commune de Valbrume", "212706776")
    assert (record.created, record.first_seen) == ("2026-03-10 08:00:00", "2026-03-14T09:00:00+00:00")
    assert (record.sealed, record.complete, record.final) == (False, False, False)
    assert describing.new_record(context, replace(ROW, id_e="99")).entity == ""


def test_the_whole_title_comes_from_its_own_field_then_from_the_detail_then_from_the_list(context: RunContext) -> None:
    assert described(context).title == "Budget primitif 2026"
    assert described(context, replace(DETAIL, fields={})).title == "Budget prim"
    assert described(context, replace(DETAIL, fields={"objet": ""}, title="")).title == "Budget pri"
    assert described(context, None).title == "Budget pri"
    assert described(context).row_title == "Budget pri"


def test_state_number_flow_and_meaning_are_described(context: RunContext) -> None:
    record = described(context)
    assert (record.state, record.state_date, record.state_message) == (
        "termine",
        "2026-03-12 10:00:00",
        "Tout est fini",
    )
    assert (record.number, record.family, record.type_label) == ("DEL_2026_012", "actes", "Actes (générique)")
    assert (record.group, record.word, record.final, record.refused) == ("D", "Terminé", True, False)
    assert record.other_entities == ["7"]
    waiting = described(context, replace(DETAIL, state="creation"), replace(ROW, state="creation"))
    assert (waiting.group, waiting.final) == ("U", False)


def test_the_detail_is_newer_than_the_list_unless_it_says_nothing(context: RunContext) -> None:
    later = STATE_DATE + timedelta(hours=1)
    record = described(context, replace(DETAIL, state="annuler-tdt", state_date=later))
    assert (record.state, record.state_date) == ("annuler-tdt", "2026-03-12 11:00:00")
    silent = described(context, replace(DETAIL, state="", state_date=None))
    assert (silent.state, silent.state_date) == ("termine", "2026-03-12 10:00:00")


def test_what_the_server_cannot_show_today_keeps_what_was_known(context: RunContext) -> None:
    record = described(context)
    before = dict(record.fields)
    describing.describe(context, record, replace(ROW, state="annuler-tdt", created=None, modified=None), None)
    assert record.fields == before
    assert record.state == "annuler-tdt"
    assert (record.created, record.modified) == ("2026-03-10 08:00:00", "2026-03-12 10:00:00")
    assert (record.number, record.state_message) == ("DEL_2026_012", "Tout est fini")


def test_a_dossier_that_came_back_is_no_longer_absent(context: RunContext) -> None:
    record = described(context)
    record.gone_at = stamp(NOW)
    describing.describe(context, record, ROW, DETAIL)
    assert record.gone_at == ""


def test_who_received_a_mail_stays_known_when_the_server_stops_saying_it(context: RunContext) -> None:
    mails = (
        MailInfo("maire@example.org", read=True, sent_at=STATE_DATE, read_at=STATE_DATE),
        MailInfo("conseil@example.org", read=False, sent_at=STATE_DATE, read_at=None),
    )
    record = described(context, replace(DETAIL, mails=mails))
    said = [
        {"adresse": "maire@example.org", "envoye_le": "2026-03-12 10:00:00", "lu_le": "2026-03-12 10:00:00"},
        {"adresse": "conseil@example.org", "envoye_le": "2026-03-12 10:00:00", "lu_le": ""},
    ]
    assert record.mails == said
    describing.describe(context, record, ROW, DETAIL)
    assert record.mails == said


def test_each_state_seen_is_remembered_once(context: RunContext) -> None:
    record = described(context, replace(DETAIL, state="send-tdt"), replace(ROW, state="send-tdt"))
    for _ in range(2):
        describing.describe(context, record, ROW, DETAIL)
    assert [(seen.state, seen.changed) for seen in record.history] == [("send-tdt", {}), ("termine", {})]


values = st.dictionaries(st.sampled_from(["objet", "numero_de_lacte", "classification", "x"]), st.text(max_size=5))


@given(st.lists(values, min_size=1, max_size=5))
def test_every_value_that_a_field_ever_had_can_still_be_read(
    tmp_path_factory: pytest.TempPathFactory, given_fields: list[dict[str, str]]
) -> None:
    with Catalogue(tmp_path_factory.mktemp("c") / "catalogue.sqlite") as catalogue:
        context = context_at(Path("/nowhere"), catalogue)
        record = describing.new_record(context, ROW)
        ever: set[tuple[str, str]] = set()
        for fields in given_fields:
            describing.describe(context, record, ROW, replace(DETAIL, fields=fields))
            ever |= fields.items()
    told = set(record.fields.items())
    for seen in record.history:
        told |= seen.changed.items()
    assert {(name, value) for name, value in ever if value} <= told
    assert record.fields == given_fields[-1]


@pytest.mark.parametrize(
    ("fields", "created", "state_date", "home"),
    [
        ({"date_de_lacte": "2025-12-31"}, "2026-01-02 08:00:00", "2026-03-12 10:00:00", ("2025", "2025-12-31")),
        ({"date_de_lacte": "31/12/2025"}, "2026-01-02 08:00:00", "2026-03-12 10:00:00", ("2026", "2026-01-02")),
        ({"date_de_lacte": "2025-13-45"}, "", "2026-03-12 10:00:00", ("2026", "2026-03-12")),
        ({"date_de_decision": "2024-02-29"}, "", "", ("2024", "2024-02-29")),
        ({}, "", "", ("Sans date", "sans date")),
    ],
)
def test_a_dossier_belongs_to_its_town_hall_its_flow_and_its_year(
    context: RunContext, fields: dict[str, str], created: str, state_date: str, home: tuple[str, str]
) -> None:
    record = described(context)
    record.fields, record.created, record.state_date = fields, created, state_date
    year, day = home
    assert describing.home(context, record, "Commune de Valbrume") == Home(
        f"Commune de Valbrume/Actes/{year}", f"{day} DEL_2026_012 Budget primitif 2026"
    )


def stable(
    context: RunContext, record: DossierRecord, read: datetime | None = None, *, same_names: bool = False
) -> bool:
    """Return whether the list of files is proven."""
    return describing.names_are_stable(context, record, replace(DETAIL, read_at_server=read), same_names=same_names)


def test_a_list_of_files_read_long_enough_after_the_last_action_is_proven(context: RunContext) -> None:
    record = described(context)
    needed = timedelta(minutes=context.policy.stability_minutes)
    moment = from_platform(STATE_DATE)
    assert stable(context, record, moment + needed)
    assert not stable(context, record, moment + needed - timedelta(seconds=1))
    assert not stable(context, record, moment - timedelta(days=1))


def test_a_list_of_files_read_twice_the_same_some_minutes_apart_is_proven(context: RunContext) -> None:
    record = described(context)
    record.state_date = ""
    needed = timedelta(minutes=context.policy.stability_minutes)
    record.detail_at = stamp(NOW - needed)
    assert stable(context, record, NOW, same_names=True)
    assert not stable(context, record, NOW, same_names=False)
    record.detail_at = stamp(NOW - needed + timedelta(seconds=1))
    assert not stable(context, record, NOW, same_names=True)
    record.detail_at = ""
    assert not stable(context, record, NOW, same_names=True)


def test_holes_bear_their_reason_and_the_date_when_they_were_first_seen(context: RunContext) -> None:
    record = described(context)
    record.missing = [
        MissingRecord(field="document", original="a.pdf", reason="old", since="2026-01-01T00:00:00+00:00")
    ]
    errors = {
        FileKey("document", "a.pdf"): FileAbsent(),
        FileKey("annexe", "a.pdf"): BadDownload("Coupé."),
    }
    found = describing.missing(errors, record, NOW)
    assert [(hole.field, hole.original, hole.reason, hole.since) for hole in found] == [
        ("document", "a.pdf", FileAbsent.default_message, "2026-01-01T00:00:00+00:00"),
        ("annexe", "a.pdf", "Coupé.", "2026-03-14T09:00:00+00:00"),
    ]
    assert describing.missing({}, record, NOW) == []


@pytest.mark.parametrize("text", ["", "0000-00-00 00:00:00", "hier", "2026-13-01"])
def test_what_is_not_a_date_is_none(text: str) -> None:
    assert parsed(text) is None
