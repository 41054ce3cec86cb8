"""One check after the other, its surroundings made of a few variables: order, limits, and what is left in peace."""

from __future__ import annotations

import threading

import pytest

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.signing_key import check
from enn_desktop.signing_key.check import check_key
from enn_desktop.signing_key.module_files import own_machine
from enn_desktop.signing_key.pcsc import Code, State
from enn_desktop.signing_key.probe_run import ProbeResult
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    DriverFile,
    KeyAnswer,
    Look,
    Machine,
    Rung,
    ServiceStatus,
    UsbDevice,
)
from tests.signing_key.fake_pcsc import FakePcsc
from tests.signing_key.made_computer import (
    HANGS,
    MODULE,
    OTHER_MODULE,
    READER,
    STORE,
    Scene,
    answered,
    in_store,
    shows,
)
from tests.signing_key.rigs.certificates import Authority, Issued
from tests.signing_key.rigs.fake_card import ATR


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "AGAIN_AFTER_S", 0.0)


# -- rung by rung --------------------------------------------------------------------------------------------


def test_each_rung_is_told_as_soon_as_it_is_known(authority: Authority) -> None:
    scene = Scene()
    scene.card()
    scene.probes.answers[MODULE] = [shows(authority.dual())]
    told: list[Look] = []
    look = scene.look(told.append)
    assert [len(one.done) for one in told] == [1, 2, 3, 4, 5, 6, 7]
    assert [
        next(iter(after.done - before.done)) for before, after in zip([Look(windows=False), *told], told, strict=False)
    ] == list(Rung)
    assert told[-1] == look
    assert not told[4].certificates
    assert scene.atrs == [ATR]
    assert look.readers[0].state is CardState.PRESENT
    assert look.certificates[0].answer is KeyAnswer.ANSWERS


def test_a_service_that_refuses_says_nothing_of_readers_and_cards() -> None:
    scene = Scene(port=FakePcsc(READER, running=False))
    look = scene.look()
    assert look.services.context_code == Code.NO_SERVICE
    assert look.services.cards is ServiceStatus.ABSENT
    assert {Rung.READER, Rung.CARD} & look.done == set()
    assert {Rung.SERVICE, Rung.USB, Rung.DRIVER, Rung.CERTIFICATE} <= look.done


def test_what_the_system_refuses_to_say_stays_unknown() -> None:
    scene = Scene()

    def refuse() -> tuple[UsbDevice, ...]:
        raise OSError(5, "refused")

    scene.here.usb = refuse
    look = scene.look()
    assert Rung.USB not in look.done
    assert Rung.DRIVER in look.done


def test_services_that_cannot_be_asked_do_not_hide_what_the_card_service_said() -> None:
    scene = Scene(port=FakePcsc(READER, running=False))

    def refuse(_code: int) -> None:
        raise OSError(5, "refused")

    scene.here.services = refuse  # type: ignore[assignment] # it never returns
    look = scene.look()
    assert Rung.SERVICE not in look.done
    assert look.services.context_code == Code.NO_SERVICE


def test_a_card_service_that_never_answers_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "SERVICE_S", 0.0)
    answers = threading.Event()

    class Stuck(FakePcsc):
        def establish(self) -> int:
            answers.wait(30)
            return super().establish()

    scene = Scene(port=Stuck(READER))
    assert scene.look().services.context_code == Code.TIMEOUT
    stuck = scene.here.asking
    assert scene.look().services.context_code == Code.TIMEOUT
    assert scene.here.asking is stuck, "A second thread would only wait beside the first."
    answers.set()
    assert stuck is not None
    stuck.join(5)
    monkeypatch.undo()
    assert scene.look().services.context_code == 0


def test_a_question_that_is_still_under_way_is_waited_for_and_then_asked_anew() -> None:
    """A check that was given up leaves its question behind for a moment."""
    scene = Scene()
    earlier, ends = threading.Event(), threading.Event()

    def ask() -> None:
        earlier.set()
        ends.wait(5)

    scene.here.asking = threading.Thread(target=ask)
    scene.here.asking.start()
    assert earlier.wait(5)
    threading.Timer(0.1, ends.set).start()
    look = scene.look()
    assert (look.services.context_code, len(look.readers)) == (0, 1)


