"""One whole check of the key, rung by rung: each rung is told as soon as it is known, and the whole has an end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key.module_files import own_machine
from enn_desktop.signing_key.pcsc import Code, PcscError, look_once, opened
from enn_desktop.signing_key.probe_child import DEADLINE_S
from enn_desktop.signing_key.probe_run import late_probes
from enn_desktop.signing_key.probing import Probed
from enn_desktop.signing_key.surroundings import LastAnswer, Surroundings, of_this_computer
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    Found,
    KeyAnswer,
    Look,
    ProbeEnd,
    Reader,
    Rung,
    Services,
)
from enn_desktop.signing_key.watcher import as_reader

__all__ = ["Surroundings", "Told", "check_key", "of_this_computer"]

WHOLE_S = 10.0
"""No check lasts longer, whatever drivers and services do."""
SPARED_S = 0.7
"""What is kept of it for what comes after a probe that hangs; with less left than that, none is started."""
SERVICE_S = 2.0
"""A card service that is in good health answers in milliseconds."""
LOOK_UP_S = 0.05
FRESH_S = 300.0
"""A card that another program is using is left in peace when it was asked less than that long ago."""
AGAIN_AFTER_S = 0.5
"""A card that has just been put in is at times not ready for its driver: one more try, after this pause."""

Told = Callable[[Look], None]


def check_key(surroundings: Surroundings, cancel: CancelToken, told: Told) -> Look:
    """Look at the key, from the service up to its answer, and tell after each rung; ten seconds at the most.

    No PIN, no log-in, no signature. Raises ``Cancelled`` once a stop is asked for.
    """
    return _Check(surroundings, cancel, told).run()


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the probes said, one after the other."""

    ends: tuple[ProbeEnd, ...] = ()
    certificates: tuple[Found, ...] = ()

    def and_(self, probed: Probed) -> _Answers:
        return _Answers((*self.ends, probed.end), (*self.certificates, *probed.certificates))

    @property
    def enough(self) -> bool:
        """Whether a key answers, so that nobody else has to be asked."""
        return any(one.answer is KeyAnswer.ANSWERS and one.on_card is not False for one in self.certificates)

    @property
    def whole(self) -> bool:
        """Whether every probe went to its end."""
        return all(one.end is ChildEnd.ANSWERED for one in self.ends)


