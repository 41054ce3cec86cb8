"""Asks modules and the store by probes, and makes of what a probe said facts with an end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from enn_desktop.core.cancel import CancelToken
from enn_desktop.signing_key.known_keys import answer_of_code
from enn_desktop.signing_key.probe_child import DEADLINE_S, MODULE, STORE
from enn_desktop.signing_key.probe_lines import (
    End,
    Loaded,
    PublicKey,
    StoreCertificate,
    Token,
    TokenCertificate,
    Trouble,
)
from enn_desktop.signing_key.probe_run import ProbeResult, run_probe
from enn_desktop.signing_key.values import (
    Certificate,
    ChildEnd,
    DriverFile,
    Found,
    KeyAnswer,
    Origin,
    PinFlags,
    ProbeEnd,
)
from enn_desktop.system.launching import program_command

TWICE = 2
"""A module that failed so many times in a row is left alone until the program starts again."""
SONDE = "--sonde"
"""What our program is started with to be a probe."""
STORE_PROBE = "store"
_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Probed:
    """What one probe found out."""

    end: ProbeEnd
    certificates: tuple[Found, ...] = ()


def probe_command(*what: str) -> list[str]:
    """Return how to start our own program as a probe."""
    return [*program_command(), SONDE, *what]


Run = Callable[[Sequence[str], float, CancelToken], ProbeResult]


@dataclass(slots=True)
class Prober:
    """Asks modules and the store, and remembers for the life of the program which ones failed."""

    run: Run = run_probe
    command: Callable[..., list[str]] = probe_command
    _failures: dict[str, tuple[int, ProbeEnd]] = field(default_factory=dict)

    def ask_module(self, file: DriverFile, deadline_s: float, cancel: CancelToken, *, card_taken: bool) -> Probed:
        """Ask one module. It is not at fault for waiting while another program uses the card, or for want of time."""
        if (known := self._given_up(file.path)) is not None:
            return Probed(known)
        result = self.run(self.command(MODULE, file.path), deadline_s, cancel)
        probed = module_facts(file, result)
        self._note(file.path, probed.end, forgiven=_forgiven(result, deadline_s, card_taken=card_taken))
        return probed

    def ask_store(self, deadline_s: float, cancel: CancelToken, *, card_taken: bool) -> Probed:
        """Ask the system's store."""
        if (known := self._given_up(STORE_PROBE)) is not None:
            return Probed(known)
        result = self.run(self.command(STORE), deadline_s, cancel)
        probed = store_facts(result)
        self._note(STORE_PROBE, probed.end, forgiven=_forgiven(result, deadline_s, card_taken=card_taken))
        return probed

    def _given_up(self, what: str) -> ProbeEnd | None:
        times, end = self._failures.get(what, (0, None))
        return end if times >= TWICE else None

    def _note(self, what: str, end: ProbeEnd, *, forgiven: bool) -> None:
        if end.end is ChildEnd.ANSWERED:
            self._failures.pop(what, None)
        elif end.end is not ChildEnd.NOT_STARTED and not forgiven:
            times, _ = self._failures.get(what, (0, None))
            self._failures[what] = (times + 1, end)


def _forgiven(result: ProbeResult, deadline_s: float, *, card_taken: bool) -> bool:
    return result.end is ChildEnd.HUNG and (card_taken or deadline_s < DEADLINE_S)


def module_facts(file: DriverFile, result: ProbeResult) -> Probed:
    """Make facts of what a module's probe said."""
    tokens: list[_TokenSeen] = []
    loaded, code = False, result.code & _WORD if result.code > 0 else -result.code
    for line in result.lines:
        match line:
            case Loaded():
                loaded, code = line.code == 0, line.code or code
            case Token():
                tokens.append(_TokenSeen(line))
            case Trouble() if tokens:
                tokens[-1].trouble = line.code
            case PublicKey() if tokens:
                tokens[-1].keys.append(line)
            case TokenCertificate() if tokens:
                tokens[-1].certificates.append(line)
            case _:
                continue
    found = tuple(one for token in tokens for one in token.found(file.middleware))
    trouble = next((token.trouble for token in tokens if token.trouble), 0)
    end = ProbeEnd(file.path, result.end, loaded, code or trouble, len(tokens), _pin_flags(tokens))
    return Probed(end, found)


@dataclass(slots=True)
class _TokenSeen:
    token: Token
    keys: list[PublicKey] = field(default_factory=list)
    certificates: list[TokenCertificate] = field(default_factory=list)
    trouble: int = 0

    def found(self, middleware: str) -> list[Found]:
        """Return the token's certificates that can be read, each with its key's answer."""
        found = []
        for one in self.certificates:
            certificate = _readable(one.der)
            if certificate is None:
                continue
            answer = _key_answer(one, self.keys)
            if answer is KeyAnswer.NOT_ASKED and self.trouble:
                answer = answer_of_code(self.trouble, Origin.MODULE)
            on_card = self.token.removable or None
            found.append(
                Found(certificate, Origin.MODULE, middleware, on_card=on_card, answer=answer, key_code=self.trouble)
            )
        return found


def _pin_flags(tokens: Sequence[_TokenSeen]) -> PinFlags:
    """Return the flags of the tokens that hold something; a blank one beside them speaks of nobody's key."""
    flags = [one.token for one in tokens if one.certificates] or [one.token for one in tokens]
    return PinFlags(
        any(one.low for one in flags),
        any(one.last_try for one in flags),
        any(one.locked for one in flags),
        any(one.to_change for one in flags),
    )


def store_facts(result: ProbeResult) -> Probed:
    """Make facts of what the store's probe said."""
    found = []
    code = abs(result.code)
    for line in result.lines:
        if isinstance(line, End):
            code = line.code
        if not isinstance(line, StoreCertificate):
            continue
        certificate = _readable(line.der)
        if certificate is None:
            continue
        found.append(
            Found(
                certificate,
                Origin.STORE,
                line.provider,
                line.provider_type,
                line.on_card,
                line.answer,
                line.code,
            )
        )
    return Probed(ProbeEnd(STORE_PROBE, result.end, result.end is ChildEnd.ANSWERED and not code, code), tuple(found))


def _readable(der: bytes) -> Certificate | None:
    """Read a certificate. What reads them is heavy: it is loaded when there is one, most days never."""
    from enn_desktop.signing_key.certificates import UnreadableCertificate, read_certificate

    try:
        return read_certificate(der)
    except UnreadableCertificate:
        return None


def _key_answer(certificate: TokenCertificate, keys: Sequence[PublicKey]) -> KeyAnswer:
    from enn_desktop.signing_key.key_match import key_answer

    return key_answer(certificate, keys)
