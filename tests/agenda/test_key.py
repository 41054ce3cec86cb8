"""What the agenda says and remembers of the key: one short word, the ends of certificates, nobody's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from enn_desktop.agenda.key_memory import (
    KeyMemory,
    pressing_ends,
    read_memory,
    remember_ends,
    report_salt,
)
from enn_desktop.agenda.key_words import badge_of, diagnosis_lines, is_ready
from enn_desktop.agenda.outlook import build_outlook
from enn_desktop.agenda.reminders import Pressing, ReminderLog, decide
from enn_desktop.agenda.sheet import read_sheet
from enn_desktop.agenda.shelf import Shelf, ShelfQuery
from enn_desktop.agenda.values import Act, DossierRef, Health, Tone
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.settings import NotificationSettings
from enn_desktop.core.states import NEEDS_KEY
from enn_desktop.signing_key.values import KeyState, Standing
from enn_desktop.system.paths import profile_paths
from tests.agenda.made import LOCAL, NOW, SERVER, dossier, place, policy
from tests.qt.key import made as keys

HERE = timezone(timedelta(hours=1))
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=HERE)
USUAL = NotificationSettings()
WAITING: dict[str, Any] = {"final": False, "complete": False, "group": "U", "word": "En attente du certificat RGS**"}


# -- one short word ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "beside", "tone"),
    [
        (KeyState.OK, "clé prête", Tone.GOOD),
        (KeyState.OK_SOON, "clé\u00a0: échéance", Tone.WARN),
        (KeyState.DRIVER_ABSENT, "clé\u00a0: pilote", Tone.BAD),
        (KeyState.CERT_EXPIRED, "clé expirée", Tone.BAD),
        (KeyState.KEY_ABSENT, "clé absente", Tone.PLAIN),
        (KeyState.CERT_GHOST, "clé absente", Tone.PLAIN),
        (KeyState.READER_EMPTY, "clé absente", Tone.PLAIN),
    ],
)
def test_the_key_is_said_in_a_short_word(state: KeyState, beside: str, tone: Tone) -> None:
    badge = badge_of(keys.verdict(state))
    assert (badge.beside, badge.tone) == (beside, tone)
    assert badge.alone == f"C{beside[1:]}"


@pytest.mark.parametrize("state", KeyState)
def test_nothing_alarms_while_no_key_is_plugged(state: KeyState) -> None:
    unplugged = replace(keys.verdict(state), ladder=keys.ladder(1))
    assert badge_of(unplugged).tone in {Tone.PLAIN, Tone.GOOD}


def test_every_badge_is_short_enough_for_the_foot_of_the_window() -> None:
    assert max(len(badge_of(keys.verdict(state)).beside) for state in KeyState) <= 18


def test_ready_means_a_certificate_good_today() -> None:
    ready = {state for state in KeyState if is_ready(keys.verdict(state))}
    assert ready == {
        KeyState.OK, KeyState.OK_SOON, KeyState.SEVERAL, KeyState.CERT_SIGN_ONLY, KeyState.CERT_AUTH_ONLY,
    }  # fmt: skip


@pytest.mark.parametrize("state", KeyState)
def test_the_diagnostic_says_how_the_key_is_and_nothing_of_whom_it_belongs_to(state: KeyState) -> None:
    lines = dict(diagnosis_lines(keys.verdict(state)))
    assert lines["état"].startswith(state.value)
    assert lines["clé usb"] in {one.value for one in Standing}
    assert not [said for said in lines.values() if "Camille" in said or "TESTVILLE" in said]


def test_a_key_that_was_not_looked_at_is_said_so() -> None:
    assert diagnosis_lines(None) == [("état", "non vérifiée")]


# -- where a dossier waits for the key ---------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(NEEDS_KEY))
def test_a_dossier_that_waits_for_the_key_is_known_on_every_page(tmp_path: Path, state: str) -> None:
    waiting = dossier("a", state=state, **WAITING)
    known = place(tmp_path, [waiting, dossier("b")])
    row = build_outlook([known], policy(), NOW).waiting.rows[0]
    assert (row.ref.id_d, row.act) == ("a", Act.SEE_KEY)
    shelf = Shelf()
    shelf.fill([known], policy(), NOW, CancelToken())
    assert {one.ref.id_d: one.needs_key for one in shelf.search(ShelfQuery()).rows} == {"a": True, "b": False}
    shelf.close()
    for id_d, needs in (("a", True), ("b", False)):
        sheet = read_sheet(known, DossierRef(known.root, SERVER, id_d), policy(), NOW)
        assert sheet is not None
        assert sheet.needs_key is needs


def test_a_dossier_that_left_the_platform_waits_for_no_key(tmp_path: Path) -> None:
    gone = dossier("a", state="document-transmis-tdt", gone_at=NOW, **WAITING)
    known = place(tmp_path, [gone])
    shelf = Shelf()
    shelf.fill([known], policy(), NOW, CancelToken())
    assert not shelf.search(ShelfQuery()).rows[0].needs_key
    shelf.close()
    assert gone.state_date == LOCAL - timedelta(days=10)


# -- what is remembered ------------------------------------------------------------------------------------


def test_only_a_hash_and_a_date_are_remembered(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    answer = keys.verdict(KeyState.OK)
    remember_ends(paths, answer)
    assert answer.chosen is not None
    [end] = read_memory(paths).ends
    assert end.not_after == answer.chosen.certificate.not_after
    assert end.key != answer.chosen.certificate.fingerprint[:16]
    written = (tmp_path / "cle.json").read_text(encoding="utf-8")
    assert not [word for word in ("Camille", "EXEMPLE", "TESTVILLE", "RGS") if word in written]


def test_a_key_back_in_its_drawer_is_not_forgotten(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    remember_ends(paths, keys.verdict(KeyState.OK))
    remember_ends(paths, keys.verdict(KeyState.KEY_ABSENT))
    assert len(read_memory(paths).ends) == 1


def test_a_renewed_certificate_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    old = keys.verdict(KeyState.OK_SOON)
    remember_ends(paths, old)
    renewed = replace(keys.verdict(KeyState.OK), chosen=keys.found(9, days=1000))
    remember_ends(paths, renewed)
    assert pressing_ends(paths, keys.NOW) == ()


def test_the_salt_is_made_once_and_outlives_what_is_remembered(tmp_path: Path) -> None:
    paths = profile_paths(tmp_path)
    salt = report_salt(paths)
    assert len(salt) == 16
    remember_ends(paths, keys.verdict(KeyState.OK))
    assert report_salt(paths) == salt
    assert report_salt(profile_paths(tmp_path / "ailleurs")) != salt


def test_a_damaged_memory_begins_afresh(tmp_path: Path) -> None:
    (tmp_path / "cle.json").write_bytes(b"{\xff")
    assert read_memory(profile_paths(tmp_path)) == KeyMemory()


@pytest.mark.parametrize(("days", "level"), [(91, 0), (90, 1), (31, 1), (30, 2), (7, 3), (-1, 4)])
def test_an_end_presses_from_90_30_and_7_days(tmp_path: Path, days: int, level: int) -> None:
    paths = profile_paths(tmp_path)
    remember_ends(paths, replace(keys.verdict(KeyState.OK), chosen=keys.found(days=days)))
    assert [one.level for one in pressing_ends(paths, keys.NOW)] == ([level] if level else [])


# -- in the reminder of the day ----------------------------------------------------------------------------

END = Pressing("c1", "certificat", date(2027, 1, 4), 1, "Le certificat de signature expire le 4 janvier 2027.")
DOSSIER = Pressing("k1", "Documents à signer", date(2027, 5, 11), 1)


def test_a_certificate_alone_makes_a_reminder_of_its_own() -> None:
    said = decide([END], ReminderLog(), USUAL, MORNING, Health.UP_TO_DATE).reminder
    assert said is not None
    assert (said.title, said.text, said.of_dossiers) == ("Certificat de signature", END.sentence, False)


def test_a_certificate_joins_the_dossiers_in_the_one_reminder_of_the_day() -> None:
    said = decide([DOSSIER, END], ReminderLog(), USUAL, MORNING, Health.TO_FETCH).reminder
    assert said is not None
    assert said.title == "1 dossier à récupérer"
    assert said.text.startswith("1 dossier (documents à signer\u00a0: 1) peut disparaître")
    assert said.text.endswith(END.sentence)
    assert said.of_dossiers


def test_a_certificate_is_said_once_for_each_threshold_and_not_with_every_dossier() -> None:
    first = decide([END], ReminderLog(), USUAL, MORNING, Health.UP_TO_DATE)
    tomorrow = MORNING + timedelta(days=1)
    assert decide([END], first.log, USUAL, tomorrow, Health.UP_TO_DATE).reminder is None
    with_dossier = decide([END, DOSSIER], first.log, USUAL, tomorrow, Health.TO_FETCH).reminder
    assert with_dossier is not None
    assert END.sentence not in with_dossier.text
    nearer = decide([replace(END, level=2)], first.log, USUAL, tomorrow, Health.UP_TO_DATE).reminder
    assert nearer is not None


def test_being_overdue_and_a_certificate_are_one_reminder() -> None:
    said = decide([END], ReminderLog(), USUAL, MORNING, Health.OVERDUE).reminder
    assert said is not None
    assert said.title == "Récupération en retard"
    assert said.text.endswith(END.sentence)


def test_dossiers_that_are_settled_take_their_reminder_away_though_a_certificate_nears_its_end() -> None:
    said = decide([DOSSIER, END], ReminderLog(), USUAL, MORNING, Health.TO_FETCH)
    assert decide([END], said.log, USUAL, MORNING.replace(hour=11), Health.UP_TO_DATE).remove


def test_a_reminder_of_a_certificate_stays_until_the_certificate_is_renewed() -> None:
    said = decide([END], ReminderLog(), USUAL, MORNING, Health.UP_TO_DATE)
    later = decide([END], said.log, USUAL, MORNING.replace(hour=11), Health.UP_TO_DATE)
    assert not later.remove
    assert decide([], later.log, USUAL, MORNING.replace(hour=12), Health.UP_TO_DATE).remove
