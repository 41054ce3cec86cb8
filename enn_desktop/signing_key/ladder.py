"""How each rung stands, lowest first, and what was seen of it in a few French words. No name of a person. Pure."""

from __future__ import annotations

from datetime import datetime

from enn_desktop.core.french import NBSP, join_words, long_date
from enn_desktop.core.platform_time import to_platform
from enn_desktop.signing_key.known_keys import atr_family, reader_without_serial, usb_name
from enn_desktop.signing_key.scene import Scene
from enn_desktop.signing_key.selection import Selection
from enn_desktop.signing_key.values import (
    CardState,
    ChildEnd,
    Found,
    KeyAnswer,
    Machine,
    Origin,
    Reader,
    Rung,
    RungLine,
    ServiceStatus,
    Standing,
    UsbDevice,
)

_GOOD, _BAD, _UNKNOWN = Standing.GOOD, Standing.BAD, Standing.UNKNOWN
_BELOW_CERTIFICATE = (Rung.SERVICE, Rung.USB, Rung.READER, Rung.CARD, Rung.DRIVER)
Line = tuple[Standing, str]


def rungs(scene: Scene, selection: Selection, now: datetime, *, works: bool) -> tuple[RungLine, ...]:
    """Return the whole ladder. ``works``: the card's certificate proves all that is below it, failures become notes."""
    found: dict[Rung, Line] = {
        Rung.SERVICE: _service(scene),
        Rung.USB: _usb(scene),
        Rung.READER: _reader(scene),
        Rung.CARD: _card(scene),
        Rung.DRIVER: _driver(scene),
        Rung.CERTIFICATE: _certificate(scene, selection, now),
        Rung.KEY: _key(selection),
    }
    lines: list[RungLine] = []
    for rung, (standing, fact) in found.items():
        if not scene.done(rung):
            lines.append(RungLine(rung, _UNKNOWN))
        elif standing is _BAD and works and rung in _BELOW_CERTIFICATE:
            lines.append(RungLine(rung, Standing.NOTE, fact))
        else:
            lines.append(RungLine(rung, standing, fact))
    return tuple(lines)


def code_words(code: int, origin: Origin = Origin.STORE) -> str:
    """Return a technical number as it is searched for: hexadecimal where systems and modules write it so."""
    if origin is Origin.MODULE:
        return f"0x{code:02X}"
    return f"0x{code:08X}" if code > 0xFFFF else str(code)  # noqa: PLR2004 - two bytes


def _service(scene: Scene) -> Line:
    services = scene.look.services
    if scene.service_refuses:
        word = services.cards.value if services.cards in {ServiceStatus.DISABLED, ServiceStatus.ABSENT} else "muet"
        return _BAD, f"{word} (code{NBSP}{code_words(services.context_code)})"
    disabled = ServiceStatus.DISABLED in {services.cards, services.enumeration}
    if disabled and not scene.readers:
        return _BAD, ServiceStatus.DISABLED.value
    if scene.service_sleeps:
        return _GOOD, "au repos tant qu’aucune clé n’est branchée"
    known = services.cards is not ServiceStatus.UNKNOWN and not (scene.readers and disabled)
    return _GOOD, services.cards.value if known else ServiceStatus.RUNNING.value


def _usb(scene: Scene) -> Line:
    if scene.usb:
        return _GOOD, join_words([_usb_words(one) for one in scene.usb])
    if scene.readers:
        # A reader built in, or behind another bus: what matters is above.
        return Standing.NOTE, "aucune clé reconnue parmi les prises"
    return _BAD, "aucune clé branchée"


def _usb_words(device: UsbDevice) -> str:
    name = usb_name(device.vendor, device.product) or device.name
    return name or f"appareil {device.vendor:04X}:{device.product:04X}"


def _reader(scene: Scene) -> Line:
    if scene.readers:
        return _GOOD, join_words([reader_without_serial(one.name) for one in scene.readers])
    return (_BAD, "aucun lecteur vu") if scene.readers_known else (_UNKNOWN, "")


def _card(scene: Scene) -> Line:
    if not scene.readers:
        return _UNKNOWN, ""
    if scene.readable:
        return _GOOD, join_words([_card_words(one) for one in scene.readable])
    worst = next((one.state for one in scene.readers if one.state is not CardState.EMPTY), CardState.EMPTY)
    return _BAD, "aucune carte" if worst is CardState.EMPTY else worst.value


def _card_words(reader: Reader) -> str:
    return atr_family(reader.atr) or reader.state.value


def _driver(scene: Scene) -> Line:
    driver = scene.look.driver
    names = list(dict.fromkeys([*([driver.registered] if driver.registered else []), *_middlewares(scene)]))
    if any(probe.tokens for probe in scene.modules):
        return _GOOD, join_words(names)
    broken = next((probe for probe in scene.modules if probe.end is not ChildEnd.ANSWERED), None)
    if broken is not None and broken.end is not ChildEnd.NOT_STARTED:
        return _BAD, broken.end.value
    refused = next((probe for probe in scene.modules if not probe.loaded and broken is None), None)
    if refused is not None and not driver.registered:
        return _BAD, f"ne se charge pas (code{NBSP}{code_words(refused.code)})"
    if names and not driver.registered and all(one.machine is Machine.X86 for one in driver.files):
        return _BAD, f"{join_words(names)} (32{NBSP}bits seulement)"
    if names:
        return _GOOD, join_words(names)
    return (_BAD, "aucun pilote connu pour cette carte") if scene.readers else (_UNKNOWN, "")


def _middlewares(scene: Scene) -> list[str]:
    return [one.middleware for one in scene.look.driver.files]


def _certificate(scene: Scene, selection: Selection, now: datetime) -> Line:
    chosen = selection.chosen
    if selection.several:
        return _GOOD, "plusieurs"
    if chosen is None:
        return (_BAD, "aucun certificat") if scene.card_there else (_UNKNOWN, "")
    words = _certificate_words(chosen)
    wrong = _what_is_wrong(chosen, selection, now)
    return (_BAD, f"{wrong}{NBSP}: {words}") if wrong else (_GOOD, words)


def _what_is_wrong(chosen: Found, selection: Selection, now: datetime) -> str:
    if chosen in selection.ghosts:
        return "connu, mais sa clé n’est pas branchée"
    if chosen in selection.hidden:
        return "dans la clé seulement"
    if now > chosen.certificate.not_after:
        return "expiré"
    return "pas encore valable" if now < chosen.certificate.not_before else ""


def _certificate_words(found: Found) -> str:
    certificate = found.certificate
    return f"{certificate.usage.value}, jusqu’au {long_date(to_platform(certificate.not_after).date())}"


def _key(selection: Selection) -> Line:
    meant = [one for one in selection.there if selection.several] or [
        one for one in (selection.chosen,) if one is not None and one not in selection.hidden
    ]
    if not meant:
        silent = next((one for one in selection.there if one.answer is KeyAnswer.FAILS), None)
        return (_BAD, _failure(silent)) if silent is not None else (_UNKNOWN, "")
    if any(one.answer is KeyAnswer.ANSWERS and one not in selection.ghosts for one in meant):
        return _GOOD, KeyAnswer.ANSWERS.value
    one = meant[0]
    if one.answer is KeyAnswer.NOT_ASKED or one.answer is KeyAnswer.ANSWERS:
        return _UNKNOWN, ""
    return _BAD, _failure(one)


def _failure(found: Found) -> str:
    words = f" (code{NBSP}{code_words(found.key_code, found.origin)})" if found.key_code else ""
    return f"{found.answer.value}{words}"
