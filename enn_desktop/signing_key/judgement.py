"""One look, one verdict: the lowest rung that matters, and nothing that was not looked at. Pure."""

from __future__ import annotations

from datetime import datetime

from enn_desktop.core.platform_time import to_platform
from enn_desktop.signing_key.known_keys import state_of_code
from enn_desktop.signing_key.ladder import rungs
from enn_desktop.signing_key.notes import notes_of
from enn_desktop.signing_key.scene import BAD_EXE_FORMAT, Scene
from enn_desktop.signing_key.selection import Selection, abilities, select
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    Choice,
    Found,
    KeyAnswer,
    KeyState,
    Look,
    Machine,
    Origin,
    Rung,
    ServiceStatus,
    Verdict,
)

SOON_DAYS = 90
_NOBODY = Choice()
Answer = tuple[KeyState, int]
"""A state, and the technical number behind it."""


def judge(look: Look, now: datetime, choice: Choice = _NOBODY) -> Verdict:
    """Return the verdict of a look, whole or partial; never raises. ``now`` is aware.

    The order: remote session, service, USB and reader, card, driver, certificate, key, PIN, dates. A certificate whose
    key answers while its card is plugged makes every lower failure a note. A rung that was needed and not looked at
    makes the verdict ``UNDETERMINED``.
    """
    scene = Scene.of(look)
    selection = select(look, now, choice, card_there=scene.card_there)
    state, code = _state(scene, selection, now)
    chosen = selection.chosen
    return Verdict(
        state=state,
        looked_at=now,
        ladder=rungs(scene, selection, now, works=_proved(scene, selection)),
        chosen=chosen,
        usable=selection.usable,
        days_left=None if chosen is None else days_left(chosen.certificate.not_after, now),
        code=code,
        notes=notes_of(scene, selection, state, choice, now),
        family=scene.family,
        windows=look.windows,
    )


def days_left(end: datetime, now: datetime) -> int:
    """Return how many local days are left until a moment; negative once its day is past."""
    return (to_platform(end).date() - to_platform(now).date()).days


def _proved(scene: Scene, selection: Selection) -> bool:
    """Whether what is on the card proves by itself that everything below it works."""
    meant = selection.there if selection.several else (selection.chosen,)
    return any(one is not None and one in selection.there and _proves(scene, one) for one in meant)


def _proves(scene: Scene, found: Found) -> bool:
    return found.answer is KeyAnswer.ANSWERS or (found.origin is Origin.MODULE and not scene.look.windows)


def _state(scene: Scene, selection: Selection, now: datetime) -> Answer:
    chosen = selection.chosen
    if chosen is not None and chosen in selection.software:
        # She chose it herself; no key has to be there, but nothing else proves that it works.
        return _failing(chosen) if chosen.answer is KeyAnswer.FAILS else _dated(chosen, (chosen,), now, asked=False)
    if not _proved(scene, selection):
        low = _session(scene) or _service(scene) or _reader(scene, selection) or _card(scene, selection)
        if low is not None:
            return low
    if not selection.there:
        return _nothing_there(scene, selection)
    return _key(scene, selection, now)


def _session(scene: Scene) -> Answer | None:
    refused = scene.look.services.context_code != 0
    nobody = not scene.readers and (scene.done(Rung.READER) or refused)
    remote = scene.look.services.remote_session
    return (KeyState.REMOTE_SESSION, 0) if remote and nobody and scene.done(Rung.SERVICE) else None


def _service(scene: Scene) -> Answer | None:
    services = scene.look.services
    if scene.readers:
        # It answers, whatever else is said of it.
        return None
    if not scene.done(Rung.SERVICE):
        return KeyState.UNDETERMINED, 0
    if services.cards is ServiceStatus.DISABLED or services.enumeration is ServiceStatus.DISABLED:
        return KeyState.SERVICE_DISABLED, services.context_code
    if not scene.service_refuses:
        return None
    if services.cards is ServiceStatus.ABSENT:
        return KeyState.SERVICE_DISABLED, services.context_code
    return KeyState.SERVICE_SILENT, services.context_code


