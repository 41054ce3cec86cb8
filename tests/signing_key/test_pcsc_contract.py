"""Both ways to ask a card service, and the fake that stands for them, keep the same contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from enn_desktop.signing_key.pcsc import Code, PcscError, PcscPort, State, card_state
from enn_desktop.signing_key.pcsc_lite import PcscLite
from enn_desktop.signing_key.pcsc_windows import WindowsPcsc
from enn_desktop.signing_key.values import CardState
from tests.signing_key.contract_pcsc import SITUATIONS, Bench, RealBench
from tests.signing_key.fake_pcsc import FakePcsc
from tests.signing_key.rigs.fake_card import ATR, FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService

by_name = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.__name__)


class FakeBench:
    """The fake service on the bench."""

    reader = "Lecteur 00 00"

    def __init__(self) -> None:
        self.port = FakePcsc(self.reader, "Lecteur 00 01")

    def insert(self, atr: bytes = ATR) -> None:
        self.port.put(self.reader, State.PRESENT | (0 if atr else State.MUTE), atr)

    def remove(self) -> None:
        self.port.put(self.reader, State.EMPTY)

    def die(self) -> None:
        self.port.die()

    def live(self) -> None:
        self.port.live()


@by_name
def test_the_fake_keeps_the_contract(situation: Callable[[Bench], None]) -> None:
    situation(FakeBench())


@by_name
@pytest.mark.parametrize("adapter", [PcscLite, WindowsPcsc])
def test_the_real_service_keeps_the_contract_through_this_adapter(
    adapter: Callable[[], PcscPort],
    situation: Callable[[Bench], None],
    card_service: CardService,
    fake_card: FakeCard,
) -> None:
    situation(RealBench(adapter(), card_service, fake_card))


def test_a_computer_without_the_library_has_no_service() -> None:
    with pytest.raises(PcscError) as refused:
        PcscLite("libabsente.so.1").establish()
    assert refused.value.code == Code.NO_SERVICE
    PcscLite("libabsente.so.1").release(1)


@pytest.mark.parametrize(
    ("raw", "meaning"),
    [
        (State.EMPTY, CardState.EMPTY),
        (State.PRESENT, CardState.PRESENT),
        (State.PRESENT | State.IN_USE, CardState.IN_USE),
        (State.PRESENT | State.IN_USE | State.EXCLUSIVE, CardState.EXCLUSIVE),
        (State.PRESENT | State.MUTE, CardState.MUTE),
        (State.UNKNOWN | State.IGNORE, CardState.UNAVAILABLE),
        (State.UNAVAILABLE, CardState.UNAVAILABLE),
        (State.UNAWARE, CardState.UNAVAILABLE),
        (7 << 16 | State.PRESENT | State.CHANGED, CardState.PRESENT),
    ],
)
def test_a_raw_state_has_one_meaning(raw: int, meaning: CardState) -> None:
    assert card_state(raw) is meaning