def test_a_check_that_waits_for_the_card_service_can_be_given_up() -> None:
    scene, cancel, ends = Scene(), CancelToken(), threading.Event()
    scene.here.asking = threading.Thread(target=ends.wait, args=(5,))
    scene.here.asking.start()
    cancel.cancel()
    with pytest.raises(Cancelled):
        check_key(scene.here, cancel, lambda _look: None)
    ends.set()
    scene.here.asking.join(5)


def test_nothing_stays_open_after_a_check() -> None:
    scene = Scene()
    scene.look()
    assert scene.here.asking is not None
    scene.here.asking.join(5)
    assert scene.port.contexts_open == 0


@pytest.mark.parametrize("rung", range(7))
def test_a_check_that_is_given_up_goes_no_further(rung: int) -> None:
    scene, cancel = Scene(), CancelToken()
    scene.card()
    told: list[Look] = []

    def tell(look: Look) -> None:
        told.append(look)
        if len(told) > rung:
            cancel.cancel()

    with pytest.raises(Cancelled):
        check_key(scene.here, cancel, tell)
    assert len(told) == rung + 1


# -- which probes --------------------------------------------------------------------------------------------


def test_modules_are_asked_until_a_key_answers(authority: Authority) -> None:
    scene = Scene()
    scene.card()
    scene.probes.answers[MODULE] = [shows(authority.dual())]
    scene.look()
    assert scene.probes.asked == [MODULE]


def test_a_module_that_shows_nothing_leaves_the_word_to_the_next_one(authority: Authority) -> None:
    scene = Scene()
    scene.card()
    scene.probes.answers[OTHER_MODULE] = [shows(authority.dual())]
    look = scene.look()
    assert scene.probes.asked == [MODULE, OTHER_MODULE]
    assert [one.what for one in look.probes] == [MODULE, OTHER_MODULE]


def test_a_module_for_another_processor_is_not_loaded() -> None:
    scene = Scene(files=(DriverFile("A", MODULE, Machine.X86),))
    scene.card()
    scene.look()
    assert scene.probes.asked == []


def test_on_windows_a_key_that_answers_in_the_store_is_enough(authority: Authority) -> None:
    scene = Scene(windows=True)
    scene.card()
    scene.probes.answers[STORE] = [in_store(authority.dual(), KeyAnswer.ANSWERS)]
    look = scene.look()
    assert scene.probes.asked == [STORE]
    assert look.windows


def test_on_windows_a_key_that_does_not_answer_calls_for_a_second_opinion(authority: Authority) -> None:
    scene = Scene(windows=True)
    scene.card()
    scene.probes.answers[STORE] = [in_store(authority.dual(), KeyAnswer.FAILS)]
    scene.probes.answers[MODULE] = [shows(authority.dual())]
    look = scene.look()
    assert scene.probes.asked == [STORE, MODULE]
    assert len(look.certificates) == 2


def test_on_windows_no_driver_is_loaded_without_a_card(authority: Authority) -> None:
    scene = Scene(windows=True)
    scene.probes.answers[STORE] = [in_store(authority.dual(), KeyAnswer.ABSENT)]
    assert len(scene.look().certificates) == 1
    assert scene.probes.asked == [STORE]


def test_a_card_that_shows_nothing_is_asked_once_more(authority: Authority) -> None:
    scene = Scene()
    scene.card()
    scene.probes.answers[MODULE] = [answered(), shows(authority.dual())]
    assert len(scene.look().certificates) == 1
    assert scene.probes.asked == [MODULE, OTHER_MODULE, MODULE]


def test_the_same_card_that_showed_nothing_before_is_asked_once_a_check() -> None:
    scene = Scene(files=(DriverFile("A", MODULE, own_machine()),))
    scene.card()
    scene.look()
    assert scene.probes.asked == [MODULE] * 2
    scene.look()
    assert scene.probes.asked == [MODULE] * 3