def _reader(scene: Scene, selection: Selection) -> Answer | None:
    if scene.readers:
        return None
    if not (scene.readers_known and scene.done(Rung.USB)):
        return KeyState.UNDETERMINED, 0
    if scene.usb:
        return KeyState.USB_UNUSED, 0
    return _unplugged(scene, selection, KeyState.KEY_ABSENT)


def _unplugged(scene: Scene, selection: Selection, otherwise: KeyState) -> Answer:
    """Tell whose key is missing where that is known: it says more than « no key »."""
    known = scene.done(Rung.CERTIFICATE) and selection.chosen in selection.ghosts
    return (KeyState.CERT_GHOST, 0) if known else (otherwise, 0)


def _card(scene: Scene, selection: Selection) -> Answer | None:
    if not scene.done(Rung.CARD):
        return KeyState.UNDETERMINED, 0
    states = {reader.state for reader in scene.readers}
    if states & {CardState.PRESENT, CardState.IN_USE}:
        return None
    if CardState.MUTE in states:
        return KeyState.CARD_MUTE, 0
    if CardState.EXCLUSIVE in states:
        return KeyState.CARD_BUSY, 0
    if CardState.EMPTY in states:
        return _unplugged(scene, selection, KeyState.READER_EMPTY)
    return KeyState.USB_UNUSED, 0


def _nothing_there(scene: Scene, selection: Selection) -> Answer:
    """Judge a plugged card on which the main witness shows no certificate."""
    failed = _witness(scene)
    if failed is not None:
        return failed
    if not scene.done(Rung.CERTIFICATE):
        return _driver_failure(scene) or (KeyState.UNDETERMINED, 0)
    shown = _pin(scene) or _elsewhere(selection)
    if shown is not None or not scene.done(Rung.DRIVER):
        return shown or (KeyState.UNDETERMINED, 0)
    return _driver(scene) or _empty(scene, selection)


def _elsewhere(selection: Selection) -> Answer | None:
    """Tell of a certificate that only the driver sees, or whose key is not the one that is plugged."""
    if selection.hidden:
        return KeyState.CERT_NOT_IN_WINDOWS, 0
    other = any(one.answer is KeyAnswer.OTHER_KEY for one in selection.ghosts)
    return (KeyState.CERT_GHOST, 0) if other else None


def _witness(scene: Scene) -> Answer | None:
    """Return how reading the system's store failed; ``None`` when it did not, or there is none."""
    for probe in scene.look.probes:
        if probe.what != "store" or probe.end is ChildEnd.ANSWERED:
            continue
        if probe.end is ChildEnd.NOT_STARTED:
            return KeyState.UNDETERMINED, probe.code
        return _hung(scene, probe.code) if probe.end is ChildEnd.HUNG else (KeyState.DRIVER_CRASHED, probe.code)
    return None


def _hung(scene: Scene, code: int) -> Answer:
    """Judge a probe that did not answer in time: while another program uses the card, it may only have waited."""
    taken = any(reader.state is CardState.IN_USE for reader in scene.readers)
    return (KeyState.CARD_BUSY, 0) if taken else (KeyState.DRIVER_HUNG, code)


def _driver(scene: Scene) -> Answer | None:
    driver = scene.look.driver
    failure = _driver_failure(scene)
    if failure is not None:
        return failure
    if driver.registered or any(probe.loaded for probe in scene.modules):
        return None
    if not driver.files:
        return KeyState.DRIVER_ABSENT, 0
    if all(file.machine is Machine.X86 for file in driver.files):
        return KeyState.DRIVER_32_BITS, 0
    return None


