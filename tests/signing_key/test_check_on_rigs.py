"""Whole checks of real components: what the card was asked, what stays open, who is disturbed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from smartcard import scard

from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.errors import Cancelled
from enn_desktop.signing_key import check, probe_run, surroundings
from enn_desktop.signing_key.check import check_key
from enn_desktop.signing_key.pcsc_lite import PcscLite
from enn_desktop.signing_key.probe_child import OUTLIVES_S
from enn_desktop.signing_key.surroundings import Surroundings
from enn_desktop.signing_key.values import CardState, ChildEnd, KeyAnswer, KeyState, Look, Rung
from tests.house.source_tree import PROJECT
from tests.signing_key.rig_computer import another_program_has, computer, look_at, offer_pin, opensc, verdict_of
from tests.signing_key.rigs.bad_modules import BadModules
from tests.signing_key.rigs.certificates import Authority
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService
from tests.signing_key.rigs.piv_card import PivCard
from tests.signing_key.rigs.softhsm import SoftHsm
from tests.signing_key.watching import Watching, first_is
from tests.signing_key.what_is_open import what_is_open

A_SIGNATURE_S = 5.0
"""Far more than one takes."""


def settled(here: Surroundings) -> None:
    """Wait until the question to the card service has given everything back."""
    assert here.asking is not None
    here.asking.join(5)


def look_again(here: Surroundings, times: int) -> None:
    """Check so many times in a row, each time asking the card, and find the same."""
    for _ in range(times):
        here.last = None
        look = look_at(here)
        assert [one.answer for one in look.certificates] == [KeyAnswer.ANSWERS] * 2


# -- the card is only looked at ------------------------------------------------------------------------------


def test_a_check_costs_no_try_offers_no_pin_and_uses_no_private_key(piv_card: PivCard) -> None:
    assert offer_pin(opensc(), "000000") != 0
    assert (piv_card.tries_left, piv_card.pins_offered) == (2, 1)
    look_again(computer(opensc()), 2)
    assert (piv_card.tries_left, piv_card.pins_offered, piv_card.private_operations) == (2, 1, 0)
    assert piv_card.resets == 0


def test_a_card_is_not_spoken_to_while_it_is_only_watched(piv_card: PivCard) -> None:
    with Watching(PcscLite()) as watching:
        watching.until(first_is(CardState.PRESENT))
    assert piv_card.commands == []


def test_checks_in_a_row_leave_nothing_open(piv_card: PivCard) -> None:
    _leave_nothing_open(piv_card, 5)


@pytest.mark.torture
def test_two_hundred_checks_in_a_row_leave_nothing_open(piv_card: PivCard) -> None:
    _leave_nothing_open(piv_card, 200)


def _leave_nothing_open(card: PivCard, times: int) -> None:
    here = computer(opensc())
    # The first one loads libraries, which stay.
    look_again(here, 1)
    settled(here)
    before = what_is_open()
    look_again(here, times)
    settled(here)
    assert what_is_open() == before
    assert (card.tries_left, card.pins_offered, card.private_operations, card.resets) == (3, 0, 0, 0)


def test_a_check_that_is_given_up_leaves_nothing_open(
    piv_card: PivCard, bad_modules: BadModules, late_probes_gone: Callable[[], None]
) -> None:
    here = computer(bad_modules.hangs)
    look_at(computer(bad_modules.garbage))
    before = what_is_open()
    cancel = CancelToken()

    def give_up(look: Look) -> None:
        if Rung.DRIVER in look.done:
            threading.Timer(0.2, cancel.cancel).start()

    with pytest.raises(Cancelled):
        check_key(here, cancel, give_up)
    settled(here)
    late_probes_gone()
    assert what_is_open() == before
    assert piv_card.inside


# -- nobody is disturbed -------------------------------------------------------------------------------------


@contextmanager
def another_program_signs(times: int) -> Iterator[subprocess.Popen[str]]:
    """Run another program that signs so many times with the card; yield it once it has begun."""
    command = [sys.executable, "-m", "tests.signing_key.signing_loop", str(opensc()), str(times)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, encoding="utf-8") as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            yield program
        finally:
            program.kill()


def test_watching_and_checking_do_not_disturb_who_signs(piv_card: PivCard) -> None:
    _do_not_disturb(piv_card, 20)


@pytest.mark.torture
def test_watching_and_checking_do_not_disturb_who_signs_a_thousand_times(piv_card: PivCard) -> None:
    _do_not_disturb(piv_card, 1000)


def _do_not_disturb(card: PivCard, times: int) -> None:
    here, checks = computer(opensc()), 0
    with another_program_signs(times) as program, Watching(PcscLite()):
        while program.poll() is None:
            # Not even spared because it was asked a moment ago: the worst case.
            here.last = None
            look_at(here)
            checks += 1
        said, _ = program.communicate(timeout=A_SIGNATURE_S)
    assert said == f"{times} 0\n"
    assert checks > 0
    assert card.private_operations == times


@pytest.fixture
def slow_card(piv_card: PivCard, monkeypatch: pytest.MonkeyPatch) -> PivCard:
    """Return a card as slow as some keys are: a probe has no time to end."""
    monkeypatch.setattr(check, "DEADLINE_S", 0.5)
    monkeypatch.setattr(probe_run, "LEAVES_S", OUTLIVES_S)
    piv_card.delay_s = 0.05
    return piv_card


def test_a_probe_that_is_late_on_a_slow_card_gives_it_back_and_does_not_start_it_afresh(
    slow_card: PivCard, late_probes_gone: Callable[[], None]
) -> None:
    assert [one.end for one in look_at(computer(opensc())).probes] == [ChildEnd.HUNG]
    late_probes_gone()
    assert slow_card.commands
    with Watching(PcscLite()) as watching:
        watching.until(first_is(CardState.PRESENT))
    assert slow_card.resets == 0


def test_no_other_program_is_blamed_for_a_card_that_a_late_probe_of_ours_still_reads(slow_card: PivCard) -> None:
    here = computer(opensc())
    looks = [look_at(here) for _ in range(3)]
    assert slow_card.commands
    assert [look.readers[0].state for look in looks] == [CardState.PRESENT] * 3
    assert [verdict_of(look).state for look in looks] == [KeyState.DRIVER_HUNG] * 3


def test_probes_that_are_late_do_not_disturb_who_signs(
    slow_card: PivCard, late_probes_gone: Callable[[], None]
) -> None:
    with another_program_signs(5) as program:
        # More at a time would leave the card no room.
        looks = [look_at(computer(opensc())) for _ in range(3)]
        said, _ = program.communicate(timeout=5 * A_SIGNATURE_S)
    assert said == "5 0\n"
    assert [one.end for look in looks for one in look.probes] == [ChildEnd.HUNG] * 3
    late_probes_gone()
    assert slow_card.resets == 0


def test_a_card_in_the_middle_of_another_programs_work_is_left_to_it(
    piv_card: PivCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds a transaction makes every other program wait, our probe too; that is not the driver's fault."""
    monkeypatch.setattr(check, "DEADLINE_S", 0.5)
    here = computer(opensc())
    with another_program_has(piv_card.slot.reader, scard.SCARD_SHARE_SHARED) as card:
        assert scard.SCardBeginTransaction(card) == 0
        for _ in range(3):
            look = look_at(here)
            assert look.readers[0].state is CardState.IN_USE
            assert [one.end for one in look.probes] == [ChildEnd.HUNG]
        assert piv_card.commands == []
        scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
    monkeypatch.setattr(check, "DEADLINE_S", 8.0)
    assert look_at(here).certificates


