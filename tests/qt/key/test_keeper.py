"""When the key is looked at, and what is told of it: a scripted watcher, scripted checks, nothing real."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import StorageError
from enn_desktop.core.settings import KeySettings
from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.key.keeper import KeyKeeper
from enn_desktop.qt.steering import Steering
from enn_desktop.signing_key.values import CardState, Choice, KeyState, UsbDevice, Verdict
from enn_desktop.signing_key.watcher import WatchEvent
from tests.qt.key.conftest import SHORT
from tests.qt.key.made import ScriptedRooms, event

EMPTY, PRESENT, TAKEN, SHARED = CardState.EMPTY, CardState.PRESENT, CardState.EXCLUSIVE, CardState.IN_USE


class Told:
    """Everything that a keeper told, in order."""

    def __init__(self, keeper: KeyKeeper) -> None:
        self.verdicts: list[KeyState] = []
        self.progress: list[Verdict | None] = []
        self.checking: list[bool] = []
        keeper.verdict_changed.connect(lambda verdict: self.verdicts.append(verdict.state))
        keeper.progress_changed.connect(self.progress.append)
        keeper.checking_changed.connect(self.checking.append)


@pytest.fixture
def told(keeper: KeyKeeper) -> Told:
    return Told(keeper)


def say(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, said: WatchEvent) -> None:
    """Have the watcher say something."""
    keeper.begin()
    qtbot.waitUntil(lambda: rooms.publish is not None)
    assert rooms.publish is not None
    rooms.publish(said)


def test_nothing_is_looked_at_until_someone_asks_or_a_reader_speaks(keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    assert (rooms.checks, keeper.verdict, keeper.checking) == (0, None, False)


def test_a_check_tells_rung_by_rung_and_then_the_answer(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
        assert keeper.checking
    assert told.progress[0] is None
    assert len(told.progress) == 8
    assert (told.verdicts, told.checking, rooms.checks) == ([KeyState.OK], [True, False], 1)


def test_a_card_put_in_is_told_at_once_and_checked_once_the_system_had_time(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    with qtbot.waitSignal(keeper.progress_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    assert keeper.checking
    assert rooms.checks == 0
    with qtbot.waitSignal(keeper.verdict_changed):
        pass
    assert (told.verdicts, rooms.checks) == ([KeyState.OK], 1)


def test_a_key_that_comes_step_by_step_is_checked_once(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        for said in (WatchEvent(), event(EMPTY), event(PRESENT)):
            say(qtbot, keeper, rooms, said)
    assert rooms.checks == 1


def test_a_system_that_is_not_ready_is_asked_once_more_and_the_first_answer_is_not_told(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    rooms.states = [KeyState.CERT_ABSENT, KeyState.OK]
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    assert (told.verdicts, rooms.checks, told.checking) == ([KeyState.OK], 2, [True, False])


def test_a_key_that_stays_without_certificate_is_said_after_the_second_look(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    rooms.states = [KeyState.CERT_ABSENT]
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    assert (told.verdicts, rooms.checks) == ([KeyState.CERT_ABSENT], 2)


def test_an_expired_certificate_is_said_after_the_first_look(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    rooms.states = [KeyState.CERT_EXPIRED]
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    assert (told.verdicts, rooms.checks) == ([KeyState.CERT_EXPIRED], 1)


def test_what_she_asks_for_is_answered_after_one_look(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    rooms.states = [KeyState.CERT_ABSENT]
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    assert (told.verdicts, rooms.checks) == ([KeyState.CERT_ABSENT], 1)


def test_a_card_pulled_out_is_looked_into_without_waiting(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms.states = [KeyState.OK, KeyState.READER_EMPTY]
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    monkeypatch.setattr(keeper._settle, "start", lambda: pytest.fail("an absence needs no time to settle"))
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(EMPTY))
    assert told.verdicts == [KeyState.OK, KeyState.READER_EMPTY]


def test_a_card_pulled_out_during_a_check_ends_that_check(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    tokens: list[CancelToken] = []

    def hang(cancel: CancelToken) -> None:
        tokens.append(cancel)
        if len(tokens) == 1:
            cancel.wait(10)

    rooms.hang, rooms.states = hang, [KeyState.OK, KeyState.READER_EMPTY]
    say(qtbot, keeper, rooms, event(PRESENT))
    qtbot.waitUntil(lambda: bool(tokens))
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(EMPTY))
    assert tokens[0].cancelled
    assert told.verdicts == [KeyState.READER_EMPTY]


def test_a_card_taken_by_another_program_is_said_without_asking_it_anything(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    for state in (TAKEN, PRESENT, SHARED):
        with qtbot.waitSignal(keeper.verdict_changed):
            say(qtbot, keeper, rooms, event(state))
    assert told.verdicts == [KeyState.OK, KeyState.CARD_BUSY, KeyState.OK, KeyState.OK]
    assert rooms.checks == 1


def test_a_card_put_back_while_events_are_gathered_is_checked_again(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(EMPTY))
        say(qtbot, keeper, rooms, event(PRESENT))
    assert rooms.checks == 2


def test_the_same_readers_told_again_begin_no_check(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    for _ in range(3):
        with qtbot.waitSignal(keeper.verdict_changed):
            say(qtbot, keeper, rooms, event(PRESENT))
    assert rooms.checks == 1


def test_a_card_changed_for_one_that_looks_the_same_is_checked(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms
) -> None:
    for moves in (1, 3):
        with qtbot.waitSignal(keeper.verdict_changed):
            say(qtbot, keeper, rooms, replace(event(PRESENT), moves=moves))
    assert rooms.checks == 2


def test_a_key_that_no_reader_tells_of_is_looked_at_once_it_is_plugged(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    rooms.states = [KeyState.USB_UNUSED]
    plug(qtbot, keeper, rooms)
    with qtbot.waitSignal(keeper.verdict_changed):
        pass
    assert (told.verdicts, rooms.checks) == ([KeyState.USB_UNUSED], 1)


def test_a_device_plugged_beside_a_card_begins_no_check(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    with qtbot.assertNotEmitted(keeper.checking_changed, wait=SHORT["USB_MS"] * 5):
        plug(qtbot, keeper, rooms)
    assert rooms.checks == 1


def plug(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    """Have the USB port say that something is plugged."""
    keeper.begin()
    qtbot.waitUntil(lambda: rooms.plug is not None)
    assert rooms.plug is not None
    rooms.plug((UsbDevice(0x0529, 0x0620, "Token JC", card_class=True),))


def test_a_service_that_stops_is_looked_into(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told) -> None:
    rooms.states = [KeyState.OK, KeyState.SERVICE_SILENT]
    for said in (event(PRESENT), WatchEvent(0x8010001D)):
        with qtbot.waitSignal(keeper.verdict_changed):
            say(qtbot, keeper, rooms, said)
    assert told.verdicts == [KeyState.OK, KeyState.SERVICE_SILENT]


def test_a_check_that_is_stopped_leaves_what_was_known(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, told: Told
) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    rooms.hang = lambda cancel: cancel.wait(10)
    keeper.check()
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.stop()
    assert not keeper.checking
    assert told.verdicts == [KeyState.OK, KeyState.OK]


def test_a_stop_before_the_check_has_begun_is_heard_too(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    with qtbot.waitSignal(keeper.progress_changed):
        say(qtbot, keeper, rooms, event(PRESENT))
    keeper.stop()
    assert not keeper.checking
    with qtbot.assertNotEmitted(keeper.checking_changed, wait=SHORT["RETRY_MS"] * 2):
        pass
    assert rooms.checks == 0


def test_a_check_that_fails_says_why(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    def fail(_: CancelToken) -> None:
        raise StorageError("Le disque est plein.")

    rooms.hang = fail
    with qtbot.waitSignal(keeper.failed) as failed:
        keeper.check()
    assert isinstance(failed.args[0], StorageError)
    assert not keeper.checking


def test_another_choice_is_judged_without_a_new_check(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, steering: Steering
) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.check()
    chosen = msgspec.structs.replace(
        steering.office.settings, key=KeySettings(certificate="ab" * 32, signer="Camille EXEMPLE")
    )
    with qtbot.waitSignal(keeper.verdict_changed):
        steering.apply(chosen)
    assert rooms.judged[-1] == Choice("ab" * 32, "Camille EXEMPLE")
    assert rooms.checks == 1


def test_opening_the_page_twice_makes_one_check(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    with qtbot.waitSignal(keeper.verdict_changed):
        keeper.opened()
        keeper.opened()
    assert rooms.checks == 1


def test_at_the_end_the_watcher_and_the_check_are_stopped_at_once(
    qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms, bridge: Bridge
) -> None:
    tokens: list[CancelToken] = []

    def hang(cancel: CancelToken) -> None:
        tokens.append(cancel)
        cancel.wait(10)

    rooms.hang = hang
    say(qtbot, keeper, rooms, WatchEvent())
    qtbot.waitUntil(lambda: bool(tokens))
    left: list[bool] = []
    keeper.leave()
    bridge.leave(lambda: left.append(True))
    assert rooms.stopped
    assert tokens[0].cancelled
    qtbot.waitUntil(lambda: bool(left), timeout=1_000)


def test_what_a_reader_says_after_the_end_begins_nothing(qtbot: QtBot, keeper: KeyKeeper, rooms: ScriptedRooms) -> None:
    say(qtbot, keeper, rooms, WatchEvent())
    keeper.leave()
    with qtbot.assertNotEmitted(keeper.checking_changed, wait=SHORT["DEBOUNCE_MS"] * 5):
        say(qtbot, keeper, rooms, event(PRESENT))
