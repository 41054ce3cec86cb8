"""The window and the key: how late the event loop is while a driver hangs, how soon a card put in or out is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from enn_desktop.core.settings import AccountSettings, ScheduleSettings, Settings
from enn_desktop.system.paths import profile_paths
from enn_desktop.system.settings_store import save_settings
from tests.bench.window_bench import ENVIRONMENT
from tests.signing_key.rigs.bad_modules import bad_modules
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService, card_service

CHECKING, UNKNOWN = "clé en vérification", "clé non vérifiée"


@dataclass(frozen=True, slots=True)
class Shown:
    """How long after the reader's own word the window showed a card put in, and taken out; seconds."""

    came: list[float]
    left: list[float]


def command(kind: str, place: Path, *modules: Path) -> list[str]:
    """Return the command of a measured window, on a profile with an account that nothing is asked of."""
    account = AccountSettings(name="Valbrume", address="https://pastell.invalid", user="secretaire")
    settings = Settings(
        folder=str(place / "documents"),
        accounts=(account,),
        schedule=ScheduleSettings(automatic=False, at_start=False),
    )
    save_settings(profile_paths(place / "profil"), settings)
    names = [str(module) for module in modules]
    return [sys.executable, "-m", "tests.bench.key_window_probe", kind, str(place / "profil"), *names]


def lag() -> dict[str, float]:
    """Return how late the event loop is while a driver's module hangs under a plugged card."""
    with rig() as (service, card, place):
        card.insert()
        module = bad_modules(place).hangs
        done = subprocess.run(
            command("lag", place, module), env=service.environment | ENVIRONMENT, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, check=True, timeout=90,
        )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert found["hung"], "the driver did not hang"
    return found


def shown(times: int) -> Shown:
    """Measure cards put in and taken out; the reader reports a card once it has powered it."""
    came, left = [], []
    with rig() as (service, card, place):
        env = service.environment | ENVIRONMENT
        with subprocess.Popen(
            command("told", place), env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as window:
            settled(window)
            for _ in range(times):
                card.insert()
                at = first(window)
                came.append(at - card.powered_at)
                settled(window)
                gone = removed(card)
                left.append(first(window) - gone)
                settled(window)
            window.kill()
    return Shown(came, left)


@contextmanager
def rig() -> Iterator[tuple[CardService, FakeCard, Path]]:
    """Yield a card service, a card beside its reader, a folder."""
    with card_service("Virtual PCD") as service, tempfile.TemporaryDirectory(prefix="enn-bench-") as name:
        os.environ["PCSCLITE_CSOCK_NAME"] = str(service.socket)
        card = FakeCard(service.slots[0])
        try:
            yield service, card, Path(name)
        finally:
            card.remove()


def removed(card: FakeCard) -> float:
    """Take a card out; return when the card service itself told so."""
    from smartcard import scard

    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    assert code == 0, hex(code)
    reader = card.slot.reader
    code, states = scard.SCardGetStatusChange(context, 0, [(reader, scard.SCARD_STATE_UNAWARE)])
    assert code == 0, hex(code)
    card.remove()
    code, _ = scard.SCardGetStatusChange(context, 5000, [(reader, states[0][1])])
    at = time.monotonic()
    assert code == 0, hex(code)
    scard.SCardReleaseContext(context)
    return at


def first(window: subprocess.Popen[bytes]) -> float:
    """Return when the next word was shown."""
    return _line(window)[0]


def settled(window: subprocess.Popen[bytes]) -> str:
    """Return the word that a check ends with."""
    word = CHECKING
    while word in {CHECKING, UNKNOWN}:
        word = _line(window)[1]
    return word


def _line(window: subprocess.Popen[bytes]) -> tuple[float, str]:
    assert window.stdout is not None
    at, word = json.loads(window.stdout.readline())
    return float(at), str(word)
