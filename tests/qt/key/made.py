"""Looks made by hand, one for each state of the key, and rooms that do as they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key.values import (
    CardState,
    Certificate,
    Choice,
    Found,
    KeyAnswer,
    KeyState,
    Look,
    Note,
    Origin,
    Reader,
    Rung,
    RungLine,
    Standing,
    Usage,
    UsbDevice,
    Verdict,
)
from enn_desktop.signing_key.watcher import WatchEvent

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOSTILE = "<b>Camille</b> & <img src='file:///secret.png'>"
ATR = bytes.fromhex("3b8801000000000000000009")


def certificate(
    rank: int = 1, *, days: int = 400, usage: Usage = Usage.BOTH, holder: str = "Camille EXEMPLE"
) -> Certificate:
    return Certificate(
        fingerprint=f"{rank:064x}",
        holder=holder,
        organisation="COMMUNE DE TESTVILLE",
        issuer="AC d’exemple RGS**",
        not_before=NOW - timedelta(days=700),
        not_after=NOW + timedelta(days=days),
        usage=usage,
        client_auth=usage is not Usage.SIGNATURE,
    )


def found(rank: int = 1, *, days: int = 400, usage: Usage = Usage.BOTH, holder: str = "Camille EXEMPLE") -> Found:
    made = certificate(rank, days=days, usage=usage, holder=holder)
    return Found(made, Origin.STORE, on_card=True, answer=KeyAnswer.ANSWERS)


def ladder(good: int, failing: Standing | None = Standing.BAD) -> tuple[RungLine, ...]:
    """Return a ladder whose first ``good`` rungs hold, the next one failing, the others not looked at."""
    facts = ("en marche", "SafeNet eToken 5110", "SafeNet eToken 5110", "carte présente", "IDPrime", "1 certificat", "")
    lines = []
    for place, (rung, fact) in enumerate(zip(Rung, facts, strict=True)):
        standing = Standing.GOOD if place < good else failing if place == good and failing else Standing.UNKNOWN
        lines.append(RungLine(rung, standing, fact if standing is Standing.GOOD else ""))
    return tuple(lines)


USB, READER, CARD, DRIVER, CERTIFICATE, KEY, ALL = range(1, 8)
FAILING = {
    KeyState.KEY_ABSENT: USB,
    KeyState.USB_UNUSED: READER,
    KeyState.SERVICE_DISABLED: 0,
    KeyState.SERVICE_SILENT: 0,
    KeyState.REMOTE_SESSION: 0,
    KeyState.READER_EMPTY: CARD,
    KeyState.CARD_MUTE: CARD,
    KeyState.CARD_BUSY: CARD,
    KeyState.DRIVER_ABSENT: DRIVER,
    KeyState.DRIVER_INCOMPLETE: DRIVER,
    KeyState.DRIVER_32_BITS: DRIVER,
    KeyState.DRIVER_CRASHED: DRIVER,
    KeyState.DRIVER_HUNG: DRIVER,
    KeyState.CERT_ABSENT: CERTIFICATE,
    KeyState.CERT_GHOST: USB,
    KeyState.CERT_NOT_IN_WINDOWS: CERTIFICATE,
    KeyState.CERT_EXPIRED: CERTIFICATE,
    KeyState.CERT_FUTURE: CERTIFICATE,
    KeyState.KEY_SILENT: KEY,
    KeyState.PIN_LAST_TRY: KEY,
    KeyState.PIN_LOCKED: KEY,
    KeyState.PIN_TO_CHANGE: KEY,
    KeyState.UNDETERMINED: DRIVER,
}
"""The rung that fails in each state; the others hold everywhere."""
WITHOUT_CERTIFICATE = {state for state, rung in FAILING.items() if rung < CERTIFICATE} | {KeyState.CERT_ABSENT}
DAYS = {KeyState.OK_SOON: 41, KeyState.CERT_EXPIRED: -12}
USAGES = {KeyState.CERT_AUTH_ONLY: Usage.AUTHENTICATION, KeyState.CERT_SIGN_ONLY: Usage.SIGNATURE}
CODES = {KeyState.DRIVER_INCOMPLETE: 126, KeyState.KEY_SILENT: 0x80090016}


def verdict(state: KeyState, *, holder: str = "Camille EXEMPLE", notes: tuple[Note, ...] = ()) -> Verdict:
    """Return an answer as the judgement draws it."""
    rung = FAILING.get(state, ALL)
    days = DAYS.get(state, 400)
    one = found(days=days, usage=USAGES.get(state, Usage.BOTH), holder=holder)
    if state is KeyState.CERT_FUTURE:
        one = replace(one, certificate=replace(one.certificate, not_before=NOW + timedelta(days=9)))
    none = state in WITHOUT_CERTIFICATE and state is not KeyState.CERT_GHOST
    usable: tuple[Found, ...] = () if none else (one,)
    if state is KeyState.SEVERAL:
        usable = (one, found(2, usage=Usage.SIGNATURE), found(3, days=-12))
    return Verdict(
        state,
        NOW,
        ladder(rung, Standing.UNKNOWN if state is KeyState.UNDETERMINED else Standing.BAD),
        chosen=None if none or state is KeyState.SEVERAL else one,
        usable=usable,
        days_left=None if none or state is KeyState.SEVERAL else days,
        code=CODES.get(state, 0),
        notes=notes,
    )


def reader(state: CardState, name: str = "SafeNet eToken 5110") -> Reader:
    return Reader(name, state, ATR if state is not CardState.EMPTY else b"")


def event(*states: CardState) -> WatchEvent:
    return WatchEvent(readers=tuple(reader(state) for state in states))


class ScriptedRooms:
    """Checks as it is told to: each check gives the next look; the readers say what a test makes them say."""

    def __init__(self) -> None:
        self.publish: Callable[[WatchEvent], None] | None = None
        self.plug: Callable[[tuple[UsbDevice, ...]], None] | None = None
        self.states: list[KeyState] = [KeyState.OK]
        self.checks = 0
        self.judged: list[Choice] = []
        self.stopped = False
        self.hang: Callable[[CancelToken], None] | None = None

    def watch(self, publish: Callable[[WatchEvent], None]) -> None:
        self.publish = publish

    def watch_usb(self, publish: Callable[[tuple[UsbDevice, ...]], None]) -> None:
        self.plug = publish

    def stop(self) -> None:
        self.stopped = True

    def check(self, cancel: CancelToken, told: Callable[[Look], None]) -> Look:
        self.checks += 1
        look = Look(windows=True)
        for rung in Rung:
            look = replace(look, done=look.done | {rung})
            told(look)
        if self.hang is not None:
            self.hang(cancel)
        cancel.check()
        return replace(look, readers=(reader(CardState.PRESENT),))

    def judge(self, look: Look, now: datetime, choice: Choice) -> Verdict:
        self.judged.append(choice)
        if len(look.done) < len(Rung):
            return Verdict(KeyState.UNDETERMINED, now, ladder(len(look.done), failing=None))
        if any(one.state is CardState.EXCLUSIVE for one in look.readers):
            return replace(verdict(KeyState.CARD_BUSY), looked_at=now)
        state = self.states[min(self.checks, len(self.states)) - 1]
        return replace(verdict(state), looked_at=now)
