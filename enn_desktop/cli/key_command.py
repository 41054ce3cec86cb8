"""``key``: is the signing key reachable, usable, and for how long; never a PIN, never a signature."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

import typer

from enn_desktop.agenda.key_words import is_ready
from enn_desktop.cli.backup_command import stop_on_signal
from enn_desktop.cli.desk import Desk
from enn_desktop.cli.output import Json, Speaker
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.clock import Clock, SystemClock
from enn_desktop.core.errors import Cancelled
from enn_desktop.core.exits import ExitCode
from enn_desktop.core.french import NBSP
from enn_desktop.core.policy import Contact
from enn_desktop.signing_key import pcsc, sentences, surroundings, watcher
from enn_desktop.signing_key.check import check_key
from enn_desktop.signing_key.judgement import judge
from enn_desktop.signing_key.report import as_json as verdict_json
from enn_desktop.signing_key.stop import StopFlag
from enn_desktop.signing_key.values import CardState, Choice, Look, Standing, UsbDevice, Verdict
from enn_desktop.system.paths import on_windows

SIGNS = {Standing.GOOD: "✓", Standing.BAD: "✗", Standing.NOTE: "•", Standing.UNKNOWN: "–"}
WORDS = {
    Standing.GOOD: "en ordre",
    Standing.BAD: "à régler",
    Standing.NOTE: "à noter",
    Standing.UNKNOWN: "non vérifié",
}
NAME_WIDTH, WORD_WIDTH = 18, 12
QUIET_S = 0.4
"""Events closer than that are one: a key comes as a device, then a reader, then a card."""
SETTLE_S = 1.5
"""What the system needs to take note of a card that has just come."""
LISTEN_S = 0.2
"""How often a Ctrl-C is looked for."""


News = watcher.WatchEvent | tuple[UsbDevice, ...]
"""What is heard: the readers, or the USB devices that may be a key."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what was seen, and what it means."""

    look: Look
    verdict: Verdict


def key(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Une ligne par changement, jusqu’à Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Pour un script.")] = False,
) -> None:
    """Dit si la clé de signature est là et utilisable, jusqu’à quand, sinon ce qui manque. Jamais de code PIN."""
    desk = Desk.of(context).speaking(as_json=as_json)
    here = surroundings.of_this_computer()
    with stop_on_signal(desk.cancel):
        if watch:
            _watch(desk, here)
            raise typer.Exit(int(ExitCode.OK))
        desk.speaker.note("Vérification de la clé…")
        found = check_now(desk, here)
    desk.speaker.data(_json(found.verdict))
    _tell(found.verdict, desk)
    raise typer.Exit(int(ExitCode.OK if is_ready(found.verdict) else ExitCode.KEY))


def check_now(desk: Desk, here: surroundings.Surroundings | None = None, clock: Clock | None = None) -> Checked:
    """Look at the key of this computer once. Raises ``Cancelled``."""
    look = check_key(here or surroundings.of_this_computer(), desk.cancel, lambda _: None)
    chosen = desk.settings.key
    now = (clock or SystemClock()).now()
    return Checked(look, judge(look, now, Choice(chosen.certificate, chosen.signer)))


def _json(verdict: Verdict) -> Json:
    code = ExitCode.OK if is_ready(verdict) else ExitCode.KEY
    return {**cast("dict[str, Json]", verdict_json(verdict)), "exit_code": int(code)}


def _tell(verdict: Verdict, desk: Desk) -> None:
    speaker = desk.speaker
    speaker.say(sentences.message(verdict))
    if remedy := sentences.remedy(verdict):
        speaker.say(f"  Que faire{NBSP}: {remedy}")
    if called := _contact(verdict, desk):
        speaker.say(f"  Qui appeler{NBSP}: {called}")
    for one in verdict.notes:
        if said := sentences.note(verdict, one):
            speaker.say(f"  À noter{NBSP}: {said}")
    speaker.say()
    for line in verdict.ladder:
        sign, name, word = SIGNS[line.standing], line.rung.value, WORDS[line.standing]
        speaker.say(f"  {sign} {name:<{NAME_WIDTH}}{word:<{WORD_WIDTH}}{line.fact}".rstrip())
    number = sentences.verdict_code(verdict)
    code = f" ({number})" if number else ""
    speaker.say(f"  Code{NBSP}: {verdict.state.value}{code}")


def _contact(verdict: Verdict, desk: Desk) -> str:
    wanted = sentences.whom_to_call(verdict.state)
    contact: Contact | None = desk.workshop().policy.contact(wanted) if wanted else None
    if contact is not None:
        reached = " · ".join(part for part in (contact.phone, contact.email) if part)
        return f"{contact.name} ({reached})" if reached else contact.name
    return "l’autorité de certification qui a fourni la clé" if wanted == "autorite" else ""


# -- each change, until it is stopped ----------------------------------------------------------------------


def _watch(desk: Desk, here: surroundings.Surroundings) -> None:
    told: object = None
    for _ in _changes(desk.cancel):
        try:
            verdict = check_now(desk, here).verdict
        except Cancelled:
            return
        now = (verdict.state, verdict.code, verdict.chosen and verdict.chosen.certificate.fingerprint)
        if now != told:
            told = now
            _line(verdict, desk.speaker)


def _line(verdict: Verdict, speaker: Speaker) -> None:
    moment = verdict.looked_at.astimezone()
    speaker.line({"at": verdict.looked_at.isoformat(), **cast("dict[str, Json]", _json(verdict))})
    speaker.say(f"{_hour(moment)}  {sentences.message(verdict)}")


def _hour(moment: datetime) -> str:
    return f"{moment:%H:%M:%S}"


def _changes(cancel: CancelToken) -> Iterator[None]:
    """Yield once for each change of readers or USB keys, once they have been quiet for a moment; end with the stop."""
    heard: queue.SimpleQueue[News] = queue.SimpleQueue()
    before: frozenset[bytes] = frozenset()
    with _listening(heard):
        try:
            while not cancel.cancelled:
                news = _next(heard, LISTEN_S)
                if news is None:
                    continue
                cards = before
                while news is not None:
                    cards = _cards(news) if isinstance(news, watcher.WatchEvent) else cards
                    news = _next(heard, QUIET_S)
                if cards - before:
                    cancel.wait(SETTLE_S)
                before = cards
                yield
        except Cancelled:
            return


@contextmanager
def _listening(heard: queue.SimpleQueue[News]) -> Iterator[None]:
    """Listen to the readers, and to the USB ports where the system announces them, for the time of a ``with``."""
    ears: list[tuple[Callable[[StopFlag], None], StopFlag]] = [
        (lambda flag: watcher.watch(pcsc.system_pcsc(), heard.put, flag), StopFlag())
    ]
    if not on_windows():
        from enn_desktop.signing_key import usb_linux, usb_watch_linux

        ears.append((lambda flag: usb_watch_linux.watch_usb(usb_linux.devices, heard.put, flag), StopFlag()))
    threads = [threading.Thread(target=listen, args=(flag,), daemon=True) for listen, flag in ears]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for _, flag in ears:
            flag.set()
        for thread in threads:
            thread.join()


def _cards(event: watcher.WatchEvent) -> frozenset[bytes]:
    return frozenset(one.atr for one in event.readers if one.state is not CardState.EMPTY)


def _next(heard: queue.SimpleQueue[News], seconds: float) -> News | None:
    try:
        return heard.get(timeout=seconds)
    except queue.Empty:
        return None
