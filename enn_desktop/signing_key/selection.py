"""Which certificate to speak of, among all that were seen. Never « the first one » silently. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from enn_desktop.core.plain_text import plain
from enn_desktop.signing_key.known_keys import answer_of_code, is_card_provider
from enn_desktop.signing_key.values import Certificate, Choice, Found, KeyAnswer, Look, Origin, Usage

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_ELSEWHERE = (KeyAnswer.ABSENT, KeyAnswer.OTHER_KEY)


@dataclass(frozen=True, slots=True)
class Selection:
    """The certificate spoken of, and those around it.

    ``there``: on a card that is plugged; ``ghosts``: known, but their key is elsewhere; ``hidden``: seen by the driver
    alone, though the system's store is the main witness. ``several``: more than one could be meant, she must say which.
    """

    chosen: Found | None
    several: bool
    there: tuple[Found, ...]
    software: tuple[Found, ...]
    ghosts: tuple[Found, ...]
    hidden: tuple[Found, ...]
    remembered_missing: bool

    @property
    def usable(self) -> tuple[Found, ...]:
        """All that could be chosen, the longest valid first; the expired ones stay in the list."""
        listed = [one for one in (*self.there, *self.software) if one.certificate.usage is not Usage.OTHER]
        return tuple(sorted(listed, key=lambda one: one.certificate.not_after, reverse=True))


def select(look: Look, now: datetime, choice: Choice, *, card_there: bool | None) -> Selection:
    """Return the selection of a look. ``card_there``: whether a card is plugged, ``None`` when nobody looked."""
    shown, hidden = _witnessed(look)
    cards = [one for one in shown if on_card(one)]
    there = tuple(one for one in cards if _is_there(one, card_there=card_there))
    software = tuple(one for one in shown if not on_card(one) and one.answer not in _ELSEWHERE)
    ghosts = tuple(one for one in cards if one not in there)
    chosen, several = _among(there, now, choice.fingerprint)
    if not there:
        remembered = [one for one in software if one.certificate.fingerprint == choice.fingerprint]
        chosen = remembered[0] if remembered else _ghost(ghosts, now, choice.fingerprint)
    if chosen is None and not several:
        chosen = _of_one_person(hidden)
    known = {one.certificate.fingerprint for one in (*there, *software, *hidden)}
    missing = bool(choice.fingerprint) and bool(known) and choice.fingerprint not in known
    return Selection(
        chosen=chosen,
        several=several,
        there=there,
        software=software,
        ghosts=ghosts,
        hidden=hidden,
        remembered_missing=missing,
    )


def on_card(found: Found) -> bool:
    """Whether a certificate's key is on a card: by what its provider says, else by the provider's name."""
    if found.on_card is not None:
        return found.on_card
    return found.origin is Origin.MODULE or is_card_provider(found.provider)


def valid_at(certificate: Certificate, now: datetime) -> bool:
    """Whether a moment falls within a certificate's dates."""
    return certificate.not_before <= now <= certificate.not_after


def can_sign(certificate: Certificate) -> bool:
    """Whether a certificate's key is meant for signing."""
    return certificate.usage in {Usage.BOTH, Usage.SIGNATURE}


def can_connect(certificate: Certificate) -> bool:
    """Whether a certificate's key is meant for identifying its holder to a server."""
    return certificate.client_auth and certificate.usage in {Usage.BOTH, Usage.AUTHENTICATION}


def abilities(chosen: Found, around: Iterable[Found], now: datetime) -> tuple[bool, bool]:
    """Return whether a person's key signs, and whether it connects: their certificates often come in pairs."""
    person = _words(chosen.certificate.holder)
    theirs = [
        one.certificate
        for one in around
        if one.answer is not KeyAnswer.FAILS
        and valid_at(one.certificate, now)
        and _words(one.certificate.holder) == person
    ]
    pair = (chosen.certificate, *theirs)
    return any(can_sign(one) for one in pair), any(can_connect(one) for one in pair)


def same_person(expected: str, holder: str) -> bool:
    """Whether a holder bears all the expected names, whatever their order, accents, capitals and hyphens."""
    wanted = _words(expected)
    return bool(wanted) and wanted <= _words(holder)


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(plain(name.lower().translate(_LIGATURES))))


