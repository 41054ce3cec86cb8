"""The first screen: nothing urgent is hidden, nothing is claimed that is not so, and each date is the one rule's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.agenda.outlook import WEEKS, build_outlook
from enn_desktop.agenda.values import Act, Outlook, Tone
from enn_desktop.backup.report import Outcome
from enn_desktop.catalogue.records import FileKey, KnownDossier
from enn_desktop.catalogue.store import Catalogue
from enn_desktop.core.deadlines import deadline
from enn_desktop.core.errors import BadDownload, FileAbsent
from enn_desktop.core.values import JournalRow
from tests.agenda.made import AWAY, LOCAL, NOW, RUNNING, SERVER, dossier, place, policy, run


def looked(tmp_path: Path, *dossiers: KnownDossier) -> Outlook:
    return build_outlook([place(tmp_path, dossiers, runs=[run()])], policy(), NOW)


def test_of_forty_dossiers_the_three_not_yet_safe_come_first_soonest_first(tmp_path: Path) -> None:
    safe = [dossier(f"s{rank}", age=rank) for rank in range(37)]
    away = [dossier(f"a{age}", age=age, **AWAY) for age in (5, 40, 20)]
    outlook = looked(tmp_path, *safe, *away)
    assert [row.ref.id_d for row in outlook.at_risk.rows] == ["a40", "a20", "a5"]
    assert (outlook.known, outlook.here, outlook.away) == (40, 37, 3)
    assert outlook.at_risk.rows[0].removable_from == date(2026, 3, 12) - timedelta(days=40) + timedelta(days=57)


def test_what_is_done_and_here_appears_nowhere(tmp_path: Path) -> None:
    outlook = looked(tmp_path, dossier("a"))
    assert [s.total for s in (outlook.at_risk, outlook.waiting, outlook.troubled, outlook.in_progress)] == [0] * 4


@pytest.mark.parametrize(
    ("facts", "section"),
    [
        ({"group": "U", "word": "Brouillon", "final": False, "complete": False}, "waiting"),
        ({"group": "E", "word": "Signature refusée", "refused": True}, "troubled"),
        ({"group": "X", "word": "Traitement en cours", "final": False, "complete": False}, "troubled"),
        (RUNNING, "in_progress"),
        ({**RUNNING, **AWAY}, "at_risk"),
    ],
)
def test_a_dossier_is_in_one_section_and_away_wins(tmp_path: Path, facts: dict[str, Any], section: str) -> None:
    outlook = looked(tmp_path, dossier("a", **facts))
    totals = {name: getattr(outlook, name).total for name in ("at_risk", "waiting", "troubled", "in_progress")}
    assert totals == {name: int(name == section) for name in totals}


def test_a_draft_that_is_here_as_it_is_now_counts_as_here(tmp_path: Path) -> None:
    assert looked(tmp_path, dossier("a", **RUNNING)).here == 1


def test_a_draft_of_which_a_file_is_missing_is_away_nothing_is_called_whole_by_its_state_alone(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a", **RUNNING)])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_failure(SERVER, "a", FileAbsent(), NOW, FileKey("document", "a.pdf"))
    outlook = build_outlook([known], policy(), NOW)
    assert (outlook.here, outlook.away, outlook.at_risk.total) == (0, 1, 1)


def test_what_the_last_survey_listed_and_was_never_brought_home_is_at_risk(tmp_path: Path) -> None:
    known = place(tmp_path, [dossier("a"), dossier("b")], runs=[run(Outcome.CANCELLED)])
    changed = replace(dossier("b"), state="suite", state_date=LOCAL)
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_awaiting(SERVER, [dossier("c", age=1), changed])
    outlook = build_outlook([known], policy(), NOW)
    assert {row.ref.id_d for row in outlook.at_risk.rows} == {"b", "c"}
    assert (outlook.known, outlook.away) == (3, 2)
    assert {row.act for row in outlook.at_risk.rows} == {Act.FETCH}


def test_what_left_the_platform_is_counted_apart_and_has_no_week(tmp_path: Path) -> None:
    gone = datetime(2026, 3, 1, tzinfo=UTC)
    outlook = looked(tmp_path, dossier("a", gone_at=gone), dossier("b", gone_at=gone, complete=False))
    assert (outlook.known, outlook.gone, outlook.gone_incomplete) == (0, 2, 1)
    assert sum(week.here + week.away for week in outlook.weeks) == 0


@pytest.mark.parametrize(
    ("error", "act", "contact"), [(FileAbsent(), Act.WHOM_TO_CALL, "enn"), (BadDownload(), Act.RETRY, "")]
)
def test_a_failure_says_why_and_whether_another_try_can_help(
    tmp_path: Path, error: FileAbsent, act: Act, contact: str
) -> None:
    known = place(tmp_path, [dossier("a", complete=False)])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_failure(SERVER, "a", error, NOW, FileKey("document", "a.pdf"))
    row = build_outlook([known], policy(), NOW).at_risk.rows[0]
    assert (row.cause, row.act, row.contact_id) == (error.message, act, contact)


def test_a_refused_pes_gives_its_cause_from_the_journal_else_says_where_it_is(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"group": "E", "refused": True, "state": "refus-tdt", "word": "Rejeté par Hélios"}
    known = place(tmp_path, [dossier(one, type_id="ls-helios", **facts) for one in ("a", "b")])
    with Catalogue(known.catalogue) as catalogue:
        catalogue.put_events(SERVER, [JournalRow(1, 1, "2", "a", "refus-tdt", "Budget\n inconnu", LOCAL)])
    rows = {row.ref.id_d: row for row in build_outlook([known], policy(), NOW).troubled.rows}
    assert rows["a"].cause == "Budget inconnu"
    assert "acquittement" in rows["b"].cause
    assert {row.contact_id for row in rows.values()} == {"tresorerie"}


def test_a_dossier_that_awaits_the_certificate_leads_to_the_key(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"group": "U", "state": "document-transmis-tdt", "final": False, "complete": False}
    assert looked(tmp_path, dossier("a", type_id="ls-actes", **facts)).waiting.rows[0].act is Act.SEE_KEY


def test_the_tone_follows_the_lead_times_of_the_policy(tmp_path: Path) -> None:
    # 60 days less 3 of safety: 57; warned 20, 7 and 2 days before.
    tones = {age: looked(tmp_path, dossier(str(age), age=age, **AWAY)).at_risk.rows for age in (30, 37, 50, 55, 60)}
    found = {row.ref.id_d: row.tone for rows in tones.values() for row in rows}
    assert found == {"30": Tone.PLAIN, "37": Tone.WARN, "50": Tone.WARN, "55": Tone.BAD, "60": Tone.BAD}


def test_one_forgotten_commune_keeps_the_whole_from_being_up_to_date(tmp_path: Path) -> None:
    one = place(tmp_path, [], runs=[run()], name="a")
    other = place(tmp_path, [], runs=[run(days_ago=30)], name="b")
    assert build_outlook([one, other], policy(), NOW).last_good_at == NOW - timedelta(days=30)
    third = place(tmp_path, [], runs=[run(Outcome.STOPPED)], name="c")
    assert build_outlook([one, third], policy(), NOW).last_good_at is None


def test_hidden_types_are_not_listed_while_here_but_never_lost_from_sight(tmp_path: Path) -> None:
    hidden: dict[str, Any] = {"type_id": "mailsec-destinataire"}
    outlook = looked(tmp_path, dossier("a", **RUNNING, **hidden), dossier("b", **AWAY, **hidden))
    assert outlook.in_progress.total == 0
    assert [row.ref.id_d for row in outlook.at_risk.rows] == ["b"]


TYPES = ("ls-actes", "ls-helios", "ls-document-pdf", "inconnu")


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(TYPES), st.integers(0, 800), st.booleans(), st.booleans()), max_size=30))
def test_weeks_counted_together_equal_dossiers_dated_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, many: list[tuple[str, int, bool, bool]]
) -> None:
    made = [
        dossier(str(rank), age=age, type_id=kind, **({} if here else AWAY), **({"created": None} if bare else {}))
        for rank, (kind, age, here, bare) in enumerate(many)
    ]
    outlook = looked(tmp_path_factory.mktemp("semaines"), *made)
    expected = [[0, 0] for _ in range(WEEKS + 2)]
    for one in made:
        due = deadline(one.created, one.state_date, policy().flow_for(one.type_id, ""), policy())
        assert due is not None
        left = due.days_left(outlook.today)
        week = 0 if left <= 0 else min((left - 1) // 7 + 1, WEEKS + 1)
        expected[week][0 if one.sealed else 1] += 1
    assert outlook.later is not None
    assert [[week.here, week.away] for week in (*outlook.weeks, outlook.later)] == expected
    assert outlook.weeks[1].first == outlook.today + timedelta(days=1)