@pytest.mark.parametrize("end", [ChildEnd.CRASHED, ChildEnd.MUTE, ChildEnd.HUNG, ChildEnd.NOT_STARTED])
def test_a_probe_that_failed_is_not_started_again_in_the_same_check(end: ChildEnd) -> None:
    scene = Scene(files=(DriverFile("A", MODULE, own_machine()),))
    scene.card()
    scene.probes.answers[MODULE] = [ProbeResult(end)]
    scene.look()
    assert scene.probes.asked == [MODULE]


def test_a_second_try_that_fails_takes_nothing_back() -> None:
    scene = Scene(files=(DriverFile("A", MODULE, own_machine()),))
    scene.card()
    scene.probes.answers[MODULE] = [answered(), HANGS]
    assert [one.end for one in scene.look().probes] == [ChildEnd.ANSWERED]


def test_there_is_no_second_try_without_the_time_for_it() -> None:
    scene = Scene(files=(DriverFile("A", MODULE, own_machine()),))
    scene.card()
    scene.probes.takes_s = 4.0
    scene.look()
    assert scene.probes.asked == [MODULE]


def test_without_a_card_nothing_is_asked_twice() -> None:
    scene = Scene()
    scene.look()
    assert scene.probes.asked == [MODULE, OTHER_MODULE]


# -- the whole has an end ------------------------------------------------------------------------------------


def test_the_whole_check_ends_within_ten_seconds_though_every_module_hangs() -> None:
    scene = Scene()
    scene.card()
    scene.probes.answers = {MODULE: [HANGS], OTHER_MODULE: [HANGS]}
    begun = scene.clock.seconds
    scene.look()
    assert scene.probes.deadlines == [8.0, pytest.approx(1.3)]
    assert scene.clock.seconds - begun <= 10.0


def test_no_probe_is_begun_that_has_no_time_to_answer() -> None:
    scene = Scene()
    scene.card()
    scene.probes.takes_s = 9.5
    scene.look()
    assert scene.probes.asked == [MODULE]


# -- a card in use is left in peace --------------------------------------------------------------------------


def in_use_after(scene: Scene, issued: Issued, seconds: float) -> Look:
    """Return what is seen when another program uses the card, so long after it was last asked."""
    scene.card()
    scene.probes.answers[MODULE] = [shows(issued)]
    scene.look()
    scene.clock.seconds += seconds
    scene.card(State.PRESENT | State.IN_USE)
    return scene.look()


def test_a_card_in_use_that_was_asked_a_moment_ago_is_left_in_peace(authority: Authority) -> None:
    scene = Scene()
    look = in_use_after(scene, authority.dual(), 299.0)
    assert scene.probes.asked == [MODULE]
    assert look.readers[0].state is CardState.IN_USE
    assert look.certificates[0].answer is KeyAnswer.ANSWERS
    assert {Rung.CERTIFICATE, Rung.KEY} <= look.done


def test_a_card_in_use_is_asked_again_once_the_answer_is_old(authority: Authority) -> None:
    scene = Scene()
    in_use_after(scene, authority.dual(), 301.0)
    assert scene.probes.asked == [MODULE] * 2


def test_another_card_in_use_is_asked(authority: Authority) -> None:
    scene = Scene()
    scene.card()
    scene.probes.answers[MODULE] = [shows(authority.dual())]
    scene.look()
    scene.port.put(READER, State.PRESENT | State.IN_USE, b"\x3b\x00")
    scene.look()
    assert scene.probes.asked == [MODULE] * 2


def test_a_failure_is_no_answer_to_fall_back_on(authority: Authority) -> None:
    scene = Scene(files=(DriverFile("A", MODULE, own_machine()),))
    scene.card(State.PRESENT | State.IN_USE)
    scene.probes.answers[MODULE] = [HANGS, shows(authority.dual())]
    assert scene.look().probes[0].end is ChildEnd.HUNG
    assert scene.look().certificates


def test_a_card_that_another_program_has_for_itself_is_not_asked() -> None:
    scene = Scene()
    scene.card(State.PRESENT | State.IN_USE | State.EXCLUSIVE)
    look = scene.look()
    assert scene.probes.asked == []
    assert look.readers[0].state is CardState.EXCLUSIVE
    assert {Rung.CERTIFICATE, Rung.KEY} & look.done == set()
