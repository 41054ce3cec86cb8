"""What is worth a line under the verdict, and never changes it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from enn_desktop.signing_key.scene import Scene
from enn_desktop.signing_key.selection import Selection, abilities, same_person
from enn_desktop.signing_key.values import (
    CardState,
    Choice,
    Found,
    Holder,
    KeyAnswer,
    KeyState,
    Note,
    Origin,
    Rung,
)

_WORKS = {KeyState.OK, KeyState.OK_SOON}


def notes_of(scene: Scene, selection: Selection, state: KeyState, choice: Choice, now: datetime) -> tuple[Note, ...]:
    """Return the notes of a verdict, the most useful first."""
    chosen = selection.chosen
    found: list[Note] = []
    if selection.remembered_missing:
        found.append(Note.CHOICE_MISSING)
    if chosen is not None:
        found += _of_certificate(chosen, choice)
        if state in _WORKS and not all(abilities(chosen, selection.there, now)):
            found.append(Note.USAGE)
    if selection.software and (chosen is None or chosen in selection.software):
        found.append(Note.SOFTWARE)
    return (*found, *_of_card(scene, selection, state))


def _of_certificate(chosen: Found, choice: Choice) -> Iterator[Note]:
    certificate = chosen.certificate
    if choice.signer and not same_person(choice.signer, certificate.holder):
        yield Note.OTHER_SIGNER
    if certificate.stands_for is Holder.SEAL:
        yield Note.SEAL
    if certificate.weak:
        yield Note.WEAK


def _of_card(scene: Scene, selection: Selection, state: KeyState) -> Iterator[Note]:
    chosen = selection.chosen
    driver = scene.look.driver
    if any(reader.state is CardState.IN_USE for reader in scene.readers):
        yield Note.IN_USE
    if any(probe.pin.low for probe in scene.modules if probe.tokens):
        yield Note.PIN_LOW
    nameless = scene.readable and not (scene.family or driver.registered)
    if nameless and state is not KeyState.CARD_UNKNOWN:
        yield Note.CARD_UNKNOWN
    if chosen is None or chosen not in selection.there or chosen.answer is not KeyAnswer.ANSWERS:
        return
    if scene.done(Rung.DRIVER) and not (driver.files or driver.registered):
        yield Note.DRIVER_MISSING
    if chosen.origin is Origin.STORE and chosen.provider_type:
        yield Note.OLD_PROVIDER