class _Check:
    """One check under way."""

    def __init__(self, surroundings: Surroundings, cancel: CancelToken, told: Told) -> None:
        self._here = surroundings
        self._cancel = cancel
        self._told = told
        self._until = surroundings.clock.monotonic() + WHOLE_S
        self._look = Look(windows=surroundings.windows)

    def run(self) -> Look:
        """Climb the ladder."""
        code, readers = _Asking(self._here).heard(self._cancel)
        readers = self._but_for_us(readers)
        self._climb(Rung.SERVICE, lambda: replace(self._look, services=self._here.services(code)))
        if Rung.SERVICE not in self._look.done:
            self._look = replace(self._look, services=Services(context_code=code))
        self._climb(Rung.USB, lambda: replace(self._look, usb=self._here.usb()))
        if code == Code.SUCCESS:
            # One question answers both rungs; a service that refused has said nothing of either.
            self._climb(Rung.READER, lambda: replace(self._look, readers=readers))
            self._climb(Rung.CARD, lambda: self._look)
        self._climb(Rung.DRIVER, lambda: replace(self._look, driver=self._here.driver(self._atr())))
        if not self._held():
            answers = self._ask()
            seen = replace(self._look, probes=answers.ends, certificates=answers.certificates)
            self._climb(Rung.CERTIFICATE, lambda: seen)
            self._climb(Rung.KEY, lambda: seen)
        return self._look

    def _climb(self, rung: Rung, look: Callable[[], Look]) -> None:
        """Look at one rung and tell; what the system refuses to say stays unknown."""
        try:
            seen = look()
        except OSError:
            return
        self._look = replace(seen, done=self._look.done | {rung})
        self._told(self._look)
        self._cancel.check()

    def _but_for_us(self, readers: tuple[Reader, ...]) -> tuple[Reader, ...]:
        """Blame no other program for a card that a late probe of ours still reads."""
        if late_probes() and not self._here.taken:
            return tuple(
                replace(one, state=CardState.PRESENT) if one.state is CardState.IN_USE else one for one in readers
            )
        self._here.taken = any(one.state is CardState.IN_USE for one in readers)
        return readers

    # -- cards -----------------------------------------------------------------------------------------------

    def _cards(self, *states: CardState) -> tuple[Reader, ...]:
        return tuple(one for one in self._look.readers if not one.ignored and one.state in states)

    def _atr(self) -> bytes:
        return next((one.atr for one in self._look.readers if one.atr and not one.ignored), b"")

    def _held(self) -> bool:
        """Whether the only card there is another program's alone: nobody else would get an answer."""
        return bool(self._cards(CardState.EXCLUSIVE)) and not self._cards(CardState.PRESENT, CardState.IN_USE)

    # -- certificates and keys -------------------------------------------------------------------------------

    def _ask(self) -> _Answers:
        """Ask the probes, unless the card is in use and was asked a moment ago."""
        last, clock = self._here.last, self._here.clock
        cards = tuple(one.atr for one in self._cards(CardState.PRESENT, CardState.IN_USE))
        same = last if last is not None and last.cards == cards else None
        in_use = bool(self._cards(CardState.IN_USE))
        if in_use and same is not None and clock.monotonic() - same.at < FRESH_S:
            return _Answers(same.probes, same.certificates)
        begun = clock.monotonic()
        answers = self._asked(card_taken=in_use)
        tried_before = same is not None and not same.certificates
        if cards and not tried_before and self._worth_another_try(answers, clock.monotonic() - begun):
            self._cancel.wait(AGAIN_AFTER_S)
            again = self._asked(card_taken=in_use)
            answers = again if again.whole else answers
        if answers.whole:
            self._here.last = LastAnswer(clock.monotonic(), cards, answers.ends, answers.certificates)
        return answers

    def _worth_another_try(self, answers: _Answers, took_s: float) -> bool:
        """Whether nothing was found though nothing failed, and there is time to find something."""
        nothing = bool(answers.ends) and answers.whole and not answers.certificates
        return nothing and self._deadline() > AGAIN_AFTER_S + 2 * took_s

    def _asked(self, *, card_taken: bool) -> _Answers:
        answers = _Answers()
        if self._here.windows:
            answers = answers.and_(self._here.prober.ask_store(self._deadline(), self._cancel, card_taken=card_taken))
            if not self._cards(CardState.PRESENT, CardState.IN_USE):
                return answers
        for file in self._look.driver.files:
            deadline = self._deadline()
            if answers.enough or deadline <= 0:
                break
            if file.machine is own_machine():
                answers = answers.and_(
                    self._here.prober.ask_module(file, deadline, self._cancel, card_taken=card_taken)
                )
        return answers

    def _deadline(self) -> float:
        return min(DEADLINE_S, self._until - SPARED_S - self._here.clock.monotonic())


class _Asking:
    """One question to the card service, in a thread of its own: a service that hangs holds nobody but that thread."""

    def __init__(self, here: Surroundings) -> None:
        self._here = here
        self._answer: tuple[int, tuple[Reader, ...]] = (Code.TIMEOUT, ())

    def heard(self, cancel: CancelToken) -> tuple[int, tuple[Reader, ...]]:
        """Return the code and the readers; the code says « time limit » when no answer came."""
        until = self._here.clock.monotonic() + SERVICE_S
        # One question at a time: a second one would only wait beside the first.
        if self._here.asking is None or self._ends(self._here.asking, until, cancel):
            asking = self._here.asking = threading.Thread(target=self._ask, name="card service", daemon=True)
            asking.start()
            self._ends(asking, until, cancel)
        return self._answer

    def _ends(self, asking: threading.Thread, until: float, cancel: CancelToken) -> bool:
        while True:
            asking.join(LOOK_UP_S)
            if not asking.is_alive() or self._here.clock.monotonic() >= until:
                return not asking.is_alive()
            cancel.check()

    def _ask(self) -> None:
        try:
            with opened(self._here.port) as context:
                self._answer = (Code.SUCCESS, tuple(map(as_reader, look_once(self._here.port, context))))
        except PcscError as error:
            self._answer = (error.code, ())