# -- drivers -------------------------------------------------------------------------------------------------


def test_a_bad_module_does_not_hide_the_good_one(piv_card: PivCard, bad_modules: BadModules) -> None:
    here = computer(bad_modules.crashes, bad_modules.leaves, opensc())
    look = look_at(here)
    assert [one.end for one in look.probes] == [ChildEnd.CRASHED, ChildEnd.MUTE, ChildEnd.ANSWERED]
    assert verdict_of(look).state is KeyState.OK
    assert piv_card.pins_offered == 0


def test_a_module_that_crashed_twice_is_not_loaded_a_third_time(piv_card: PivCard, bad_modules: BadModules) -> None:
    here = computer(bad_modules.crashes)
    runs: list[object] = []
    run = here.prober.run

    def counted(command: list[str], deadline_s: float, cancel: CancelToken) -> object:
        runs.append(command)
        return run(command, deadline_s, cancel)

    here.prober.run = counted  # type: ignore[assignment] # it passes on what it is given
    states = [verdict_of(look_at(here)).state for _ in range(3)]
    assert states == [KeyState.DRIVER_CRASHED] * 3
    assert len(runs) == 2
    assert piv_card.inside


# -- a token in software -------------------------------------------------------------------------------------


def test_a_token_with_a_chain_shows_each_certificate_and_whose_key_it_holds(
    softhsm: SoftHsm, authority: Authority, fake_card: FakeCard
) -> None:
    fake_card.insert().await_power()
    softhsm.add(authority.root, with_key=False)
    softhsm.add(authority.issuing, with_key=False)
    softhsm.add(authority.signature())
    softhsm.add(authority.authentication())
    softhsm.add(authority.expired(), with_key=False)
    look = look_at(computer(softhsm.module))
    assert len(look.certificates) == 5
    # The one that has ended was renewed with the same key, which answers for both.
    assert {(one.certificate.usage.value, one.answer) for one in look.certificates} == {
        ("autre usage", KeyAnswer.NOT_ASKED),
        ("signature", KeyAnswer.ANSWERS),
        ("authentification", KeyAnswer.ANSWERS),
    }
    assert sum(one.certificate.authority for one in look.certificates) == 2
    # SoftHSM always shows one token more, that nobody has initialised: it does not count.
    assert [one.tokens for one in look.probes] == [1]
    assert not look.probes[0].pin.locked


def test_wrong_pins_typed_elsewhere_are_seen_on_a_token_in_software(
    softhsm: SoftHsm, authority: Authority, fake_card: FakeCard
) -> None:
    fake_card.insert().await_power()
    softhsm.add(authority.dual())
    assert softhsm.offer_pin("0000") != 0
    assert look_at(computer(softhsm.module)).probes[0].pin.low
    assert softhsm.offer_pin(softhsm.pin) == 0
    assert not look_at(computer(softhsm.module)).probes[0].pin.low


# -- this computer -------------------------------------------------------------------------------------------


def test_this_computer_as_it_is_finds_the_card_with_its_own_drivers(piv_card: PivCard) -> None:
    look = look_at(surroundings.of_this_computer())
    assert look.readers[0].name == piv_card.slot.reader
    assert [one.provider for one in look.certificates] == ["OpenSC"] * 2
    assert not look.windows


def test_a_card_in_either_slot_is_found(card_service: CardService, authority: Authority) -> None:
    with PivCard(card_service.slots[1], signature=authority.dual()) as card:
        card.await_power()
        look = look_at(computer(opensc()))
    assert [one.state for one in look.readers] == [CardState.EMPTY, CardState.PRESENT]
    assert len(look.certificates) == 1
