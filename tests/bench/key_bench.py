"""``python -m tests.bench.key_bench [--repeats N]``: how quick checks and the watcher are, on the tests' own rigs."""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

from enn_desktop.signing_key.pcsc_lite import SOCKET_VARIABLE, PcscLite
from enn_desktop.signing_key.probe_run import run_probe
from enn_desktop.signing_key.probing import probe_command
from enn_desktop.signing_key.values import CardState, KeyAnswer
from tests.bench.measure import noise, say, spread, verdict
from tests.signing_key.rig_computer import computer, look_at, opensc
from tests.signing_key.rigs.certificates import Authority
from tests.signing_key.rigs.fake_card import FakeCard
from tests.signing_key.rigs.pcsc_daemon import CardService, card_service
from tests.signing_key.rigs.piv_card import PivCard
from tests.signing_key.watching import Watching, first_is, refused

CHECK_LIMIT_S = 2.0
SEEN_LIMIT_MS = 500.0
REAL_APDU_S = 0.015
"""What a real card takes for a small command, about; the virtual one takes none."""
PAUSE_S = 0.3


@contextmanager
def service() -> Iterator[CardService]:
    """Give a card service that this process finds: the only one, for their library reads its name once."""
    with card_service("Virtual PCD", started=False) as made:
        os.environ[SOCKET_VARIABLE] = str(made.socket)
        yield made


def checks(made: CardService, repeats: int) -> None:
    """Measure whole checks of a PIV card through OpenSC, and what of them is the probe's own start."""
    authority = Authority(datetime.now(UTC))
    empty = [_timed(lambda: run_probe(probe_command("inconnu"))) for _ in range(repeats)]
    say(f"  départ d’une sonde : {spread(empty)} s")
    with PivCard(made.slots[0], authentication=authority.authentication(), signature=authority.signature()) as card:
        card.await_power()
        for name, delay in (
            ("carte immédiate", 0.0),
            (f"carte à {REAL_APDU_S * 1000:.0f} ms par commande", REAL_APDU_S),
        ):
            card.delay_s = delay
            # A new computer each time: none remembers the last answer.
            times = [_timed(_whole_check) for _ in range(repeats)]
            say(f"  vérification complète, {name} : {spread(times)} s")
            verdict("  médiane, en s", median(times), CHECK_LIMIT_S)
    with FakeCard(made.slots[0]):
        times = [_timed(lambda: look_at(computer())) for _ in range(repeats)]
        say(f"  sans pilote (lecteurs et fichiers seuls) : {spread(times)} s")


def _whole_check() -> None:
    assert look_at(computer(opensc())).certificates[0].answer is KeyAnswer.ANSWERS


def watching(made: CardService, repeats: int) -> None:
    """Measure what passes between the reader's own notice and the watcher's, then death, return and stop."""
    card = FakeCard(made.slots[0])
    came, left, died, back = [], [], [], []
    with Watching(PcscLite()) as watcher:
        watcher.until(first_is(CardState.EMPTY))
        for _ in range(repeats):
            card.insert()
            powered = card.await_power()
            came.append((watcher.until(first_is(CardState.PRESENT)) - powered) * 1000)
            removed = time.monotonic()
            card.remove()
            left.append((watcher.until(first_is(CardState.EMPTY)) - removed) * 1000)
        for _ in range(max(3, repeats // 5)):
            killed = time.monotonic()
            made.kill()
            died.append((watcher.until(refused) - killed) * 1000)
            started = time.monotonic()
            made.start()
            back.append((watcher.until(first_is(CardState.EMPTY)) - started) * 1000)
    say(f"  carte mise, après le lecteur : {spread(came)} ms")
    verdict("  pire, en ms", max(came), SEEN_LIMIT_MS)
    say(f"  carte retirée, regard du lecteur (toutes les 400 ms) compris : {spread(left)} ms")
    verdict("  pire, en ms", max(left), SEEN_LIMIT_MS)
    say(f"  service tué : {spread(died)} ms ; revenu, départ compris : {spread(back)} ms")


def stops(repeats: int) -> None:
    """Measure how long a watcher takes to stop."""
    times = []
    for _ in range(repeats):
        with Watching(PcscLite()) as watcher:
            watcher.next()
            threading.Event().wait(PAUSE_S)
            times.append(_timed(watcher.stop.set) * 1000)
    say(f"  arrêt du guet : {spread(times)} ms")


def idle(seconds: float) -> None:
    """Measure the processor that a watcher takes while nothing happens."""
    with Watching(PcscLite()) as watcher:
        watcher.next()
        threading.Event().wait(2.0)
        before = time.process_time()
        threading.Event().wait(seconds)
        say(f"  processeur pris en {seconds:.0f} s de guet : {(time.process_time() - before) * 1000:.2f} ms")


def _timed(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def main() -> None:
    """Run them all."""
    parser = argparse.ArgumentParser(description="Mesures de la clé de signature")
    parser.add_argument("--repeats", type=int, default=15)
    repeats = parser.parse_args().repeats
    say(f"Clé de signature ; {os.cpu_count()} cœurs, bruit {noise():.2f}")
    with service() as made:
        made.start()
        checks(made, repeats)
        watching(made, repeats)
        stops(repeats)
        idle(5.0)


if __name__ == "__main__":
    main()