def _witnessed(look: Look) -> tuple[list[Found], tuple[Found, ...]]:
    """Return the signers' certificates, one per fingerprint, and those that the main witness does not show."""
    signers = [one for one in look.certificates if not one.certificate.authority and _has_key(one)]
    in_store = {one.certificate.fingerprint for one in signers if one.origin is Origin.STORE}
    in_module = {one.certificate.fingerprint for one in signers if one.origin is Origin.MODULE}
    best: dict[str, Found] = {}
    # The store speaks last where both speak, unless its key was not asked; an answer wins over a failure.
    for one in sorted((_settled(one, in_module) for one in signers), key=_weight):
        known = best.get(one.certificate.fingerprint)
        if known is None or _answered(one) or not _answered(known):
            best[one.certificate.fingerprint] = one
    if not look.windows:
        return list(best.values()), ()
    shown = [one for fingerprint, one in best.items() if fingerprint in in_store]
    return shown, tuple(one for fingerprint, one in best.items() if fingerprint not in in_store)


def _weight(found: Found) -> tuple[bool, bool, bool, bool]:
    # Listed twice with the same answer, the entry that knows the card speaks: what it proves, the other leaves open.
    return found.origin is Origin.STORE, _answered(found), found.answer is KeyAnswer.ANSWERS, on_card(found)


def _settled(found: Found, in_module: set[str]) -> Found:
    """Return what a key's answer comes to: « not there » is no answer for a card that a module sees."""
    answer = found.answer
    if found.answer is KeyAnswer.FAILS and found.key_code:
        answer = answer_of_code(found.key_code, found.origin)
    if found.origin is Origin.STORE and answer in _ELSEWHERE and found.certificate.fingerprint in in_module:
        answer = KeyAnswer.FAILS
    return found if answer is found.answer else replace(found, answer=answer)


def _has_key(found: Found) -> bool:
    """Whether a private key goes with a certificate: the store names no provider when none does."""
    named = bool(found.provider) or found.on_card is not None
    return found.origin is Origin.MODULE or named or _answered(found)


def _answered(found: Found) -> bool:
    return found.answer is not KeyAnswer.NOT_ASKED


def _is_there(found: Found, *, card_there: bool | None) -> bool:
    """Whether a certificate's card is plugged; a module shows only what it sees, a store also what left."""
    if found.answer in _ELSEWHERE:
        return False
    return found.origin is Origin.MODULE or card_there is not False


def _among(there: Sequence[Found], now: datetime, remembered: str) -> tuple[Found | None, bool]:
    """Return the certificate meant among those on plugged cards, or that she must choose."""
    favourite = next((one for one in there if one.certificate.fingerprint == remembered), None)
    pool = list(there)
    if favourite is not None:
        if valid_at(favourite.certificate, now):
            return favourite, False
        # Renewed: the same person's new certificate takes over. Another person's does not.
        pool = [one for one in there if _words(one.certificate.holder) == _words(favourite.certificate.holder)]
    pool = _or_all(pool, lambda one: one.answer is not KeyAnswer.FAILS)
    valid = [one for one in pool if valid_at(one.certificate, now)]
    if not valid:
        return favourite or _latest(pool), False
    valid = _or_all(valid, lambda one: one.certificate.usage is not Usage.OTHER)
    if len({_words(one.certificate.holder) for one in valid}) == 1:
        # One person's pair: the one that signs speaks for both.
        valid = _or_all(valid, lambda one: can_sign(one.certificate))
    if len(valid) == 1:
        return valid[0], False
    return None, any(one.answer is not KeyAnswer.FAILS for one in valid)


def _or_all(pool: list[Found], wanted: Callable[[Found], bool]) -> list[Found]:
    """Return those that are wanted, or all of them when none is."""
    return [one for one in pool if wanted(one)] or pool


def _ghost(ghosts: Sequence[Found], now: datetime, remembered: str) -> Found | None:
    """Return the one certificate whose key is missing; what has expired is no longer missed."""
    missed = [one for one in ghosts if valid_at(one.certificate, now)]
    favourite = next((one for one in missed if one.certificate.fingerprint == remembered), None)
    return favourite or _of_one_person(missed)


def _of_one_person(found: Sequence[Found]) -> Found | None:
    """Return the certificate that lasts longest when all are one person's, ``None`` when it must not be guessed."""
    return _latest(found) if len({_words(one.certificate.holder) for one in found}) == 1 else None


def _latest(found: Iterable[Found]) -> Found | None:
    return max(found, key=lambda one: one.certificate.not_after, default=None)
