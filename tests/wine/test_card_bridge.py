"""The key on a Windows whose card service is a pcscd of ours: Wine 10 hands cards on, the rest is the program's own.

Run as root with ``.venv/bin/python -m pytest -m bridge tests/wine/test_card_bridge.py``; ``ENN_PICTURES=FOLDER`` keeps
the pictures of the page. Not in the whole check, for the Debian 13 that it makes. What it cannot show: no driver for
Windows reads our virtual card, so the ladder ends at the driver.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from enn_desktop.signing_key.values import KeyState
from tests.screen.virtual_screen import Screen, open_screen
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService, card_service
from tests.wine.debian13 import make_debian13
from tests.wine.prefix import Wine
from tests.wine.product import keep_pictures
from tests.wine.session_windows import SessionWindows, ended, made_session

pytestmark = pytest.mark.bridge

PROFILE = ("--profile", r"C:\profil")
WINDOW_S, ENDS_S = 120.0, 60.0
STILL = 80
"""Looks at a picture that does not change (four seconds) before it is the one: a check of the key takes two."""


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with tempfile.TemporaryDirectory(prefix="enn-pont-") as folder, open_screen(Path(folder), tray=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def service() -> Iterator[CardService]:
    with card_service("Virtual PCD") as started:
        yield started


@pytest.fixture(scope="module")
def windows(screen: Screen, service: CardService) -> Iterator[SessionWindows]:
    assert os.geteuid() == 0, "Only root may make a Debian."
    # Below the folder that both systems share.
    with tempfile.TemporaryDirectory(prefix="enn-pont-") as name:
        folder = Path(name)
        wine = Wine(folder / "wine", screen.display, make_debian13(folder / "debian"))
        wine.environment["PCSCLITE_CSOCK_NAME"] = str(service.socket)
        wine.folder.mkdir()
        try:
            wine.make()
            yield made_session(folder, screen, wine)
        finally:
            wine.end()


@pytest.fixture
def card(service: CardService) -> Iterator[FakeCard]:
    if not service.running:
        service.start()
    held = FakeCard(service.slots[0])
    yield held
    held.remove()


def checked(windows: SessionWindows) -> dict[str, Any]:
    """Return what ``enn-desktop key --json`` says there."""
    said, _ = windows.open(*PROFILE, "key", "--json").communicate(timeout=WINDOW_S)
    # What it notes on the way comes by the same pipe.
    text = said.decode()
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def rungs(found: dict[str, Any]) -> dict[str, str]:
    return {one["rung"]: one["standing"] for one in found["ladder"]}


def test_a_reader_without_a_card_is_said(windows: SessionWindows) -> None:
    found = checked(windows)
    assert found["state"] == KeyState.READER_EMPTY.value
    assert rungs(found) == {
        "service": "good", "usb": "note", "reader": "good", "card": "bad",
        "driver": "bad", "certificate": "unknown", "key": "unknown",
    }  # fmt: skip


def test_a_card_is_seen_and_that_no_driver_knows_it(windows: SessionWindows, card: FakeCard) -> None:
    card.insert().await_power()
    found = checked(windows)
    assert found["state"] == KeyState.DRIVER_ABSENT.value
    assert (rungs(found)["card"], rungs(found)["driver"]) == ("good", "bad")
    assert (card.commands, card.resets) == ([], 0)


def test_a_card_that_comes_and_goes_and_a_service_that_ends_are_heard_at_once(
    windows: SessionWindows, service: CardService, card: FakeCard
) -> None:
    with watching(windows) as lines:
        assert next(lines) == KeyState.READER_EMPTY.value
        card.insert()
        assert next(lines) == KeyState.DRIVER_ABSENT.value
        card.remove()
        assert next(lines) == KeyState.READER_EMPTY.value
        # Windows itself ends the service with the last reader: nothing to mend, there is no key.
        service.kill()
        assert next(lines) == KeyState.KEY_ABSENT.value
        service.start()
        assert next(lines) == KeyState.READER_EMPTY.value


@contextmanager
def watching(windows: SessionWindows) -> Iterator[Iterator[str]]:
    """Run ``enn-desktop key --watch``; yield the states that it says."""
    process = windows.open(*PROFILE, "key", "--watch", "--json")
    try:
        assert process.stdout is not None
        yield states(process.stdout)
    finally:
        windows.wine.stop()
        ended(process, ENDS_S)


def states(said: IO[bytes]) -> Iterator[str]:
    for line in said:
        if line.startswith(b"{"):
            yield json.loads(line)["state"]


def test_the_page_of_the_window_follows_the_card(windows: SessionWindows, card: FakeCard) -> None:
    card.insert().await_power()
    opened = windows.open(*PROFILE, "--demo")
    try:
        windows.screen.wait_for(windows.windows, "no window came", WINDOW_S)
        windows.screen.key("ctrl+4")
        before = pictured(windows, "pont-avec-la-carte")
        card.remove()
        assert pictured(windows, "pont-sans-la-carte", other_than=before) != before
    finally:
        windows.wine.stop()
        ended(opened, ENDS_S)


def pictured(windows: SessionWindows, name: str, other_than: bytes = b"") -> bytes:
    """Wait until the screen stands still, and is another one; keep its picture, and return it."""
    last, same = b"", 0

    def still() -> bool:
        nonlocal last, same
        now = windows.screen.frame.read_bytes()
        same, last = (same + 1 if now == last else 0), now
        return same >= STILL and now != other_than

    windows.screen.wait_for(still, f"the page {name} did not stand still", WINDOW_S)
    picture = windows.wine.folder / f"{name}.png"
    windows.screen.picture().save_png(picture)
    keep_pictures(picture.parent)
    return last
