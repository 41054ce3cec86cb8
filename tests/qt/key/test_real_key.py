"""The whole way, with nothing made up: a card in a real card service, read by OpenSC, shown by the window."""

from __future__ import annotations

from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from enn_desktop.qt.bridge import Bridge
from enn_desktop.qt.key.keeper import KeyKeeper
from enn_desktop.qt.key.page import KeyPage
from enn_desktop.qt.key.rooms import RealRooms
from enn_desktop.qt.steering import Steering
from enn_desktop.signing_key import surroundings
from tests.signing_key.conftest import (  # noqa: F401 - fixtures
    authority,
    card_service,
    open_door,
    piv_card,
)
from tests.signing_key.rig_computer import computer, opensc
from tests.signing_key.rigs.piv_card import TRIES, Command, PivCard

PATIENCE_MS = 60_000
READY, EMPTY = "Clé prête.", "Le lecteur est là, mais sans carte."


def shows(page: KeyPage, said: str) -> None:
    """Whether the page says that; with what it says instead, for whoever reads a failure."""
    assert page.title.text().startswith(said), (page.title.text(), page.remedy.text())


@pytest.fixture
def real(bridge: Bridge, steering: Steering, monkeypatch: pytest.MonkeyPatch) -> KeyKeeper:
    monkeypatch.setattr(surroundings, "of_this_computer", lambda: computer(opensc()))
    return KeyKeeper(bridge, steering, RealRooms())


def test_a_real_card_is_read_seen_leaving_and_seen_coming_back(
    qtbot: QtBot,
    real: KeyKeeper,
    piv_card: PivCard,  # noqa: F811 - a fixture
) -> None:
    page = KeyPage()
    qtbot.addWidget(page)
    real.checking_changed.connect(lambda checking: page.show_checking(checking=checking))
    real.progress_changed.connect(page.show_progress)
    real.verdict_changed.connect(lambda verdict: page.show_verdict(verdict, verdict.looked_at))
    for act, said in ((real.begin, READY), (piv_card.remove, EMPTY), (piv_card.insert, READY)):
        act()
        qtbot.waitUntil(partial(shows, page, said), timeout=PATIENCE_MS)
    assert piv_card.tries_left == TRIES
    assert not [one for one in piv_card.commands if Command(one).carries_pin]