def _driver_failure(scene: Scene) -> Answer | None:
    """Return how the driver's modules failed, when none of them showed a key."""
    if any(probe.tokens for probe in scene.modules):
        return None
    ends = {probe.end: probe for probe in scene.modules}
    crashed = ends.get(ChildEnd.CRASHED) or ends.get(ChildEnd.MUTE)
    if crashed is not None:
        return KeyState.DRIVER_CRASHED, crashed.code
    if ChildEnd.HUNG in ends:
        return _hung(scene, ends[ChildEnd.HUNG].code)
    if not scene.look.driver.registered:
        for probe in scene.modules:
            if probe.end is ChildEnd.ANSWERED and not probe.loaded:
                wrong_half = probe.code == BAD_EXE_FORMAT
                return (KeyState.DRIVER_32_BITS if wrong_half else KeyState.DRIVER_INCOMPLETE), probe.code
    return None


def _empty(scene: Scene, selection: Selection) -> Answer:
    """Judge a card that a driver may know, and that shows nothing."""
    if selection.ghosts:
        return KeyState.CERT_GHOST, 0
    if not (scene.look.windows or any(probe.end is ChildEnd.ANSWERED for probe in scene.modules)):
        # Without a store the modules are the only witnesses, and none was heard.
        return KeyState.UNDETERMINED, 0
    troubled = next((probe for probe in scene.modules if probe.tokens and probe.code), None)
    if troubled is not None:
        # It was reached, and broke off before it showed anything: not an empty key.
        return KeyState.KEY_SILENT, troubled.code
    known = scene.card_family or scene.look.driver.registered or any(probe.tokens for probe in scene.modules)
    return (KeyState.CERT_ABSENT if known else KeyState.CARD_UNKNOWN), 0


def _key(scene: Scene, selection: Selection, now: datetime) -> Answer:
    """Judge certificates that are on a plugged card."""
    chosen = selection.chosen
    if chosen is None and not selection.several:
        return _failing(selection.there[0])
    if chosen is not None and chosen.answer is KeyAnswer.FAILS:
        return _failing(chosen)
    pin = _pin(scene)
    if pin is not None:
        return pin
    asked = scene.done(Rung.KEY)
    if chosen is None:
        return (KeyState.SEVERAL if asked or _proved(scene, selection) else KeyState.UNDETERMINED), 0
    return _dated(chosen, selection.there, now, asked=asked)


def _failing(found: Found) -> Answer:
    state = state_of_code(found.key_code, found.origin)
    # Whether a key is there was settled before: here its card is plugged.
    return (KeyState.KEY_SILENT if state is KeyState.CERT_GHOST else state), found.key_code


def _pin(scene: Scene) -> Answer | None:
    flags = [probe.pin for probe in scene.modules if probe.tokens]
    if any(one.locked for one in flags):
        return KeyState.PIN_LOCKED, 0
    if any(one.last_try for one in flags):
        return KeyState.PIN_LAST_TRY, 0
    return (KeyState.PIN_TO_CHANGE, 0) if any(one.to_change for one in flags) else None


def _dated(chosen: Found, around: tuple[Found, ...], now: datetime, *, asked: bool) -> Answer:
    """Judge the dates and the usage of a certificate whose key answers, or was not asked."""
    certificate = chosen.certificate
    if now > certificate.not_after:
        return KeyState.CERT_EXPIRED, 0
    if now < certificate.not_before:
        return KeyState.CERT_FUTURE, 0
    if not asked and chosen.answer is not KeyAnswer.ANSWERS:
        return KeyState.UNDETERMINED, 0
    if days_left(certificate.not_after, now) <= SOON_DAYS:
        return KeyState.OK_SOON, 0
    signs, connects = abilities(chosen, around, now)
    if not signs:
        return (KeyState.CERT_AUTH_ONLY if connects else KeyState.UNDETERMINED), 0
    return (KeyState.OK if connects else KeyState.CERT_SIGN_ONLY), 0
