"""One word for the state, one sentence for the answer; neither says more than the last run proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from enn_desktop.agenda.health import Circumstances, headline, health_of, health_sentence
from enn_desktop.agenda.outlook import build_outlook
from enn_desktop.agenda.values import Doing, Health, Outlook, Tone
from enn_desktop.backup.report import Outcome
from enn_desktop.core.errors import ServerUnreachable
from enn_desktop.core.settings import AccountSettings, Settings
from tests.agenda.made import AWAY, NOW, dossier, place, policy, run

SETTINGS = Settings(accounts=(AccountSettings(name="a", address="https://p.fr"),))
AROUND = Circumstances(Doing.NOTHING, SETTINGS, NOW, NOW - timedelta(hours=1))
EMPTY = Outlook(today=NOW.date())
QUIET = replace(EMPTY, known=3, here=3, last_run_at=NOW, last_good_at=NOW, last_outcome="COMPLETE")


@pytest.mark.parametrize(
    ("outlook", "around", "expected"),
    [
        (QUIET, AROUND, Health.UP_TO_DATE),
        (QUIET, replace(AROUND, doing=Doing.FETCHING), Health.RUNNING),
        (QUIET, replace(AROUND, doing=Doing.PAUSED), Health.PAUSED),
        (QUIET, replace(AROUND, settings=Settings()), Health.NO_ACCOUNT),
        (replace(QUIET, away=1), AROUND, Health.TO_FETCH),
        (EMPTY, AROUND, Health.TO_FETCH),
        (replace(QUIET, last_outcome="CANCELLED"), AROUND, Health.TO_FETCH),
        (replace(QUIET, last_outcome="STOPPED"), AROUND, Health.BROKEN),
        (QUIET, replace(AROUND, last_error=ServerUnreachable()), Health.BROKEN),
        (replace(QUIET, last_good_at=NOW - timedelta(days=7)), AROUND, Health.OVERDUE),
        (EMPTY, replace(AROUND, since=NOW - timedelta(days=8)), Health.OVERDUE),
    ],
)
def test_the_state_in_one_word(outlook: Outlook, around: Circumstances, expected: Health) -> None:
    found = health_of(outlook, around)
    assert found is expected
    assert health_sentence(found, outlook, NOW)
    line = headline(outlook, found, NOW, around.last_error)
    assert line.title.endswith(".")
    assert line.action


def test_the_names_of_the_outcomes_are_those_of_the_runs(tmp_path: Path) -> None:
    for outcome in Outcome:
        known = place(tmp_path, [], runs=[run(outcome)], name=outcome.name.lower())
        assert build_outlook([known], policy(), NOW).last_outcome == outcome.name
    assert {"STOPPED", "CANCELLED", "COMPLETE", "PARTIAL"} == {outcome.name for outcome in Outcome}


def test_what_is_at_risk_is_said_with_its_first_date(tmp_path: Path) -> None:
    outlook = build_outlook([place(tmp_path, [dossier("a", age=45, **AWAY)], runs=[run()])], policy(), NOW)
    line = headline(outlook, Health.TO_FETCH, NOW)
    assert line.title == "1 dossier n’est pas encore sur ce poste."
    assert "à partir du 24 mars 2026, dans 12 jours (estimation)" in line.text
    assert line.tone is Tone.WARN


def test_what_may_be_gone_already_is_said_so(tmp_path: Path) -> None:
    outlook = build_outlook([place(tmp_path, [dossier("a", age=90, **AWAY)], runs=[run()])], policy(), NOW)
    line = headline(outlook, Health.TO_FETCH, NOW)
    assert "déjà" in line.text
    assert line.tone is Tone.BAD


def test_all_is_well_is_said_with_the_day_of_the_last_run_only() -> None:
    line = headline(replace(QUIET, last_good_at=NOW - timedelta(days=1)), Health.UP_TO_DATE, NOW)
    assert line.tone is Tone.GOOD
    assert "hier à 9\u00a0h\u00a000" in line.text


def test_a_disk_that_is_not_there_comes_before_everything_else() -> None:
    outlook = replace(QUIET, missing_roots=(Path("E:/Dossiers"),))
    assert "introuvable" in headline(outlook, Health.UP_TO_DATE, NOW).title


def test_an_error_says_its_own_sentence_and_offers_another_try() -> None:
    line = headline(QUIET, Health.BROKEN, NOW, ServerUnreachable())
    assert line.title == "Plateforme injoignable."
    assert line.action == "Réessayer"
