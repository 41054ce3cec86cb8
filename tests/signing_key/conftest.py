"""What the tests of the key may ask for: a card service, cards, a token in software, a USB key, bad modules."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from enn_desktop.signing_key import probe_run
from tests.signing_key.rigs.bad_modules import BadModules
from tests.signing_key.rigs.bad_modules import bad_modules as compile_bad_modules
from tests.signing_key.rigs.certificates import Authority
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService
from tests.signing_key.rigs.pcsc_daemon import card_service as run_card_service
from tests.signing_key.rigs.piv_card import PivCard
from tests.signing_key.rigs.softhsm import SoftHsm, soft_hsm
from tests.signing_key.rigs.usb_key import UsbRig
from tests.signing_key.rigs.usb_key import usb_rig as run_usb_rig

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""The day of these tests: certificates are valid, expired or to come with regard to it."""
SOON_S = 0.2
"""A module that hangs in a test hangs for ever: it need not be waited for as long as a real one."""


@pytest.fixture(autouse=True)
def late_probes_gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Return what waits until no probe of this test is left that nobody waited for; none outlives the test."""
    monkeypatch.setattr(probe_run, "LEAVES_S", SOON_S)

    def gone() -> None:
        for one in threading.enumerate():
            if one.name == probe_run.LATE:
                one.join()

    yield gone
    gone()


@pytest.fixture
def open_door(card_door: Path) -> Iterator[Callable[[CardService], None]]:
    """Return what makes a service the one that this process, and the programs it starts, find."""

    def lead_to(service: CardService) -> None:
        card_door.unlink(missing_ok=True)
        card_door.symlink_to(service.socket)

    yield lead_to
    card_door.unlink(missing_ok=True)


@pytest.fixture
def card_service(open_door: Callable[[CardService], None]) -> Iterator[CardService]:
    """Run a card service with one virtual reader of two slots; this process finds it, and what it starts."""
    with run_card_service("Virtual PCD") as service:
        open_door(service)
        yield service


@pytest.fixture
def stopped_card_service(open_door: Callable[[CardService], None]) -> Iterator[CardService]:
    """Return the same service, not started yet: this computer has none."""
    with run_card_service("Virtual PCD", started=False) as service:
        open_door(service)
        yield service


@pytest.fixture
def fake_card(card_service: CardService) -> Iterator[FakeCard]:
    """Return a card that knows nothing, beside the first slot: the test puts it in."""
    card = FakeCard(card_service.slots[0])
    yield card
    card.remove()


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Return the authority whose certificates are valid on the day of these tests."""
    return Authority(NOW)


@pytest.fixture
def piv_card(card_service: CardService, authority: Authority) -> Iterator[PivCard]:
    """Return a PIV card with an authentication and a signature certificate, in the first slot and powered."""
    first = card_service.slots[0]
    with PivCard(first, authentication=authority.authentication(), signature=authority.signature()) as card:
        card.await_power()
        yield card


@pytest.fixture
def usb_rig(open_door: Callable[[CardService], None]) -> Iterator[UsbRig]:
    """Return an empty USB bus, with the card service that watches it; this process finds it."""
    with run_usb_rig() as rig:
        open_door(rig.service)
        yield rig


@pytest.fixture
def softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    """Return an empty token in software; the programs that this test starts find it."""
    token = soft_hsm(tmp_path / "softhsm")
    monkeypatch.setenv("SOFTHSM2_CONF", str(token.config))
    return token


@pytest.fixture(scope="session")
def bad_modules(tmp_path_factory: pytest.TempPathFactory) -> BadModules:
    """Return the modules that misbehave, compiled once."""
    return compile_bad_modules(tmp_path_factory.mktemp("modules"))
